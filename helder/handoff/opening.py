"""When a person is there, and how customer service is reached: policies/opening_hours.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from helder.handoff.errors import HoursError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FAR = 60  # days; nobody is closed longer


@dataclass(frozen=True)
class Hours:
    """From when to when on one day, local time; the closing minute is closed."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Closed:
    """A day on which we are closed whatever the weekday, with its name in both languages."""

    day: date
    en: str
    nl: str

    def name(self, language: str) -> str:
        """What the day is called."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True)
class OpeningHours:
    """The hours of a week, the days off, and the ways to reach us. Moments are aware."""

    zone: ZoneInfo
    week: tuple[Hours | None, ...]
    closed: Mapping[date, Closed]
    phone: str
    phone_international: str
    email: str
    answer_days: int  # working days within which a message is answered, at least 1

    def hours(self, day: date) -> Hours | None:
        """The hours of a day, or None when we are closed."""
        return None if day in self.closed else self.week[day.weekday()]

    def is_open(self, now: datetime) -> bool:
        """Is somebody there now?"""
        local = now.astimezone(self.zone)
        hours = self.hours(local.date())
        return hours is not None and hours.opens <= local.time() < hours.closes

    def closes_at(self, now: datetime) -> datetime | None:
        """When we close today; None when we are closed."""
        local = now.astimezone(self.zone)
        hours = self.hours(local.date())
        if hours is None or not self.is_open(now):
            return None
        return datetime.combine(local.date(), hours.closes, self.zone)

    def next_opening(self, now: datetime) -> datetime | None:
        """When we open next, strictly after now; None if the policy never opens again."""
        local = now.astimezone(self.zone)
        for ahead in range(_FAR):
            day = local.date() + timedelta(days=ahead)
            hours = self.hours(day)
            if hours is not None:
                opens = datetime.combine(day, hours.opens, self.zone)
                if opens > local:
                    return opens
        return None

    def closed_today(self, now: datetime) -> Closed | None:
        """The holiday that closes us today, if there is one."""
        return self.closed.get(now.astimezone(self.zone).date())


def load_opening(path: Path) -> OpeningHours:
    """Read the policy.

    Raises:
        HoursError: it is missing, or something in it cannot be used.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HoursError(f"The policy {path} cannot be read: {type(error).__name__}.") from None
    try:
        contact = data["contact"]
        return OpeningHours(
            zone=ZoneInfo(data["timezone"]),
            week=tuple(_hours(data["weekdays"][day], day) for day in WEEKDAYS),
            closed={each["date"]: _closed(each) for each in data["closed_dates"]},
            phone=str(contact["phone"]),
            phone_international=str(contact["phone_international"]),
            email=str(contact["email"]),
            answer_days=_days(contact["answer_within"]["working_days"]),
        )
    except ZoneInfoNotFoundError:
        raise HoursError(f"{path} names a timezone that does not exist.") from None
    except KeyError as missing:
        raise HoursError(f"{path} must say {missing.args[0]}.") from None
    except (TypeError, ValueError) as error:
        raise HoursError(f"{path} cannot be used: {error}") from None


def _hours(value: Any, day: str) -> Hours | None:
    if value == "closed":
        return None
    if not isinstance(value, dict):
        raise ValueError(f"{day} must be closed, or have opens and closes.")
    opens, closes = (_time(value.get(name), day) for name in ("opens", "closes"))
    if opens >= closes:
        raise ValueError(f"{day} closes before it opens.")
    return Hours(opens, closes)


def _time(value: Any, day: str) -> time:
    if not isinstance(value, str):
        raise ValueError(f'{day} needs times in quotes, such as "09:00".')
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise ValueError(f'{day} has {value!r}, which is no time such as "09:00".') from None


def _days(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("answer_within needs a whole number of working days, at least 1.")
    return value


def _closed(each: Mapping[str, Any]) -> Closed:
    if not isinstance(each["date"], date):
        raise ValueError(f"{each['date']!r} is no date.")
    return Closed(each["date"], str(each["en"]), str(each["nl"]))
