"""Outages that last: what is told meanwhile, and that all is well when they are over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rasa.core.agent import Agent

from helder.gateway.turns import PATIENCE, TRIES
from helder.settings import Settings
from tests.aio import run
from tests.faults import kinds, scenes
from tests.faults.customer import Customer
from tests.faults.house import build_house, living
from tests.faults.injector import Fault, Kind
from tests.faults.invariants import find_plain, witness

# Longer than anybody tries before giving something up.
LONG = 40
NEVER = 10_000.0
# The anchor is full when the message is in the database already.
KEPT_AND_REFUSED = Fault("anchor", frozenset({Kind.ANCHOR_WRITE}), kinds.NO_ANCHOR.error)


@pytest.mark.parametrize(
    "fault",
    [kinds.LOCKED, kinds.FULL, kinds.LOST, kinds.UNHEARD, kinds.NO_KEY, kinds.NO_ANCHOR],
    ids=lambda fault: fault.name,
)
def test_after_a_long_outage_that_began_anywhere_in_a_turn_it_is_answered_once(
    settings: Settings, agent: Agent, fault: Fault
) -> None:
    async def play_all() -> None:
        house, customers = build_house(settings, agent), []
        with witness(settings) as seen:
            async with living(house):
                first, failed = 1, True
                while failed:
                    customer = Customer(house.http)
                    customers.append(customer)
                    await scenes.TURN.before(house, customer)
                    house.injector.plan(fault, first, LONG)
                    await scenes.TURN.act(house, customer)
                    house.injector.heal()
                    failed = bool(house.injector.failed)
                    seen.check(customer)
                    assert not find_plain(settings.var, [scenes.CANARY])
                    first += 5
            seen.check_all(customers)

    run(play_all())


@pytest.mark.parametrize(
    "fault", [kinds.BROKEN, kinds.NO_KEY, kinds.NO_ANCHOR], ids=lambda fault: fault.name
)
def test_a_message_is_not_given_up_for_what_is_wrong_with_rasa_and_not_with_it(
    settings: Settings, agent: Agent, fault: Fault
) -> None:
    async def play() -> None:
        house = build_house(settings, agent)
        async with living(house):
            customer = Customer(house.http)
            await scenes.TURN.before(house, customer)
            house.injector.plan(replace(fault, place="rasa"), times=2 * TRIES)
            await scenes.TURN.act(house, customer)
            assert len(house.injector.failed) == 2 * TRIES
            trouble = house.gateway.texts.system("trouble", "en")
            assert [m["text"] for m in await customer.read()].count(trouble) == 1
        with witness(settings) as seen:
            seen.check_all([customer])

    run(play())


def test_what_was_kept_though_the_customer_was_refused_is_answered_once_when_it_is_repeated(
    settings: Settings, agent: Agent
) -> None:
    async def play() -> None:
        house = build_house(settings, agent)
        # No sweep: the repeat itself must bring the answer.
        async with living(house, sweep_seconds=NEVER):
            customer = Customer(house.http)
            await customer.open()
            house.injector.plan(KEPT_AND_REFUSED)
            await customer.say("hello", "Hello!")
            assert customer.refusals == [503]
            await house.settled()
            with witness(settings) as seen:
                seen.check_all([customer])

    run(play())


def test_what_was_kept_though_the_customer_was_refused_is_answered_if_it_is_never_repeated(
    settings: Settings, agent: Agent
) -> None:
    async def play() -> None:
        house = build_house(settings, agent)
        async with living(house):
            customer = Customer(house.http)
            await customer.open()
            house.injector.plan(KEPT_AND_REFUSED)
            message = {"id": "00000000-0000-4000-8000-000000000001", "text": "hello"}
            assert (await customer.post(message)).status_code == 503
            await house.settled()
            assert [m["text"] for m in await customer.read()] == ["hello", "Hello!"]

    run(play())


def test_whoever_waits_long_is_told_once_although_the_database_fails_in_between(
    settings: Settings, agent: Agent
) -> None:
    async def play() -> None:
        house = build_house(settings, agent)
        async with living(house):
            customer = Customer(house.http)
            await customer.open()
            house.down = 3 * PATIENCE
            weak = Fault("weak", frozenset({Kind.READ}), kinds.BROKEN.error)
            house.injector.plan(weak, first=30)
            await customer.say("hello", "Hello!")
            await house.settled()
            assert house.injector.failed
            trouble = house.gateway.texts.system("trouble", "en")
            told = [m for m in await customer.read() if m["text"] == trouble]
            assert len(told) == 1
            assert [choice["title"] for choice in told[0]["choices"]] == [
                house.gateway.texts.system("person_choice", "en")
            ]

    run(play())
