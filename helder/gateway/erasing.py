"""The customer has their conversation destroyed, now (GDPR art. 17): without the dialogue, since
nothing of it may be kept, and since Rasa may be what is broken.

They are told first, in the conversation itself: whoever watches it gets the last words, and then
its key is destroyed. The press of the button waits in the inbox until that is done, so nothing that
dies in between leaves it undone.
"""

from __future__ import annotations

import asyncio

from helder.conversation.clock import Clock, iso, utc_now
from helder.conversation.entries import Author, ConversationId, Message
from helder.conversation.inbox import Received
from helder.conversation.log import ConversationLog
from helder.conversation.shredding import Shredder
from helder.gateway.person import TakesMessages
from helder.live.changes import Changes
from helder.texts import Texts

# So long whoever watches may take to get the last words; who reads by polling has this time, too.
FAREWELL_SECONDS = 2.0


class Erases:
    """Destroys a conversation because its customer wants it."""

    def __init__(
        self,
        log: ConversationLog,
        shredder: Shredder,
        changes: Changes,
        person: TakesMessages,
        texts: Texts,
        clock: Clock = utc_now,
    ) -> None:
        self._log = log
        self._shredder = shredder
        self._changes = changes
        self._person = person
        self._texts = texts
        self._clock = clock

    async def erase(self, conversation: ConversationId, pressed: Received) -> None:
        """Say that it is destroyed, and destroy it.

        Raises:
            AnchorError, KeyringError, sqlalchemy.exc.SQLAlchemyError: it is not destroyed yet, and
                must be tried again.
        """
        await asyncio.to_thread(self._say, conversation, pressed)
        self._changes.changed(conversation)
        await self._changes.seen(conversation, FAREWELL_SECONDS)
        await asyncio.to_thread(self._shredder.shred, conversation, "asked")
        self._changes.changed(conversation)  # its streams end

    def _say(self, conversation: ConversationId, pressed: Received) -> None:
        _, shown = self._log.shown(conversation, 0)
        if any(each.message.id == pressed.id for each in shown):
            return  # said before something failed
        text = self._texts.system("erased", self._log.language(conversation))
        farewell = Message(Author.SYSTEM, text, iso(self._clock()))
        self._log.append(conversation, self._person.heard(conversation, pressed, farewell))
