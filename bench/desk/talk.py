"""Conversations between customers and colleagues, at leisure or with faults."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import httpx

from bench.desk.ends import PATIENCE, Colleague, Customer, End, Held
from bench.desk.house import CAPACITY, House
from bench.failure import BenchFailed

ROUNDS = 3  # there and back, in a conversation with faults
KILLED_EVERY = 20.0  # seconds: then the gateway or the desk is killed
THINKING = 5.0  # seconds, on average, before somebody writes
_LOOK = 0.1
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
FAULTS = ("none", "customer_gone", "colleague_gone", "customer_twice", "colleague_twice")


@dataclass
class Pair:
    """A customer and the colleague who has them, and what each was to say, in order."""

    customer: Customer
    held: Held
    asked: list[str] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)


@dataclass
class Times:
    """Seconds: to the desk, back to the customer, both; and until all that was missed is there."""

    there: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    both: list[float] = field(default_factory=list)
    caught_up: list[float] = field(default_factory=list)


class Street:
    """Colleagues who work, and customers who come."""

    def __init__(
        self, house: House, colleagues: Sequence[Colleague], chance: random.Random
    ) -> None:
        self._house = house
        self._colleagues = colleagues
        self._chance = chance
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        timeout = httpx.Timeout(20, pool=None)
        self._http = httpx.AsyncClient(
            base_url=house.gateway, limits=limits, timeout=timeout, trust_env=False
        )
        self.times = Times()
        self.kills = 0

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def meet(self) -> Pair:
        """Somebody new asks for a person, and somebody takes them; both follow."""
        customer = await Customer.open(self._http)
        customer.follow()
        await customer.ask()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for one in self._colleagues:
                if customer.id in one.mine:
                    held = Held(one, customer.id)
                    held.follow()
                    return Pair(customer, held)
            await asyncio.sleep(_LOOK)
        raise BenchFailed("Nobody took a customer who was in line.")

    async def talk(self, pair: Pair, until: float) -> None:
        """Write to and fro until then (`time.monotonic`), thinking in between."""
        while time.monotonic() < until:
            await self._think()
            there = await self._said(pair.customer, pair.held, pair.asked)
            back = await self._said(pair.held, pair.customer, pair.replied)
            self.times.there.append(there)
            self.times.back.append(back)
            self.times.both.append(there + back)

    async def whole(self, tick: Callable[[], None]) -> Pair:
        """A conversation from beginning to end, with a fault in each round."""
        pair = await self.meet()
        about = pair.customer.id
        for _ in range(ROUNDS):
            fault = self._chance.choice(FAULTS)
            twice, gone = fault.endswith("twice"), fault.endswith("gone")
            of_customer = fault.startswith("customer")
            if gone:
                away: End = pair.customer if of_customer else pair.held
                await away.cut()
            await self._think()
            times = 2 if twice else 1
            ask, reply = _next(pair.asked, "ask", about), _next(pair.replied, "reply", about)
            await pair.customer.write(ask, times if of_customer else 1)
            if not (gone and not of_customer):
                await pair.held.seen.when(ask)
            await self._think()
            await pair.held.write(reply, 1 if of_customer else times)
            if gone:
                away.follow()
                await asyncio.wait_for(away.back.wait(), PATIENCE)
                came = await away.seen.when(reply)
                self.times.caught_up.append(max(came - away.asked, 0.0))
            # Both have all of it before it goes on: who writes as it ends is answered by the
            # assistant, and that is as it should be.
            ends = (pair.customer.seen, pair.held.seen)
            await asyncio.gather(*(end.when(said) for end in ends for said in (ask, reply)))
        await pair.held.close()
        await asyncio.gather(pair.held.cut(), pair.customer.cut())
        tick()
        return pair

    @contextlib.asynccontextmanager
    async def killing(self) -> AsyncIterator[None]:
        """Meanwhile gateway and desk are killed, one after the other, again and again."""
        task = asyncio.create_task(self._kill())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _kill(self) -> None:
        while True:
            await asyncio.sleep(KILLED_EVERY)
            await asyncio.to_thread(self._house.stack.kill, ("gateway", "desk")[self.kills % 2])
            self.kills += 1

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.expovariate(1 / THINKING))

    async def _said(self, by: Customer | Held, to: End, said: list[str]) -> float:
        text = _next(said, "ask" if isinstance(by, Customer) else "reply", by.id)
        begun = time.perf_counter()
        await by.write(text)
        return await to.seen.when(text) - begun


@contextlib.asynccontextmanager
async def street(house: House, at_once: int, seed: int) -> AsyncIterator[Street]:
    """As many colleagues as so many conversations need, at their desks."""
    # Room for those whose conversation has just ended and is still in a list.
    sessions = await asyncio.to_thread(house.hire, -(-at_once * 3 // (2 * CAPACITY)))
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    timeout = httpx.Timeout(20, pool=None)
    async with httpx.AsyncClient(
        base_url=house.desk, limits=limits, timeout=timeout, trust_env=False
    ) as http:
        colleagues = [Colleague(http, session) for session in sessions]
        made = Street(house, colleagues, random.Random(seed))
        try:
            await asyncio.gather(*(each.come() for each in colleagues))
            yield made
        finally:
            await asyncio.gather(*(each.leave() for each in colleagues))
            await made.aclose()


def _next(said: list[str], what: str, conversation: str) -> str:
    """What is said next: unlike anything else, and nothing that is masked as a number."""
    text = f"{what} {len(said)} {conversation.translate(_LETTERS)}"
    said.append(text)
    return text
