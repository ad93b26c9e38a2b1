"""Tickets: who waits for a person, or has one. Functions on somebody's transaction.

A ticket hangs on its conversation: it changes in the transaction in which the owner changes, and is
destroyed with it. What became of it stays as figures, without the conversation (`service`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.conversation.entries import ConversationId
from helder.handoff.able import Asked
from helder.handoff.factors import Promise
from helder.handoff.order import Waiting
from helder.handoff.reasons import Reason, kind_of, reason_of, safety_of
from helder.handoff.tables import service, ticket

_OPEN = ticket.c.ended.is_(None)
_BY_NUMBER = sa.select(ticket).order_by(ticket.c.number)


class Outcome(str, Enum):
    """How it ended."""

    CLOSED = "closed"
    RETURNED = "returned"  # to the assistant, by the colleague
    LEFT = "left"  # the customer went back to the assistant before a colleague came
    MESSAGE = "message"  # the customer left a message instead
    ABANDONED = "abandoned"  # the customer was gone


@dataclass(frozen=True)
class Ticket:
    """One customer's wait and what came of it; times are seconds since 1970.

    `unanswered` is since when the customer waits for a word of the colleague, and `seen` when they
    were last known to be there. `reserved` is for whom it was passed on, until `reserved_until`.
    `claimed_seq` is the entry with which the claim began.
    """

    number: int
    conversation: ConversationId
    since: int
    reason: Reason
    promise: Promise
    language: str
    skill: str
    overtaken: int
    employee: str | None
    reserved: str | None
    reserved_until: int | None
    claimed: int | None
    claimed_seq: int | None
    first_claimed: int | None
    answered: int | None
    unanswered: int | None
    seen: int
    told: int | None
    told_low: int | None
    told_high: int | None
    ended: int | None

    @property
    def asked(self) -> Asked:
        """As the order of the queue sees it; nothing else of it can count."""
        since = datetime.fromtimestamp(self.since, timezone.utc)
        kind, safety = kind_of(self.reason), safety_of(self.reason)
        case = str(self.number)
        waiting = Waiting(case, since, self.number, kind, self.promise, safety, self.overtaken)
        return Asked(waiting, self.language, self.skill)

    def is_kept_for_another(self, employee: str, now: int) -> bool:
        """Was it passed on to somebody else, who may still take it?"""
        until = self.reserved_until or 0
        return self.reserved not in (None, employee) and now < until


def draw(
    connection: Connection,
    conversation: ConversationId,
    reason: Reason,
    language: str,
    now: int,
    skill: str = "",
) -> Ticket:
    """A new ticket; the number is later than all that were drawn before."""
    new = sa.insert(ticket).values(
        conversation=conversation,
        since=now,
        reason=reason.value,
        promise=Promise.NONE.value,
        language=language[:2],
        skill=skill,
        overtaken=0,
        seen=now,
    )
    (number,) = connection.execute(new).inserted_primary_key
    return _one(connection, ticket.c.number == number)


def open_of(connection: Connection, conversation: ConversationId) -> Ticket | None:
    """The ticket with which a conversation waits or has a colleague."""
    query = _BY_NUMBER.where(ticket.c.conversation == conversation, _OPEN)
    row = connection.execute(query).first()
    return None if row is None else _ticket(row)


def last_of(connection: Connection, conversation: ConversationId) -> Ticket | None:
    """The last ticket of a conversation, over or not."""
    query = sa.select(ticket).where(ticket.c.conversation == conversation)
    row = connection.execute(query.order_by(ticket.c.number.desc()).limit(1)).first()
    return None if row is None else _ticket(row)


def called(connection: Connection, number: int) -> Ticket | None:
    """The ticket with this number, over or not; None if there is none any more."""
    row = connection.execute(sa.select(ticket).where(ticket.c.number == number)).first()
    return None if row is None else _ticket(row)


def waiting(connection: Connection) -> tuple[Ticket, ...]:
    """Everybody who waits for a colleague, as they came."""
    return _all(connection, _OPEN, ticket.c.employee.is_(None))


def held(connection: Connection, employee: str | None = None) -> tuple[Ticket, ...]:
    """Everybody whom a colleague (this one) helps."""
    whose = ticket.c.employee.is_not(None) if employee is None else ticket.c.employee == employee
    return _all(connection, _OPEN, whose)


def ended_of(connection: Connection, employee: str, since: int) -> tuple[Ticket, ...]:
    """Those whom a colleague helped until after a moment, the last first."""
    mine = (ticket.c.employee == employee) & (ticket.c.ended >= since)
    return tuple(reversed(_all(connection, mine)))


def change(connection: Connection, number: int, **values: Any) -> Ticket:
    """Other values for a ticket."""
    which = ticket.c.number == number
    connection.execute(sa.update(ticket).where(which).values(**values))
    return _one(connection, which)


def overtake(connection: Connection, numbers: Sequence[int]) -> None:
    """These were overtaken once more."""
    which = ticket.c.number.in_(numbers)
    connection.execute(sa.update(ticket).where(which).values(overtaken=ticket.c.overtaken + 1))


def end(connection: Connection, one: Ticket, outcome: Outcome, now: int) -> None:
    """It is over; what is left are figures. Ended again, after reopening, they are renewed."""
    change(connection, one.number, ended=now, unanswered=None)
    figures = {
        "minute": one.since // 60,
        "language": one.language,
        "reason": one.reason.value,
        "employee": one.employee,
        "waited": max(0, (one.first_claimed or now) - one.since),
        "answered": _between(one.first_claimed, one.answered),
        "handled": _between(one.first_claimed, now),
        "outcome": outcome.value,
    }
    known = sa.update(service).where(service.c.number == one.number).values(**figures)
    if not connection.execute(known).rowcount:
        connection.execute(sa.insert(service).values(number=one.number, **figures))


def _between(begin: int | None, until: int | None) -> int | None:
    return None if begin is None or until is None else max(0, until - begin)


def _all(connection: Connection, *which: Any) -> tuple[Ticket, ...]:
    rows = connection.execute(_BY_NUMBER.where(*which)).all()
    return tuple(_ticket(row) for row in rows)


def _one(connection: Connection, which: Any) -> Ticket:
    return _ticket(connection.execute(sa.select(ticket).where(which)).one())


def _ticket(row: Any) -> Ticket:
    values = dict(row._mapping)
    values["reason"], values["promise"] = reason_of(row.reason), Promise(row.promise)
    return Ticket(**values)
