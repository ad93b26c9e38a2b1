"""A stream that fails is taken up where it broke: each message is seen once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from rasa.core.agent import Agent

from helder.gateway.app import create_app
from helder.settings import Settings
from tests.aio import run
from tests.faults import kinds, scenes
from tests.faults.customer import LOOK_SECONDS, Customer
from tests.faults.house import House, build_house, living
from tests.faults.injector import Fault
from tests.faults.invariants import witness
from tests.running import free_ports

MOST_LOOKS = 5_000


@dataclass
class Watcher:
    """Follows a conversation; asks again from the last number on, whenever the stream ends."""

    customer: Customer
    http: httpx.AsyncClient
    numbers: list[int] = field(default_factory=list)
    breaks: int = 0

    async def watch(self) -> None:
        """Until cancelled."""
        address = f"/api/conversations/{self.customer.conversation}/events"
        token = {"Authorization": f"Bearer {self.customer.token}"}
        while True:
            last = {"Last-Event-ID": str(self.numbers[-1] if self.numbers else 0)}
            try:
                async with self.http.stream("GET", address, headers=token | last) as answer:
                    assert answer.status_code in (200, 503), answer.status_code
                    async for line in answer.aiter_lines():
                        if line.startswith("id: "):
                            self.numbers.append(int(line[4:]))
            except httpx.TransportError:
                pass  # the break that is tested: what came is counted, and it goes on from there
            self.breaks += 1
            await asyncio.sleep(LOOK_SECONDS)

    async def until(self, number: int) -> None:
        """It has seen so many."""
        for _ in range(MOST_LOOKS):
            if len(self.numbers) >= number:
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"saw {self.numbers}, not {number}")


@asynccontextmanager
async def over_http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The house's gateway on a port: the transport without sockets does not stream."""
    (port,) = free_ports(1)
    config = uvicorn.Config(
        create_app(house.gateway), port=port, log_config=None, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as http:
            yield http
    finally:
        house.gateway.changes.close()
        server.should_exit = True
        await serving


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        pytest.param(kinds.LOST, 4, id="the connection is lost"),
        pytest.param(kinds.NO_KEY, 1, id="the key is missing"),
        pytest.param(kinds.NO_ANCHOR, 1, id="the anchor fails"),
    ],
)
def test_whoever_watches_sees_each_message_once_whatever_fails_and_wherever(
    settings: Settings, agent: Agent, fault: Fault, step: int
) -> None:
    async def play_all() -> None:
        house = build_house(settings, agent)
        customers: list[Customer] = []
        async with living(house), over_http(house) as http:
            failed = True
            while failed:
                customer = Customer(http)
                customers.append(customer)
                failed = await watched(house, customer, fault, 1 + step * (len(customers) - 1))
        with witness(settings) as seen:
            seen.check_all(customers)

    run(play_all())


async def watched(house: House, customer: Customer, fault: Fault, first: int) -> bool:
    """A turn that is watched; False if nothing failed."""
    await scenes.TURN.before(house, customer)
    watcher = Watcher(customer, customer.http)
    watching = asyncio.create_task(watcher.watch())
    await watcher.until(2)
    house.injector.plan(fault, first)
    await scenes.TURN.act(house, customer)
    await watcher.until(4)
    house.injector.heal()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert watcher.numbers == [1, 2, 3, 4]
    return bool(house.injector.failed)
