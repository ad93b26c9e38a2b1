"""What the queue's page shows: everybody in line with the reasons, one's own, and live ones."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.entries import Owner
from helder.database import reading
from helder.desk.colleagues import colleague
from helder.desk.state import Desk
from helder.handoff import tickets
from helder.handoff.expected import Unknown
from helder.handoff.line import first_for
from helder.handoff.reasons import Reason
from helder.handoff.standing import Standing
from helder.handoff.tickets import Ticket
from helder.handoff.why_here import why_here
from helder.staff.employee import Employee
from helder.staff.permissions import Action

LIVE_MINUTES = 30
MOST_LIVE = 50
ENDED_MINUTES = 60

Json = dict[str, Any]


def shown(desk: Desk, employee: Employee, language: str) -> Json:
    """All lists, as the page's script shows them. No word of a customer is in them."""
    standings = desk.line()
    now = int(desk.clock().timestamp())
    with reading(desk.engine).begin() as connection:
        mine = tickets.held(connection, employee.id)
        ended = tickets.ended_of(connection, employee.id, now - 60 * ENDED_MINUTES)
    first = first_for([each.ticket for each in standings], colleague(employee), now, desk.priority)
    count = len(standings)
    found: Json = {
        "waiting": [_waiting(desk, each, count, employee, language, now) for each in standings],
        "next": first is not None and len(mine) < employee.capacity,
        "full": len(mine) >= employee.capacity,
        "mine": [_mine(desk, each, language, now) for each in mine],
        "ended": [_mine(desk, each, language, now) for each in ended],
        "present": sum(each.available for each in desk.presences.present()),
    }
    if employee.may(Action.WATCH_LIVE):
        found["live"] = _live(desk, now)
    return found


def _waiting(
    desk: Desk, standing: Standing, count: int, employee: Employee, language: str, now: int
) -> Json:
    one = standing.ticket
    why = why_here(standing.place, count, desk.priority, language)
    content = {
        **_about(desk, one, language),
        "since": one.since,
        "place": standing.place.place,
        "why": list(why[1:]),
        "points": why[0],
        "able": one.language in employee.languages and one.skill in {"", *employee.skills},
        "kept": one.is_kept_for_another(employee.id, now),
        "for_me": one.reserved == employee.id,
    }
    wait = standing.wait
    content["wait"] = None if isinstance(wait, Unknown) else int(wait.high.total_seconds() // 60)
    return content


def _mine(desk: Desk, one: Ticket, language: str, now: int) -> Json:
    limit = 60 * desk.handoff.silent_minutes
    left = None if one.unanswered is None or one.ended else one.unanswered + limit - now
    since = one.unanswered if one.ended is None else None
    return {
        **_about(desk, one, language),
        "unanswered": since,
        "left": left,
        "ended": one.ended,
    }


def _about(desk: Desk, one: Ticket, language: str) -> Json:
    return {
        "number": one.number,
        "conversation": one.conversation,
        "language": one.language,
        "reason": desk.reasons.colleague(one.reason, language),
        "urgent": one.reason in (Reason.DANGER, Reason.DISTRESS),
        "skill": one.skill,
    }


def _live(desk: Desk, now: int) -> list[Json]:
    """Conversations that the assistant has now, the last first."""
    mine = tables.conversation.c
    query = sa.select(mine.id, mine.created, mine.touched, mine.number).where(
        mine.owner == Owner.ASSISTANT.value,
        mine.touched >= now // 60 - LIVE_MINUTES,
        mine.number > 1,
    )
    with reading(desk.engine).connect() as connection:
        rows = connection.execute(query.order_by(mine.touched.desc(), mine.id).limit(MOST_LIVE))
        return [
            {"conversation": row.id, "begun": row.created * 60, "last": row.touched * 60}
            for row in rows
        ]
