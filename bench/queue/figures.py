"""What was measured of the queue, what was asked, and whether it is met. Waits are in minutes."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from bench.figures import Bar, judged, rounded
from bench.numbers import percentile
from bench.queue.simulate import AGAIN, Came, Seen
from bench.queue.world import Customer
from helder.handoff.expected import Expected

LEAST, MOST = 0.75, 0.85  # of real waits, within what was told
RESAMPLES = 1_000
AHEAD: dict[str, float] = {"nobody": 0, "1 to 4": 4, "5 to 14": 14, "15 or more": math.inf}
GROUPS: dict[str, Callable[[Customer], str]] = {
    "language": lambda customer: customer.group.language,
    "name": lambda customer: customer.group.name,
    "channel": lambda customer: customer.group.channel,
    "place": lambda customer: customer.group.place,
    "spending": lambda customer: (
        "above 2,500" if customer.group.spending > 2_500 else "up to 2,500"
    ),
}
NEEDS: dict[str, Callable[[Customer], str]] = {
    "kind of case": lambda customer: customer.kind.value,
    "promise made": lambda customer: customer.promise.value,
    "safety": lambda customer: customer.safety.value,
}


@dataclass(frozen=True)
class Waits:
    """How long those waited who were helped; the mean with its 95 % bootstrap interval."""

    count: int
    mean: float
    low: float
    high: float
    p95: float


@dataclass(frozen=True)
class Told:
    """How many were told a wait and it is known whether it was so, and of how many it was.

    It is known of who was helped, and of who gave up after waiting longer than they were told.
    """

    count: int
    within: float
    below: float
    width: float  # median, minutes
    staying: float  # within, of those who never give up
    again: float  # within, of those who were told anew how long the rest would take
    by_ahead: dict[str, float]  # within, by how many were ahead


@dataclass
class Load:
    """What was seen at one load."""

    came: int
    helped: int
    gave_up: int
    starved: int
    longest_wait: float
    overtaken: dict[int, int]  # customers by how often
    longest_lead: float
    orderings: int
    not_replayed: int
    told: Told | None
    waits: dict[str, dict[str, Waits]]
    first_come: dict[str, dict[str, Waits]]


@dataclass
class QueueFigures:
    """Everything. `swaps` says of each whether anything at all came out differently."""

    machine: dict[str, Any]
    plan: dict[str, Any]
    bound: int = 0
    lead: int = 0
    loads: dict[str, Load] = field(default_factory=dict)
    swaps: dict[str, bool] = field(default_factory=dict)
    seconds: float = 0

    def bars(self) -> list[Bar]:
        """What was asked, in the order in which it was asked."""
        loads = self.loads.values()
        bars = [
            Bar("most often overtaken", _most(max(each.overtaken) for each in loads), self.bound),
            # Waits are compared in whole seconds, so a second may be added.
            Bar(
                "minutes that somebody came later and went first",
                _most(each.longest_lead for each in loads),
                self.lead + 1 / 60,
            ),
            Bar("never helped, though they stayed", _most(each.starved for each in loads), 0),
            Bar("orders that replay otherwise", _most(each.not_replayed for each in loads), 0),
        ]
        for load, each in self.loads.items():
            within = each.told.within if each.told else None
            bars.append(Bar(f"waits within, load {load}, at least", within, LEAST, at_least=True))
            bars.append(Bar(f"waits within, load {load}, at most", within, MOST))
        changed = float(sum(self.swaps.values())) if self.swaps else None
        return [*bars, Bar("swaps of groups that changed anything", changed, 0)]

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {**rounded(asdict(self)), **judged(self.bars())}


def load_of(seen: Seen, first_come: Seen, seed: int) -> Load:
    """The figures of a load, beside those of first come, first served."""
    helped = [each for each in seen.came if each.waited is not None]
    return Load(
        came=len(seen.came),
        helped=len(helped),
        gave_up=sum(each.left for each in seen.came),
        starved=sum(each.waited is None and not each.left for each in seen.came),
        longest_wait=max((each.waited or 0.0 for each in helped), default=0.0) / 60,
        overtaken=dict(sorted(Counter(each.overtaken for each in seen.came).items())),
        longest_lead=max(each.lead for each in seen.came) / 60,
        orderings=seen.orderings,
        not_replayed=seen.not_replayed,
        told=told(seen.came),
        waits={name: by(seen.came, group, seed) for name, group in {**GROUPS, **NEEDS}.items()},
        first_come={name: by(first_come.came, group, seed) for name, group in NEEDS.items()},
    )


def by(came: Iterable[Came], group: Callable[[Customer], str], seed: int) -> dict[str, Waits]:
    """Waits of each group, in order of name."""
    found: dict[str, list[Came]] = {}
    for each in came:
        if each.waited is not None:
            found.setdefault(group(each.customer), []).append(each)
    return {name: waits(found[name], seed) for name in sorted(found)}


def waits(came: Sequence[Came], seed: int) -> Waits:
    """Whole days are drawn again: waits of one day hang together (the cluster bootstrap)."""
    days: dict[int, tuple[float, int]] = {}
    for each in came:
        total, count = days.get(each.day, (0.0, 0))
        days[each.day] = (total + (each.waited or 0.0) / 60, count + 1)
    dice, sums = random.Random(seed), list(days.values())
    means = sorted(_mean(dice.choices(sums, k=len(sums))) for _ in range(RESAMPLES))
    low, high = percentile(means, 0.025), percentile(means, 0.975)
    all_of_them = [(each.waited or 0.0) / 60 for each in came]
    return Waits(len(came), _mean(sums), low, high, percentile(all_of_them, 0.95))


def told(came: Sequence[Came]) -> Told | None:
    """How true it was what people were told when they came; None if nobody was told anything."""
    known = [each for each in came if each.told and _known(each)]
    if not known:
        return None
    again = [each for each in map(_again, came) if each and _known(each)]
    ahead: dict[str, list[Came]] = {}
    for each in known:
        name = next(name for name, most in AHEAD.items() if each.ahead <= most)
        ahead.setdefault(name, []).append(each)
    return Told(
        len(known),
        _share(known, _within),
        _share(known, lambda each: _seconds(each) < _ends(each)[0]),
        percentile([(_ends(each)[1] - _ends(each)[0]) / 60 for each in known], 0.5),
        _share([each for each in known if each.customer.patience == math.inf], _within),
        _share(again, _within),
        {name: _share(ahead[name], _within) for name in AHEAD if name in ahead},
    )


def _again(came: Came) -> Came | None:
    """The rest of the wait as a wait of its own; None if nobody told anything of it."""
    if came.again is None:
        return None
    patience, waited = came.customer.patience - AGAIN, came.waited
    rest = None if waited is None else waited - AGAIN
    customer = replace(came.customer, patience=patience)
    return replace(came, customer=customer, waited=rest, told=came.again)


def _known(came: Came) -> bool:
    return came.waited is not None or _seconds(came) > _ends(came)[1]


def _within(came: Came) -> bool:
    low, high = _ends(came)
    return low <= _seconds(came) <= high


def _seconds(came: Came) -> float:
    return came.customer.patience if came.waited is None else came.waited


def _ends(came: Came) -> tuple[float, float]:
    told = came.told or Expected(timedelta(), timedelta())
    return told.low.total_seconds(), told.high.total_seconds()


def _share(came: Sequence[Came], which: Callable[[Came], bool]) -> float:
    return sum(map(which, came)) / max(1, len(came))


def _mean(days: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in days) / sum(count for _, count in days)


def _most(values: Iterable[float]) -> float | None:
    return max((float(value) for value in values), default=None)
