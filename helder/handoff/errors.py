"""What can go wrong on the way to a person, drawn in one place.

HandoffError
├── UnknownReference     there is no message with this reference, or no longer
├── HoursError           policies/opening_hours.yml cannot be used; the message says where
├── HandoffRefused       policies/handoff.yml cannot be used; the message says why
├── OrderNotReplayed     the record of an ordering cannot be read, or comes out differently
├── NothingToRate        nobody helped the customer whom they could rate
└── NotPossible          a colleague cannot do this now; nothing was done
    ├── NobodyWaits      there is nobody whom this colleague can take
    ├── NotWaiting       the customer does not wait: somebody was quicker, or they left
    ├── NotYours         another colleague has the conversation, or nobody
    ├── NotYetYours      somebody else is before this customer
    ├── FullHands        this colleague has as many conversations as they can
    └── NobodySuch       there is nobody present to pass the conversation on to
"""

from __future__ import annotations


class HandoffError(Exception):
    """The root of this package's errors."""


class UnknownReference(HandoffError):
    """There is no message with this reference, or it was removed."""


class HoursError(HandoffError, ValueError):
    """The opening hours cannot be used."""


class HandoffRefused(HandoffError, ValueError):
    """The handoff policy cannot be used."""


class OrderNotReplayed(HandoffError, ValueError):
    """The record of an ordering is none, or the order is not what it says."""


class NothingToRate(HandoffError):
    """Nobody helped here, whom the customer could rate."""


class NotPossible(HandoffError):
    """A colleague cannot do this now; nothing was done."""


class NobodyWaits(NotPossible):
    """There is nobody whom this colleague can take."""


class NotWaiting(NotPossible):
    """The customer does not wait: somebody was quicker, or they left."""


class NotYours(NotPossible):
    """Another colleague has the conversation, or nobody."""


class NotYetYours(NotPossible):
    """Somebody else is before this customer."""


class FullHands(NotPossible):
    """This colleague has as many conversations as they can."""


class NobodySuch(NotPossible):
    """There is nobody present to pass the conversation on to."""
