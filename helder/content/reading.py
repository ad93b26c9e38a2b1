"""YAML whose texts know their line, and what is wrong with a file in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:  # libyaml, where it is there, reads ten times faster
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What the parser says, and what it means to somebody who writes YAML and not parsers.
_PLAIN = {
    "cannot start any token": "a tab, or a text that begins with @, % or `; use spaces, or put "
    "the text in quotes",
    "mapping values are not allowed": "this line has a second colon, or is indented too far; put a "
    "text with a colon in quotes",
    "could not find expected ':'": "a colon is missing after a name",
    "did not find expected '-'": "this line does not begin in the column of the list above it",
    "did not find expected key": "this line does not fit those above it; look at its indentation "
    "and its quotes",
    "<block end>": "this line does not fit those above it; look at its indentation and its quotes",
    "<document start>": "this line does not begin in the column of the first one",
    "unexpected end of stream": "a quote is opened and never closed",
    "',' or ']'": "a bracket [ is opened and never closed",
    "',' or '}'": "a brace { is opened and never closed; put a text that begins with { in quotes",
    "undefined alias": "a text that begins with *; put it in quotes",
    "constructor for the tag": "a text that begins with !; put it in quotes",
    "unknown escape character": "a \\ between double quotes; use single quotes",
    "sequence entries are not allowed": "a list begins behind a name; begin it on the next line",
}
# Of these the end is where they were noticed, and the beginning is what is wrong.
_BEGINS = ("unexpected end of stream", "could not find expected ':'")


class Finding(str):
    """`file:line: a sentence`."""

    __slots__ = ()


@dataclass(frozen=True)
class Place:
    """Where something stands. `path` is relative to the project."""

    path: str
    line: int

    def says(self, sentence: str) -> Finding:
        """A finding here."""
        return Finding(f"{self.path}:{self.line}: {sentence}")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Named(str):
    """A word of a file that knows its place."""

    __slots__ = ("place",)
    place: Place


def named(text: str, place: Place) -> Named:
    """A word at a place."""
    word = Named(text)
    word.place = place
    return word


class ShapeError(ValueError):
    """A file that is YAML, but not what it must be."""

    def __init__(self, place: Place, sentence: str) -> None:
        super().__init__(sentence)
        self.finding = place.says(sentence)


class _Loader(_Base):
    """Refuses a key twice, which YAML would let the last one win."""


def _text(loader: _Loader, node: yaml.ScalarNode) -> Named:
    return named(loader.construct_scalar(node), Place(str(loader.name), node.start_mark.line + 1))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(
                problem=f"{key.value} is there twice", problem_mark=key.start_mark
            )
        seen.add(key.value)
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:str", _text)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(project: Path, path: Path) -> tuple[Any, Finding | None]:
    """What a YAML file has, or what is wrong with it."""
    name = str(path.relative_to(project))
    try:
        return _parsed(name, path.read_text(encoding="utf-8")), None
    except OSError:
        return None, Place(name, 1).says("This file is missing.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, Place(name, line).says("This cannot be read: it is not UTF-8.")
    except (yaml.YAMLError, ValueError, TypeError) as error:
        line, problem = _open_quote(path, error) or problem_of(error)
        return None, Place(name, line).says(f"This cannot be read: {problem}.")


@lru_cache(maxsize=256)  # for who checks again after every change of one file
def _parsed(name: str, content: str) -> Any:
    loader = _Loader(content)
    loader.name = name
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def problem_of(error: Exception) -> tuple[int, str]:
    """The line of a YAML error, and what is wrong there."""
    said = getattr(error, "problem", None) or " ".join(str(error).split())
    mark = getattr(error, "problem_mark", None)
    if any(part in said for part in _BEGINS):
        mark = getattr(error, "context_mark", None) or mark
    plain = next((words for part, words in _PLAIN.items() if part in said), said)
    return (mark.line + 1 if mark else 1), plain


def _open_quote(path: Path, error: Exception) -> tuple[int, str] | None:
    """A quote that was closed by the one of a text further on, where YAML then stumbles."""
    mark = getattr(error, "problem_mark", None)
    try:
        for token in yaml.scan(path.read_text(encoding="utf-8"), Loader=_Base):
            quoted = isinstance(token, yaml.ScalarToken) and token.style in ("'", '"')
            ends_there = mark is not None and token.end_mark.line == mark.line
            if quoted and ends_there and token.start_mark.line < token.end_mark.line:
                return token.start_mark.line + 1, "a quote is opened and never closed"
    except yaml.YAMLError:
        pass  # that it cannot be read is known; only a better reason was looked for
    return None


def place_of(thing: Any, otherwise: Place) -> Place:
    """The place of the first word in something."""
    if isinstance(thing, Named):
        return thing.place
    parts = list(thing.items()) if isinstance(thing, Mapping) else thing
    if isinstance(parts, list | tuple):
        for part in parts:
            found = place_of(part, otherwise)
            if found is not otherwise:
                return found
    return otherwise


def listed(value: Any, place: Place, what: str) -> list[Any]:
    """A list. Raises ShapeError."""
    if value is None:
        return []
    if not isinstance(value, list):
        sentence = f"{what} must be a list, in which each line begins with - and a blank."
        raise ShapeError(place_of(value, place), sentence)
    return value


def mapping(value: Any, place: Place, what: str) -> Mapping[Any, Any]:
    """Names with values. Raises ShapeError."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ShapeError(place_of(value, place), f"{what} must have names with values.")
    return value


def text(value: Any, place: Place, what: str) -> str:
    """A text. Raises ShapeError."""
    if value is None:
        return ""
    if not isinstance(value, str):
        sentence = f"{what} is {str(value).lower()}, which YAML reads as no text; put it in quotes."
        raise ShapeError(place, sentence)
    return value
