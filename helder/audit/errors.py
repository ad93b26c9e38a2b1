"""What the audit refuses.

Neither is a `Tampered`: that is said of a conversation, and would lock the one in whose transaction
something is recorded.
"""

from __future__ import annotations

from helder.conversation.errors import ConversationError


class AuditDamaged(ConversationError):
    """The audit is not what was written; `helder audit verify` says what is wrong."""


class AuditTurnedBack(AuditDamaged):
    """It is valid, but older than the anchor has seen it."""
