"""The sentences of policies/reasons.yml: why a person comes, for customer and colleague."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from helder.handoff.reasons import Reason

FILE = "reasons.yml"
LANGUAGES = {"en": "English", "nl": "Dutch"}
READERS = ("customer", "colleague")
Problem = tuple[int, str]  # line, sentence


class ReasonsError(ValueError):
    """policies/reasons.yml cannot be used; the message says why. `problems` has all of it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{FILE}, line {line}: {said}" for line, said in problems))


@dataclass(frozen=True)
class ReasonWords:
    """Sentences by reason, reader and language."""

    sentences: Mapping[tuple[Reason, str, str], str]

    def customer(self, reason: Reason, language: str) -> str:
        """The sentence for the customer."""
        return self.sentences[reason, "customer", language]

    def colleague(self, reason: Reason, language: str) -> str:
        """The sentence for the colleague."""
        return self.sentences[reason, "colleague", language]


def load_reason_words(path: Path) -> ReasonWords:
    """Read the file.

    Raises:
        ReasonsError: a reason or sentence is missing, empty, or not known; all that is wrong.
    """
    try:
        content = YAML().load(path)
    except OSError as error:
        raise ReasonsError([(1, "This file is missing or cannot be opened.")]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ReasonsError([(line, "This is no YAML that can be read.")]) from error
    if not isinstance(content, Mapping):
        raise ReasonsError([(1, "This file must have reasons with sentences.")])
    problems = list(_problems(content))
    if problems:
        raise ReasonsError(sorted(problems))
    return ReasonWords(
        {
            (reason, reader, language): content[reason.value][reader][language]
            for reason in Reason
            for reader in READERS
            for language in LANGUAGES
        }
    )


def _problems(content: Mapping[str, object]) -> Iterator[Problem]:
    known = {reason.value for reason in Reason}
    for name in content:
        if name not in known:
            yield _line(content, name), f"{name} is no reason; see helder/handoff/reasons.py."
    for name in sorted(known - set(content)):
        yield 1, f"The reason {name} is missing."
    for name in known & set(content):
        yield from _parts(content, name, READERS, name)
        for reader, sentences in _mapping(content[name]).items():
            if reader in READERS:
                yield from _parts(
                    _mapping(content[name]), reader, tuple(LANGUAGES), f"{name}, {reader}"
                )
                for language in [each for each in LANGUAGES if each in _mapping(sentences)]:
                    text = _mapping(sentences)[language]
                    if not isinstance(text, str) or not text.strip():
                        line = _line(_mapping(sentences), language)
                        yield line, f"{name}, {reader} has no sentence in {LANGUAGES[language]}."


def _parts(
    content: Mapping[str, object], key: str, wanted: tuple[str, ...], where: str
) -> Iterator[Problem]:
    """Exactly the wanted names must be there."""
    found, line = _mapping(content[key]), _line(content, key)
    for name in wanted:
        if name not in found:
            yield line, f"{where} lacks {name}."
    for name in found:
        if name not in wanted:
            yield _line(found, name), f"{where}: {name} is not known; it is {' or '.join(wanted)}."


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _line(content: object, key: str) -> int:
    """On which line a name stands."""
    position: int = content.lc.key(key)[0] + 1  # type: ignore[attr-defined]  # ruamel's own
    return position
