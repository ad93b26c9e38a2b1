"""How a colleague comes to have a conversation: the next in line, a claim, stepping in, passing on.

Fifty who claim at once give one winner: each claim is one transaction that looks at the owner, the
ticket and the order of the line again, and changes them together with the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from sqlalchemy.engine import Connection

from helder.conversation.clock import iso
from helder.conversation.entries import (
    Author,
    ConversationId,
    Draft,
    Head,
    Kind,
    Message,
    Owner,
)
from helder.conversation.errors import Conflict, UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.transaction import Writer
from helder.database import alone, reading
from helder.handoff import tickets
from helder.handoff.errors import (
    FullHands,
    NobodySuch,
    NobodyWaits,
    NotPossible,
    NotWaiting,
    NotYetYours,
)
from helder.handoff.happened import Did, as_written
from helder.handoff.holding import held_by
from helder.handoff.line import Colleague, first_for, overtaken_by
from helder.handoff.ordering import arrange
from helder.handoff.policy import HandoffPolicy
from helder.handoff.presence import present_in
from helder.handoff.preview import Previews
from helder.handoff.priority import Priority
from helder.handoff.reasons import Reason
from helder.handoff.stretching import learn
from helder.handoff.tickets import Ticket
from helder.texts import Texts

_TRIES = 20
_QUEUE = "the queue"  # the name of PostgreSQL's lock


class Records(Protocol):
    """Keeps that something was done by an employee, in the transaction in which it is done."""

    def __call__(
        self, connection: Connection, did: Did, employee: str, conversation: str, **detail: str
    ) -> None:
        """Raises whatever keeps it from being kept; then it is not done either."""
        ...


class Claimed(NamedTuple):
    """A conversation that a colleague has now."""

    conversation: ConversationId
    head: Head
    ticket: Ticket


class Claims:
    """All methods raise UnknownConversation for one that is gone, and Tampered as the log does."""

    def __init__(
        self,
        log: ConversationLog,
        texts: Texts,
        priority: Priority,
        policy: HandoffPolicy,
        records: Records,
        previews: Previews,
    ) -> None:
        self._log = log
        self._texts = texts
        self._priority = priority
        self._policy = policy
        self._records = records
        self._previews = previews
        self._reading = reading(log.engine)

    def take_next(self, who: Colleague) -> Claimed:
        """Take whoever is next for this colleague.

        Raises:
            NobodyWaits: there is nobody whom they can take.
            FullHands: they have as many conversations as they can.
        """
        for _ in range(_TRIES):
            with self._reading.begin() as connection:
                waiting = tickets.waiting(connection)
            one = first_for(waiting, who, self._now(), self._priority)
            if one is None:
                raise NobodyWaits("There is nobody in line whom you can help.")
            try:
                return self.claim(one.conversation, who)
            except (NotWaiting, NotYetYours, Conflict, UnknownConversation):
                continue  # somebody was quicker, or somebody more urgent came
        raise NobodyWaits("Everybody was taken by others.")

    def claim(
        self, conversation: ConversationId, who: Colleague, *, out_of_turn: str = ""
    ) -> Claimed:
        """Take this customer, if it is their turn; `out_of_turn` says why it is done otherwise.

        Raises:
            NotWaiting: somebody was quicker, or they left.
            NotYetYours: another customer is first, or they were passed on to somebody else.
            FullHands: this colleague has as many conversations as they can.
        """
        told = self._says(conversation, "handoff_joined", who)
        preview = self._previews.due(conversation)
        with self._log.writing(conversation) as writer:
            alone(writer.connection, _QUEUE)
            waiting = tickets.waiting(writer.connection)
            one = next((each for each in waiting if each.conversation == conversation), None)
            if one is None or writer.row.owner is not Owner.WAITING:
                raise NotWaiting("This customer does not wait any more.")
            self._check_hands(writer.connection, who)
            self._take_turn(writer.connection, waiting, one, who, out_of_turn=out_of_turn)
            if preview and one.told is None:  # quicker than the line was: it is shown before
                shown = Draft(Kind.SAID, (preview,), handoff=as_written(Did.SUMMARISED))
                writer.extend(shown, self._now() // 60)
            mine = self._give(writer, one, who, Did.CLAIMED, told)
        return Claimed(conversation, writer.row.head, mine)

    def step_in(self, conversation: ConversationId, who: Colleague) -> Claimed:
        """Take over from the assistant, unasked.

        Raises:
            NotPossible: a colleague has the conversation, or it waits for one, or it is closed.
            FullHands: this colleague has as many conversations as they can.
        """
        told = self._says(conversation, "handoff_stepped_in", who)
        language = self._log.language(conversation)
        with self._log.writing(conversation) as writer:
            if writer.row.owner is not Owner.ASSISTANT:
                raise NotPossible("The assistant does not have this conversation.")
            self._check_hands(writer.connection, who)
            self._records(writer.connection, Did.STEPPED_IN, who.id, conversation)
            reason, now = Reason.STEPPED_IN, self._now()
            one = tickets.draw(writer.connection, conversation, reason, language, now)
            mine = self._give(writer, one, who, Did.STEPPED_IN, told)
        return Claimed(conversation, writer.row.head, mine)

    def reopen(self, conversation: ConversationId, who: Colleague) -> Claimed:
        """Take back what was closed or given back, as long as nobody else has it.

        Raises:
            NotPossible: it waits, somebody has it, or no colleague ever had it.
            FullHands: this colleague has as many conversations as they can.
        """
        told = self._says(conversation, "handoff_reopened", who)
        with self._log.writing(conversation) as writer:
            one = tickets.last_of(writer.connection, conversation)
            if one is None or one.ended is None or one.first_claimed is None:
                raise NotPossible("This conversation cannot be opened again.")
            self._check_hands(writer.connection, who)
            self._records(writer.connection, Did.REOPENED, who.id, conversation)
            mine = self._give(writer, one, who, Did.REOPENED, told)
        return Claimed(conversation, writer.row.head, mine)

    def pass_on(
        self,
        conversation: ConversationId,
        who: Colleague,
        note: str,
        *,
        to: str | None = None,
        skill: str = "",
    ) -> Head:
        """Pass the customer on: to a colleague, or to whoever has a skill; with a note for them.

        Raises:
            NotYours: this colleague does not have the conversation.
            NobodySuch: nobody is there who could take it.
        """
        told = self._says(conversation, "handoff_passed_on", who)
        with self._log.writing(conversation) as writer:
            one, now = held_by(writer, who.id), self._now()
            others = [
                each for each in present_in(writer.connection, now) if each.employee != who.id
            ]
            if not any(each.employee == to if to else skill in each.skills for each in others):
                raise NobodySuch("Nobody is there to pass this on to.")
            said = {"to": to or "", "skill": skill}
            self._records(writer.connection, Did.PASSED_ON, who.id, conversation, **said)
            happened = as_written(Did.PASSED_ON, employee=who.id, name=who.name, note=note, **said)
            writer.extend(Draft(Kind.OWNED, (told,), handoff=happened), now // 60, Owner.WAITING)
            until = now + 60 * self._policy.transfer_minutes if to else None
            free = {"employee": None, "claimed": None, "unanswered": None, "told": None}
            kept = {"reserved": to, "reserved_until": until, "skill": skill}
            tickets.change(writer.connection, one.number, **free, **kept)
        return writer.row.head

    def _take_turn(
        self,
        connection: Connection,
        waiting: Sequence[Ticket],
        one: Ticket,
        who: Colleague,
        *,
        out_of_turn: str,
    ) -> None:
        """Is it this customer's turn? Then keep the order as it was, and who was overtaken."""
        now = self._now()
        first = first_for(waiting, who, now, self._priority)
        if not out_of_turn and (first is None or first.number != one.number):
            raise NotYetYours("Another customer is before this one.")
        tickets.overtake(connection, overtaken_by(waiting, one, who, now))
        learn(connection, one, now)
        cases = [each.asked.waiting for each in waiting]
        detail = {
            "ticket": str(one.number),
            "turn": "out" if out_of_turn else "in",
            "why": out_of_turn,
            "ordering": arrange(cases, self._log.clock(), self._priority).encode(),
        }
        self._records(connection, Did.CLAIMED, who.id, one.conversation, **detail)

    def _check_hands(self, connection: Connection, who: Colleague) -> None:
        if len(tickets.held(connection, who.id)) >= who.capacity:
            raise FullHands("You have as many conversations as you can.")

    def _give(self, writer: Writer, one: Ticket, who: Colleague, did: Did, told: Message) -> Ticket:
        now = self._now()
        happened = as_written(did, employee=who.id, name=who.name)
        writer.extend(Draft(Kind.OWNED, (told,), handoff=happened), now // 60, Owner.EMPLOYEE)
        return tickets.change(
            writer.connection,
            one.number,
            employee=who.id,
            claimed=now,
            claimed_seq=writer.row.seq,
            first_claimed=one.first_claimed or now,
            unanswered=now,  # they wait for the first word
            reserved=None,
            reserved_until=None,
            ended=None,
        )

    def _says(self, conversation: ConversationId, key: str, who: Colleague) -> Message:
        text = self._texts.system(key, self._log.language(conversation), name=who.name)
        return Message(Author.SYSTEM, text, iso(self._log.clock()), name=who.name)

    def _now(self) -> int:
        return int(self._log.clock().timestamp())
