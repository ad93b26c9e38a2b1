"""Which colleagues are there: each desk that is open says so again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation.clock import Clock, utc_now
from helder.database import reading
from helder.handoff.able import Agent
from helder.handoff.tables import presence
from helder.handoff.tickets import held

# A desk says that it is there every 15 seconds: twice may go wrong.
GONE_SECONDS = 45


@dataclass(frozen=True)
class Present:
    """A colleague whose desk is open. `available`: wants to be given conversations."""

    employee: str
    languages: frozenset[str]
    skills: frozenset[str]
    capacity: int
    available: bool
    seen: int


class Presences:
    """Says who is there, and asks. Every method is one transaction."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    def here(
        self,
        employee: str,
        languages: frozenset[str],
        skills: frozenset[str],
        capacity: int,
        *,
        available: bool,
    ) -> None:
        """This colleague's desk is open, now."""
        values = {
            "languages": ",".join(sorted(languages)),
            "skills": ",".join(sorted(skills)),
            "capacity": capacity,
            "available": int(available),
            "seen": int(self._clock().timestamp()),
        }
        with self._engine.begin() as connection:
            known = sa.update(presence).where(presence.c.employee == employee).values(**values)
            if not connection.execute(known).rowcount:
                connection.execute(sa.insert(presence).values(employee=employee, **values))

    def still_here(self, who: Present) -> None:
        """This colleague's desk is open still; whether they take conversations stays as it is."""
        mine = sa.update(presence).where(presence.c.employee == who.employee)
        now = int(self._clock().timestamp())
        with self._engine.begin() as connection:
            known = connection.execute(mine.values(seen=now)).rowcount
        if not known:
            languages, skills, capacity = who.languages, who.skills, who.capacity
            self.here(who.employee, languages, skills, capacity, available=who.available)

    def gone(self, employee: str) -> None:
        """They signed out."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(presence).where(presence.c.employee == employee))

    def present(self) -> tuple[Present, ...]:
        """All whose desk is open."""
        with self._reading.begin() as connection:
            return present_in(connection, int(self._clock().timestamp()))

    def seen(self) -> dict[str, int]:
        """When each desk was last heard of, in seconds since 1970, also those that are gone."""
        with self._reading.begin() as connection:
            rows = connection.execute(sa.select(presence.c.employee, presence.c.seen)).all()
        return {row.employee: row.seen for row in rows}

    def of(self, employee: str) -> Present | None:
        """This colleague, if their desk is open."""
        return next((each for each in self.present() if each.employee == employee), None)

    def anybody(self, language: str) -> bool:
        """Is there somebody who takes conversations in this language?"""
        there = (each for each in self.present() if each.available and each.capacity)
        return any(language in each.languages for each in there)


def present_in(connection: Connection, now: int) -> tuple[Present, ...]:
    """As `Presences.present`, in somebody's transaction."""
    query = sa.select(presence).where(presence.c.seen > now - GONE_SECONDS)
    rows = connection.execute(query.order_by(presence.c.employee)).all()
    return tuple(_present(row) for row in rows)


def agents_in(connection: Connection, now: int) -> tuple[Agent, ...]:
    """Those who take conversations, with how long each of theirs has lasted."""
    busy: dict[str, list[datetime]] = {}
    for one in held(connection):
        begun = datetime.fromtimestamp(one.claimed or now, timezone.utc)
        busy.setdefault(str(one.employee), []).append(begun)
    return tuple(
        Agent(
            each.employee,
            each.languages,
            each.skills,
            each.capacity,
            tuple(busy.get(each.employee, ())),
        )
        for each in present_in(connection, now)
        if each.available
    )


def _present(row: Any) -> Present:
    return Present(
        row.employee,
        frozenset(filter(None, row.languages.split(","))),
        frozenset(filter(None, row.skills.split(","))),
        row.capacity,
        bool(row.available),
        row.seen,
    )
