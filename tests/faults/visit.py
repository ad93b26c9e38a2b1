"""Visits of customers to the real assistant, and what its log must hold of them."""

from __future__ import annotations

import asyncio
import random
import re
import uuid
from dataclasses import dataclass, field

from helder.conversation.entries import Author, ConversationId, Entry, Kind
from tests.faults.customer import Customer
from tests.faults.invariants import Witness

LOOK_SECONDS = 0.1
MOST_LOOKS = 1_200
# In what the visitors write; no file may hold it.
SECRETS = ("kanariegroen", "pietkanarie@example.com")


@dataclass(frozen=True)
class Step:
    """What is written, and what the answer to it must contain."""

    text: str
    answer: str
    # Does the customer wait for the answer before going on?
    waits: bool = True


@dataclass
class Visit:
    """One conversation from its opening to its last answer, which the customer waits for."""

    customer: Customer
    steps: tuple[Step, ...]
    ids: list[str] = field(default_factory=list)
    answers: int = 0
    shown: int = 0

    async def happen(self) -> None:
        """All of it, however long it takes."""
        await self.customer.open()
        for step in self.steps:
            message = str(uuid.uuid4())
            await self.customer.say(step.text, message=message)
            self.ids.append(message)
            if step.waits:
                await self.answered(message)

    async def answered(self, message: str) -> None:
        """The message is in the log, which means that it is answered."""
        for _ in range(MOST_LOOKS):
            new = await self.customer.read(self.shown)
            if any(m.get("id") == message for m in new):
                self.shown, self.answers = new[-1]["seq"], self.answers + 1
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"no answer to {message}")

    def check(self, seen: Witness) -> None:
        """Each message is there once, in order, with its own answer, and nothing but that."""
        entries = seen.log.history(ConversationId(self.customer.conversation))
        turns = [entry for entry in entries if entry.kind is Kind.TURN]
        assert [heard(turn) for turn in turns] == [
            (message, step.text) for message, step in zip(self.ids, self.steps, strict=True)
        ]
        for turn, step in zip(turns, self.steps, strict=True):
            said = turn.messages[1:]
            assert said
            assert {message.author for message in said} == {Author.ASSISTANT}
            text = " ".join(message.text for message in said)
            assert re.search(step.answer, text, re.IGNORECASE), (step, text)
        others = [entry for entry in entries if entry.kind is not Kind.TURN]
        assert [entry.kind for entry in others].count(Kind.OPENED) == 1
        assert {m.text for entry in others for m in entry.messages} <= seen.outage


def heard(turn: Entry) -> tuple[str | None, str]:
    """The id and the text of the message that a turn answers."""
    first = turn.messages[0]
    assert first.author is Author.CUSTOMER
    return first.id, first.text


def some_visit(customer: Customer, chance: random.Random, order: tuple[str, str]) -> Visit:
    """A visit of one of the usual kinds."""
    number, postcode = order
    kinds = (
        (
            Step("where is my parcel?", "order data"),
            Step("yes", "order number"),
            Step(number, number),
            Step(postcode, "on its way"),
            Step("what are your opening hours?", "09:00", waits=False),
            Step("are you a human?", r"\bAI\b"),
        ),
        (
            Step("what are your opening hours?", "09:00", waits=False),
            Step("are you a human?", r"\bAI\b", waits=False),
            Step("what are your opening hours?", "09:00"),
        ),
        (
            Step("I want to speak to a human being", "."),
            Step(f"My parcel arrived broken, it says {SECRETS[0]}.", "."),
            Step(SECRETS[1], r"KD-[0-9A-Z]{4}-[0-9A-Z]{2}"),
        ),
    )
    return Visit(customer, chance.choice(kinds))
