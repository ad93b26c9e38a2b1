"""From the start of a process to the first answer, and what it holds after some more turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench.measure import LOOK, first_answer, opened, say
from bench.numbers import Cost
from bench.ours import Ours
from bench.plan import message
from bench.processes import Memory, cpu, died, memory
from bench.stock import Stock
from bench.talk import BrainLine, CustomerLine, StockLine, Talk
from helder.child import Child
from helder.probe import is_ready
from helder.supervisor import Stack


@dataclass(frozen=True)
class Started:
    """What the first answer took, and the memory after so many turns more."""

    cost: Cost
    memory: Memory


async def stock(stock: Stock, _ours: Ours, more: int) -> Started:
    """`rasa run`, and a turn through its REST channel."""
    async with AsyncExitStack() as stack:
        line = StockLine(stock.port)
        stack.push_async_callback(line.aclose)
        talk = await stack.enter_async_context(opened(line))
        child = stack.enter_context(stock.running())
        return await _started(await first_answer(talk, child), talk, more, _pids(child))


async def brain(_stock: Stock, ours: Ours, more: int) -> Started:
    """Helder's Rasa process, with the action server up, and a turn through its channel."""
    async with AsyncExitStack() as stack:
        actions = stack.enter_context(ours.running("actions"))
        await until_ready(actions)
        line = BrainLine(ours)
        stack.push_async_callback(line.aclose)
        talk = await stack.enter_async_context(opened(line))
        child = stack.enter_context(ours.running("rasa"))
        return await _started(await first_answer(talk, child), talk, more, _pids(child))


async def everything(_stock: Stock, ours: Ours, more: int) -> Started:
    """All four processes under their supervisor, and a turn as a customer."""
    async with AsyncExitStack() as stack:
        begun = time.monotonic()
        running = stack.enter_context(Stack(ours.settings, say=lambda _: None))
        line = CustomerLine(ours.settings.gateway_port)
        stack.push_async_callback(line.aclose)
        talk = await stack.enter_async_context(opened(line))
        await talk.lay(message(0))
        await talk.turn()
        seconds = time.monotonic() - begun
        return await _started(seconds, talk, more, list(running.pids().values()))


Start = Callable[[Stock, Ours, int], Awaitable[Started]]
STARTS: dict[str, Start] = {"stock": stock, "helder": brain, "all": everything}
NAMES = {"stock": "stock Rasa", "helder": "Helder's Rasa", "all": "all of Helder"}


async def _started(seconds: float, talk: Talk, more: int, pids: list[int]) -> Started:
    cost = Cost(seconds, cpu(*pids))
    await say(talk, more)
    return Started(cost, memory(*pids))


def _pids(child: Child) -> list[int]:
    return [child.running.pid] if child.running else []


async def until_ready(child: Child) -> None:
    """Wait until a process that was started serves.

    Raises:
        BenchFailed: it ended.
    """
    while not is_ready(child.process.port, child.process.health):
        if not child.is_alive:
            raise died(child, "while it was starting")
        await asyncio.sleep(LOOK)
