"""How a gateway notices what others write: the port; polling.py and listening.py keep it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from helder.conversation.entries import ConversationId


class Watched(Protocol):
    """The conversations that somebody watches, as far as a follower is concerned."""

    def watched(self) -> Collection[ConversationId]:
        """Which they are."""
        ...

    def changed(self, conversation: ConversationId) -> None:
        """Something happened in one, watched or not."""
        ...

    def show_typing(self, conversation: ConversationId, typing: bool) -> None:
        """The assistant begins or ends to work on an answer, elsewhere."""
        ...


class Follower(Protocol):
    """Tells what changes, until it fails or is cancelled."""

    async def follow(self, watched: Watched) -> None:
        """What changed before it began may have been missed: it begins by telling of all."""
        ...

    def tell_typing(self, conversation: ConversationId, typing: bool) -> None:
        """Let other gateways know; best effort, and at once."""
        ...
