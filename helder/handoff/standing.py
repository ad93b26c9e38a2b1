"""Where everybody in line stands: who is really ahead, and how long it will still take."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation.clock import Clock, utc_now
from helder.conversation.entries import ConversationId
from helder.database import reading
from helder.handoff import stretching, tickets
from helder.handoff.able import ahead
from helder.handoff.expected import Expected, Staff, Unknown, expected, is_due
from helder.handoff.order import Place, order
from helder.handoff.presence import agents_in
from helder.handoff.priority import Priority
from helder.handoff.tables import service
from helder.handoff.tickets import Ticket

RECENT = 200  # service times
_MINUTE = 60


@dataclass(frozen=True)
class Standing:
    """Where one customer stands. `place` is in the order of all, `ahead` counts whom those who can
    help this one take first. `wait` is as it is told: whole minutes, rounded outwards."""

    ticket: Ticket
    place: Place
    ahead: int
    wait: Expected | Unknown


@dataclass(frozen=True)
class _Drawn:
    """A wait, when it was drawn, and how many agents were present then.

    Drawing takes a hundredth of a second for each customer, and everybody's desk looks at the line
    every second.
    """

    at: datetime
    agents: int
    wait: Expected | Unknown

    def is_over(self, now: datetime, agents: int) -> bool:
        """Is it to be drawn anew? What was unknown, always: that costs nothing."""
        unknown = isinstance(self.wait, Unknown)
        return unknown or agents != self.agents or is_due(self.at, now)


class Standings:
    """Looks at the line; nothing here changes it."""

    def __init__(
        self,
        engine: Engine,
        priority: Priority,
        clock: Clock = utc_now,
        dice: random.Random | None = None,
    ) -> None:
        self._reading = reading(engine)
        self._priority = priority
        self._clock = clock
        # Only to draw how long conversations may last: nobody could gain by guessing it.
        self._dice = dice or random.Random()  # noqa: S311 - no secret
        self._drawn: dict[int, _Drawn] = {}  # by the ticket's number

    def all(self) -> tuple[Standing, ...]:
        """Everybody in line, in the order in which they are taken."""
        with self._reading.begin() as connection:
            waiting = tickets.waiting(connection)
            return self._stand(connection, waiting) if waiting else ()

    def of(self) -> Mapping[ConversationId, Standing]:
        """The same, by conversation."""
        return {each.ticket.conversation: each for each in self.all()}

    def _stand(self, connection: Connection, waiting: Sequence[Ticket]) -> tuple[Standing, ...]:
        moment = self._clock()
        now = int(moment.timestamp())
        by_number = {each.number: each for each in waiting}
        cases = [each.asked.waiting for each in waiting]
        places = order(cases, moment, self._priority.weights)
        ordered = [by_number[place.waiting.number] for place in places]
        staff = Staff(agents_in(connection, now), _served(connection))
        stretch = stretching.known(connection)
        found, drawn, asked = [], {}, [each.asked for each in ordered]
        for place, one in zip(places, ordered, strict=True):
            before = ahead(one.asked, asked, staff.agents)
            last = self._drawn.get(one.number)
            if last is None or last.is_over(moment, len(staff.agents)):
                wait = expected(one.asked, before, staff, moment, self._dice, stretch)
                last = _Drawn(moment, len(staff.agents), wait)
            drawn[one.number] = last
            found.append(Standing(one, place, len(before), _as_told(last.wait)))
        self._drawn = drawn
        return tuple(found)


def _served(connection: Connection) -> list[timedelta]:
    """How long the last conversations with colleagues took, from the claim to the end."""
    query = sa.select(service.c.handled).where(service.c.handled.is_not(None))
    rows = connection.execute(query.order_by(service.c.number.desc()).limit(RECENT))
    return [timedelta(seconds=row.handled) for row in rows]


def _as_told(wait: Expected | Unknown) -> Expected | Unknown:
    """In whole minutes, rounded outwards: nobody is told less, or more exactly, than is known."""
    if isinstance(wait, Unknown):
        return wait
    low = math.floor(wait.low.total_seconds() / _MINUTE)
    high = max(1, math.ceil(wait.high.total_seconds() / _MINUTE))
    return Expected(timedelta(minutes=low), timedelta(minutes=high))


def seconds_of(wait: Expected | Unknown) -> tuple[int, int] | None:
    """The wait as a ticket has it; None if it is unknown."""
    if isinstance(wait, Unknown):
        return None
    return int(wait.low.total_seconds()), int(wait.high.total_seconds())


def moment_of(seconds: int) -> datetime:
    """A ticket's time."""
    return datetime.fromtimestamp(seconds, timezone.utc)
