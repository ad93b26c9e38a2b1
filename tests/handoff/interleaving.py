"""One conversation in which customer, assistant, colleagues and crashes come in any order.

Each step is one that a process takes by itself: what lies between two of them can be anything that
another process does. A turn of the assistant is two steps, so that the world changes under it; a
crash forgets what a process knew and leaves the database. `Street.check` says what must hold after
any of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from helder.conversation.entries import Author, Entry, Head, Kind, MessageId, Owner
from helder.conversation.errors import Conflict, NotPending
from helder.conversation.inbox import Received
from helder.handoff.asking import enqueue
from helder.handoff.errors import HandoffError
from helder.handoff.line import Colleague
from helder.handoff.reasons import Reason
from helder.handoff.tables import ticket
from helder.handoff.tickets import Outcome
from tests.handoff.house import ANNA, BRAM, House


@dataclass
class Street:
    """The conversation, what is under way in it, and what everybody believes to have sent."""

    house: House
    under_way: tuple[Head, Received] | None = None
    sent: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = self.house.open()
        self.steps: tuple[Callable[[], None], ...] = (
            self.customer_writes,
            self.customer_writes,
            self.gateway_looks,
            self.gateway_looks,
            self.turn_ends,
            self.turn_ends_in_asking,
            self.customer_asks,
            self.customer_leaves,
            lambda: self.claims(ANNA),
            lambda: self.claims(BRAM),
            lambda: self.says(ANNA),
            lambda: self.says(BRAM),
            lambda: self.says_again(ANNA),
            lambda: self.returns(ANNA),
            lambda: self.closes(ANNA),
            lambda: self.reopens(BRAM),
            lambda: self.steps_in(BRAM),
            lambda: self.passes_on(ANNA),
            self.is_lost,
            self.crash,
        )

    def step(self, number: int) -> None:
        """Take a step; that somebody was quicker is no failure, but nothing may be half done."""
        try:
            self.steps[number % len(self.steps)]()
        except (Conflict, NotPending, HandoffError):
            return  # what may never be is looked for when all steps are taken

    # The customer

    def customer_writes(self) -> None:
        received = self.house.writes(self.conversation, f"message {len(self.sent)}")
        self.sent.append(received.id)

    def customer_asks(self) -> None:
        self.house.asking.ask(self._head().position, Reason.ASKED)

    def customer_leaves(self) -> None:
        self.house.asking.leave(self._head().position, Outcome.LEFT, "handoff_left")

    # The gateway and the assistant

    def gateway_looks(self) -> None:
        """What Turns does with the next message; a turn under way is its gateway's only one."""
        received = self.house.inbox.next(self.conversation)
        if received is None or self.under_way:
            return
        head = self._head()
        if head.owner is Owner.CLOSED:
            self.house.asking.reopens(head.position)
        elif head.owner is Owner.ASSISTANT:
            self.under_way = head, received
        else:
            self.house.keeps(head, received)

    def turn_ends(self) -> None:
        if self.under_way:
            (head, received), self.under_way = self.under_way, None
            self.house.answers(head, received, f"answer to {received.id}")

    def turn_ends_in_asking(self) -> None:
        if self.under_way:
            (head, received), self.under_way = self.under_way, None
            self.house.answers(
                head,
                received,
                f"answer to {received.id}",
                also=lambda writer: enqueue(writer, Reason.ASKED, "en", 1_000),
            )

    # Colleagues

    def claims(self, who: Colleague) -> None:
        self.house.claims.claim(self.conversation, who)

    def steps_in(self, who: Colleague) -> None:
        self.house.claims.step_in(self.conversation, who)

    def says(self, who: Colleague) -> None:
        name = f"{who.id}-{len(self.said)}"
        self.house.talking.say(self.conversation, who, name, MessageId(name))
        self.said.append(name)

    def says_again(self, who: Colleague) -> None:
        """The desk had no answer to what it sent, and sends it again."""
        mine = [name for name in self.said if name.startswith(who.id)]
        if mine:
            self.house.talking.say(self.conversation, who, mine[-1], MessageId(mine[-1]))

    def returns(self, who: Colleague) -> None:
        self.house.talking.give_back(self.conversation, who)

    def closes(self, who: Colleague) -> None:
        self.house.talking.close(self.conversation, who)

    def reopens(self, who: Colleague) -> None:
        self.house.claims.reopen(self.conversation, who)

    def passes_on(self, who: Colleague) -> None:
        self.house.claims.pass_on(self.conversation, who, "", to=BRAM.id)

    def is_lost(self) -> None:
        one = self.house.ticket(self.conversation)
        if one:
            self.house.asking.lose(self.conversation, one.number)

    def crash(self) -> None:
        """The gateway and Rasa die: the turn that was under way never ends."""
        self.under_way = None

    # What must hold

    def settle(self) -> None:
        """The gateway goes on until nothing waits."""
        self.under_way = None
        while self.house.inbox.next(self.conversation) is not None:
            self.gateway_looks()
            self.turn_ends()

    def check(self) -> None:
        entries = self.house.entries(self.conversation)
        messages = [message for entry in entries for message in entry.messages]
        heard = [m.id for m in messages if m.author is Author.CUSTOMER]
        assert heard == self.sent, "lost, doubled or out of order"
        spoken = [m.id for m in messages if m.author is Author.EMPLOYEE]
        assert spoken == self.said, "a colleague's words lost, doubled or out of order"
        owner = _check_speakers(entries)
        assert owner is self._head().owner
        has_ticket = self.house.ticket(self.conversation) is not None
        assert has_ticket == (owner in (Owner.WAITING, Owner.EMPLOYEE))

    def check_answered(self) -> None:
        """What was written while the assistant had the conversation was answered by it."""
        entries = self.house.entries(self.conversation)
        for entry in entries:
            if entry.kind is Kind.TURN:
                assert entry.messages[-1].author is Author.ASSISTANT

    def end(self) -> None:
        """Nobody is left in line for the next street."""
        with self.house.engine.begin() as connection:
            connection.execute(ticket.update().where(ticket.c.ended.is_(None)).values(ended=0))

    def _head(self) -> Head:
        return self.house.log.head(self.conversation)


_AFTER = {
    "asked": Owner.WAITING,
    "lost": Owner.WAITING,
    "passed_on": Owner.WAITING,
    "claimed": Owner.EMPLOYEE,
    "stepped_in": Owner.EMPLOYEE,
    "reopened": Owner.EMPLOYEE,
    "left": Owner.ASSISTANT,
    "returned": Owner.ASSISTANT,
    "closed": Owner.CLOSED,
}


def _check_speakers(entries: list[Entry]) -> Owner:
    """Nobody speaks out of turn; who has it at the end."""
    owner, name = Owner.ASSISTANT, ""
    for entry in entries:
        if entry.kind is Kind.OWNED:
            did = (entry.handoff or {}).get("did")
            owner = _AFTER[did] if did else Owner.ASSISTANT
            name = (entry.handoff or {}).get("name", "")
            continue
        for message in entry.messages:
            if entry.kind is Kind.TURN:
                assert owner is Owner.ASSISTANT, "the assistant spoke after a claim"
            if message.author is Author.EMPLOYEE:
                assert (owner, message.name) == (Owner.EMPLOYEE, name), "another one spoke"
            if message.author is Author.CUSTOMER and entry.kind is Kind.SAID:
                assert owner in (Owner.WAITING, Owner.EMPLOYEE), "a message was not answered"
    return owner
