"""The audit's page: who looked at what and did what, for the privacy officer, with filters."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from helder.audit.acts import SYSTEM, UNKNOWN, Act
from helder.audit.audit import LONGEST_NAME
from helder.audit.entry import AuditEntry
from helder.audit.errors import AuditDamaged
from helder.conversation.clock import minute
from helder.desk.colleagues import employee_of
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.staff.permissions import Action

PER_PAGE = 50
# What a look at the audit is recorded as being about.
SUBJECT = "audit"
# The order of the whole line, which a claim is recorded with, fills pages.
_TOO_LONG = 200  # characters
_ID = re.compile(rf"[A-Za-z0-9_-]{{0,{LONGEST_NAME}}}")
_FIELDS = ("act", "actor", "subject", "from", "to")


class WrongFilter(ValueError):
    """What is asked for cannot be read; the message is its text's name."""


@dataclass(frozen=True)
class Filter:
    """What is asked for. Days are the shop's own; `to` is the last one."""

    act: Act | None = None
    actor: str | None = None
    subject: str | None = None
    since: int | None = None
    until: int | None = None
    before: int | None = None


@may(Action.SEE_AUDIT)
async def audited(request: Request) -> Response:
    """The newest entries that are asked for. Looking is recorded too, and stands on top."""
    desk, typed = desk_of(request), request.query_params
    entries: list[AuditEntry] = []
    problem, status = "", 200
    try:
        wanted = _wanted(typed, desk)
        await asyncio.to_thread(_record, desk, employee_of(request).id, wanted)
        entries = await asyncio.to_thread(_found, desk, wanted)
    except WrongFilter as wrong:
        problem, status = str(wrong), 400
    except AuditDamaged:
        problem, status = "audit.damaged", 500
    people = await asyncio.to_thread(desk.employees.all)
    shown, more = entries[:PER_PAGE], len(entries) > PER_PAGE
    kept = {name: typed[name] for name in _FIELDS if typed.get(name)}
    return render(
        request,
        "audit.html",
        status,
        entries=[(each, _told(each)) for each in shown],
        older=urlencode({**kept, "before": shown[-1].number}) if more else "",
        people=sorted(people, key=lambda each: each.display.casefold()),
        names={each.id: each.display for each in people},
        acts=list(Act),
        unknown=(SYSTEM, UNKNOWN),
        typed={name: typed.get(name, "") for name in _FIELDS},
        problem=problem,
    )


def _wanted(typed: QueryParams, desk: Desk) -> Filter:
    """What the form asks for.

    Raises:
        WrongFilter: a field cannot be read.
    """
    act, before = typed.get("act", ""), typed.get("before", "")
    actor, subject = typed.get("actor", ""), typed.get("subject", "").strip()
    if act not in {"", *(each.value for each in Act)} or not (
        before == "" or (before.isascii() and before.isdigit() and len(before) < 11)
    ):
        raise WrongFilter("audit.wrong")
    # It is recorded what was asked for, and no word that somebody wrote is to be in the audit.
    if not _ID.fullmatch(actor) or not _ID.fullmatch(subject):
        raise WrongFilter("audit.no_id")
    first, last = _day(typed.get("from", "")), _day(typed.get("to", ""))
    if first is not None and last is not None and last < first:
        raise WrongFilter("audit.turned")
    return Filter(
        act=Act(act) if act else None,
        actor=actor or None,
        subject=subject or None,
        since=None if first is None else _begins(first, desk),
        until=None if last is None else _begins(last + timedelta(days=1), desk),
        before=int(before) if before else None,
    )


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise WrongFilter("audit.no_day") from None
    # Beyond these no clock of ours ever was, and some cannot be counted in minutes.
    if not 1970 < day.year < 9999:
        raise WrongFilter("audit.no_day")
    return day


def _begins(day: date, desk: Desk) -> int:
    return minute(datetime(day.year, day.month, day.day, tzinfo=desk.zone))


def _record(desk: Desk, who: str, wanted: Filter) -> None:
    asked = {
        "of_act": wanted.act.value if wanted.act else "",
        "of_actor": wanted.actor or "",
        "of_subject": wanted.subject or "",
    }
    told = {name: value for name, value in asked.items() if value}
    desk.recording.audit.record(Act.VIEW, who, SUBJECT, **told)


def _found(desk: Desk, wanted: Filter) -> list[AuditEntry]:
    """One more than a page has, so that it is known whether there are older ones."""
    asked: dict[str, Any] = vars(wanted)
    return list(desk.recording.audit.entries(**asked, limit=PER_PAGE + 1))


def _told(entry: AuditEntry) -> str:
    """The detail in a line: codes and ids, and what is too long for a line left out."""
    parts = (f"{name}: {value}" for name, value in entry.detail.items())
    return " · ".join(each if len(each) <= _TOO_LONG else f"{each[:20]} …" for each in parts)
