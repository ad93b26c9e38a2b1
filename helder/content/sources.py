"""What designers write, read once, with the line of everything that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helder.content import code
from helder.content.reading import (
    Finding,
    Named,
    Place,
    ShapeError,
    listed,
    load,
    mapping,
    named,
    place_of,
    text,
)
from helder.responses import language_of

LANGUAGES = ("en", "nl")
NAMES = {"en": "English", "nl": "Dutch"}
ANNOTATED = re.compile(r"\[([^\]]+)\](?:\(([^)]+)\)|(\{[^}]+\}))")
_VARIATION = {"text", "condition", "buttons"}
_ENTRY = {"intent", "synonym", "lookup", "regex", "examples"}


@dataclass(frozen=True)
class Button:
    """What a customer may press, and what that sends."""

    title: str
    payload: str
    place: Place


@dataclass(frozen=True)
class Variation:
    """One text of a response, with its condition (slot and value) and its buttons."""

    place: Place
    text: str
    slot: Named | None
    value: str | None
    buttons: tuple[Button, ...]

    @property
    def language(self) -> str | None:
        """The language that it is said in; None if it is said for another reason."""
        only = {"type": "slot", "name": self.slot, "value": self.value}
        return language_of([only] if self.slot is not None else None)


@dataclass(frozen=True)
class Flow:
    """A rule or a story."""

    kind: str
    name: Named
    condition: tuple[Mapping[Any, Any], ...]
    steps: tuple[Mapping[Any, Any], ...]

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.name.place


@dataclass(frozen=True)
class Words:
    """A lookup or a synonym: its name, its words, and the language that they are in."""

    kind: str
    name: Named
    language: str
    words: tuple[Named, ...]


@dataclass
class Content:
    """Everything that is checked against everything else."""

    findings: list[Finding] = field(default_factory=list)
    domain: Mapping[str, Any] = field(default_factory=dict)
    examples: list[tuple[str, Named, Named]] = field(default_factory=list)  # language, intent, text
    words: list[Words] = field(default_factory=list)
    responses: list[tuple[Named, list[Variation]]] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    code: code.Code = field(default_factory=code.Code)
    # What could not be read, in part or whole: domain, nlu, rules, stories, responses, actions.
    broken: set[str] = field(default_factory=set)


def read(project: Path) -> Content:
    """Read all that there is. What cannot be read is a finding, and left out."""
    content = Content()
    _into(content, project, project / "domain.yml", _domain)
    for path in sorted((project / "data").rglob("*.yml")):
        _into(content, project, path, _data)
    content.code = code.read(project)
    return content


def bare(example: str) -> str:
    """An example as the customer types it, in small letters, without annotations."""
    return " ".join(ANNOTATED.sub(r"\1", example).casefold().split())


def _into(
    content: Content,
    project: Path,
    path: Path,
    take: Callable[[Content, Mapping[str, Any], Path, Place], None],
) -> None:
    """Take what a file has; a file that is not built as it must be is one finding."""
    data, finding = load(project, path)
    place = Place(str(path.relative_to(project)), 1)
    if finding is None and data is not None:
        try:
            take(content, mapping(data, place, "This file"), path, place)
        except ShapeError as error:
            finding = error.finding
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            finding = place.says("This file is not built as docs/designers.md shows.")
    if finding is not None:
        content.findings.append(finding)
        parts = path.relative_to(project).parts
        content.broken.add("domain" if len(parts) == 1 else parts[1])


def _domain(content: Content, data: Mapping[str, Any], _: Path, place: Place) -> None:
    for name in ("intents", "entities", "actions"):
        listed(data.get(name), place, f"{name} of the domain")
    for name in ("slots", "forms"):
        for key, value in mapping(data.get(name), place, f"{name} of the domain").items():
            mapping(value, key.place, f"{key}")
    responses = list(_responses(data, place))
    content.domain = data
    content.responses += responses


def _data(content: Content, data: Mapping[str, Any], path: Path, place: Place) -> None:
    language = path.parent.name if path.parent.name in LANGUAGES else ""
    entries = listed(data.get("nlu"), place, "nlu")
    examples = [each for entry in entries for each in _examples(entry, language, place)]
    words = [each for entry in entries for each in _words(entry, language, place)]
    responses = list(_responses(data, place))
    flows = [*_flows(data, "rule", "rules", place), *_flows(data, "story", "stories", place)]
    content.examples += examples
    content.words += words
    content.responses += responses
    content.flows += flows


def _examples(entry: Any, language: str, place: Place) -> Iterator[tuple[str, Named, Named]]:
    where = place_of(entry, place)
    for key in mapping(entry, where, "What stands under nlu"):
        if key not in _ENTRY:
            raise ShapeError(key.place, f"{key} is not known here; it is intent, examples, "
                             "synonym or lookup.")  # fmt: skip
    if "intent" in entry:
        intent = entry["intent"]
        for each in _lines(entry, text(intent, where, "The name of this intent")):
            yield language, intent, each


def _words(entry: Any, language: str, place: Place) -> Iterator[Words]:
    for kind in ("lookup", "synonym", "regex"):
        if kind in entry:
            where = place_of(entry, place)
            # A country's code can be NO, which YAML reads as false.
            name = named(text(entry[kind], where, f"The name of this {kind}"), where)
            yield Words(kind, name, language, tuple(_lines(entry, name)))


def _lines(entry: Mapping[str, Any], name: str) -> Iterator[Named]:
    """The lines of a block after `examples: |`; its text begins on the line after that."""
    where = place_of(entry, Place("", 1))
    block = entry.get("examples")
    if not isinstance(block, Named):
        sentence = f"The examples of {name} need a | after the colon."
        raise ShapeError(where, sentence if block else f"{name} has no examples.")
    for offset, line in enumerate(block.splitlines(), start=1):
        place = Place(block.place.path, block.place.line + offset)
        said = line.strip()
        if said and not said.startswith("- "):
            sentence = f'This line of {name} is not read; an example begins with "- ".'
            raise ShapeError(place, sentence)
        if said:
            yield named(said[2:].strip(), place)


def _responses(data: Mapping[str, Any], place: Place) -> Iterator[tuple[Named, list[Variation]]]:
    for key, value in mapping(data.get("responses"), place, "responses").items():
        variations = listed(value, key.place, f"The texts of {key}")
        yield key, [_variation(key, each) for each in variations]


def _variation(key: Named, each: Any) -> Variation:
    start = place_of(each, key.place)
    for name in mapping(each, start, f"A text of {key}"):
        if name not in _VARIATION:
            raise ShapeError(name.place, f"{key} has {name}, which is not known here; a response "
                             "has text, condition and buttons.")  # fmt: skip
    slot, value = _condition(key, each, start)
    said = each.get("text")
    place = said.place if isinstance(said, Named) else start
    buttons = listed(each.get("buttons"), start, f"The buttons of {key}")
    return Variation(
        place,
        text(said, start, f"A text of {key}"),
        slot,
        value,
        tuple(_button(key, button, start) for button in buttons),
    )


def _condition(key: Named, each: Any, place: Place) -> tuple[Named | None, str | None]:
    conditions = listed(each.get("condition"), place, f"The condition of {key}")
    if not conditions:
        return None, None
    only = conditions[0]
    where = place_of(only, place)
    whole = isinstance(only, Mapping) and set(only) == {"type", "name", "value"}
    if not whole or only["type"] != "slot" or len(conditions) > 1:
        sentence = f"The condition of {key} has type: slot, a name and a value, and there is one."
        raise ShapeError(where, sentence)
    name = text(only["name"], where, "The slot of this condition")
    return named(name, place_of(only["name"], where)), str(only["value"])


def _button(key: Named, each: Any, place: Place) -> Button:
    where = place_of(each, place)
    button = mapping(each, where, f"A button of {key}")
    for name in button:
        if name not in ("title", "payload"):
            raise ShapeError(name.place, f"A button of {key} has {name}; it has a title and "
                             "a payload.")  # fmt: skip
    title, payload = button.get("title"), button.get("payload")
    sent = text(payload, where, f"The payload of a button of {key}")
    said = text(title, where, f"The title of a button of {key}")
    return Button(said, sent, place_of(payload, where))


def _flows(data: Mapping[str, Any], kind: str, key: str, place: Place) -> Iterator[Flow]:
    for entry in listed(data.get(key), place, key):
        where = place_of(entry, place)
        name = mapping(entry, where, f"What stands under {key}").get(kind)
        called = named(text(name, where, f"The name of this {kind}"), place_of(name, where))
        if not called:
            raise ShapeError(where, f"This {kind} has no name (- {kind}: …).")
        yield Flow(
            kind,
            called,
            tuple(
                _step(each, where) for each in listed(entry.get("condition"), where, "condition")
            ),
            tuple(_step(each, where) for each in listed(entry.get("steps"), where, "steps")),
        )


def _step(each: Any, place: Place) -> Mapping[Any, Any]:
    where = place_of(each, place)
    step = mapping(each, where, "A step")
    for key in ("intent", "action"):
        if key in step:
            text(step[key], where, f"This {key}")
    return step
