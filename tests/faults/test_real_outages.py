"""Outages that are real: SQLite itself says that it is locked, read-only or full."""

from __future__ import annotations

import asyncio
import random
import string
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from sqlalchemy import event

from helder import database
from helder.conversation import anchor
from helder.conversation.inbox import MAX_PENDING
from helder.settings import Settings
from tests.aio import run
from tests.faults.customer import Customer, Said
from tests.faults.house import House, build_house, living
from tests.faults.invariants import witness

Outage = Callable[[House], Any]
BUSY_MS = 20
# Such a text needs pages of its own: it cannot be packed.
LONG = "".join(random.Random(3).choices(string.ascii_letters, k=1900))

_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process holds the lock of a writer."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.kill()


def database_locked(house: House) -> Any:
    return locked(house.settings.var / "helder.db")


def anchor_locked(house: House) -> Any:
    return locked(house.settings.anchor)


@contextmanager
def told_on_connecting(house: House, pragma: str) -> Iterator[None]:
    """Every connection of both processes is a new one, which is given this pragma first."""

    def tell(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA {pragma}")

    engines = [house.gateway.log.engine, house.rasa_log.engine]
    for engine in engines:
        event.listen(engine, "connect", tell)
    house.forget_connections()
    yield
    for engine in engines:
        event.remove(engine, "connect", tell)
    house.forget_connections()


def read_only(house: House) -> Any:
    return told_on_connecting(house, "query_only = ON")


def full(house: House) -> Any:
    with house.gateway.log.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    return told_on_connecting(house, f"max_page_count = {pages}")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", BUSY_MS)
    monkeypatch.setattr(anchor, "_PATIENCE_SECONDS", BUSY_MS / 1000)


OUTAGES: dict[str, tuple[Outage, str]] = {
    "the database is locked": (database_locked, "database is locked"),
    "the anchor is locked": (anchor_locked, "database is locked"),
    "the database is read-only": (read_only, "attempt to write a readonly database"),
    "the database is full": (full, "database or disk is full"),
}


@pytest.mark.parametrize("name", OUTAGES)
def test_in_a_real_outage_nothing_new_is_acknowledged_and_what_was_is_answered_after_it(
    settings: Settings, agent: Agent, errors: list[BaseException], name: str
) -> None:
    outage, sentence = OUTAGES[name]

    async def play() -> None:
        house, end = build_house(settings, agent), ExitStack()
        async with living(house):
            customer, other = Customer(house.http), Customer(house.http)
            await customer.open()
            await customer.say("order 777", "Which colour?")
            await other.open()
            await house.settled()
            # It begins when a message has been acknowledged, and before it is answered.
            began = asyncio.Event()

            def begin() -> None:
                end.enter_context(outage(house))
                began.set()

            house.when_asked = begin
            await customer.say(LONG, f"Ordered 777 in {LONG}.")
            await began.wait()
            refused = await until_refused(other)
            end.close()
            await other.say(LONG, "Sorry?", message=refused)
            await house.settled()
        with witness(settings) as seen:
            seen.check_all([customer, other])

    run(play())
    assert any(sentence in str(error) for error in errors)


async def until_refused(customer: Customer) -> str:
    """Send until the database takes no more; the id of the message that was refused."""
    while len(customer.transcript) < 2 * MAX_PENDING:
        message = str(uuid.uuid4())
        answer = await customer.post({"id": message, "text": LONG})
        if answer.status_code == 503:
            return message
        assert answer.status_code == 202
        customer.transcript += [Said("customer", LONG, message), Said("assistant", "Sorry?")]
    raise AssertionError("nothing was refused")
