"""The measurements of turns. The systems take turns too, so that noise of the machine hits all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median

import httpx

from bench.numbers import Spread, spread
from bench.plan import Plan, Window, message, window
from bench.processes import died
from bench.talk import Line, NotAnswered, Talk
from helder.child import Child

LOOK = 0.02  # seconds between two tries of a server that is starting
PATIENCE = 300.0  # seconds for a start
Tick = Callable[[], None]


async def first_answer(talk: Talk, child: Child) -> float:
    """Seconds from the start of a process to its first answer.

    Raises:
        BenchFailed: it ended, or gave no answer.
    """
    await talk.lay(message(0))
    while True:
        try:
            await talk.turn()
            return time.monotonic() - child.started
        except (httpx.TransportError, NotAnswered) as error:
            if child.running is None or child.running.poll() is not None:
                raise died(child, "while it was starting") from error
            if time.monotonic() - child.started > PATIENCE:
                raise NotAnswered(f"{child.process.name} gave no answer at its start.") from error
        await asyncio.sleep(LOOK)


async def say(talk: Talk, turns: int, tick: Tick | None = None) -> None:
    """Have so many turns that are not timed."""
    for turn in range(turns):
        await talk.lay(message(turn))
        await talk.turn()
        if tick is not None:
            tick()


def turns_to_grow(plan: Plan) -> int:
    """How many turns `turn_times` has before it begins to time, for one line."""
    windows = [window(point, plan.samples) for point in plan.points]
    return sum((w.first - 1) * w.conversations for w in windows)


async def turn_times(
    lines: Sequence[Line], plan: Plan, grown: Tick, timed: Tick
) -> dict[str, dict[int, Spread]]:
    """What a turn costs at each point of a conversation, by line and point.

    First the conversations are grown; then one turn is timed at each point of each line, then the
    next one at each, so that the samples that are compared lie within a second of each other.
    """
    windows = [window(point, plan.samples) for point in plan.points]
    async with AsyncExitStack() as open_talks:
        grow = [_grown(line, windows, open_talks, grown) for line in lines]
        talks = dict(zip([line.name for line in lines], await asyncio.gather(*grow), strict=True))
        taken: dict[tuple[str, int], list[float]] = {}
        for sample in range(plan.samples):
            for span in windows:
                for name, by_point in talks.items():
                    talk = by_point[span.point][sample // span.width]
                    await talk.lay(message(sample))
                    taken.setdefault((name, span.point), []).append(await talk.turn())
                    timed()
    return {name: {point: spread(taken[name, point]) for point in plan.points} for name in talks}


async def throughput(lines: Sequence[Line], plan: Plan, timed: Tick) -> dict[str, float]:
    """Turns per second of so many customers at once, each of whom waits for every answer.

    The median of the plan's rounds, by line.
    """
    rates: dict[str, list[float]] = {line.name: [] for line in lines}
    for _ in range(plan.rounds):
        for line in lines:
            rates[line.name].append(await _rate(line, plan, timed))
    return {name: median(values) for name, values in rates.items()}


async def _grown(
    line: Line, windows: Sequence[Window], open_talks: AsyncExitStack, tick: Tick
) -> dict[int, list[Talk]]:
    talks: dict[int, list[Talk]] = {}
    for span in windows:
        for _ in range(span.conversations):
            talk = await open_talks.enter_async_context(opened(line))
            await say(talk, span.first - 1, tick)
            talks.setdefault(span.point, []).append(talk)
    return talks


async def _rate(line: Line, plan: Plan, tick: Tick) -> float:
    async with AsyncExitStack() as open_talks:
        talks = [await open_talks.enter_async_context(opened(line)) for _ in range(plan.customers)]
        for talk in talks:
            for turn in range(plan.turns):
                await talk.lay(message(turn))

        async def customer(talk: Talk) -> None:
            for _ in range(plan.turns):
                await talk.turn()
                tick()

        begun = time.perf_counter()
        await asyncio.gather(*(customer(talk) for talk in talks))
        return plan.customers * plan.turns / (time.perf_counter() - begun)


@asynccontextmanager
async def opened(line: Line) -> AsyncIterator[Talk]:
    """A conversation that ends with the block."""
    talk = await line.open()
    try:
        yield talk
    finally:
        await talk.aclose()
