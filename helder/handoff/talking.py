"""What a colleague says and does in a conversation that they have."""

from __future__ import annotations

from helder.conversation.clock import iso
from helder.conversation.entries import (
    Author,
    ConversationId,
    Draft,
    Head,
    Kind,
    Message,
    MessageId,
    Owner,
)
from helder.conversation.log import ConversationLog
from helder.conversation.window import beginning
from helder.handoff import tickets
from helder.handoff.claims import Records
from helder.handoff.happened import Did, as_written
from helder.handoff.holding import held_by
from helder.handoff.line import Colleague
from helder.handoff.tickets import Outcome
from helder.masking.masker import mask
from helder.texts import Texts

LONGEST = 4_000  # characters of what is said or noted at once


class Talking:
    """All methods raise NotYours, with nothing done, unless the colleague has the conversation."""

    def __init__(self, log: ConversationLog, texts: Texts, records: Records) -> None:
        self._log = log
        self._texts = texts
        self._records = records

    def say(
        self, conversation: ConversationId, who: Colleague, text: str, message: MessageId
    ) -> Head:
        """Say something to the customer; the same `message` again is said once.

        Raises:
            ValueError: it is empty, or longer than `LONGEST`.
        """
        said = Message(
            Author.EMPLOYEE, mask(_checked(text)), iso(self._log.clock()), (), who.name, message
        )
        with self._log.writing(conversation) as writer:
            one, now = held_by(writer, who.id), self._now()
            earlier = [
                m.id for entry in writer.entries(one.claimed_seq or 1) for m in entry.messages
            ]
            if message not in earlier:
                writer.extend(Draft(Kind.SAID, (said,)), now // 60)
                answered = now if one.answered is None else one.answered
                changed = {"unanswered": None, "answered": answered}
                tickets.change(writer.connection, one.number, **changed)
        return writer.row.head

    def note(self, conversation: ConversationId, who: Colleague, text: str) -> Head:
        """A note that only colleagues see; also in a conversation that somebody else has.

        Raises:
            ValueError: it is empty, or longer than `LONGEST`.
        """
        note = mask(_checked(text))
        noted = as_written(
            Did.NOTED, employee=who.id, name=who.name, note=note, time=iso(self._log.clock())
        )
        with self._log.writing(conversation) as writer:
            self._records(writer.connection, Did.NOTED, who.id, conversation)
            writer.extend(Draft(Kind.SAID, handoff=noted), self._now() // 60)
        return writer.row.head

    def give_back(self, conversation: ConversationId, who: Colleague) -> Head:
        """Back to the assistant, which begins anew: whatever it had asked is long past."""
        state = beginning(self._log.language(conversation))
        ended = Did.RETURNED, Owner.ASSISTANT, Outcome.RETURNED, "handoff_returned"
        return self._end(conversation, who, *ended, state=state)

    def close(self, conversation: ConversationId, who: Colleague) -> Head:
        """It is done. If the customer writes again, the assistant answers."""
        ended = Did.CLOSED, Owner.CLOSED, Outcome.CLOSED, "handoff_closed"
        return self._end(conversation, who, *ended)

    def _end(
        self,
        conversation: ConversationId,
        who: Colleague,
        did: Did,
        owner: Owner,
        outcome: Outcome,
        key: str,
        state: dict[str, object] | None = None,
    ) -> Head:
        text = self._texts.system(key, self._log.language(conversation), name=who.name)
        told = Message(Author.SYSTEM, text, iso(self._log.clock()), name=who.name)
        happened = as_written(did, employee=who.id, name=who.name)
        with self._log.writing(conversation) as writer:
            one, now = held_by(writer, who.id), self._now()
            self._records(writer.connection, did, who.id, conversation)
            draft = Draft(Kind.OWNED, (told,), state=state, handoff=happened)
            writer.extend(draft, now // 60, owner)
            tickets.end(writer.connection, one, outcome, now)
        return writer.row.head

    def _now(self) -> int:
        return int(self._log.clock().timestamp())


def _checked(text: str) -> str:
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST:
        raise ValueError(f"Write something, of at most {LONGEST} characters.")
    return stripped
