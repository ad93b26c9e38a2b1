"""The customer's side of the queue: into it, out of it, and what they write meanwhile.

Everything here changes the log and the ticket in one transaction, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence

from helder.conversation.clock import iso, minute
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Head,
    Kind,
    Message,
    MessageId,
    Owner,
    Position,
)
from helder.conversation.inbox import take
from helder.conversation.log import ConversationLog
from helder.conversation.transaction import Writer
from helder.conversation.window import beginning
from helder.database import reading
from helder.handoff import tickets
from helder.handoff.errors import NotWaiting
from helder.handoff.factors import Promise
from helder.handoff.happened import Did, as_written
from helder.handoff.reasons import Reason
from helder.handoff.tickets import Outcome
from helder.texts import Texts

Answers = Sequence[tuple[Draft, MessageId]]


def enqueue(
    writer: Writer, reason: Reason, language: str, now: int, messages: tuple[Message, ...] = ()
) -> None:
    """Give a conversation to the queue, in a transaction that is under way. `now`: seconds."""
    asked = as_written(Did.ASKED, reason=reason.value)
    writer.extend(Draft(Kind.OWNED, messages, handoff=asked), now // 60, Owner.WAITING)
    if tickets.open_of(writer.connection, writer.row.id) is None:
        tickets.draw(writer.connection, writer.row.id, reason, language, now)


class Asking:
    """Each method raises Conflict, with nothing done, if somebody wrote since `expected`."""

    def __init__(self, log: ConversationLog, texts: Texts) -> None:
        self._log = log
        self._texts = texts

    def ask(
        self,
        expected: Position,
        reason: Reason,
        answers: Answers = (),
        messages: tuple[Message, ...] = (),
    ) -> Head:
        """Into the queue. `answers` are written first, and their messages leave the inbox.

        Raises:
            NotPending: one of the messages was answered already.
        """
        language = self._log.language(expected.conversation)
        with self._log.writing(expected.conversation) as writer:
            writer.check(expected)
            self._answer(writer, answers)
            enqueue(writer, reason, language, self._now(), messages)
        return writer.row.head

    def leave(self, expected: Position, outcome: Outcome, key: str, answers: Answers = ()) -> Head:
        """Out of the queue, to the assistant, which begins anew; `key` is the text that says so.

        Raises:
            NotWaiting: they were not in it.
            NotPending: one of the messages was answered already.
        """
        conversation = expected.conversation
        told, state = self._says(conversation, key), beginning(self._log.language(conversation))
        with self._log.writing(conversation) as writer:
            writer.check(expected)
            ticket = tickets.open_of(writer.connection, conversation)
            if ticket is None or writer.row.owner is not Owner.WAITING:
                raise NotWaiting("This customer does not wait.")
            self._answer(writer, answers)
            left = as_written(Did.LEFT, outcome=outcome.value)
            draft = Draft(Kind.OWNED, (told,), state=state, handoff=left)
            writer.extend(draft, self._now() // 60, Owner.ASSISTANT)
            tickets.end(writer.connection, ticket, outcome, self._now())
        return writer.row.head

    def leave_message(self, expected: Position, told: Message, answers: Answers) -> Head:
        """Out of the line, but not to the assistant: the next words are left for a colleague.

        Raises:
            NotWaiting, NotPending: see `leave`.
        """
        conversation = expected.conversation
        with self._log.writing(conversation) as writer:
            writer.check(expected)
            ticket = tickets.open_of(writer.connection, conversation)
            if ticket is None or writer.row.owner is not Owner.WAITING:
                raise NotWaiting("This customer does not wait.")
            self._answer(writer, answers)
            left = as_written(Did.LEFT, outcome=Outcome.MESSAGE.value)
            draft = Draft(Kind.OWNED, (told,), handoff=left)
            writer.extend(draft, self._now() // 60, Owner.WAITING)
            tickets.end(writer.connection, ticket, Outcome.MESSAGE, self._now())
        return writer.row.head

    def is_in_line(self, conversation: ConversationId) -> bool:
        """Does this customer wait for a colleague who is to come here?"""
        with reading(self._log.engine).begin() as connection:
            return tickets.open_of(connection, conversation) is not None

    def wrote(self, expected: Position, draft: Draft, answers: MessageId) -> Head:
        """The customer wrote to the colleague who has the conversation, or will have it.

        Raises:
            NotPending: the message was taken already.
        """
        with self._log.writing(expected.conversation) as writer:
            writer.check(expected)
            take(writer, answers)
            writer.extend(draft, self._now() // 60)
            ticket = tickets.open_of(writer.connection, expected.conversation)
            if ticket is not None and ticket.employee and ticket.unanswered is None:
                tickets.change(writer.connection, ticket.number, unanswered=self._now())
        return writer.row.head

    def reopens(self, expected: Position) -> Head:
        """Somebody writes after a colleague closed: the assistant answers, from a clean state."""
        conversation = expected.conversation
        told, state = (
            self._says(conversation, "handoff_reopens"),
            beginning(self._log.language(conversation)),
        )
        with self._log.writing(conversation) as writer:
            writer.check(expected)
            draft = Draft(Kind.OWNED, (told,), state=state)
            writer.extend(draft, minute(self._log.clock()), Owner.ASSISTANT)
        return writer.row.head

    def lose(self, conversation: ConversationId, number: int) -> bool:
        """The colleague is gone: into the queue again. False if that is over already."""
        language = self._log.language(conversation)
        with self._log.writing(conversation) as writer:
            ticket = tickets.open_of(writer.connection, conversation)
            if ticket is None or ticket.number != number or ticket.employee is None:
                return False
            claimed = writer.entries(ticket.claimed_seq or 1)[0].handoff or {}
            text = self._texts.system("handoff_lost", language, name=claimed.get("name", ""))
            told = Message(Author.SYSTEM, text, iso(self._log.clock()))
            lost = as_written(Did.LOST, employee=ticket.employee)
            draft = Draft(Kind.OWNED, (told,), handoff=lost)
            writer.extend(draft, self._now() // 60, Owner.WAITING)
            free = {"employee": None, "claimed": None, "unanswered": None, "told": None}
            promise = Promise.AGENT_LOST.value
            tickets.change(writer.connection, ticket.number, promise=promise, **free)
        return True

    def tell(
        self,
        expected: Position,
        number: int,
        text: str,
        choices: tuple[Choice, ...],
        interval: tuple[int, int] | None,
        preview: Message | None = None,
    ) -> Head:
        """Tell a customer who waits how it goes; `interval` is the wait in seconds, if known.

        `preview` is their copy of the summary (helder/handoff/preview.py), if it is to be shown.
        """
        low, high = interval or (None, None)
        message = Message(Author.SYSTEM, text, iso(self._log.clock()), choices)
        messages = (preview, message) if preview else (message,)
        did = as_written(Did.SUMMARISED) if preview else None
        with self._log.writing(expected.conversation) as writer:
            writer.check(expected)
            writer.extend(Draft(Kind.SAID, messages, handoff=did), self._now() // 60)
            values = {"told": self._now(), "told_low": low, "told_high": high}
            tickets.change(writer.connection, number, **values)
        return writer.row.head

    def saw(self, number: int) -> None:
        """The customer is there: their chat is open."""
        with self._log.engine.begin() as connection:
            tickets.change(connection, number, seen=self._now())

    def _answer(self, writer: Writer, answers: Answers) -> None:
        for draft, answered in answers:
            take(writer, answered)
            writer.extend(draft, self._now() // 60)

    def _says(self, conversation: ConversationId, key: str, **values: str) -> Message:
        text = self._texts.system(key, self._log.language(conversation), **values)
        return Message(Author.SYSTEM, text, iso(self._log.clock()))

    def _now(self) -> int:
        return int(self._log.clock().timestamp())
