"""Moments and durations in words, on the shop's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

from helder.desk.texts import Texts

_LOCALES = {"en": Locale("en", "GB"), "nl": Locale("nl", "NL")}
_HOUR, _DAY = 60, 24 * 60  # minutes


@dataclass(frozen=True)
class Times:
    """Words for times, in one language. Moments are minutes since 1970."""

    zone: ZoneInfo
    language: str
    texts: Texts

    def moment(self, minute: int) -> str:
        """`Friday 20 November 2026, 14:03`."""
        return self._written(minute, "EEEE d MMMM y, HH:mm")

    def short(self, minute: int) -> str:
        """`Fri 20 Nov, 14:03`."""
        return self._written(minute, "EEE d MMM, HH:mm").replace(".,", ",")

    def day(self, minute: int, days_later: int = 0) -> str:
        """`20 November 2026`."""
        return self._written(minute + days_later * _DAY, "d MMMM y")

    def short_day(self, day: date) -> str:
        """`Fri 20 Nov`, of a day."""
        return str(format_date(day, "EEE d MMM", locale=_LOCALES[self.language])).replace(".", "")

    def iso(self, minute: int) -> str:
        """For the `datetime` of a `time` element."""
        return _utc(minute).strftime("%Y-%m-%dT%H:%MZ")

    def age(self, minutes: int) -> str:
        """`3 hours`: rounded down, in minutes, hours or days; two days are counted in hours."""
        if minutes < _HOUR:
            return self._unit(max(minutes, 0), "minute")
        if minutes < 2 * _DAY:
            return self._unit(minutes // _HOUR, "hour")
        return self._unit(minutes // _DAY, "day")

    def seconds(self, seconds: int) -> str:
        """`30 seconds` or `4 minutes`, rounded up."""
        if seconds <= 90:
            return self._unit(seconds, "second")
        return self._unit(-(-seconds // 60), "minute")

    def language_name(self, code: str) -> str:
        """What a language is called in this one."""
        return Locale(code).get_display_name(_LOCALES[self.language]) or code

    def _written(self, minute: int, pattern: str) -> str:
        locale = _LOCALES[self.language]
        return str(format_datetime(_utc(minute), pattern, tzinfo=self.zone, locale=locale))

    def _unit(self, count: int, unit: str) -> str:
        # Not babel's: its Dutch has no words for hours and days.
        name = unit if count == 1 else f"{unit}s"
        return self.texts.say(self.language, f"durations.{name}", count=count)


def _utc(minute: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=minute)
