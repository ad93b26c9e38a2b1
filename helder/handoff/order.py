"""Who is next: from the cases that wait and the time to an order, each place with its points.

A case has a head start for what it is about, what was promised and safety, and gains points with
every minute: accumulating priorities (Kleinrock 1964; Stanford, Taylor and Ziedins 2014), with one
rate for everybody. Whoever came first wins a tie. Then one rule more: who was overtaken `most`
times is *held*, and nobody who came after a held case goes before it.

Whoever had an agent and lost them has *returned* and goes before everybody, held or not: their turn
had come. Of several the most points go first.

**The bound.** A case is overtaken when an agent who could take it takes one that came later and had
no agent yet.

1. *No case is overtaken more than `most` times.* `take` adds one to each case that it overtakes,
   and to no other, so `overtaken` counts exactly that. Suppose a case has reached `most`, and an
   agent who could take it takes one. It is among the held cases that `first` looks at, so the
   earliest of those came no later than it, and `first` takes nobody who came later than that one,
   unless it has returned. So the case is not overtaken, and its count stays `most`. ∎
2. *Nobody who came more than `longest_lead` minutes after it overtakes a case.* All gain points at
   one rate, so a later case scores at least as much only if its head start is longer by what it
   came later, and no head start is longer than another by more than `longest_lead`. `first` takes
   the highest score among those that came no later than the earliest held case (or among all), and
   whoever came before the one it takes is among them too; so it scores at least as much as any
   case that it overtakes. (If one has returned, `first` takes that, which overtakes nobody.) ∎

So waiting wins in the end, whoever comes: agents who could take a case take, before it, at most
those that came before it and `most` others. tests/handoff/test_order_bound.py tries to break both.

Everything is counted in whole numbers, sixtieths of a point, so that it comes out the same to the
bit everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from helder.handoff.factors import BEFORE_ALL, Factor, Kind, Option, Promise, Safety, Weights

SIXTIETHS = 60  # in a point


@dataclass(frozen=True)
class Waiting:
    """A case that waits for a person, and all that may count for its place.

    `number` is that of the ticket it drew when it came: smaller is earlier, and no two have the
    same. A case that comes back keeps `since`, `number` and `overtaken`. `since` is aware.
    """

    case: str
    since: datetime
    number: int
    kind: Kind = Kind.QUESTION
    promise: Promise = Promise.NONE
    safety: Safety = Safety.NONE
    overtaken: int = 0

    @property
    def returned(self) -> bool:
        """Had it an agent already, who was lost?"""
        return self.promise is BEFORE_ALL


@dataclass(frozen=True)
class Part:
    """What one factor gave. `given` is an option, or the whole seconds that were waited."""

    factor: Factor
    given: Option | int
    sixtieths: int


@dataclass(frozen=True)
class Place:
    """A place in the order, from 1, and why. `held`: by now no later case may go first any more.

    That it will be held once others were taken moves its place, but is not a fact yet.
    """

    place: int
    waiting: Waiting
    parts: tuple[Part, ...]
    held: bool

    @property
    def sixtieths(self) -> int:
        """All points, in sixtieths."""
        return sum(part.sixtieths for part in self.parts)


def parts(waiting: Waiting, now: datetime, weights: Weights) -> tuple[Part, ...]:
    """What each factor gives a case."""
    # Two moments, each cut to its second: so the difference of two cases never changes.
    seconds = max(0, int(now.timestamp()) - int(waiting.since.timestamp()))
    chosen: tuple[tuple[Factor, Option], ...] = (
        (Factor.KIND, waiting.kind),
        (Factor.PROMISE, waiting.promise),
        (Factor.SAFETY, waiting.safety),
    )
    return (
        Part(Factor.TIME, seconds, weights.minute * seconds),
        *(Part(factor, each, SIXTIETHS * weights.heads[each]) for factor, each in chosen),
    )


def first(waiting: Sequence[Waiting], now: datetime, weights: Weights) -> Waiting:
    """Who is next. Raises ValueError: nobody waits."""
    if not waiting:
        raise ValueError("Nobody waits.")
    return order(waiting, now, weights, at_most=1)[0].waiting


def order(
    waiting: Iterable[Waiting], now: datetime, weights: Weights, at_most: int | None = None
) -> tuple[Place, ...]:
    """The order in which they are taken if nobody comes; the first `at_most` of it.

    Raises:
        ValueError: two have the same number.
    """
    found = {each: parts(each, now, weights) for each in waiting}
    if len({each.number for each in found}) < len(found):
        raise ValueError("Two cases that wait have the same number.")
    left = sorted(found, key=lambda each: (not each.returned, -_sum(found[each]), each.number))
    counts = {each.number: each.overtaken for each in left}
    places: list[Place] = []
    while left and len(places) != at_most:
        held = min((n for n in counts if counts[n] >= weights.most), default=None)
        one = next(each for each in left if each.returned or held is None or each.number <= held)
        left.remove(one)
        del counts[one.number]
        for number in counts:
            counts[number] += _overtakes(one, number)
        places.append(Place(len(places) + 1, one, found[one], one.overtaken >= weights.most))
    return tuple(places)


def take(waiting: Iterable[Waiting], one: Waiting) -> tuple[Waiting, ...]:
    """Those that wait on when this one is taken by an agent who could take any of them."""
    return tuple(
        replace(each, overtaken=each.overtaken + 1) if _overtakes(one, each.number) else each
        for each in waiting
        if each.number != one.number
    )


def _overtakes(one: Waiting, number: int) -> bool:
    return number < one.number and not one.returned


def _sum(found: Iterable[Part]) -> int:
    return sum(part.sixtieths for part in found)
