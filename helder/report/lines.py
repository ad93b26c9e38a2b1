"""Utterances with their intents, from whatever file somebody brings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helder.refusal import Refusal
from helder.understanding import language_model

LANGUAGES = ("en", "nl")
# What a file may call a message that fits no intent.
OUTSIDE = frozenset({"out_of_scope", "out-of-scope", "oos", "nlu_fallback", "none", "other"})
_SURE = 0.9
_HEADER = ("text", "intent")
_LISTED = 5


class LinesRefused(Refusal):
    """A file that cannot be measured with; the message is one sentence."""


@dataclass(frozen=True)
class Line:
    """What somebody wrote, in which language, and the intent that it has."""

    text: str
    intent: str
    language: str


@dataclass
class Lines:
    """Of a file: those with an intent of ours, those that fit none, and intents we do not have."""

    inside: list[Line] = field(default_factory=list)
    outside: list[Line] = field(default_factory=list)
    unknown: dict[str, list[int]] = field(default_factory=dict)

    def unknown_told(self) -> str | None:
        """One sentence for a person; None if all intents are ours."""
        if not self.unknown:
            return None
        count = sum(map(len, self.unknown.values()))
        named = [f"{name} ({_where(where)})" for name, where in sorted(self.unknown.items())]
        return (
            f"{count} {'line has an intent' if count == 1 else 'lines have intents'} that the "
            f"assistant does not have, and {'is' if count == 1 else 'are'} left out: "
            f"{', '.join(named)}."
        )


def read(path: Path, known: frozenset[str]) -> Lines:
    """A file of `text<TAB>intent`, with or without `<TAB>language` (en, nl).

    Where no column says it, the language is that of the file's name (`mine.nl.tsv`, `en_test.tsv`),
    and else it is recognised, line by line; a line that could be either goes with the most.

    Raises:
        LinesRefused: a line is not so, with its number; or nothing is left to measure.
    """
    found, pending, of_name = Lines(), [], _of_name(path)
    for number, cells in _rows(path):
        text, intent, *more = cells
        language = more[0] if more else of_name or _recognised(text)
        pending.append((number, text, intent, language))
    often = Counter(language for *_, language in pending if language)
    usual = max(LANGUAGES, key=lambda language: often[language])
    for number, text, intent, language in pending:
        line = Line(text, intent, language or usual)
        if intent in known:
            found.inside.append(line)
        elif intent.lower() in OUTSIDE:
            found.outside.append(line)
        else:
            found.unknown.setdefault(intent, []).append(number)
    if not found.inside:
        raise LinesRefused(f"{path} has no line with an intent of the assistant's. " + _hint(found))
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        bad = path.read_bytes()[: error.start].count(b"\n") + 1
        raise LinesRefused(f"{path}, line {bad}: this is not UTF-8.") from error
    for number, line in enumerate(re.split(r"\r\n|\n|\r", content), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and tuple(cell.lower() for cell in cells[:2]) == _HEADER:
            continue
        _refuse_bad(path, number, cells)
        yield number, cells


def _refuse_bad(path: Path, number: int, cells: list[str]) -> None:
    where = f"{path}, line {number}"
    if len(cells) not in (2, 3):
        tabs = len(cells) - 1
        raise LinesRefused(
            f"{where}: a line is text, a tab, and an intent (and perhaps a tab and en or nl); "
            f"this one has {tabs or 'no'} tab{'' if tabs == 1 else 's'}."
        )
    for name, cell in zip(_HEADER, cells, strict=False):
        if not cell:
            raise LinesRefused(f"{where}: the {name} is empty.")
    if len(cells) == 3 and cells[2] not in LANGUAGES:
        raise LinesRefused(f"{where}: the language is en or nl, not {cells[2]!r}.")


def _of_name(path: Path) -> str | None:
    parts = re.split(r"[^a-z]+", path.name.lower())
    named = [language for language in LANGUAGES if language in parts]
    return named[0] if len(named) == 1 else None


def _recognised(text: str) -> str | None:
    guess = language_model.shipped().guess(text)
    return guess.language if guess.probability >= _SURE else None


def _where(numbers: Iterable[int]) -> str:
    shown = [str(number) for number in numbers]
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return f"line{'' if len(shown) == 1 else 's'} {', '.join(shown[:_LISTED])}{more}"


def _hint(found: Lines) -> str:
    return found.unknown_told() or "It is empty."
