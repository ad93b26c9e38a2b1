"""What the actions' code says and is called, read from its syntax trees and never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from helder.content.reading import Place

_KEY = re.compile(r"utter_[a-z0-9_]+")
# Rasa's own word, and no response.
_NO_KEY = "utter_action"
# How a class says what it is called.
_CALLED = {"called": "{}", "form": "validate_{}"}
# What says a response: Voice and Wording.
_SAYING = {"say", "ask", "phrase"}
# What every action has at hand: its apologies and words are not what an action says itself.
_BASE = {"HelderAction", "Voice", "Turn", "Wording", "Phrases"}


@dataclass
class Code:
    """What actions/ has."""

    actions: dict[str, Place] = field(default_factory=dict)  # name of an action: its class
    said: dict[str, Place] = field(default_factory=dict)  # responses named whole
    prefixes: set[str] = field(default_factory=set)  # beginnings of those that are put together
    mentioned: set[str] = field(default_factory=set)  # every other text, there and in the shop
    filled: set[str] = field(default_factory=set)  # names that values are given to
    silent: set[str] = field(default_factory=set)  # actions from which no response can be reached
    # Of responses that are only said by their whole names: the names that every call gives values.
    given: dict[str, set[str]] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)  # named elsewhere than in such a call


@dataclass
class _Part:
    """A function or class at the top of a module: what it names, and whether it speaks."""

    names: set[str]
    speaks: bool


def _calls(nodes: list[ast.AST]) -> Iterator[tuple[ast.expr, set[str] | None]]:
    """What is said by a call, with the names of the values; None if those are not seen."""
    calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _SAYING:
            names = {each.arg for each in call.keywords}
            yield call.args[0], None if None in names else {str(name) for name in names}


def read(project: Path) -> Code:
    """Read all modules. One that cannot be read is left to ruff, which says where."""
    found = Code()
    parts: dict[str, _Part] = {}
    classes: list[tuple[str, ast.expr, ast.ClassDef, str]] = []
    constants: dict[str, str] = {}
    for path in sorted((project / "actions").rglob("*.py")):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue  # the linter tells of it, with its line
        name = str(path.relative_to(project))
        for top in tree.body:
            nodes = list(ast.walk(top))
            _look(found, nodes, name)
            constants |= {key: str(v.value) for key, v in _set(top) if isinstance(v, ast.Constant)}
            if isinstance(top, ast.ClassDef | ast.FunctionDef):
                parts[top.name] = _part(nodes)
            if isinstance(top, ast.ClassDef):
                named = (pair for each in top.body for pair in _set(each))
                classes += [(key, value, top, name) for key, value in named if key in _CALLED]
    for key, value, top, name in classes:
        called = constants.get(value.id) if isinstance(value, ast.Name) else _constant(value)
        if called:
            action = _CALLED[key].format(called)
            found.actions[action] = Place(name, top.lineno)
            if not _speaks(top.name, parts):
                found.silent.add(action)
    for key in [k for k in found.given if k in found.loose or k.startswith(tuple(found.prefixes))]:
        del found.given[key]
    # The policy may do an action that no rule names.
    found.mentioned |= texts(project, "helder/shop", "helder/brain/policy.py")
    return found


def texts(project: Path, *places: str) -> set[str]:
    """Every text that stands in the code of these files and folders."""
    found: set[str] = set()
    for place in places:
        for path in [project / place, *sorted((project / place).glob("*.py"))]:
            if path.is_file():
                found |= _texts(path.read_text(encoding="utf-8"))
    return found - {""}


@lru_cache(maxsize=64)
def _texts(source: str) -> frozenset[str]:
    nodes = ast.walk(ast.parse(source))
    return frozenset(_constant(node) for node in nodes if isinstance(node, ast.expr))


def _set(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """`name = value`."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value


def _constant(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _look(found: Code, nodes: list[ast.AST], path: str) -> None:
    pieces: set[int] = set()  # what is no text of its own
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg:
            found.filled.add(node.arg)
        elif isinstance(node, ast.Dict):
            found.filled |= {str(k.value) for k in node.keys if isinstance(k, ast.Constant)}
        elif isinstance(node, ast.ClassDef):
            named = (value for each in node.body for key, value in _set(each) if key in _CALLED)
            pieces |= {id(value) for value in named}
        elif isinstance(node, ast.JoinedStr):
            pieces |= {id(value) for value in node.values}
            first = _constant(node.values[0]) if node.values else ""
            if _KEY.fullmatch(first):
                found.prefixes.add(first)
    _texts_of(found, nodes, pieces, path)


def _texts_of(found: Code, nodes: list[ast.AST], pieces: set[int], path: str) -> None:
    """Which texts are responses' names, and which are not."""
    called = {id(key): names for key, names in _calls(nodes)}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in pieces
        ):
            if _KEY.fullmatch(node.value) and node.value != _NO_KEY:
                found.said.setdefault(node.value, Place(path, node.lineno))
                names = called.get(id(node))
                if names is None:
                    found.loose.add(node.value)
                else:
                    found.given[node.value] = names & found.given.get(node.value, names)
            else:
                found.mentioned.add(node.value)


def _part(nodes: list[ast.AST]) -> _Part:
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return _Part(names, any(isinstance(text, str) and text.startswith("utter_") for text in texts))


def _speaks(name: str, parts: dict[str, _Part]) -> bool:
    """Can a response be reached from here, by whatever is named on the way?"""
    waiting, seen = [name], set(_BASE)
    while waiting:
        part = waiting.pop()
        if part in seen or part not in parts:
            continue
        seen.add(part)
        if parts[part].speaks:
            return True
        waiting += parts[part].names
    return False
