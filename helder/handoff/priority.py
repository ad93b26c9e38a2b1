"""Who is helped first, as the business decides it: policies/priority.yml, read strictly.

There are four factors and no way to write a fifth (factors.py): anything else is refused, with the
line and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from string import Formatter

from helder.decisions.document import Document, shown
from helder.decisions.errors import PolicyError
from helder.decisions.policy import canonical
from helder.handoff.factors import BEFORE_ALL, OPTIONS, Factor, Option, Weights
from helder.shop.values import Text

WORDS: Mapping[str, tuple[str, ...]] = {
    "place": ("place", "count", "points"),
    "waited": ("name", "minutes", "points", "reason"),
    "part": ("name", "option", "points", "reason"),
    "returned": ("name", "option", "reason"),
    "held": ("most", "reason"),
}
HEAVIEST = 1_000  # points
MOST = 100  # people who may go first
_LANGUAGES = {"en": "English", "nl": "Dutch"}
_NEVER = (
    "{name} cannot decide who is helped first. Only {factors} can: they say what is needed and how "
    "long somebody has waited, and none says to which group somebody belongs."
)


@dataclass(frozen=True)
class Said:
    """How a factor or an option is called, and why it counts as it does."""

    name: Text
    reason: Text


@dataclass(frozen=True)
class Priority:
    """The whole policy. `digest` is the SHA-256 of what it says; comments do not change it."""

    since: date
    digest: str
    weights: Weights
    waited: Said
    factors: Mapping[Factor, Text]
    options: Mapping[Option, Said]
    held: Text
    words: Mapping[str, Text]


def load_priority(path: Path) -> Priority:
    """Read priority.yml.

    Raises:
        PolicyError: it cannot be used; `problems` has all that is wrong, with lines.
    """
    reader = _Reader(Document.of(path))
    reader.look()
    if reader.document.problems:
        raise PolicyError(path.name, sorted(reader.document.problems))
    return reader.priority()


class _Reader:
    """Looks for everything that is wrong first; what is left can be taken as it is."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def look(self) -> None:
        """Note every mistake."""
        document = self.document
        document.only((), ("from", "factors", "overtaking", "words"))
        document.typed(("from",), date, "a day such as 2026-11-23")
        self._factors()
        document.only(("overtaking",), ("at_most", "reason"))
        self._number(("overtaking", "at_most"), 0, MOST)
        self._text(("overtaking", "reason"))
        document.only(("words",), tuple(WORDS))
        for name, filled in WORDS.items():
            self._text(("words", name), filled)

    def _factors(self) -> None:
        known = [factor.value for factor in Factor]
        found = self.document.value("factors")
        for name in found if isinstance(found, dict) else ():
            if name not in known:
                self._never(("factors", name), name)
        for factor in Factor:
            at = ("factors", factor.value)
            if self.document.value(*at) is None:
                self.document.wrong(at, f"{factor.value} is missing.")
            elif factor is Factor.TIME:
                self._said_at(at, "name", "weight", "reason")
                self._number((*at, "weight"), 1, HEAVIEST)
            else:
                self.document.only(at, ("name", "options"))
                self._text((*at, "name"))
                self._options((*at, "options"), [each.value for each in OPTIONS[factor]])

    def _options(self, at: tuple[str, ...], known: list[str]) -> None:
        found = self.document.value(*at)
        for name in found if isinstance(found, dict) else ():
            if name not in known:
                sentence = f"{name} is no option of {at[1]}; they are {', '.join(known)}."
                self.document.wrong((*at, name), sentence)
        for name in known:
            if self.document.value(*at, name) is None:
                self.document.wrong((*at, name), f"{at[1]}: {name} is missing.")
                continue
            if name == BEFORE_ALL.value:
                self._said_at((*at, name), "name", "reason")
            else:
                self._said_at((*at, name), "name", "weight", "reason")
                self._number((*at, name, "weight"), 0, HEAVIEST)

    def _never(self, at: tuple[str, ...], name: object) -> None:
        *first, last = (factor.value for factor in Factor)
        factors = f"{', '.join(first)} and {last}"
        self.document.wrong(at, _NEVER.format(name=name, factors=factors))

    def _said_at(self, at: tuple[str, ...], *fields: str) -> None:
        self.document.only(at, fields)
        self._text((*at, "name"))
        self._text((*at, "reason"))

    def _number(self, at: tuple[str, ...], least: int, most: int) -> None:
        value = self.document.value(*at)
        if type(value) is not int or not least <= value <= most:
            sentence = f"{at[-1]} must be a whole number from {least} to {most}, not {shown(value)}"
            self.document.wrong(at, f"{sentence}.")

    def _text(self, at: tuple[str, ...], filled: tuple[str, ...] = ()) -> None:
        if isinstance(self.document.value(*at), dict):
            self.document.only(at, tuple(_LANGUAGES))
        for code, language in _LANGUAGES.items():
            said = self.document.value(*at, code)
            if not isinstance(said, str) or not said.strip():
                self.document.wrong((*at, code), f"{at[-1]} has no {language} text ({code}).")
                continue
            for wrong in _braces(said, filled):
                self.document.wrong((*at, code), f"{'.'.join((*at[-1:], code))} {wrong}.")

    def priority(self) -> Priority:
        """The policy, of a document without mistakes."""
        value = self.document.value
        heads, options = {}, {}
        for factor, kinds in OPTIONS.items():
            for option in kinds:
                at = ("factors", factor.value, "options", option.value)
                heads[option] = 0 if option is BEFORE_ALL else value(*at, "weight")
                options[option] = self._said(at)
        minute, most = value("factors", "time_waited", "weight"), value("overtaking", "at_most")
        data = {name: value(name) for name in ("factors", "overtaking", "words")}
        since = value("from")
        plain = canonical({**data, "from": since.isoformat()})
        return Priority(
            since,
            sha256(plain.encode()).hexdigest(),
            Weights(minute, heads, most),
            self._said(("factors", "time_waited")),
            {factor: Text(**value("factors", factor.value, "name")) for factor in Factor},
            options,
            Text(**value("overtaking", "reason")),
            {name: Text(**value("words", name)) for name in WORDS},
        )

    def _said(self, at: tuple[str, ...]) -> Said:
        found = self.document.value(*at)
        return Said(Text(**found["name"]), Text(**found["reason"]))


def _braces(said: str, filled: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the names in braces: one too many, one too few, or no name at all."""
    try:
        names = [name for _, name, form, turn in Formatter().parse(said) if name is not None]
        plain = not any(form or turn for _, _, form, turn in Formatter().parse(said))
    except ValueError:
        names, plain = [], False
    if not plain:
        yield "has braces around something that is no name"
        return
    for name in names:
        if name not in filled:
            yield f"has {{{name}}}, which nothing fills in"
    for name in filled:
        if name not in names:
            yield f"must say {{{name}}}"
