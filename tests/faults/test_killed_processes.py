"""kill -9, for real, at every statement of a turn, in the gateway and in Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from helder.settings import Settings
from tests.aio import run
from tests.faults import scenes
from tests.faults.customer import Customer
from tests.faults.invariants import find_plain, witness
from tests.faults.scenes import CANARY, Scene
from tests.faults.street import GATEWAY, RASA, Street, forks, street
from tests.reach import client_to
from tests.running import free_ports


@pytest.fixture
def apart(settings: Settings) -> Settings:
    """The installation on ports of its own."""
    gateway, rasa = free_ports(2)
    return replace(settings, gateway_port=gateway, rasa_port=rasa)


@asynccontextmanager
async def customers_on(
    settings: Settings, model: Path
) -> AsyncIterator[tuple[Street, list[Customer]]]:
    """A street with customers to be added; at the end all of them must have been served."""
    customers: list[Customer] = []
    with witness(settings) as seen:
        async with street(settings, seen, forks(model)) as place:
            yield place, customers
        seen.check_all(customers)
    assert not find_plain(settings.var, [CANARY])


async def play(
    place: Street, http: httpx.AsyncClient, scene: Scene, victim: str, death: int
) -> tuple[Customer, bool]:
    """One scene, in which a process dies at its n-th point; False if there is no such point."""
    customer, points = Customer(http), place.fates[victim].points
    place.poison = False
    await scene.before(place, customer)
    points.value = death
    await scene.act(place, customer)
    died, points.value = points.value == 0, 0
    place.seen.check(customer)
    return customer, died


@pytest.mark.parametrize(
    ("scene", "victim", "stride"),
    [
        pytest.param(scenes.TURN, GATEWAY, 1, id="the gateway in a turn"),
        pytest.param(scenes.TURN, RASA, 1, id="Rasa in a turn"),
        pytest.param(scenes.COLLEAGUE, GATEWAY, 13, id="the gateway while a message is left"),
    ],
)
def test_whoever_is_killed_at_any_statement_the_scene_ends_as_if_nobody_was(
    apart: Settings,
    tiny_model: Path,
    request: pytest.FixtureRequest,
    scene: Scene,
    victim: str,
    stride: int,
) -> None:
    step = 1 if request.config.getoption("every_fault", default=False) else stride

    async def play_all() -> None:
        async with customers_on(apart, tiny_model) as (place, customers), visiting(apart) as http:
            died = True
            while died:
                death = 1 + step * len(customers)
                customer, died = await play(place, http, scene, victim, death)
                customers.append(customer)
            assert place.deaths[victim] == len(customers) - 1 >= LEAST[victim] // step

    run(play_all())


# So many statements and other points there are at least.
LEAST = {GATEWAY: 40, RASA: 14}


def test_a_gateway_killed_between_leaving_a_message_and_handing_back_leaves_it_once(
    apart: Settings, tiny_model: Path
) -> None:
    async def play_twice() -> None:
        async with customers_on(apart, tiny_model) as (place, customers), visiting(apart) as http:
            for deaths in (1, 2):
                place.poison = False
                customer = Customer(http)
                customers.append(customer)
                await scenes.COLLEAGUE.before(place, customer)
                # The first process dies as it has left the message; the second one's turn is next.
                place.fates[GATEWAY].leavings.value = 1
                await scenes.COLLEAGUE.act(place, customer)
                assert place.deaths[GATEWAY] == deaths

    run(play_twice())


def visiting(settings: Settings) -> httpx.AsyncClient:
    return client_to(settings.gateway_port, timeout=60)
