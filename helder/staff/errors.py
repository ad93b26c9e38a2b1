"""What can go wrong with accounts, drawn in one place.

StaffError
├── UnknownEmployee   there is nobody with this name or id
├── NameTaken         somebody else signs in with this name
├── BadAccount        a name, role, language, skill or capacity cannot be used; the message says why
├── WeakPassword      a password cannot be used; `code` says why
└── NotSignedIn       name, password, code or session are not right
"""

from __future__ import annotations


class StaffError(Exception):
    """The root of this package's errors."""


class UnknownEmployee(StaffError):
    """There is nobody with this name or id."""


class NameTaken(StaffError):
    """Somebody else signs in with this name."""


class BadAccount(StaffError, ValueError):
    """Something about an account cannot be used; the message is a sentence."""


class WeakPassword(StaffError, ValueError):
    """A password that cannot be used. `code`: too_short, too_long, like_name, common or same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotSignedIn(StaffError):
    """Name, password, code or session are not right; which of them is not told."""
