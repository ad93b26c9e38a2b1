"""Days as customers write them, on Wednesday 11 March 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helder.understanding import dates, days
from helder.understanding.entities import OrderEntities

TODAY = date(2026, 3, 11)


def values(text: str) -> list[str]:
    return [str(day) for _, _, day in dates.find(text, TODAY)]


SAID = {
    "2026-05-03": "3 mei 2026|3 mei|3 mei '26|3-mei-26|drie mei|3e mei|3 May 2026|May 3rd"
    "|may the 3rd"
    "|the third of May|3rd of may, 2026|2026-05-03|3-5-2026|03/05/26|3.5.2026|3 - 5 - 2026|op 3/5"
    "|3/5|zondag 3 mei|Sunday, 3 May|SUNDAY 3/5|3 mei.|(3 mei)|3 mei?",
    "2025-12-25": "25 december|Dec 25|25 dec.|12/25/2025|vijfentwintig december|25 december 2025",
    "2026-03-31": "31 maart|eenendertig maart|march the thirty-first",
    "2026-03-11": "today|vandaag|vanavond|this morning|tonight",
    "2026-03-12": "tomorrow|Tomorow|tmrw|morgen|Morgenochtend|morgen middag|tomorrow evening"
    "|on the 12th"
    "|next thursday|donderdag|op donderdag|thursday|op de 12e|thursday the 12th",
    "2026-03-10": "yesterday|gisteren|gisteravond|last night|last tuesday|afgelopen dinsdag"
    "|dinsdag jl."
    "|een dag geleden|1 day ago",
    "2026-03-13": "overmorgen|the day after tomorrow|in 2 days|over twee dagen|2 days from now"
    "|next friday|komende vrijdag|vrijdag a.s.|this friday|vrijdagmiddag|in a couple of days",
    "2026-03-09": "eergisteren|day before yesterday|2 days ago|twee dagen geleden"
    "|I got it on Monday"
    "|sinds maandag|ik heb het maandag besteld|since mon, on monday",
    "2026-03-18": "in a week|over een week|wednesday|woensdag|in 7 days|volgende week woensdag",
    "2026-03-20": "volgende week vrijdag|vrijdag volgende week|friday next week|next week Friday",
    "2026-03-03": "vorige week dinsdag|tuesday last week",
    "2026-02-11": "a month ago|een maand geleden|4 weeks ago|vier weken geleden",
}


@pytest.mark.parametrize(
    ("text", "day"), [(text, day) for day, texts in SAID.items() for text in texts.split("|")]
)
def test_a_day_is_understood(text, day):
    assert set(values(text)) == {day}


@pytest.mark.parametrize(
    "text",
    """goede morgen|in 2024|last week|vorige maand|within 3 days|1-2 werkdagen|2-3 days|31 february
30/02/2026|2026-13-45|de 3e keer|on the 2nd item|that may have gone wrong|HD-204817|€ 12.10
06-12345678|march 2026|it is mon|versions 1.2.3.4|maandags|a@3-5-2026.nl""".replace(
        "\n", "|"
    ).split("|"),
)
def test_what_is_no_day_is_left(text):
    assert values(text) == []


def test_a_day_without_a_year_is_the_nearest():
    assert dates.find("2 januari", date(2025, 12, 30))[0][2] == date(2026, 1, 2)
    assert dates.find("30 december", date(2026, 1, 2))[0][2] == date(2025, 12, 30)
    assert dates.find("29 februari", date(2027, 3, 1))[0][2] == date(2028, 2, 29)


def test_months_end_early_where_they_must():
    assert days.months_away(1, date(2026, 1, 31)) == date(2026, 2, 28)
    assert days.months_away(-3, date(2026, 1, 31)) == date(2025, 10, 31)


def test_what_lies_beyond_the_calendar_is_no_day():
    assert days.days_away(-(10**7), TODAY) is None
    assert dates.find("999 months ago", date(50, 1, 1)) == []


def test_the_clock_is_the_one_that_is_given():
    at_new_year = OrderEntities({}, today=lambda: date(2025, 12, 31))
    assert [e["value"] for e in at_new_year.find("kan het morgen?")] == ["2026-01-01"]


@given(st.text(max_size=60), st.dates())
def test_no_text_and_no_day_breaks_it(text, today):
    found = dates.find(text, today)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_any_day_in_full_is_that_day(day):
    for text in (f"{day:%Y-%m-%d}", f"{day.day}-{day.month}-{day.year}", f"{day:%d/%m/%Y}"):
        assert [found for *_, found in dates.find(f"op {text} graag", TODAY)] == [day]
