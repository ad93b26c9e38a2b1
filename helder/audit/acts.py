"""What is recorded, and who did it where it was no employee."""

from __future__ import annotations

from enum import Enum

# Whoever has the command line, or Helder by itself.
SYSTEM = "system"
# Somebody who has not shown who they are.
UNKNOWN = "unknown"


class Act(str, Enum):
    """What somebody did, or was about to do."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    VIEW = "view"
    SEARCH = "search"
    UNMASK = "unmask"
    NOTE = "note"
    CLAIM = "claim"
    STEP_IN = "step_in"
    TRANSFER = "transfer"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    REOPEN = "reopen"
    HANDLED = "handled"
    EXPORT = "export"
    ROLE_CHANGE = "role_change"
    # An account was added, disabled, enabled or reset.
    ACCOUNT = "account"
    # An operator has put back a backup: entries that were written after it are lost.
    RESTORED = "restored"
