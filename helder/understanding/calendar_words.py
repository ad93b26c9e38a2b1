"""What days, months and numbers are called in English and Dutch, with the usual abbreviations."""

from __future__ import annotations

from collections.abc import Iterable

_MONTHS = """january jan januari|february feb februari febr|march mar maart mrt|april apr|may mei
june jun juni|july jul juli|august aug augustus|september sep sept|october oct oktober okt
november nov|december dec"""
_WEEKDAYS = """monday mon maandag|tuesday tues tue dinsdag|wednesday weds wed woensdag
thursday thurs thur thu donderdag|friday fri vrijdag|saturday sat zaterdag|sunday sun zondag"""
_EN_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_EN_ONES += " fifteen sixteen seventeen eighteen nineteen"
_NL_ONES = "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien"
_NL_ONES += " vijftien zestien zeventien achttien negentien"
_EN_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_EN_ORDINALS += " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_NL_ORDINALS = "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde"
_NL_ORDINALS += " twaalfde dertiende veertiende vijftiende zestiende zeventiende achttiende"
_NL_ORDINALS += " negentiende"


def _grouped(text: str) -> dict[str, int]:
    groups = text.replace("\n", "|").split("|")
    return {word: n for n, group in enumerate(groups, 1) for word in group.split()}


def _counted(text: str) -> dict[str, int]:
    return {word: n for n, word in enumerate(text.split(), 1)}


def _english(ones: dict[str, int], twenty: str, thirty: str, tens: str) -> dict[str, int]:
    more = {f"{tens}{gap}{w}": 20 + n for gap in "- " for w, n in ones.items() if n < 10}
    first = {f"thirty{gap}{w}": 31 for gap in "- " for w, n in ones.items() if n == 1}
    return {**ones, twenty: 20, thirty: 30, **more, **first}


def _dutch(ones: dict[str, int], ending: str) -> dict[str, int]:
    """Eenentwintig, tweeëntwintig, also without its dots."""
    small = list(_counted(_NL_ONES))[:9]
    found = {**ones, f"twintig{ending}": 20, f"dertig{ending}": 30}
    for n, one in enumerate(small, 1):
        link = ("ën", "en") if one.endswith("e") else ("en",)
        for joint in link:
            found[f"{one}{joint}twintig{ending}"] = 20 + n
            if n == 1:
                found[f"{one}{joint}dertig{ending}"] = 31
    return found


MONTHS = _grouped(_MONTHS)
WEEKDAYS = {word: n - 1 for word, n in _grouped(_WEEKDAYS).items()}  # as date.weekday()
_EN = _english(_counted(_EN_ONES), "twenty", "thirty", "twenty")
_NL = _dutch(_counted(_NL_ONES), "")
# "a week ago", "een week geleden"; "één" is written with its accents when it is counted.
COUNTS = {**_EN, **_NL, "a": 1, "an": 1, "één": 1, "couple of": 2}
_EN_DAYS = _english(_counted(_EN_ORDINALS), "twentieth", "thirtieth", "twenty")
# "Drie mei" is said, "three may" is not.
DAYS = {**_EN_DAYS, **_dutch(_counted(_NL_ORDINALS), "ste"), **_NL, "één": 1}


def any_of(words: Iterable[str]) -> str:
    """A regular expression for one of them, the longest that fits."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"
