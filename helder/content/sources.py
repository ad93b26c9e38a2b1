"""The YAML that designers write, read once, with the line of everything that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    content.domain = _load(project, project / "domain.yml", content) or {}
    for path in sorted((project / "data").rglob("*.yml")):
        data = _load(project, path, content)
        if isinstance(data, Mapping):
            language = path.parent.name if path.parent.name in LANGUAGES else ""
            content.examples += _examples(data, language)
            content.responses += _responses(data)
            content.steps += _steps(data)
    content.responses += _responses(content.domain)
    for path in sorted((project / "actions").rglob("*.py")):
        for found in _UTTER.finditer(path.read_text(encoding="utf-8")):
            (content.prefixes if found[2] else content.called).add(found[1])
    return content


def bare(example: str) -> str:
    """An example as the customer types it, in small letters, without annotations."""
    return " ".join(_ANNOTATED.sub(r"\1", example).casefold().split())


def _load(project: Path, path: Path, content: Content) -> Any:
    name = str(path.relative_to(project))
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        loader.name = name
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except OSError:
        content.findings.append(Place(name, 1).says("This file is missing."))
    except (yaml.MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(name, mark.line + 1 if mark else 1)
        problem = getattr(error, "problem", None) or "it is not UTF-8"
        content.findings.append(place.says(f"This cannot be read: {problem}."))
    return None


def _examples(data: Mapping[str, Any], language: str) -> Iterator[tuple[str, Named, Named]]:
    for entry in data.get("nlu") or ():
        if "intent" not in entry:
            continue
        block = entry.get("examples") or Named("")
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
