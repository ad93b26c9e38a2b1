"""A YAML file whose values know their lines, and what was found wrong in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml

from helder.content.reading import problem_of
from helder.decisions.errors import PolicyError, Problem

T = TypeVar("T")


class Document:
    """Values by their place: names, and positions in lists. `problems` grows while it is read."""

    def __init__(self, data: Any, node: yaml.Node | None = None) -> None:
        self._data = data
        self._node = node
        self.problems: list[Problem] = []

    @classmethod
    def of(cls, path: Path) -> Document:
        """A file. Raises PolicyError: it cannot be read, or has no names with values."""
        try:
            text = path.read_text(encoding="utf-8")
            node = yaml.compose(text, yaml.SafeLoader)
            data = yaml.safe_load(text)
        except OSError:
            raise PolicyError(path.name, [Problem(1, "This file cannot be read.")]) from None
        except UnicodeDecodeError:
            problem = Problem(1, "This cannot be read: it is not UTF-8.")
            raise PolicyError(path.name, [problem]) from None
        except (yaml.YAMLError, ValueError) as error:
            line, said = problem_of(error)
            problem = Problem(line, f"This is not valid YAML: {said}.")
            raise PolicyError(path.name, [problem]) from None
        document = cls(data, node)
        if not isinstance(data, dict):
            problem = Problem(1, "This file must have names with values.")
            raise PolicyError(path.name, [problem])
        document._twice(node)
        return document

    def value(self, *at: Any) -> Any:
        """The value at a place; None if there is none."""
        found = self._data
        for key in at:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def line(self, *at: Any) -> int:
        """The line of a place, or of the nearest thing above it that is there."""
        line, node = 1, self._node
        for key in at:
            if isinstance(node, yaml.MappingNode):
                pair = next((pair for pair in node.value if pair[0].value == str(key)), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif (
                isinstance(node, yaml.SequenceNode)
                and isinstance(key, int)
                and key < len(node.value)
            ):
                node = node.value[key]
                line = node.start_mark.line + 1
            else:
                break
        return line

    def wrong(self, at: tuple[Any, ...], sentence: str) -> None:
        """Note a mistake at a place."""
        self.wrong_at(self.line(*at), sentence)

    def wrong_at(self, line: int, sentence: str) -> None:
        """Note a mistake in a line."""
        if Problem(line, sentence) not in self.problems:
            self.problems.append(Problem(line, sentence))

    def only(self, at: tuple[Any, ...], known: Collection[str]) -> None:
        """Note every name that is not one of these."""
        found = self.value(*at)
        if not isinstance(found, dict):
            self.wrong(at, f"Here must be: {', '.join(known)}.")
            return
        for name in found:
            if name not in known:
                self.wrong((*at, name), f"{name} is not known here; it is {', '.join(known)}.")

    def typed(self, at: tuple[Any, ...], kind: type[T], wanted: str) -> T | None:
        """A value of a type; anything else is a mistake."""
        found = self.value(*at)
        if isinstance(found, kind) and not isinstance(found, datetime):
            return found
        self.wrong(at, f"{at[-1]} must be {wanted}, not {shown(found)}.")
        return None

    def indexes(self, *at: Any, least: int = 0) -> range:
        """The positions of a list; anything else is a mistake."""
        found = self.value(*at)
        if not isinstance(found, list) or len(found) < least:
            self.wrong(at, f"{at[-1]} must be a list, in which each begins with - and a blank.")
            return range(0)
        return range(len(found))

    def _twice(self, node: yaml.Node | None) -> None:
        """Of two equal names YAML keeps the last: that is a mistake here."""
        if isinstance(node, yaml.MappingNode):
            seen = set()
            for key, value in node.value:
                if key.value in seen:
                    self.wrong_at(key.start_mark.line + 1, f"{key.value} is there twice.")
                seen.add(key.value)
                self._twice(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                self._twice(value)


def shown(value: Any) -> str:
    """A value as a person wrote it, as far as it can still be told."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else repr(value)
