"""The scenes in which faults happen: what a customer does, and what must have been said at the end.

`before` is played while everything works; in `act` something fails.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from helder.conversation.entries import Author, ConversationId, Message, Owner
from tests.faults.customer import REFERENCE, Customer, Said
from tests.faults.house import House

Play = Callable[[House, Customer], Awaitable[None]]
# In what a customer writes; no file may hold it.
CANARY = "kanariegeel"


@dataclass(frozen=True)
class Scene:
    """One of them."""

    name: str
    before: Play
    act: Play


async def _nothing(_house: House, _customer: Customer) -> None:
    """Nothing has happened."""


async def _opened(_house: House, customer: Customer) -> None:
    await customer.open()


async def _in_a_form(house: House, customer: Customer) -> None:
    await customer.open()
    await customer.say("order 777", "Which colour?")
    await house.settled()


async def _opens(house: House, customer: Customer) -> None:
    await customer.open()
    await customer.say("order", "Which number?")
    await house.settled()


async def _answers(house: House, customer: Customer) -> None:
    # Whoever had forgotten the form would answer something else.
    await customer.say(CANARY, f"Ordered 777 in {CANARY}.")
    await house.settled()
    await customer.read()


async def _asked_for_a_number(house: House, customer: Customer) -> None:
    await customer.open()
    await customer.say("order", "Which number?")
    await house.settled()


async def _presses_a_button(house: House, customer: Customer) -> None:
    await customer.choose("Seven", "Which colour?")
    await house.settled()


async def _writes_three_at_once(house: House, customer: Customer) -> None:
    await customer.say(CANARY, f"Ordered 777 in {CANARY}.")
    await customer.say("hours", "From nine to five.")
    await customer.say("order", f"Ordered 777 in {CANARY}.")
    await house.settled()


async def _says_what_is_answered_with_silence(house: House, customer: Customer) -> None:
    await customer.say("shout")
    customer.transcript.append(Said("system", _system(house, "could_not_handle")))
    await house.settled()
    await customer.say("hours", "From nine to five.")
    await house.settled()


async def _says_what_breaks_something(house: House, customer: Customer) -> None:
    house.poison = CANARY
    await customer.say(CANARY)
    customer.transcript.append(Said("system", _system(house, "could_not_handle")))
    await house.settled()
    await customer.say("hours", "From nine to five.")
    await house.settled()


async def _told_of_an_outage(house: House, customer: Customer) -> None:
    await customer.open()
    await customer.say("hello", "Hello!")
    await house.settled()
    house.poison = CANARY
    await customer.say(CANARY)
    customer.transcript.append(Said("system", _system(house, "could_not_handle")))
    await house.settled()


async def _leaves_it_for_a_colleague(house: House, customer: Customer) -> None:
    await customer.choose(_system(house, "person_choice"))
    customer.transcript.append(Said("system", _system(house, "person_ask")))
    await house.settled()
    await customer.say(f"call me, {CANARY}")
    taken = house.gateway.texts.system("person_taken", "en", reference=REFERENCE)
    customer.transcript.append(Said("system", taken))
    await house.settled()
    await customer.say("hours", "From nine to five.")
    await house.settled()


async def _with_an_employee(house: House, customer: Customer) -> None:
    await customer.open()
    log = house.gateway.log
    joined = Message(Author.SYSTEM, "Anna has joined.", "2026-11-22T09:00:00.000Z")
    position = log.head(ConversationId(customer.conversation)).position
    log.change_owner(position, Owner.EMPLOYEE, joined)
    customer.transcript.append(Said("system", joined.text))


async def _writes_to_the_employee(house: House, customer: Customer) -> None:
    await customer.say(f"hello Anna, {CANARY}")
    await customer.say("are you there?")
    await house.settled()


def _system(house: House, key: str) -> str:
    return house.gateway.texts.system(key, "en")


TURN = Scene("a turn", _in_a_form, _answers)
OPENING = Scene("an opening", _nothing, _opens)
BUTTON = Scene("a button", _asked_for_a_number, _presses_a_button)
THREE = Scene("three messages at once", _in_a_form, _writes_three_at_once)
SILENCE = Scene("an assistant without an answer", _opened, _says_what_is_answered_with_silence)
POISON = Scene("a message that breaks something", _opened, _says_what_breaks_something)
COLLEAGUE = Scene("a message for a colleague", _told_of_an_outage, _leaves_it_for_a_colleague)
EMPLOYEE = Scene("an employee", _with_an_employee, _writes_to_the_employee)
SCENES = (TURN, OPENING, BUTTON, THREE, SILENCE, POISON, COLLEAGUE, EMPLOYEE)
