"""The measurement: conversations are grown, then turns timed, the two stores side by side."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from bench.numbers import Spread, spread
from bench.store.databases import Database
from bench.store.plan import Group, Plan, group
from bench.store.stopwatch import watching
from bench.store.stores import Conversation, Store

Tick = Callable[[], None]


@dataclass
class Times:
    """Seconds that the parts of a turn took, by sample. `receive` comes before the turn."""

    receive: list[float] = field(default_factory=list)
    retrieve: list[float] = field(default_factory=list)
    save: list[float] = field(default_factory=list)

    def turn(self) -> list[float]:
        """Retrieve and save together."""
        return [sum(parts) for parts in zip(self.retrieve, self.save, strict=True)]

    def spreads(self) -> dict[str, Spread]:
        """By part, in milliseconds."""
        return {
            "retrieve": spread(self.retrieve),
            "save": spread(self.save),
            "turn": spread(self.turn()),
            "receive": spread(self.receive),
        }


@dataclass
class Grown:
    """The conversations of one length in one store, and what a turn of theirs takes there."""

    span: Group
    conversations: list[Conversation]
    bytes_per_turn: float
    rows_per_turn: float


Growth = Mapping[str, Mapping[int, Grown]]  # by system and length


async def grow(store: Store, database: Database, plan: Plan, tick: Tick) -> dict[int, Grown]:
    """Have conversations of every length, up to the first turn that is timed."""
    return {
        length: await _grow(store, database, group(length, plan), tick) for length in plan.lengths
    }


async def _grow(store: Store, database: Database, span: Group, tick: Tick) -> Grown:
    before = database.size(store.name)
    conversations = []
    for _ in range(span.conversations):
        conversation = await store.open()
        tracker = await conversation.retrieve()
        for number in range(span.length):
            await conversation.receive(number)
            conversation.happen(tracker, number)
            await conversation.save(tracker)
            tick()
        conversations.append(conversation)
    taken = database.size(store.name) - before
    return Grown(span, conversations, taken.bytes / span.turns, taken.rows / span.turns)


async def take_turns(grown: Growth, plan: Plan, tick: Tick) -> dict[str, dict[int, Times]]:
    """Time one turn at each length of each store, in any order; then the next.

    So what is compared lies within a second of each other, and none always follows another.
    """
    places = [(system, length) for system in grown for length in plan.lengths]
    taken = {system: {length: Times() for length in plan.lengths} for system in grown}
    chance = random.Random(0)
    with _tidied():
        for sample in range(plan.samples):
            for system, length in chance.sample(places, len(places)):
                await _sample(grown[system][length], sample, 0, taken[system][length])
                tick()
    return taken


@dataclass(frozen=True)
class Inside:
    """Medians, in milliseconds, of whole turns and of two of their parts."""

    turn: float
    cryptography: float
    compression: float

    @property
    def share(self) -> float:
        """Cryptography's, of the turn."""
        return self.cryptography / self.turn


async def look_inside(grown: Mapping[int, Grown], plan: Plan, tick: Tick) -> dict[int, Inside]:
    """What more turns of one store consist of, by length. Slower than when nobody looks."""
    found: dict[int, Inside] = {}
    with watching() as watch, _tidied():
        for length, conversations in grown.items():
            times, parts = Times(), []
            for sample in range(plan.inside):
                # What is sealed for the inbox is read off, and not counted.
                await _sample(conversations, sample, conversations.span.width, times, watch.read)
                parts.append(watch.read())
                tick()
            found[length] = Inside(
                turn=median(times.turn()) * 1000,
                **{kind: median(each[kind] for each in parts) * 1000 for kind in parts[0]},
            )
    return found


async def _sample(
    grown: Grown, sample: int, later: int, times: Times, before: Callable[[], object] | None = None
) -> None:
    """Time one turn, `later` turns after the first that are timed."""
    which, further = divmod(sample, grown.span.width)
    conversation, number = grown.conversations[which], grown.span.length + later + further
    begun = time.perf_counter()
    await conversation.receive(number)
    received = time.perf_counter()
    if before is not None:
        before()
    asked = time.perf_counter()
    tracker = await conversation.retrieve()
    retrieved = time.perf_counter()
    conversation.happen(tracker, number)
    happened = time.perf_counter()
    await conversation.save(tracker)
    saved = time.perf_counter()
    times.receive.append(received - begun)
    times.retrieve.append(retrieved - asked)
    times.save.append(saved - happened)


@contextmanager
def _tidied() -> Iterator[None]:
    """What is left of growing is out of the garbage collector's way while turns are timed."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
