"""Why somebody has this place, in the words of policies/priority.yml: one line for each factor."""

from __future__ import annotations

from babel.numbers import format_decimal

from helder.handoff.factors import BEFORE_ALL, Factor, Option
from helder.handoff.order import SIXTIETHS, Part, Place
from helder.handoff.priority import Priority

_LOCALES = {"en": "en_GB", "nl": "nl_NL"}
_MINUTE = 60  # seconds


def why_here(place: Place, count: int, priority: Priority, language: str) -> tuple[str, ...]:
    """What there is to say to a customer or a colleague about a place, of `count`.

    A factor that gave nothing is left out, but for the time waited.
    """
    points = _number(place.sixtieths / SIXTIETHS, language)
    said = priority.words["place"].of(language)
    lines = [said.format(place=place.place, count=count, points=points)]
    for part in place.parts:
        if part.sixtieths or part.factor is Factor.TIME:
            lines.append(_line(part, priority, language))
    if place.waiting.returned:
        lines.append(_returned(priority, language))
    elif place.held:
        reason = priority.held.of(language)
        said = priority.words["held"].of(language)
        lines.append(said.format(most=priority.weights.most, reason=reason))
    return tuple(lines)


def _line(part: Part, priority: Priority, language: str) -> str:
    name = priority.factors[part.factor].of(language)
    points = _number(part.sixtieths / SIXTIETHS, language)
    if isinstance(part.given, int):
        said, minutes = priority.words["waited"].of(language), part.given / _MINUTE
        reason = priority.waited.reason.of(language)
        filled = {"minutes": _number(minutes, language), "points": points, "reason": reason}
        return said.format(name=name, **filled)
    return _chosen(part.given, name, points, priority, language)


def _chosen(option: Option, name: str, points: str, priority: Priority, language: str) -> str:
    known = priority.options[option]
    said, reason = priority.words["part"].of(language), known.reason.of(language)
    return said.format(name=name, option=known.name.of(language), points=points, reason=reason)


def _returned(priority: Priority, language: str) -> str:
    name, known = priority.factors[Factor.PROMISE].of(language), priority.options[BEFORE_ALL]
    option, reason = known.name.of(language), known.reason.of(language)
    return priority.words["returned"].of(language).format(name=name, option=option, reason=reason)


def _number(value: float, language: str) -> str:
    """With one digit after the point, and none where that is a nought."""
    locale = _LOCALES.get(language, _LOCALES["en"])
    return str(format_decimal(round(value, 1), format="#,##0.#", locale=locale))
