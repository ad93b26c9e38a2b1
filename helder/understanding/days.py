"""Which day is meant: arithmetic for helder.understanding.dates. Each function may answer None."""

from __future__ import annotations

from datetime import date, timedelta

WEEK = 7


def of(year: int, month: int, day: int) -> date | None:
    """A day of the calendar, if there is such a day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_year(month: int, day: int, year: str | None, today: date) -> date | None:
    """With a year as it was written ("2026", "'26", "26"), or else the nearest such day."""
    if year:
        digits = year.lstrip("'’")
        return of(int(digits) + (2000 if len(digits) == 2 else 0), month, day)
    return _nearest([of(today.year + n, month, day) for n in (-1, 0, 1)], today)


def in_month(day: int, today: date) -> date | None:
    """The nearest day with this number, of last, this or next month."""
    first = today.replace(day=1)
    months = (first - timedelta(days=1), first, first + timedelta(days=31))
    return _nearest([of(month.year, month.month, day) for month in months], today)


def months_away(count: int, today: date) -> date | None:
    """The same day so many months on, or the last of that month."""
    years, month = divmod(today.month - 1 + count, 12)
    tries = (of(today.year + years, month + 1, today.day - less) for less in range(4))
    return next((day for day in tries if day), None)


def days_away(count: int, today: date) -> date | None:
    """So many days on; what lies beyond the calendar is no day."""
    try:
        return today + timedelta(days=count)
    except OverflowError:
        return None


def weekday_ahead(weekday: int, today: date) -> date:
    """The first one after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % WEEK + 1)


def weekday_back(weekday: int, today: date) -> date:
    """The last one before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % WEEK + 1)


def weekday_of_week(weekday: int, weeks: int, today: date) -> date:
    """The one in the week that is so many weeks on; weeks begin on Monday."""
    return today + timedelta(days=WEEK * weeks + weekday - today.weekday())


def _nearest(days: list[date | None], today: date) -> date | None:
    return min((day for day in days if day), key=lambda day: abs(day - today), default=None)
