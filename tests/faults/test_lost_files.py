"""The database, the anchor and the keys are taken away while people talk, and put back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from helder.settings import Settings
from tests.aio import run
from tests.faults.customer import Customer
from tests.faults.house import build_house, living
from tests.faults.invariants import witness


@contextmanager
def away(folder: Path, pattern: str) -> Iterator[None]:
    """Files in a folder are elsewhere for a while, as when a disk is not mounted."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    names = [path.name for path in folder.glob(pattern)]
    assert names
    for name in names:
        (folder / name).rename(elsewhere / name)
    yield
    for path in folder.glob(pattern):
        path.unlink()  # whatever was made in their place
    for name in names:
        (elsewhere / name).rename(folder / name)
    elsewhere.rmdir()


@pytest.mark.parametrize("what", ["helder.db*", "anchor.db*"])
def test_without_the_database_or_the_anchor_nothing_is_acknowledged_and_later_all_goes_on(
    settings: Settings, agent: Agent, what: str
) -> None:
    async def play() -> None:
        house = build_house(settings, agent)
        async with living(house):
            customer = Customer(house.http)
            await customer.open()
            await customer.say("order 777", "Which colour?")
            await house.settled()
            with away(settings.var, what):
                for _ in range(3):
                    lost = {"id": str(uuid.uuid4()), "text": "lost"}
                    assert (await customer.post(lost)).status_code == 503
                    assert (await house.http.post("/api/conversations")).status_code == 503
                    customer.openings += 1
            await customer.say("green", "Ordered 777 in green.")
            await house.settled()
        with witness(settings) as seen:
            seen.check_all([customer])

    run(play())


def test_without_its_key_file_no_conversation_begins_and_those_that_began_go_on(
    settings: Settings, agent: Agent
) -> None:
    async def play() -> None:
        house = build_house(settings, agent)
        async with living(house):
            customer = Customer(house.http)
            await customer.open()
            await customer.say("order 777", "Which colour?")
            await house.settled()
            with away(settings.keys, "master.*.key"):
                for _ in range(3):
                    assert (await house.http.post("/api/conversations")).status_code == 503
                await customer.say("green", "Ordered 777 in green.")
                await house.settled()
            other = Customer(house.http)
            await other.open()
            await other.say("hello", "Hello!")
            await house.settled()
        with witness(settings) as seen:
            seen.check_all([customer, other])

    run(play())
