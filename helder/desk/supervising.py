"""The supervisor's page: how long customers wait and are helped, per day, and the same as CSV."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from helder.audit.acts import Act
from helder.database import reading
from helder.desk import visit
from helder.desk.colleagues import employee_of
from helder.desk.errors import DeskError
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.handoff.figures import Day, per_day
from helder.staff.permissions import Action

PERIODS = ("7", "28", "90")  # days, today included
SUBJECT = "figures"
_HIGH = 100  # of the tallest bar, in the units of the drawing

# What a chart shows: its text's name, and the day's figure. Times are drawn in seconds.
_CHARTS: dict[str, Callable[[Day], float | None]] = {
    "asked": lambda day: day.asked,
    "waited": lambda day: day.waited,
    "answered": lambda day: day.answered,
    "handled": lambda day: day.handled,
    "returned": lambda day: day.returned,
    "abandoned": lambda day: day.abandoned,
    "employee": lambda day: day.employee.mean,
    "assistant": lambda day: day.assistant.mean,
}
_TIMES = {"waited", "answered", "handled"}
_SCORES = {"employee", "assistant"}


@dataclass(frozen=True)
class Chart:
    """Bars from 0 to `_HIGH`, None where there is nothing to tell.

    In words: the largest of them, and what a bar of `_HIGH` would be ("" if there is none).
    """

    name: str
    bars: tuple[int | None, ...]
    top: str
    scale: str


@may(Action.SEE_FIGURES)
async def figures(request: Request) -> Response:
    """Charts, and all of it as a table."""
    desk, period = desk_of(request), _period(request)
    days = await asyncio.to_thread(_days, desk, int(period))
    language = visit.language(request)
    return render(
        request,
        "figures.html",
        charts=[_chart(desk, language, name, days) for name in _CHARTS],
        rows=[(each.day, [_told(desk, language, name, each) for name in _CHARTS]) for each in days],
        columns=list(_CHARTS),
        period=period,
        periods=PERIODS,
        nothing=not any(each.asked or each.employee.count or each.assistant.count for each in days),
        may_export=employee_of(request).may(Action.EXPORT_FIGURES),
    )


@may(Action.EXPORT_FIGURES)
async def export(request: Request) -> Response:
    """The same in figures that a spreadsheet reads: seconds, counts, mean scores (RFC 4180)."""
    desk, period = desk_of(request), _period(request)
    record = desk.recording.audit.record
    who = employee_of(request).id
    await asyncio.to_thread(record, Act.EXPORT, who, SUBJECT, days=int(period))
    days = await asyncio.to_thread(_days, desk, int(period))
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(["day", *_CHARTS, "left_message", "employee_ratings", "assistant_ratings"])
    for each in days:
        values = [_number(figure(each)) for figure in _CHARTS.values()]
        counts = [each.left_message, each.employee.count, each.assistant.count]
        lines.writerow([each.day.isoformat(), *values, *counts])
    name = f"helder-{days[0].day}-{days[-1].day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _period(request: Request) -> str:
    asked = request.query_params.get("days", PERIODS[0])
    if asked not in PERIODS:
        raise DeskError(400, "bad_request")
    return asked


def _days(desk: Desk, count: int) -> tuple[Day, ...]:
    last = desk.clock().astimezone(desk.zone).date()
    with reading(desk.engine).begin() as connection:
        return per_day(connection, last - timedelta(days=count - 1), last, desk.zone)


def _chart(desk: Desk, language: str, name: str, days: tuple[Day, ...]) -> Chart:
    values = [_CHARTS[name](each) for each in days]
    # Scores have a scale of their own; what else there is, is drawn against its largest.
    largest = 5.0 if name in _SCORES else max((each or 0 for each in values), default=0)
    bars = tuple(
        None if each is None else round(_HIGH * each / largest) if largest else 0 for each in values
    )
    known = [each for each in values if each is not None]
    top = _said(desk, language, name, max(known) if known else None)
    return Chart(name, bars, top, _said(desk, language, name, largest) if largest else "")


def _told(desk: Desk, language: str, name: str, day: Day) -> str:
    return _said(desk, language, name, _CHARTS[name](day))


def _said(desk: Desk, language: str, name: str, value: float | None) -> str:
    """A figure as the page shows it."""
    if value is None:
        return "–"
    if name in _TIMES:
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02}"
    if name in _SCORES:
        mark = desk.texts.say(language, "figures.decimal")
        return f"{value:.1f}".replace(".", mark)
    return str(round(value))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
