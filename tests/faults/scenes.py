"""The scenes in which faults happen: what a customer does, and what must have been said at the end.

`before` is played while everything works; in `act` something fails.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from helder.conversation.entries import Author, ConversationId, Message, Owner
from helder.conversation.log import ConversationLog
from helder.texts import Texts
from tests.faults.customer import REFERENCE, Customer, Said

# In what a customer writes; no file may hold it.
CANARY = "kanariegeel"


class Stage(Protocol):
    """Where a scene is played: in one process or in several.

    With `poison` the canary breaks an action.
    """

    poison: bool

    @property
    def texts(self) -> Texts:
        """What the system says."""

    @property
    def log(self) -> ConversationLog:
        """The log, as an employee's process has it."""

    async def settled(self) -> None:
        """Everything that was received is dealt with."""


Play = Callable[[Stage, Customer], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """One of them."""

    name: str
    before: Play
    act: Play


async def _nothing(_stage: Stage, _customer: Customer) -> None:
    """Nothing has happened."""


async def _opened(_stage: Stage, customer: Customer) -> None:
    await customer.open()


async def _in_a_form(stage: Stage, customer: Customer) -> None:
    await customer.open()
    await customer.say("order 777", "Which colour?")
    await stage.settled()


async def _opens(stage: Stage, customer: Customer) -> None:
    await customer.open()
    await customer.say("order", "Which number?")
    await stage.settled()


async def _answers(stage: Stage, customer: Customer) -> None:
    # Whoever had forgotten the form would answer something else.
    await customer.say(CANARY, f"Ordered 777 in {CANARY}.")
    await stage.settled()
    await customer.read()


async def _asked_for_a_number(stage: Stage, customer: Customer) -> None:
    await customer.open()
    await customer.say("order", "Which number?")
    await stage.settled()


async def _presses_a_button(stage: Stage, customer: Customer) -> None:
    await customer.choose("Seven", "Which colour?")
    await stage.settled()


async def _writes_three_at_once(stage: Stage, customer: Customer) -> None:
    await customer.say(CANARY, f"Ordered 777 in {CANARY}.")
    await customer.say("hours", "From nine to five.")
    await customer.say("order", f"Ordered 777 in {CANARY}.")
    await stage.settled()


async def _says_what_is_answered_with_silence(stage: Stage, customer: Customer) -> None:
    await customer.say("shout")
    customer.transcript.append(Said("system", _system(stage, "could_not_handle")))
    await stage.settled()
    await customer.say("hours", "From nine to five.")
    await stage.settled()


async def _says_what_breaks_something(stage: Stage, customer: Customer) -> None:
    stage.poison = True
    await customer.say(CANARY)
    customer.transcript.append(Said("system", _system(stage, "could_not_handle")))
    await stage.settled()
    await customer.say("hours", "From nine to five.")
    await stage.settled()


async def _offered_a_colleague(stage: Stage, customer: Customer) -> None:
    await customer.open()
    await customer.say("shout")
    customer.transcript.append(Said("system", _system(stage, "could_not_handle")))
    await stage.settled()


async def _leaves_it_for_a_colleague(stage: Stage, customer: Customer) -> None:
    await customer.choose(_system(stage, "person_choice"))
    customer.transcript.append(Said("system", _system(stage, "person_ask")))
    await stage.settled()
    await customer.say(f"call me, {CANARY}")
    taken = stage.texts.system("person_taken", "en", reference=REFERENCE)
    customer.transcript.append(Said("system", taken))
    await stage.settled()
    await customer.say("hours", "From nine to five.")
    await stage.settled()


async def _with_an_employee(stage: Stage, customer: Customer) -> None:
    await customer.open()
    log = stage.log
    joined = Message(Author.SYSTEM, "Anna has joined.", "2026-11-22T09:00:00.000Z")
    position = log.head(ConversationId(customer.conversation)).position
    log.change_owner(position, Owner.EMPLOYEE, joined)
    customer.transcript.append(Said("system", joined.text))


async def _writes_to_the_employee(stage: Stage, customer: Customer) -> None:
    await customer.say(f"hello Anna, {CANARY}")
    await customer.say("are you there?")
    await stage.settled()


def _system(stage: Stage, key: str) -> str:
    return stage.texts.system(key, "en")


TURN = Scene("a turn", _in_a_form, _answers)
OPENING = Scene("an opening", _nothing, _opens)
BUTTON = Scene("a button", _asked_for_a_number, _presses_a_button)
THREE = Scene("three messages at once", _in_a_form, _writes_three_at_once)
SILENCE = Scene("an assistant without an answer", _opened, _says_what_is_answered_with_silence)
POISON = Scene("a message that breaks something", _opened, _says_what_breaks_something)
COLLEAGUE = Scene("a message for a colleague", _offered_a_colleague, _leaves_it_for_a_colleague)
EMPLOYEE = Scene("an employee", _with_an_employee, _writes_to_the_employee)
SCENES = (TURN, OPENING, BUTTON, THREE, SILENCE, POISON, COLLEAGUE, EMPLOYEE)
