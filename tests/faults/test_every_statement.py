"""Every statement of a turn fails in every way: nothing is lost, doubled, out of order, or plain.

A turn fails in all ways at all its points, every other scene in those that are most likely to harm
it; `pytest tests/faults --every-fault` plays all of them (nearly 3,000).
"""

from __future__ import annotations

import pytest
from rasa.core.agent import Agent

from helder.conversation import cipher
from helder.settings import Settings
from tests.aio import run
from tests.faults import kinds, scenes
from tests.faults.customer import Customer
from tests.faults.house import House, build_house, living
from tests.faults.injector import Fault
from tests.faults.invariants import find_plain, witness
from tests.faults.scenes import CANARY, Scene

Pair = tuple[Scene, Fault]
PAIRS: tuple[Pair, ...] = (
    *((scenes.TURN, fault) for fault in kinds.EVERY if fault is not kinds.NO_CONNECTION),
    (scenes.OPENING, kinds.BROKEN),
    (scenes.OPENING, kinds.NO_CONNECTION),
    (scenes.OPENING, kinds.NO_KEY),
    *((scenes.OPENING, fault) for fault in kinds.WORST),
    *((scenes.BUTTON, fault) for fault in kinds.WORST),
    *((scenes.THREE, fault) for fault in kinds.WORST),
    *((scenes.SILENCE, fault) for fault in (kinds.UNHEARD, kinds.HALF_DONE)),
    *((scenes.POISON, fault) for fault in (kinds.UNHEARD, kinds.HALF_DONE)),
    (scenes.COLLEAGUE, kinds.READ_ONLY),
    *((scenes.COLLEAGUE, fault) for fault in kinds.WORST),
    (scenes.EMPLOYEE, kinds.FULL),
    (scenes.EMPLOYEE, kinds.NO_KEY),
    *((scenes.EMPLOYEE, fault) for fault in kinds.WORST),
)
LEAST = 500


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per scene and fault."""
    if {"scene", "fault"} <= set(metafunc.fixturenames):
        every = metafunc.config.getoption("every_fault", default=False)
        pairs = [(s, f) for s in scenes.SCENES for f in kinds.EVERY] if every else PAIRS
        metafunc.parametrize(("scene", "fault"), pairs, ids=lambda each: each.name)


def test_whatever_fails_once_anywhere_the_scene_ends_as_if_nothing_had(
    settings: Settings, agent: Agent, scene: Scene, fault: Fault
) -> None:
    run(play_all(settings, agent, scene, fault))


@pytest.mark.parametrize(
    "fault", [kinds.UNHEARD, kinds.HALF_DONE, kinds.NO_KEY], ids=lambda fault: fault.name
)
def test_whatever_fails_while_the_data_key_is_renewed_the_turn_ends_as_if_nothing_had(
    settings: Settings, agent: Agent, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "ENTRIES_PER_KEY", 1)
    run(play_all(settings, agent, scenes.TURN, fault))


def test_there_are_500_places_to_fail(settings: Settings, agent: Agent) -> None:
    async def count() -> int:
        house = build_house(settings, agent)
        total = 0
        async with living(house):
            for scene in scenes.SCENES:
                house.forget_connections()
                await play(house, Customer(house.http), scene, None)
                faults = [fault for each, fault in PAIRS if each is scene]
                total += sum(f.is_for(p) for p in house.injector.met for f in faults)
        return total

    assert run(count()) >= LEAST


async def play_all(settings: Settings, agent: Agent, scene: Scene, fault: Fault) -> None:
    """The scene again and again, each time with the fault at a later point, until there is none."""
    house, customers = build_house(settings, agent), []
    with witness(settings) as seen:
        async with living(house):
            failed = True
            while failed:
                customers.append(Customer(house.http))
                failed = await play(house, customers[-1], scene, fault, len(customers))
                seen.check(customers[-1])
                assert not find_plain(settings.var, [CANARY])
        seen.check_all(customers)


async def play(
    house: House, customer: Customer, scene: Scene, fault: Fault | None, first: int = 1
) -> bool:
    """One scene with a fault at one point; False if there is no such point."""
    house.poison = False
    await scene.before(house, customer)
    if fault is kinds.NO_CONNECTION:
        house.forget_connections()
    house.injector.plan(fault, first)
    await scene.act(house, customer)
    house.injector.heal()
    return bool(house.injector.failed)
