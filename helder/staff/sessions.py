"""Who is signed in: sessions in the database, so that an end holds in every process at once.

A session ends after 8 hours, or 30 minutes without a request (NIST SP 800-63B-4 §2.2.3 has 12 hours
and 30 minutes, or less, for two factors). Times are seconds since 1970.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation.clock import Clock, utc_now
from helder.database import reading
from helder.staff.employee import Employee
from helder.staff.employees import Employees
from helder.staff.errors import NotSignedIn, UnknownEmployee
from helder.staff.tables import staff_session

LONGEST = 8 * 60 * 60  # seconds
IDLE = 30 * 60
# A session is marked as seen this often at most: a page that asks much writes little.
SEEN_EVERY = 30
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Session:
    """Somebody is signed in. `id` names it to nobody but us; it is no key to it."""

    id: str
    employee: Employee
    begun: int


class Sessions:
    """Begins, resumes and ends sessions."""

    def __init__(self, engine: Engine, employees: Employees, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._employees = employees
        self._clock = clock

    def begin(self, employee: str) -> str:
        """A session of this employee; its token, 256 random bits, for their cookie.

        Raises:
            NotSignedIn: they are disabled, or have not changed a one-time password or enrolled.
            UnknownEmployee: there is nobody with this id.
        """
        kept = self._employees.of(employee)
        if kept.account.disabled or kept.account.one_time or not kept.account.secret:
            raise NotSignedIn("They may not sign in.")
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._now()
        row = {"token": _hash(token), "employee": employee, "epoch": kept.account.epoch}
        mine = staff_session.c
        over = (mine.begun <= now - LONGEST) | (mine.seen <= now - IDLE)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(staff_session).where(over))
            connection.execute(sa.insert(staff_session).values(**row, begun=now, seen=now))
        return token

    def resume(self, token: str | None) -> Session:
        """The session of a token, seen now.

        Raises:
            NotSignedIn: it is missing, unknown, expired or ended, or its employee is disabled.
        """
        row = self._row(token)
        now = self._now()
        if row is None or now - row.begun >= LONGEST or now - row.seen >= IDLE:
            raise NotSignedIn("There is no such session.")
        try:
            kept = self._employees.of(row.employee)
        except UnknownEmployee:
            raise NotSignedIn("There is no such session.") from None
        # A session that was begun while all were ended is of an earlier epoch.
        if kept.account.disabled or kept.account.epoch != row.epoch:
            raise NotSignedIn("There is no such session.")
        if now - row.seen >= SEEN_EVERY:
            mine = sa.update(staff_session).where(staff_session.c.token == row.token)
            with self._engine.begin() as connection:
                connection.execute(mine.values(seen=now))
        return Session(row.token[:32], kept.employee, row.begun)

    def end(self, token: str | None) -> None:
        """Sign out: no copy of the token works any more. Again changes nothing."""
        mine = staff_session.c.token == _hash(token or "")
        with self._engine.begin() as connection:
            connection.execute(sa.delete(staff_session).where(mine))

    def _row(self, token: str | None) -> Any:
        query = sa.select(staff_session).where(staff_session.c.token == _hash(token or ""))
        with reading(self._engine).connect() as connection:
            return connection.execute(query).first()

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
