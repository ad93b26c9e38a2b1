"""The four real processes are killed, stopped, and robbed of disk and key, while customers talk."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from helder import model
from helder.cli import prepare
from helder.settings import PROJECT, Settings
from helder.shop.seed import demo_orders, open_shop
from helder.supervisor import Pace, Stack
from tests.aio import run
from tests.faults.customer import Customer
from tests.faults.house import folder
from tests.faults.invariants import Witness, find_plain, witness
from tests.faults.test_lost_files import away
from tests.faults.visit import SECRETS, Visit, some_visit
from tests.reach import client_to
from tests.running import settings_in

CUSTOMERS = 6
PROCESSES = ("gateway", "rasa", "actions", "desk")
KILLS = PROCESSES
OTHER_HARMS = ("all at once", "stop rasa", "stop gateway", "full disk", "no key")
# Before the next harm so many visitors were answered, and then it is any moment, in seconds.
ANSWERS, MOMENT = 3, 0.3
LASTING = 1.5  # seconds that a process is stopped, a disk full, a key away
LOOK_SECONDS = 0.02
MOST_LOOKS = 6_000


@dataclass
class Town:
    """The stack under fire, and all visits that were made."""

    settings: Settings
    stack: Stack
    lines: list[str]
    seen: Witness
    chance: random.Random
    order: tuple[str, str]
    visits: list[Visit] = field(default_factory=list)
    is_over: bool = False

    async def live(self, http: httpx.AsyncClient) -> None:
        """One customer after the other, until all is over."""
        while not self.is_over:
            visit = some_visit(Customer(http), self.chance, self.order)
            self.visits.append(visit)
            await visit.happen()

    async def harm_all(self, harms: list[str]) -> None:
        """One harm after the other, each at any moment after people were answered again."""
        for what in harms:
            await self.answered(self.answers + ANSWERS)
            await asyncio.sleep(self.chance.uniform(0, MOMENT))
            await self.harm(what)
        await self.answered(self.answers + CUSTOMERS)
        self.is_over = True

    async def harm(self, what: str) -> None:
        """Do it, and undo what can be undone."""
        if what == "full disk":
            with limited(self.pids("gateway", "rasa")):
                await asyncio.sleep(LASTING)
        elif what == "no key":
            with away(self.settings.keys, "master.*.key"):
                self.stack.kill("rasa")
                await asyncio.sleep(LASTING)
        elif what == "all at once":
            for name in PROCESSES:
                self.stack.kill(name)
        elif what.startswith("stop"):
            with stopped(self.pids(what.removeprefix("stop "))):
                await asyncio.sleep(LASTING)
        else:
            self.stack.kill(what)

    @property
    def answers(self) -> int:
        """How many visitors saw an answer that they waited for."""
        return sum(visit.answers for visit in self.visits)

    async def answered(self, number: int) -> None:
        """So many answers have been seen."""
        for _ in range(MOST_LOOKS):
            if self.answers >= number:
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError("nobody is answered any more")

    def pids(self, *names: str) -> list[int]:
        """The processes with these names, if they run."""
        running = self.stack.pids()
        return [running[name] for name in names if name in running]

    def check(self, kills: list[str]) -> None:
        """Each visit is whole, nothing is left over, and each process really was killed."""
        for visit in self.visits:
            visit.check(self.seen)
        self.seen.check_rest(visit.customer for visit in self.visits)
        for name in PROCESSES:
            killed = [line for line in self.lines if line.startswith(f"! {name} ended (signal 9)")]
            assert len(killed) >= kills.count(name)


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    """Processes that hang, and then go on as if nothing had been."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        with suppress(ProcessLookupError):  # the supervisor may have ended it as dead
            os.kill(pid, signal.SIGCONT)


@contextmanager
def limited(pids: list[int]) -> Iterator[None]:
    """Processes that can write to no file beyond its first bytes, as when the disk is full."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for soft in (4096, most):
        for pid in pids:
            with suppress(ProcessLookupError):  # it may have ended over what it could not write
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, most))
        if soft != most:
            yield


@asynccontextmanager
async def town(var: Path, seed: int) -> AsyncIterator[Town]:
    """The four processes, as `make run` starts them, with a supervisor of much patience."""
    settings = settings_in(var, HELDER_TURN_TIMEOUT="5")
    if model.fitting_model(PROJECT) is None:
        model.train(settings, lambda _: None)
    prepare(settings)
    orders = demo_orders(open_shop(settings.shop_url))
    order = next((o.number, o.postcode) for o in orders if o.scenario == "on_its_way")
    pace, lines = Pace(restarts=1000, back_off=0.1, longest_back_off=0.3), list[str]()
    with Stack(settings, say=lines.append, pace=pace) as stack, witness(settings) as seen:
        yield Town(settings, stack, lines, seen, random.Random(seed), order)


def test_whatever_happens_to_the_four_processes_each_message_is_answered_once_and_in_order(
    request: pytest.FixtureRequest,
) -> None:
    rounds = 10 if request.config.getoption("every_fault", default=False) else 1
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")  # noqa: T201 - shown by pytest when the test fails

    async def play(var: Path) -> None:
        async with town(var, seed) as place:
            kills = [*KILLS] * rounds
            harms = place.chance.sample([*kills, *OTHER_HARMS], len(kills) + len(OTHER_HARMS))
            async with client_to(place.settings.gateway_port, timeout=30) as http:
                living = [place.live(http) for _ in range(CUSTOMERS)]
                await asyncio.gather(place.harm_all(harms), *living)
            place.check(kills)
        assert not find_plain(var, SECRETS)

    with folder() as made:
        run(play(made / "var"))
