"""People who talk with the assistant all the time, and wait for each answer."""

from __future__ import annotations

import asyncio
import threading
import time
from types import TracebackType

import httpx

from bench.failure import BenchFailed
from bench.numbers import Spread, spread
from bench.plan import message
from bench.talk import CustomerLine, Talk

_START_SECONDS = 60


class People:
    """So many people, in a thread of their own, from the beginning of a block to its end."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._count = count
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._talk()))
        self._answered: list[tuple[float, float]] = []  # when, and after how many seconds
        self.failed: list[str] = []

    def __enter__(self) -> People:
        self._thread.start()
        end = time.monotonic() + _START_SECONDS
        while len(self._answered) < self._count:
            if self.failed or time.monotonic() > end:
                self._end()
                raise BenchFailed(f"Nobody is answered: {', '.join(self.failed[:1])}")
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def turns(self) -> int:
        """How many were answered so far."""
        return len(self._answered)

    def since(self, begun: float) -> Spread | None:
        """How long the answers took since a time of `time.monotonic`; None if there were none."""
        taken = [seconds for when, seconds in self._answered if when >= begun]
        return spread(taken) if taken else None

    def _end(self) -> None:
        self._ended.set()
        self._thread.join()

    async def _talk(self) -> None:
        line = CustomerLine(self._port)
        try:
            await asyncio.gather(*(self._one(line) for _ in range(self._count)))
        finally:
            await line.aclose()

    async def _one(self, line: CustomerLine) -> None:
        turn = 0
        while not self._ended.is_set():
            try:
                talk = await line.open()
                try:
                    # A new conversation now and then: those of all key versions are among them.
                    for _ in range(20):
                        await self._turn(talk, turn)
                        turn += 1
                finally:
                    await talk.aclose()
            except (BenchFailed, httpx.HTTPError) as error:
                self.failed.append(str(error) or type(error).__name__)

    async def _turn(self, talk: Talk, turn: int) -> None:
        if not self._ended.is_set():
            await talk.lay(message(turn))
            self._answered.append((time.monotonic(), await talk.turn()))
