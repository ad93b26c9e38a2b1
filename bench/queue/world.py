"""Who comes and who is there: days of customers and shifts of agents, drawn from a seed.

What tells a group (name, language, channel, place, spending) has a seed of its own, so that it can
be drawn anew while everything else stays as it was. Seconds, from when the doors open.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from helder.handoff.factors import Kind, Promise, Safety

OPEN = 8 * 3600.0
SERVICE = 540.0  # seconds that a conversation takes on average
SPREAD = 0.8  # of the logarithm: some take a minute, some an hour
PATIENCE = 1_800.0  # after which two thirds have given up
STAY = 0.1  # never give up: if one of them is never helped, the order starves people
NAMES = ("Emma de Vries", "Mohammed El Amrani", "Elif Yılmaz", "Oliver Smith", "Wei Chen")
CHANNELS = ("web", "slack")
PLACES = ("Amsterdam", "Emmen", "London", "Hull")
T = TypeVar("T")
_KINDS = {
    Kind.QUESTION: 0.62,
    Kind.COMPLAINT: 0.14,
    Kind.CONTESTED: 0.08,
    Kind.IN_MOTION: 0.15,
    Kind.BEREAVEMENT: 0.01,
}
_PROMISES = {Promise.NONE: 0.95, Promise.OVERDUE: 0.05}
_SAFETIES = {Safety.NONE: 0.96, Safety.VULNERABLE: 0.03, Safety.DANGER: 0.01}


@dataclass(frozen=True)
class Group:
    """What tells to which groups somebody belongs."""

    name: str
    language: str
    channel: str
    place: str
    spending: int


@dataclass(frozen=True)
class Customer:
    """Somebody who comes: when, for what, how long they need and how long they stay unhelped."""

    case: str
    at: float
    kind: Kind
    promise: Promise
    safety: Safety
    skill: str
    service: float
    patience: float
    group: Group


@dataclass(frozen=True)
class Shift:
    """An agent's day. Who drops out at `lost` is gone at once, in the middle of conversations."""

    name: str
    languages: frozenset[str]
    skills: frozenset[str]
    begins: float
    ends: float
    lost: float | None = None
    capacity: int = 2


@dataclass(frozen=True)
class Day:
    """One day; the queue is empty when it begins."""

    customers: tuple[Customer, ...]
    shifts: tuple[Shift, ...]


_BOTH, _EN, _NL = frozenset({"en", "nl"}), frozenset({"en"}), frozenset({"nl"})
_RETURNS = frozenset({"returns"})
# Nobody is there the whole day, and some speak only one language.
_TEAM = (
    Shift("a", _BOTH, _RETURNS, 0, 6.5 * 3600),
    Shift("b", _NL, _RETURNS, 0, OPEN),
    Shift("c", _EN, _RETURNS, 0, OPEN),
    Shift("d", _BOTH, frozenset(), 1.5 * 3600, OPEN),
    Shift("e", _NL, frozenset(), 2 * 3600, 7 * 3600),
    Shift("f", _EN, _RETURNS, 2 * 3600, 7 * 3600),
    Shift("g", _BOTH, _RETURNS, 2.5 * 3600, OPEN),
)
_LOST = 0.1  # of shifts
_ALWAYS = ("b", "c")  # do not drop out: otherwise nobody might be there who can help


def draw_days(seed: int, load: float, count: int) -> Iterator[Day]:
    """Days on which conversations ask for `load` of what all agents can have."""
    for number in range(count):
        dice = random.Random(f"{seed} {load} {number}")
        shifts = tuple(_shift(each, dice) for each in _TEAM)
        room = sum((each.ends - each.begins) * each.capacity for each in _TEAM)
        rate = load * room / SERVICE / OPEN
        labels = random.Random(f"{seed} {load} {number} groups")
        yield Day(tuple(_customers(number, rate, dice, labels)), shifts)


def regrouped(day: Day, seed: int, *, language: bool) -> Day:
    """The same day with other names, channels, places and spending, and languages too if asked."""
    dice, found = random.Random(seed), []
    for customer in day.customers:
        group = _group(dice)
        kept = group if language else replace(group, language=customer.group.language)
        found.append(replace(customer, group=kept))
    return replace(day, customers=tuple(found))


def mirrored(day: Day) -> Day:
    """The same day with English for Dutch and Dutch for English, of customers and agents."""
    other = {"en": "nl", "nl": "en"}
    customers = tuple(
        replace(each, group=replace(each.group, language=other[each.group.language]))
        for each in day.customers
    )
    shifts = tuple(
        replace(each, languages=frozenset(other[one] for one in each.languages))
        for each in day.shifts
    )
    return Day(customers, shifts)


def all_bilingual(day: Day) -> Day:
    """The same day with agents who all speak both."""
    return replace(day, shifts=tuple(replace(each, languages=_BOTH) for each in day.shifts))


def _customers(
    day: int, rate: float, dice: random.Random, labels: random.Random
) -> Iterator[Customer]:
    """They come at random (Poisson), most of them in the middle of the day."""
    at, number = 0.0, 0
    while (at := at + dice.expovariate(1.4 * rate)) < OPEN:
        busy = 0.6 if at < 1.5 * 3600 else 1.15
        if dice.random() < busy / 1.4:
            number += 1
            yield _customer(f"{day}-{number}", at, dice, _group(labels))


def _customer(case: str, at: float, dice: random.Random, group: Group) -> Customer:
    kind, promise, safety = _one(_KINDS, dice), _one(_PROMISES, dice), _one(_SAFETIES, dice)
    skill = "returns" if dice.random() < 0.25 else ""
    # A lognormal with this mean.
    service = dice.lognormvariate(math.log(SERVICE) - SPREAD**2 / 2, SPREAD)
    patience = dice.expovariate(1 / PATIENCE)
    stays = dice.random() < STAY
    return Customer(
        case, at, kind, promise, safety, skill, service, math.inf if stays else patience, group
    )


def _one(shares: Mapping[T, float], dice: random.Random) -> T:
    return dice.choices(list(shares), list(shares.values()))[0]


def _group(dice: random.Random) -> Group:
    return Group(
        _any(NAMES, dice),
        _any(("en", "nl"), dice),
        _any(CHANNELS, dice),
        _any(PLACES, dice),
        dice.randrange(10, 5_000),
    )


def _any(options: Sequence[str], dice: random.Random) -> str:
    return dice.choice(options)


def _shift(shift: Shift, dice: random.Random) -> Shift:
    """Some come a little later or go a little sooner, and a few drop out."""
    begins = shift.begins + (dice.uniform(0, 600) if shift.begins else 0)
    ends = shift.ends - (dice.uniform(0, 600) if shift.ends < OPEN else 0)
    dropped = dice.random() < _LOST and shift.name not in _ALWAYS
    lost = dice.uniform(begins, ends) if dropped else None
    return replace(shift, begins=begins, ends=ends, lost=lost)
