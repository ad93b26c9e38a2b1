"""Who asked to see personal data as it was written, and where: for one session, in this process."""

from __future__ import annotations

from helder.conversation.entries import ConversationId

MOST = 10_000


class Unmasked:
    """Nothing is kept: after a restart of the desk it is asked, and recorded, again."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, ConversationId], None] = {}

    def ask(self, session: str, conversation: ConversationId) -> None:
        """From now on shown as it was written, in this session and conversation."""
        self._asked[session, conversation] = None
        while len(self._asked) > MOST:
            del self._asked[next(iter(self._asked))]

    def holds(self, session: str, conversation: ConversationId) -> bool:
        """Was that asked?"""
        return (session, conversation) in self._asked
