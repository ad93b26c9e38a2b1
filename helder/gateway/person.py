"""A person, without the dialogue: how a message is taken while the assistant cannot answer.

The choice that a system message offers does not go through Rasa, which may be what is broken. The
customer's next words go to a colleague as they are, under a reference number.
"""

from __future__ import annotations

import asyncio

from helder.conversation.clock import Clock, iso, utc_now
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Entry,
    Head,
    Kind,
    Message,
    Owner,
)
from helder.conversation.errors import Conflict, NotPending
from helder.conversation.inbox import Received
from helder.conversation.log import ConversationLog
from helder.gateway.texts import Texts
from helder.handoff.messages import Messages

# No intent can have this name, so a designer's button can never be taken for it.
PERSON = "@person"


class TakesMessages:
    """Takes a message for a colleague, by itself."""

    def __init__(
        self, log: ConversationLog, messages: Messages, texts: Texts, clock: Clock = utc_now
    ) -> None:
        self._log = log
        self._messages = messages
        self._texts = texts
        self._clock = clock

    def choice(self, language: str) -> Choice:
        """The button under a system message."""
        return Choice(self._texts.system("person_choice", language), PERSON)

    async def begin(self, head: Head, waiting: list[Received]) -> None:
        """The button was pressed: from now on the customer's words are for a person.

        `waiting` is what is in the inbox, up to and with the button: it goes along.
        """
        await asyncio.to_thread(self._begin, head, waiting)

    async def pass_on(self, conversation: ConversationId) -> None:
        """A message was written while a person has the conversation."""
        await asyncio.to_thread(self._pass_on, conversation)

    def _begin(self, head: Head, waiting: list[Received]) -> None:
        try:
            for received in waiting:
                head = self._log.save_turn(head.position, said(received), received.id)
            self._log.change_owner(head.position, Owner.WAITING, self._says(head, "person_ask"))
        except (Conflict, NotPending):
            return  # somebody was quicker; the loop looks again

    def _pass_on(self, conversation: ConversationId) -> None:
        head = self._log.head(conversation)
        if head.owner is not Owner.WAITING:
            return
        language = self._log.language(conversation)
        words = _since_last_turn(self._log.history(conversation))
        pressed = self.choice(language).title
        reference = self._messages.leave(
            conversation=conversation,
            contact="",
            text="\n".join(word for word in words if word != pressed),
            language=language,
            reason="assistant_unavailable",
            key=f"{conversation}:{head.position.seq}",
        )
        message = self._says(head, "person_taken", reference=reference)
        try:
            self._log.change_owner(head.position, Owner.ASSISTANT, message)
        except Conflict:
            return  # the customer wrote more: that message passes it on

    def _says(self, head: Head, key: str, **values: str) -> Message:
        language = self._log.language(head.position.conversation)
        text = self._texts.system(key, language, **values)
        return Message(Author.SYSTEM, text, iso(self._clock()))


def _since_last_turn(entries: list[Entry]) -> list[str]:
    words: list[str] = []
    for entry in entries:
        if entry.kind is Kind.TURN:
            words = []
            continue
        words += [m.text for m in entry.messages if m.author is Author.CUSTOMER]
    return words


def said(received: Received) -> Draft:
    """A customer's message as an entry of its own, outside a turn."""
    message = Message(Author.CUSTOMER, received.text, received.time, id=received.id)
    return Draft(Kind.SAID, (message,))
