"""The queue of Helder in a simulated service desk: every event in its turn, no clock, no chance.

Agents take whom the queue gives them as soon as they have room. At the end of their shift they
finish what they have; after hours those stay who are needed until nobody waits. Who drops out loses
their conversations, and those come back.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from itertools import count
from typing import Any

from bench.queue.world import OPEN, Customer, Day, Shift
from helder.handoff.able import Agent, Asked, able, ahead, next_for, taken
from helder.handoff.errors import OrderNotReplayed
from helder.handoff.expected import Expected, Staff, Stretch, expected
from helder.handoff.factors import Promise, Weights
from helder.handoff.order import Waiting, order
from helder.handoff.ordering import arrange, replay
from helder.handoff.priority import Priority

MORNING = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
AGAIN = 180.0  # seconds
RECENT = 200  # conversations whose length is remembered
Choice = Callable[[Agent, Sequence[Asked], datetime, Weights], Waiting | None]


@dataclass
class Came:
    """What became of somebody who came. Seconds; `waited` is None for who gave up."""

    customer: Customer
    day: int
    waited: float | None = None
    left: bool = False
    told: Expected | None = None
    again: Expected | None = None  # of the rest of the wait, AGAIN after they came
    ahead: int = 0
    overtaken: int = 0
    lead: float = 0.0  # the most by which somebody who overtook them had come later


@dataclass
class Seen:
    """Everything that was seen. `digest` is of all orderings, waits and what was told."""

    came: list[Came] = field(default_factory=list)
    orderings: int = 0
    not_replayed: int = 0
    stretch: Stretch = field(default_factory=Stretch)
    digest: str = ""


@dataclass
class _Present:
    shift: Shift
    going: bool = False
    busy: dict[str, tuple[float, Asked]] = field(default_factory=dict)  # case: since, as it was

    def agent(self, start: datetime) -> Agent:
        capacity = 0 if self.going else self.shift.capacity
        busy = tuple(start + timedelta(seconds=since) for since, _ in self.busy.values())
        return Agent(self.shift.name, self.shift.languages, self.shift.skills, capacity, busy)


@dataclass
class _Run:
    """What all days share."""

    priority: Priority
    choose: Choice
    telling: bool
    recording: bool
    seen: Seen = field(default_factory=Seen)
    served: deque[timedelta] = field(default_factory=lambda: deque(maxlen=RECENT))
    total: Any = field(default_factory=sha256)


def simulate(
    days: Iterable[Day],
    priority: Priority,
    seed: int,
    choose: Choice = next_for,
    *,
    telling: bool = True,
    recording: bool = True,
) -> Seen:
    """All days, one after the other; what is learnt of waits is carried on.

    Not `telling`: nobody is told a wait. Not `recording`: orderings are neither kept nor replayed.
    """
    run = _Run(priority, choose, telling, recording)
    for number, day in enumerate(days):
        _Desk(day, number, run, random.Random(f"{seed} told {number}")).run_day()
    run.seen.digest = run.total.hexdigest()
    return run.seen


class _Desk:
    """One day."""

    def __init__(self, day: Day, number: int, run: _Run, dice: random.Random) -> None:
        self.run, self.weights, self.dice = run, run.priority.weights, dice
        self.start = MORNING + timedelta(days=number)
        self.queue: tuple[Asked, ...] = ()
        self.present: dict[str, _Present] = {}
        self.came = {each.case: Came(each, number) for each in day.customers}
        self.numbers = {case: index for index, case in enumerate(self.came)}
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.count = count()
        self.time = 0.0
        run.seen.came += self.came.values()
        for shift in day.shifts:
            self._at(shift.begins, self._begin, shift)
            if shift.lost is None:
                self._at(shift.ends, self._end, shift)
            else:
                self._at(shift.lost, self._lose, shift)
        for customer in day.customers:
            self._at(customer.at, self._arrive, customer)

    def run_day(self) -> None:
        """Until nothing happens any more."""
        while self.events:
            self.time, _, event = heapq.heappop(self.events)
            event()
            self._assign()
            if self.time > OPEN and not self.queue:
                return

    def _at(self, time: float, event: Callable[..., None], *given: object) -> None:
        if time < math.inf:
            heapq.heappush(self.events, (time, next(self.count), lambda: event(*given)))

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.time)

    def _arrive(self, customer: Customer) -> None:
        waiting = Waiting(
            customer.case,
            self.now,
            self.numbers[customer.case],
            customer.kind,
            customer.promise,
            customer.safety,
        )
        self.queue += (Asked(waiting, customer.group.language, customer.skill),)
        self._at(self.time + customer.patience, self._give_up, customer)
        self._assign()
        if self.run.telling and self.came[customer.case].waited is None:
            came = self.came[customer.case]
            came.told, came.ahead = self._expected(customer)
            self._at(self.time + AGAIN, self._tell_again, customer)

    def _tell_again(self, customer: Customer) -> None:
        came = self.came[customer.case]
        if came.waited is None and not came.left:
            came.again, _ = self._expected(customer)

    def _expected(self, customer: Customer) -> tuple[Expected | None, int]:
        """What this customer is told now, and how many are ahead."""
        by_number = {asked.waiting.number: asked for asked in self.queue}
        places = order((asked.waiting for asked in self.queue), self.now, self.weights)
        line = [by_number[place.waiting.number] for place in places]
        mine = next(i for i, asked in enumerate(line) if asked.waiting.case == customer.case)
        agents = [each.agent(self.start) for each in self.present.values()]
        staff, stretch = Staff(agents, tuple(self.run.served)), self.run.seen.stretch
        told = expected(line[mine], line[:mine], staff, self.now, self.dice, stretch)
        count = len(ahead(line[mine], line[:mine], agents))
        self.run.total.update(f"{customer.case} {told} {count}\n".encode())
        return (told if isinstance(told, Expected) else None), count

    def _give_up(self, customer: Customer) -> None:
        came = self.came[customer.case]
        if came.waited is None:
            came.left = True
            waited = timedelta(seconds=customer.patience)
            if came.told and waited > came.told.high:
                self._learn(came.told, waited)
            self.queue = tuple(a for a in self.queue if a.waiting.case != customer.case)

    def _assign(self) -> None:
        """Whoever has most room takes first, so long as somebody takes."""
        while self.queue:
            roomy = [
                (-each.agent(self.start).room, each.shift.name) for each in self.present.values()
            ]
            if not any(self._give(self.present[name]) for room, name in sorted(roomy) if room):
                return

    def _give(self, present: _Present) -> bool:
        agent = present.agent(self.start)
        one = self.run.choose(agent, self.queue, self.now, self.weights)
        if one is None:
            return False
        if self.run.recording:
            self._record(agent)
        self._judge(agent, one)
        asked = next(each for each in self.queue if each.waiting == one)
        self.queue = taken(agent, self.queue, one)
        came = self.came[one.case]
        self.run.total.update(f"{one.case} {agent.name} {self.time!r}\n".encode())
        if came.waited is None:
            came.waited = self.time - came.customer.at
            if came.told:
                self._learn(came.told, timedelta(seconds=came.waited))
        present.busy[one.case] = (self.time, asked)
        self._at(self.time + came.customer.service, self._done, present, one, self.time)
        return True

    def _learn(self, told: Expected, waited: timedelta) -> None:
        self.run.seen.stretch = self.run.seen.stretch.after(told, waited)

    def _record(self, agent: Agent) -> None:
        mine = [asked.waiting for asked in self.queue if able(agent, asked)]
        text = arrange(mine, self.now, self.run.priority).encode()
        self.run.total.update(text.encode())
        self.run.seen.orderings += 1
        try:
            replay(text)
        except OrderNotReplayed:
            self.run.seen.not_replayed += 1

    def _judge(self, agent: Agent, one: Waiting) -> None:
        """Whom this overtakes, counted without what the queue counts."""
        if one.returned:  # their turn had come before
            return
        taken_at = self.came[one.case].customer.at
        for asked in self.queue:
            other = self.came[asked.waiting.case]
            if other.customer.at < taken_at and able(agent, asked):
                other.overtaken += 1
                other.lead = max(other.lead, taken_at - other.customer.at)

    def _done(self, present: _Present, one: Waiting, since: float) -> None:
        if one.case in present.busy and present.busy[one.case][0] == since:
            del present.busy[one.case]
            self.run.served.append(timedelta(seconds=self.time - since))

    def _begin(self, shift: Shift) -> None:
        self.present[shift.name] = _Present(shift)

    def _end(self, shift: Shift) -> None:
        """Go, but not while somebody waits after hours."""
        present = self.present[shift.name]
        if self.time >= OPEN and self.queue:
            self._at(self.time + 60, self._end, shift)
        else:
            present.going = True

    def _lose(self, shift: Shift) -> None:
        present = self.present.pop(shift.name)
        for _, asked in present.busy.values():
            waiting = replace(asked.waiting, promise=Promise.AGENT_LOST)
            self.queue += (replace(asked, waiting=waiting),)
        present.busy.clear()


def first_come(priority: Priority) -> Priority:
    """The same policy with no head start for anybody."""
    heads = dict.fromkeys(priority.weights.heads, 0)
    return replace(priority, weights=replace(priority.weights, heads=heads))
