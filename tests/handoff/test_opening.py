"""Opening hours, as the policy says, whatever the season and the holiday."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helder.handoff.errors import HoursError
from helder.handoff.opening import OpeningHours, load_opening

POLICY = Path(__file__).resolve().parents[2] / "policies" / "opening_hours.yml"
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(scope="module")
def hours() -> OpeningHours:
    return load_opening(POLICY)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20T08:59:59", False),
        ("2026-11-20T09:00:00", True),
        ("2026-11-20T17:59:59", True),
        ("2026-11-20T18:00:00", False),
        ("2026-11-21T10:00:00", True),  # Saturday
        ("2026-11-21T16:00:00", False),
        ("2026-11-22T12:00:00", False),  # Sunday
        ("2026-12-25T12:00:00", False),  # Christmas, a Friday
        ("2026-07-01T09:00:00", True),  # summer time
    ],
)
def test_somebody_is_there_in_the_hours_of_the_policy(
    hours: OpeningHours, moment: str, is_open: bool
) -> None:
    assert hours.is_open(at(moment)) is is_open
    assert hours.is_open(at(moment).astimezone(timezone.utc)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-20T08:00:00", "2026-11-20T09:00:00"),
        ("2026-11-20T09:00:00", "2026-11-21T10:00:00"),  # Friday, open: Saturday is next
        ("2026-11-21T17:00:00", "2026-11-23T09:00:00"),
        ("2026-12-24T19:00:00", "2026-12-28T09:00:00"),  # Christmas and the Sunday after it
        ("2026-03-28T18:00:00", "2026-03-30T09:00:00"),  # the clock moves in between
    ],
)
def test_the_next_opening_skips_closed_days(hours: OpeningHours, moment: str, opens: str) -> None:
    assert hours.next_opening(at(moment)) == at(opens)


def test_we_close_today_only_when_we_are_open(hours: OpeningHours) -> None:
    assert hours.closes_at(at("2026-11-20T12:00:00")) == at("2026-11-20T18:00:00")
    assert hours.closes_at(at("2026-11-22T12:00:00")) is None


def test_a_holiday_has_a_name_in_both_languages(hours: OpeningHours) -> None:
    closed = hours.closed_today(at("2026-12-25T12:00:00"))
    assert closed is not None
    assert (closed.day, closed.name("nl"), closed.name("en")) == (
        date(2026, 12, 25),
        "Eerste kerstdag",
        "Christmas Day",
    )


def test_a_shop_that_is_always_closed_has_no_next_opening(tmp_path: Path) -> None:
    text = POLICY.read_text(encoding="utf-8")
    lines = [
        f"{line.split(':')[0]}: closed" if "{opens" in line else line for line in text.splitlines()
    ]
    path = tmp_path / "hours.yml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert load_opening(path).next_opening(at("2026-11-20T12:00:00")) is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("timezone: Europe/Amsterdam", "timezone: Europe/Almere", "timezone that does not exist"),
        ('monday: {opens: "09:00", closes: "18:00"}', "", "must say monday"),
        ('closes: "18:00"', "closes: 18:00", "times in quotes"),
        ('monday: {opens: "09:00"', 'monday: {opens: "19:00"', "closes before it opens"),
        ("sunday: closed", "sunday: maybe", "sunday must be closed"),
        ("date: 2026-01-01", 'date: "new year"', "is no date"),
        ("contact:", "kontact:", "must say contact"),
        ("working_days: 1", "working_days: 0", "working days, at least 1"),
        ("working_days: 1", "working_days: soon", "working days, at least 1"),
        ("weekdays:", "weekdays: [", "cannot be read"),
    ],
)
def test_a_wrong_policy_says_what_is_wrong(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = POLICY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "hours.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HoursError, match=sentence):
        load_opening(path)


def test_a_missing_policy_is_said(tmp_path: Path) -> None:
    with pytest.raises(HoursError, match="cannot be read"):
        load_opening(tmp_path / "nothing.yml")
