"""What can go wrong on the way to a person, drawn in one place.

HandoffError
├── UnknownReference     there is no message with this reference, or no longer
├── HoursError           policies/opening_hours.yml cannot be used; the message says where
└── OrderNotReplayed     the record of an ordering cannot be read, or comes out differently
"""

from __future__ import annotations


class HandoffError(Exception):
    """The root of this package's errors."""


class UnknownReference(HandoffError):
    """There is no message with this reference, or it was removed."""


class HoursError(HandoffError, ValueError):
    """The opening hours cannot be used."""


class OrderNotReplayed(HandoffError, ValueError):
    """The record of an ordering is none, or the order is not what it says."""
