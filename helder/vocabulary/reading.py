"""words/*.yml as the vocabulary: everything that is wrong in it, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import yaml

from helder.quick_yaml import LOADER
from helder.vocabulary.lists import ANYTHING, Phrases, Words, spoken
from helder.vocabulary.model import Vocabulary

FOLDER = "words"
LANGUAGES = {"en": "English", "nl": "Dutch"}
_WORD = re.compile(r"\d?[^\W\d_]+")  # "1tje" too
_PHRASE = re.compile(r"(?:[^\W_]|[ '’-]|\.{3})+")


class Problem(NamedTuple):
    """What is wrong in a file of words/, and where."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{FOLDER}/{self.file}, line {self.line}: {self.sentence}"


class VocabularyError(ValueError):
    """The words cannot be used; the message is the first problem, with file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__(str(self.problems[0]))


def load_vocabulary(folder: Path) -> Vocabulary:
    """Read all files of words/.

    Raises:
        VocabularyError: one of them cannot be used.
    """
    kinds = get_type_hints(Vocabulary)
    problems = [
        Problem(path.name, 1, f"{path.name} is not known here; it is {_listed(kinds, '.yml')}.")
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if path.suffix != ".yml" or path.stem not in kinds
    ]
    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        reader = _Reader(f"{name}.yml")
        found[name] = reader.file(folder, kind)
        problems += reader.problems
    if problems:
        raise VocabularyError(problems)
    return Vocabulary(**found)


class _Reader:
    """Reads one file. What is wrong goes to `problems`, and None is read in its place."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.problems: list[Problem] = []

    def file(self, folder: Path, kind: Any) -> Any:
        """All of the file."""
        try:
            node = yaml.compose((folder / self._name).read_text(encoding="utf-8"), LOADER)
        except OSError:
            return self._problem(1, "This file is missing or cannot be opened.")
        except UnicodeDecodeError:
            return self._problem(1, "This cannot be read: it is not UTF-8.")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or " ".join(str(error).split())
            return self._problem(mark.line + 1 if mark else 1, f"This cannot be read: {said}.")
        return self._read(node, kind, "This file", 1)

    def _read(self, node: yaml.Node | None, kind: Any, what: str, line: int) -> Any:
        if kind in (Words, Phrases):
            return self._words(node, kind, what, line)
        if get_origin(kind) is Mapping:
            key, each = get_args(kind)
            return dict(self._mapping(node, key, each, what, line))
        kinds = get_type_hints(kind)
        found = {
            name: self._read(value, kinds[name], name, at)
            for name, at, value in self._pairs(node, what, line, known=kinds)
        }
        for name in [each for each in kinds if each not in found]:
            self._problem(line, f"{what} lacks {name}.")
        return kind(**found) if len(found) == len(kinds) else None

    def _mapping(
        self, node: yaml.Node | None, key: type[Any], kind: Any, what: str, line: int
    ) -> Iterator[tuple[Any, Any]]:
        """Names or numbers that the designer chooses, and what they have."""
        for name, at, value in self._pairs(node, what, line):
            if key is int and not name.isdecimal():
                self._problem(at, f"{name} must be a number.")
            else:
                yield key(name), self._read(value, kind, name, at)

    def _pairs(
        self, node: yaml.Node | None, what: str, line: int, known: Iterable[str] | None = None
    ) -> Iterator[tuple[str, int, yaml.Node]]:
        """Names with the lines on which they stand, and their values."""
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self._problem(line, f"{what} must have names with values.")
            return
        seen = set()
        for key, value in node.value:
            name, at = str(key.value), key.start_mark.line + 1
            if known is not None and name not in known:
                self._problem(at, f"{name} is not known here; it is {_listed(known)}.")
            elif name in seen:
                self._problem(at, f"{name} is there twice.")
            else:
                yield name, at, value
            seen.add(name)

    def _words(self, node: yaml.Node | None, kind: type[Any], what: str, line: int) -> Any:
        """A list in each language."""
        found: dict[str, list[str]] = {}
        before = len(self.problems)
        for language, at, value in self._pairs(node, what, line, known=LANGUAGES):
            if not isinstance(value, yaml.SequenceNode) or not value.value:
                self._problem(at, f"{what} must have a list of words in {LANGUAGES[language]}.")
            else:
                found[language] = list(self._list(value, kind))
        if len(self.problems) > before:
            return None
        for language in [each for each in LANGUAGES if each not in found]:
            self._problem(line, f"{what} has no words in {LANGUAGES[language]} ({language}).")
        return kind(word for words in found.values() for word in words)

    def _list(self, node: yaml.SequenceNode, kind: type[Any]) -> Iterator[str]:
        seen = set()
        for each in node.value:
            text, line = str(each.value), each.start_mark.line + 1
            wrong = "This is no word." if not isinstance(each, yaml.ScalarNode) else None
            wrong = wrong or _wrong(text, kind)
            if wrong:
                self._problem(line, wrong)
            elif text in seen:
                self._problem(line, f"“{text}” is there twice.")
            seen.add(text)
            yield text

    def _problem(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(self._name, line, sentence))


def _wrong(text: str, kind: type[Any]) -> str | None:
    """What is wrong with an entry of a list, or None."""
    if text != text.casefold():
        return f"“{text}” must be in small letters; capitals are no difference."
    if kind is Phrases:
        ends = text.startswith(f"{ANYTHING} ") or text.endswith(f" {ANYTHING}")
        if ends:
            return f"“{text}” begins or ends with any words; leave that out."
        known = _PHRASE.fullmatch(text) and spoken(text)
        return None if known else f"“{text}” is no phrase: it has letters, blanks, ' and ... alone."
    if "'" in text or "’" in text:
        return f"“{text}” is read as two words, before and after the apostrophe; write one of them."
    return None if _WORD.fullmatch(text) else f"“{text}” is no single word of letters alone."


def _listed(names: Iterable[str], ending: str = "") -> str:
    return ", ".join(f"{name}{ending}" for name in names)
