"""Days in a customer's text, in English and Dutch: "3 mei", "May 3rd", "next friday", "overmorgen".

Rules, not statistics. What is left open is read as people mean it: a day without a year is the
nearest one; "3/5" is the third of May in both languages; a weekday is the one ahead, unless the
message speaks of what was; "next friday" is the first Friday after today. Only what is one day is a
date: "last week" and "in 2024" are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from helder.understanding import days
from helder.understanding.calendar_words import COUNTS, DAYS, MONTHS, WEEKDAYS, any_of

Span = tuple[int, int, date]
_Found = re.Match[str]
_Read = Callable[[_Found, date], date | None]

_WEEKDAY = any_of(WEEKDAYS)
# "mon" and "sun" are weekdays only beside another word.
_WHOLE_WEEKDAY = any_of(word for word in WEEKDAYS if word.endswith(("day", "dag")))
_PART = r"(?: ?(?:morning|afternoon|evening|night|ochtend|(?:na)?middag|avond|nacht|morgen))?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ENDING = r" ?(?:st|nd|rd|th|ste|de|e)\b"
_SPELT = rf"(?P<d>{_DAY}(?:{_ENDING})?|{any_of(DAYS)})"
_MONTH = rf"(?P<m>{any_of(MONTHS)})"
_YEAR = r"(?:[ ,./-]{0,2}(?P<y>(?:19|20)\d\d|['’]\d\d|(?<=-)\d\d)(?!\d))?"
# "That may have gone wrong": a verb, not a month.
_NOT_A_VERB = r"(?! (?:not|be|have|also|need|get|still|want|go|take|i|we)\b)"
_COUNT = rf"(?:a (?=couple))?(?P<n>\d{{1,3}}|{any_of(COUNTS)})"
_UNIT_EN = "(?P<unit>days?|we+ks?|months?)"
_UNIT_NL = "(?P<unit>dag(?:en|je|jes)?|we+k(?:en|je|jes)?|maand(?:en|je|jes)?)"
_WEEKS = {1: "next|volgende|komende", -1: "last|vorige|afgelopen|verleden", 0: "this|deze"}
_AHEAD = "next|this coming|this|coming|volgende|komende|aankomende|aanstaande|eerstvolgende|deze"
_BACK = "last|this past|past|previous|vorige|afgelopen|laatste|verleden"
_CUE = r"(?:on|by|before|since|until|till|from|op|voor|sinds|tot|vanaf|van|tegen|datum|dated?)"
# A message that speaks of what was means the weekday behind us.
_PAST = re.compile(
    r"\b(?:since|sinds|ordered|bought|paid|was|were|had|did|got|arrived|came|received|sent|returned"
    r"|called|cancelled|been|promised|besteld|bestelde|gekocht|betaald|kreeg|gekregen|ontvangen"
    r"|kwam|gekomen|verzonden|verstuurd|gestuurd|teruggestuurd|geannuleerd|gebeld|geweest|geleverd"
    r"|bezorgd|waren|zou|zouden|beloofd)\b"
)
_NAMED = {
    2: "(?:the )?day after tom+or+ow|overmorgen",
    -2: "(?:the )?day before yesterday|eergisteren?",
    0: "today|tonight|this (?:morning|afternoon|evening)|vandaag"
    "|van(?:avond|middag|morgen|ochtend|nacht)",
    # Not the greeting.
    1: "(?<!goede )(?<!goeden )(?<!goeie )(?<!de )"
    f"(?:tom+or+ow|tomm?orr?o|tmrw|2morrow|morgen){_PART}",
    -1: f"(?:yesterday|yesteday|yesterdy|gister(?:en)?){_PART}|last night",
}


def find(text: str, today: date) -> list[Span]:
    """Start, end and day of each, in the order of the text, in which digits are plain."""
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    kept: list[Span] = []
    for pattern, read in _READERS:
        for found in pattern.finditer(lower):
            day, (start, end) = read(found, today), found.span("date")
            if day and all(end <= other[0] or other[1] <= start for other in kept):
                kept.append((start, end, day))
    return sorted(kept)


def _numeric(found: _Found, today: date) -> date | None:
    """Day first, as here; month first only where it cannot be otherwise."""
    day, month = int(found["d"]), int(found["m"])
    if month > 12 >= day:
        day, month = month, day
    return days.in_year(month, day, found.groupdict().get("y"), today)


def _by_name(found: _Found, today: date) -> date | None:
    written = found["d"]
    day = DAYS[written] if written in DAYS else int(re.sub(r"\D", "", written))
    return days.in_year(MONTHS[found["m"]], day, found["y"], today)


def _of_month(found: _Found, today: date) -> date | None:
    return days.in_month(int(re.sub(r"\D", "", found["d"])), today)


def _away(sign: int) -> _Read:
    def read(found: _Found, today: date) -> date | None:
        written, unit = found["n"], found["unit"]
        count = sign * (int(written) if written.isdigit() else COUNTS[written])
        if unit.startswith("m"):
            return days.months_away(count, today)
        return days.days_away(count * (days.WEEK if unit.startswith("w") else 1), today)

    return read


def _named(offset: int) -> _Read:
    return lambda _, today: days.days_away(offset, today)


def _weekday(found: _Found) -> int:
    return WEEKDAYS[found.groupdict().get("w") or found["w2"]]


def _in_week(weeks: int) -> _Read:
    return lambda found, today: days.weekday_of_week(_weekday(found), weeks, today)


def _ahead(found: _Found, today: date) -> date:
    return days.weekday_ahead(_weekday(found), today)


def _back(found: _Found, today: date) -> date:
    return days.weekday_back(_weekday(found), today)


def _bare(found: _Found, today: date) -> date:
    return (_back if _PAST.search(found.string) else _ahead)(found, today)


def _pattern(body: str, after: str = "") -> re.Pattern[str]:
    """`body` as words of their own, behind `after`, which is no part of the date."""
    return re.compile(rf"(?<![\w@]){after}(?P<date>{body})(?![\w@])")


_BEFORE = rf"(?:{_WEEKDAY}{_PART},? )?(?:the |de )?"
_ALONE, _NOT_MORE = r"(?<![\d.,/-])", r"(?![\d/-])"
_THINGS = (
    r"(?! ?(?:days?|dag|werkdag|we+k|month|maand|uur|hours?|keer|times|stuks|items|x\b|%|euro))"
)
_SHORT = rf"(?P<d>{_DAY}) ?[-/–] ?(?P<m>0?[1-9]|1[0-2])"
_ONE, _WHOLE = rf"(?P<w>{_WEEKDAY}){_PART}", rf"(?P<w>{_WHOLE_WEEKDAY}){_PART}"
_OTHER = _ONE.replace("<w>", "<w2>")
# "The 12th time" is none.
_GOES_ON = "is|was|of|en|and|but|maar|or|om|at|in|to|it|i|ik|het|please|graag"
_NO_NOUN = rf"(?= *(?:$|[.,;:!?)]| (?:{_GOES_ON})\b))"
# What stands first is surer: a later one that overlaps it is dropped.
_READERS: list[tuple[re.Pattern[str], _Read]] = [
    (
        _pattern(
            rf"{_ALONE}(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?){_NOT_MORE}"
        ),
        _numeric,
    ),
    (
        _pattern(
            rf"{_BEFORE}{_ALONE}(?P<d>\d\d?) ?(?P<s>[-/.–]) ?(?P<m>\d\d?) ?(?P=s) ?"
            rf"(?P<y>(?:19|20)\d\d|['’]?\d\d){_NOT_MORE}"
        ),
        _numeric,
    ),
    (_pattern(rf"{_BEFORE}{_ALONE}(?P<d>{_DAY}) (?P<m>0?[1-9]|1[0-2]) (?P<y>20\d\d)"), _numeric),
    (
        _pattern(rf"{_BEFORE}{_SPELT}[ .-]*(?:of |van )?{_MONTH}{_NOT_A_VERB}\.?{_YEAR}"),
        _by_name,
    ),
    (_pattern(rf"{_BEFORE}{_MONTH}\.? (?:the )?{_SPELT}{_YEAR}"), _by_name),
    (_pattern(rf"{_WEEKDAY},? {_SHORT}{_NOT_MORE}"), _numeric),
    (_pattern(rf"{_WEEKDAY},? (?:the |de )(?P<d>{_DAY}{_ENDING}){_NO_NOUN}"), _of_month),
    *((_pattern(words), _named(offset)) for offset, words in _NAMED.items()),
    (_pattern(rf"in {_COUNT} {_UNIT_EN}(?: time)?"), _away(1)),
    (_pattern(rf"{_COUNT} {_UNIT_EN} from (?:now|today)"), _away(1)),
    (_pattern(rf"over {_COUNT} {_UNIT_NL}"), _away(1)),
    (_pattern(rf"{_COUNT} {_UNIT_EN} (?:ago|back)"), _away(-1)),
    (_pattern(rf"{_COUNT} {_UNIT_NL} (?:geleden|terug)"), _away(-1)),
    *(
        (
            _pattern(rf"(?:{words}) we+k,? (?:on |op )?{_ONE}|{_OTHER},? (?:{words}) we+k"),
            _in_week(n),
        )
        for n, words in _WEEKS.items()
    ),
    (_pattern(rf"(?:{_AHEAD}) {_ONE}|(?:a\.?s\.? ){_OTHER}"), _ahead),
    (_pattern(rf"(?:{_BACK}) {_ONE}"), _back),
    (_pattern(rf"{_ONE} (?:a\.?s\.?|aanstaande)"), _ahead),
    (_pattern(rf"{_ONE} (?:jl|j\.l|laatstleden)\.?"), _back),
    (_pattern(_ONE, "(?:on|op) "), _bare),
    (_pattern(_WHOLE), _bare),
    (_pattern(rf"{_ALONE}{_SHORT}{_NOT_MORE}{_THINGS}", rf"{_CUE} (?:the |de )?"), _numeric),
    (re.compile(rf"^[ (]*(?P<date>{_SHORT})[ .!?)]*$"), _numeric),
    (
        _pattern(rf"(?:the |de )(?P<d>{_DAY}{_ENDING}){_NO_NOUN}", rf"(?:{_CUE} |^)"),
        _of_month,
    ),
]
