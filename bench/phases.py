"""The phases of a run, each of which fills its part of the figures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench import starts
from bench.figures import Figures
from bench.machine import Noise
from bench.measure import first_answer, opened, say, throughput, turn_times, turns_to_grow
from bench.numbers import Cost, middle
from bench.ours import Ours
from bench.plan import MEMORY_TURNS, Plan
from bench.progress import Progress
from bench.stock import Stock
from bench.talk import BrainLine, CustomerLine, Line, StockLine
from helder.supervisor import Stack


@dataclass
class Bench:
    """The two systems, ready to be measured."""

    stock: Stock
    ours: Ours
    plan: Plan
    figures: Figures
    progress: Progress

    def training(self, *, again: bool) -> None:
        """Train both from cold, ours before and after; those that are there stay unless `again`."""
        ours, stock = [], []
        if again or not self.ours.model:
            ours.append(self._timed("training Helder", self.ours.train))
        if again or not self.stock.model:
            stock.append(self._timed("training stock Rasa, some minutes", self.stock.train))
        while again and len(ours) < self.plan.trainings:
            ours.append(self._timed("training Helder again", self.ours.train))
        if ours and stock:
            self.figures.training = {"stock": middle(stock), "helder": middle(ours)}

    async def start(self, *, with_memory: bool) -> None:
        """Start each, in turns, to the first answer; the last time measure the memory as well."""
        taken: dict[str, list[Cost]] = {system: [] for system in starts.STARTS}
        for number in range(1, self.plan.starts + 1):
            last = number == self.plan.starts
            for system, start in starts.STARTS.items():
                name = f"starting {starts.NAMES[system]} ({number} of {self.plan.starts})"
                more = MEMORY_TURNS - 1 if with_memory and last else 0
                with self.progress.step(name):
                    started = await start(self.stock, self.ours, more)
                taken[system].append(started.cost)
                if more:
                    self.figures.memory[system] = started.memory
        self.figures.start = {system: middle(values) for system, values in taken.items()}

    async def turns(self, *, growing: bool, crowded: bool) -> None:
        """Both run at once; turns of a growing conversation, and of many customers at once."""
        async with AsyncExitStack() as stack:
            lines = await self._lines(stack)
            if growing:
                await self._growing(lines)
            if crowded:
                total = len(lines) * self.plan.rounds * self.plan.customers * self.plan.turns
                with self.progress.bar(f"{self.plan.customers} customers at once", total) as tick:
                    self.figures.throughput = await throughput(lines, self.plan, tick)

    async def _growing(self, lines: list[Line]) -> None:
        noise = Noise()
        total = len(lines) * turns_to_grow(self.plan)
        timed = len(lines) * len(self.plan.points) * self.plan.samples
        with self.progress.bar("growing conversations, then timing turns", total + timed) as tick:

            def measured() -> None:
                noise.sample()
                tick()

            self.figures.turns = await turn_times(lines, self.plan, tick, measured)
        self.figures.machine_noise = noise.factor()

    async def _lines(self, stack: AsyncExitStack) -> list[Line]:
        """All three ways to talk, with everything running and warm."""
        with self.progress.step("starting both systems"):
            child = stack.enter_context(self.stock.running())
            stack.enter_context(Stack(self.ours.settings, say=self.progress.note))
            stock = StockLine(self.stock.port)
            gateway = CustomerLine(self.ours.settings.gateway_port)
            lines: list[Line] = [stock, BrainLine(self.ours), gateway]
            for line in lines:
                stack.push_async_callback(line.aclose)
            await first_answer(await stock.open(), child)
            for line in lines:
                async with opened(line) as talk:
                    await say(talk, 2)
        return lines

    def _timed(self, name: str, train: Callable[[], Cost]) -> Cost:
        with self.progress.step(name):
            return train()
