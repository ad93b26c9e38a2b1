"""What became of those who asked for a person, per day: the supervisor's figures.

From `service` and `rating`, which hold no conversation and no word of a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.handoff.ratings import About
from helder.handoff.tables import rating, service
from helder.handoff.tickets import Outcome

# Those whom no colleague has helped: gone, or back to the assistant before one came.
_LOST = {Outcome.ABANDONED.value, Outcome.LEFT.value}


@dataclass(frozen=True)
class Satisfaction:
    """The mean score from 1 to 5, None without any, and of how many it is."""

    mean: float | None
    count: int


@dataclass(frozen=True)
class Day:
    """Those who asked for a person on one day and have been served, or are gone.

    `waited` (until a colleague came), `answered` (from then to the first word) and `handled` (to
    the end) are medians in seconds, None where there was none. `returned`: given back to the
    assistant by a colleague. `left_message`: they left a message instead of waiting.
    """

    day: date
    asked: int
    waited: float | None
    answered: float | None
    handled: float | None
    returned: int
    abandoned: int
    left_message: int
    employee: Satisfaction
    assistant: Satisfaction


def per_day(connection: Connection, first: date, last: date, zone: ZoneInfo) -> tuple[Day, ...]:
    """Every day from `first` to `last`, both included, on the shop's own clock."""
    begin, end = _begins(first, zone), _begins(last + timedelta(days=1), zone)
    served = _by_day(_rows(connection, service, begin, end), zone)
    rated = _by_day(_rows(connection, rating, begin, end), zone)
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return tuple(_day(each, served.get(each, []), rated.get(each, [])) for each in days)


def _day(day: date, served: Sequence[Any], rated: Sequence[Any]) -> Day:
    def ended(outcomes: set[str]) -> int:
        return sum(each.outcome in outcomes for each in served)

    # A wait that ended without a colleague says how long somebody had patience, no more.
    claimed = [each for each in served if each.handled is not None]
    return Day(
        day=day,
        asked=len(served),
        waited=_median(each.waited for each in claimed),
        answered=_median(each.answered for each in claimed),
        handled=_median(each.handled for each in claimed),
        returned=ended({Outcome.RETURNED.value}),
        abandoned=ended(_LOST),
        left_message=ended({Outcome.MESSAGE.value}),
        employee=_satisfaction(rated, About.EMPLOYEE),
        assistant=_satisfaction(rated, About.ASSISTANT),
    )


def _median(seconds: Iterable[int | None]) -> float | None:
    known = [each for each in seconds if each is not None]
    return float(median(known)) if known else None


def _satisfaction(rated: Sequence[Any], about: About) -> Satisfaction:
    scores = [each.score for each in rated if each.about == about.value]
    return Satisfaction(sum(scores) / len(scores) if scores else None, len(scores))


def _rows(connection: Connection, table: sa.Table, begin: int, end: int) -> Sequence[Any]:
    mine = table.c.minute
    found: Sequence[Any] = connection.execute(
        sa.select(table).where(mine >= begin, mine < end)
    ).all()
    return found


def _by_day(rows: Sequence[Any], zone: ZoneInfo) -> dict[date, list[Any]]:
    found: dict[date, list[Any]] = {}
    for row in rows:
        moment = datetime.fromtimestamp(row.minute * 60, tz=zone)
        found.setdefault(moment.date(), []).append(row)
    return found


def _begins(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) // 60
