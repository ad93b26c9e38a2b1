"""The YAML that designers write, read once, with the line of everything that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "nl")
_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\([^)]+\)|\{[^}]+\})")
# A response's key in an action's code: whole, or the beginning of an f-string. `utter_action` is
# Rasa's own word for it.
_UTTER = re.compile(r'"(utter_(?!action")[a-z0-9_]+)(\{)?')


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


class Named(str):
    """A word of a file that knows its place."""

    __slots__ = ("place",)
    place: Place


@dataclass(frozen=True)
class Variation:
    """One text of a response, with its condition (slot and value) and its buttons."""

    place: Place
    text: str
    slot: Named | None
    value: str | None
    buttons: tuple[tuple[str, str], ...]  # title, payload


@dataclass
class Content:
    """Everything that is checked against everything else."""

    findings: list[Finding] = field(default_factory=list)
    domain: Mapping[str, Any] = field(default_factory=dict)
    examples: list[tuple[str, Named, Named]] = field(default_factory=list)  # language, intent, text
    responses: list[tuple[Named, list[Variation]]] = field(default_factory=list)
    steps: list[tuple[str, Named]] = field(default_factory=list)  # intent or action, and its name
    called: set[str] = field(default_factory=set)  # responses that actions name
    prefixes: set[str] = field(default_factory=set)  # beginnings of those that they put together
    # What could not be read, in part or whole: domain, nlu, rules, stories, responses, actions.
    broken: set[str] = field(default_factory=set)


class ShapeError(ValueError):
    """A file that is YAML, but not what it must be."""

    def __init__(self, place: Place, sentence: str) -> None:
        super().__init__(sentence)
        self.finding = place.says(sentence)


class _Loader(yaml.SafeLoader):
    """YAML whose texts know their line, and that refuses a key twice."""


def _text(loader: _Loader, node: yaml.ScalarNode) -> Named:
    named = Named(loader.construct_scalar(node))
    named.place = Place(str(loader.name), node.start_mark.line + 1)
    return named


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


def read(project: Path) -> Content:
    """Read all that there is. What cannot be read is a finding, and left out."""
    content = Content()
    domain = project / "domain.yml"
    _into(content, project, domain, _domain)
    for path in sorted((project / "data").rglob("*.yml")):
        _into(content, project, path, _data)
    for path in sorted((project / "actions").rglob("*.py")):
        for found in _UTTER.finditer(path.read_text(encoding="utf-8")):
            (content.prefixes if found[2] else content.called).add(found[1])
    return content


def _domain(content: Content, data: Mapping[str, Any], _: Path) -> None:
    responses = list(_responses(data))
    content.domain = data
    content.responses += responses


def _data(content: Content, data: Mapping[str, Any], path: Path) -> None:
    language = path.parent.name if path.parent.name in LANGUAGES else ""
    examples, responses, steps = (
        list(_examples(data, language)),
        list(_responses(data)),
        list(_steps(data)),
    )
    content.examples += examples
    content.responses += responses
    content.steps += steps


def _into(
    content: Content,
    project: Path,
    path: Path,
    take: Callable[[Content, Mapping[str, Any], Path], None],
) -> None:
    """Take what a file has; a file that is not built as it must be is one finding."""
    data, finding = load(project, path)
    place = Place(str(path.relative_to(project)), 1)
    if finding is None and data is not None:
        try:
            if not isinstance(data, Mapping):
                raise ShapeError(place, "This file must have names with values.")
            take(content, data, path)
        except ShapeError as error:
            finding = error.finding
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            finding = place.says("This file is not built as docs/designers.md shows.")
    if finding is not None:
        content.findings.append(finding)
        parts = path.relative_to(project).parts
        content.broken.add("domain" if len(parts) == 1 else parts[1])


def bare(example: str) -> str:
    """An example as the customer types it, in small letters, without annotations."""
    return " ".join(_ANNOTATED.sub(r"\1", example).casefold().split())


def load(project: Path, path: Path) -> tuple[Any, Finding | None]:
    """What a YAML file has, or what is wrong with it."""
    name = str(path.relative_to(project))
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        loader.name = name
        try:
            return loader.get_single_data(), None
        finally:
            loader.dispose()
    except OSError:
        return None, Place(name, 1).says("This file is missing.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, Place(name, line).says("This cannot be read: it is not UTF-8.")
    except (yaml.YAMLError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        place = Place(name, mark.line + 1 if mark else 1)
        return None, place.says(f"This cannot be read: {problem}.")


def _examples(data: Mapping[str, Any], language: str) -> Iterator[tuple[str, Named, Named]]:
    for entry in data.get("nlu") or ():
        if "intent" not in entry:
            continue
        block = entry.get("examples") or Named("")
        if not isinstance(block, Named):
            raise ShapeError(
                entry["intent"].place,
                f"The examples of {entry['intent']} need a | after the colon.",
            )
        # A block's text begins on the line after its `|`.
        for offset, line in enumerate(block.splitlines(), start=1):
            if line.strip().startswith("- "):
                text = Named(line.strip()[2:])
                text.place = Place(block.place.path, block.place.line + offset)
                yield language, entry["intent"], text


def _responses(data: Mapping[str, Any]) -> Iterator[tuple[Named, list[Variation]]]:
    for key, variations in (data.get("responses") or {}).items():
        yield key, [_variation(key, each) for each in variations or ()]


def _variation(key: Named, each: Mapping[str, Any]) -> Variation:
    condition = (each.get("condition") or [{}])[0]
    text = each.get("text") or ""
    if not isinstance(text, str):
        raise ShapeError(
            key.place, f"{key} has a text that YAML reads as no text; put it in quotes."
        )
    place = text.place if isinstance(text, Named) else key.place
    buttons = tuple((b.get("title", ""), b.get("payload", "")) for b in each.get("buttons") or ())
    return Variation(place, text, condition.get("name"), condition.get("value"), buttons)


def _steps(data: Mapping[str, Any]) -> Iterator[tuple[str, Named]]:
    for entry in [*(data.get("rules") or ()), *(data.get("stories") or ())]:
        for step in [*(entry.get("condition") or ()), *(entry.get("steps") or ())]:
            for kind in ("intent", "action", "active_loop"):
                if step.get(kind):
                    yield kind, step[kind]
            for slot in step.get("slot_was_set") or ():
                for name in slot if isinstance(slot, Mapping) else [slot]:
                    yield "slot", name
