"""Two processes that are killed while a scene is played, and raised again by a supervisor."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from helder.conversation.log import ConversationLog
from helder.settings import Settings
from helder.texts import Texts
from tests.faults import mortal
from tests.faults.invariants import Witness
from tests.faults.mortal import Fate

LOOK_SECONDS = 0.003
MOST_LOOKS = 20_000
GATEWAY, RASA = "gateway", "rasa"
_MAINS = {GATEWAY: mortal.be_gateway, RASA: mortal.be_rasa}


def forks(model: Path) -> ForkServerContext:
    """Makes processes that have Rasa and the model loaded when they begin."""
    os.environ["FAULTS_MODEL"] = str(model)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.warm", "tests.faults.mortal"])
    return context


@dataclass
class Street:
    """The processes, and how often each has died."""

    settings: Settings
    seen: Witness
    context: ForkServerContext
    fates: dict[str, Fate] = field(init=False)
    deaths: dict[str, int] = field(default_factory=lambda: {GATEWAY: 0, RASA: 0})
    _poison: Any = field(init=False)
    _living: dict[str, ForkServerProcess] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._poison = self.context.Value("i", 0)
        value = self.context.Value
        self.fates = {n: Fate(value("i", 0), value("i", 0), self._poison) for n in _MAINS}
        self.texts = Texts(self.settings.project / "policies" / "texts.yml")

    @property
    def log(self) -> ConversationLog:
        """The log, in the test's own process."""
        return self.seen.log

    @property
    def poison(self) -> bool:
        """Does the canary break an action?"""
        return bool(self._poison.value)

    @poison.setter
    def poison(self, on: bool) -> None:
        self._poison.value = int(on)

    async def settled(self) -> None:
        """No message waits."""
        for _ in range(MOST_LOOKS):
            if not await asyncio.to_thread(self.seen.inbox.waiting):
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"Still waiting: {self.seen.inbox.waiting()}")

    async def tend(self) -> None:
        """Raise whatever has died, until cancelled."""
        while True:
            for name, process in list(self._living.items()):
                if not process.is_alive():
                    assert process.exitcode == -9, (name, process.exitcode)
                    self.deaths[name] += 1
                    self.raise_one(name)
            await asyncio.sleep(LOOK_SECONDS)

    def raise_one(self, name: str) -> None:
        """Start a process."""
        arguments = (self.settings, self.fates[name])
        process = self.context.Process(target=_MAINS[name], args=arguments, daemon=True)
        process.start()
        self._living[name] = process

    def end(self) -> None:
        """Kill what lives."""
        for process in self._living.values():
            process.kill()
            process.join()


@asynccontextmanager
async def street(
    settings: Settings, seen: Witness, context: ForkServerContext
) -> AsyncIterator[Street]:
    """Both processes, tended."""
    made = Street(settings, seen, context)
    for name in _MAINS:
        made.raise_one(name)
    tending = asyncio.create_task(made.tend())
    try:
        yield made
    finally:
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
        made.end()
    if not tending.cancelled() and (error := tending.exception()):
        raise error
