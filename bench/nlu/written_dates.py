"""Days as customers write them, in many shapes, each with what it means on a given day."""

from __future__ import annotations

import random
from datetime import date, timedelta

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
_FEW = {"en": "two three four five six seven eight", "nl": "twee drie vier vijf zes zeven acht"}
_FIRST = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "nl": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
}
_NAMED = {
    "en": {"today": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2, "tmrw": 1},
    "nl": {"vandaag": 0, "morgen": 1, "gisteren": -1, "overmorgen": 2, "eergisteren": -2},
}
_NAMED["en"] |= {"tomorrow morning": 1, "tonight": 0, "last night": -1, "Tomorow": 1}
_NAMED["nl"] |= {"morgenochtend": 1, "vanavond": 0, "gisteravond": -1, "Morgenmiddag": 1}
# Words before a weekday: the first such day after today, or the last before it.
_BESIDE = {
    "en": (("next", "this coming", "coming"), ("last", "this past")),
    "nl": (("volgende", "komende", "aanstaande", "a.s."), ("afgelopen", "vorige")),
}
_WEEK = {"en": ("next week", "last week"), "nl": ("volgende week", "vorige week")}
_AGO = {"en": "{n} {unit} ago", "nl": "{n} {unit} geleden"}
_AHEAD = {"en": "in {n} {unit}", "nl": "over {n} {unit}"}
_UNITS = {"en": ("days", "weeks"), "nl": ("dagen", "weken")}


def a_date(rng: random.Random, language: str, today: date) -> tuple[str, str]:
    """The day as ISO 8601, and how somebody wrote it."""
    shape = rng.choice((_numbers, _numbers, _month, _month, _named, _weekday, _of_week, _away))
    day, written = shape(rng, language, today)
    return day.isoformat(), rng.choice([written, written, written.lower()])


def _numbers(rng: random.Random, _: str, today: date) -> tuple[date, str]:
    day = today + timedelta(days=rng.randrange(-300, 300))
    shapes = ["{0}-{1}-{2}", "{0}/{1}/{2}", "{0:02}-{1:02}-{2}", "{0:02}/{1:02}/{3}", "{0}.{1}.{2}"]
    shapes += ["{2}-{1:02}-{0:02}", "{0:02} {1:02} {2}", "{0} - {1} - {2}", "{0}-{1}-{3}"]
    return day, rng.choice(shapes).format(day.day, day.month, day.year, day.year % 100)


def _month(rng: random.Random, language: str, today: date) -> tuple[date, str]:
    day = today + timedelta(days=rng.randrange(-150, 150))
    name = _MONTHS[language].split()[day.month - 1]
    short = name[:3] if name not in ("maart", "mei") else {"maart": "mrt", "mei": "mei"}[name]
    weekday = _WEEKDAYS[language].split()[day.weekday()]
    number = f"{day.day}{_ending(day.day)}" if language == "en" else f"{day.day}e"
    shapes = [f"{day.day} {name}", f"{day.day} {short}", f"{day.day} {name} {day.year}"]
    shapes += [
        f"{weekday} {day.day} {name}",
        f"{day.day}-{short}-{day.year}",
        f"{day.day} {short}.",
    ]
    if language == "en":
        shapes += [f"{name} {number}", f"{name} {day.day}, {day.year}", f"the {number} of {name}"]
        shapes += [f"{short} {number}", f"{weekday}, {name} {day.day}"]
    else:
        shapes += [
            f"de {number} {name}",
            f"{weekday} de {number} {name}",
            f"{day.day} {name} '{day:%y}",
        ]
    if day.day <= 12:
        first = _FIRST[language].split()[day.day - 1]
        shapes += [f"the {first} of {name}"] if language == "en" else [f"{first} {name}"]
    return day, rng.choice(shapes)


def _named(rng: random.Random, language: str, today: date) -> tuple[date, str]:
    name, offset = rng.choice(sorted(_NAMED[language].items()))
    return today + timedelta(days=offset), name


def _weekday(rng: random.Random, language: str, today: date) -> tuple[date, str]:
    ahead = rng.random() < 0.5
    words = rng.choice(_BESIDE[language][0 if ahead else 1])
    day = today + timedelta(days=rng.randrange(1, 8) * (1 if ahead else -1))
    return day, f"{words} {_WEEKDAYS[language].split()[day.weekday()]}"


def _of_week(rng: random.Random, language: str, today: date) -> tuple[date, str]:
    ahead = rng.random() < 0.5
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if ahead else -7)
    weekday = rng.randrange(7)
    week, name = _WEEK[language][0 if ahead else 1], _WEEKDAYS[language].split()[weekday]
    return monday + timedelta(days=weekday), rng.choice([f"{week} {name}", f"{name} {week}"])


def _away(rng: random.Random, language: str, today: date) -> tuple[date, str]:
    count, weeks, ahead = rng.randrange(2, 9), rng.random() < 0.4, rng.random() < 0.5
    number = rng.choice([str(count), _FEW[language].split()[count - 2]])
    form = (_AHEAD if ahead else _AGO)[language]
    day = today + timedelta(days=count * (7 if weeks else 1) * (1 if ahead else -1))
    return day, form.format(n=number, unit=_UNITS[language][1 if weeks else 0])


def _ending(day: int) -> str:
    if day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
