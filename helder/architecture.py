"""The import rules of the house, checked on the syntax trees of helder/ and actions/.

Read by `helder check` and by tests/test_architecture.py. An import counts wherever it stands: in a
function, or for types only. Rasa may not be reached through another module of ours either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 300
DOMAIN = (
    "conversation",
    "consent",
    "decisions",
    "handoff",
    "masking",
    "optout",
    "rights",
    "staff",
    "audit",
    "shop",
)
RASA = ("rasa", "rasa_sdk")
WEB = ("starlette", "uvicorn", "sanic")
SLACK = ("slack_sdk", "slack_bolt", "slack")
ENVIRONMENT = ("environ", "environb", "getenv", "getenvb", "putenv")
_SIDES = ("helder.gateway", "helder.desk", "helder.brain", "helder.understanding")

# What the modules under a name may not import. Under several names, all of them hold.
FORBIDDEN: dict[str, tuple[str, ...]] = {
    **{f"helder.{part}": (*WEB, *SLACK, *_SIDES) for part in DOMAIN},
    "helder.gateway": ("helder.desk", "sanic"),
    "helder.desk": ("helder.gateway", "sanic"),
    "helder.brain": ("helder.gateway", "helder.desk", "rasa_sdk", "starlette", *SLACK),
    "helder.understanding": ("helder.gateway", "helder.desk", "rasa_sdk", "starlette", *SLACK),
    # Checks read policies with the loaders of gateway and desk, which would refuse them at a start.
    "helder.content": (*WEB, *SLACK, "helder.brain", "helder.report", "helder.watch"),
    "helder.report": (*WEB, *SLACK, "helder.gateway", "helder.desk", "helder.watch"),
    "helder.watch": (*WEB, *SLACK, *_SIDES),
    "helder.vocabulary": ("actions", *WEB, *SLACK, *RASA, *_SIDES),
    "helder": ("actions",),
    "actions": ("rasa", "starlette", *SLACK, *_SIDES),
}
MAY_REACH_RASA = ("helder.brain", "helder.understanding", "actions")


@dataclass(frozen=True)
class Violation:
    """A rule that is broken, and where."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass
class Module:
    """A module of ours: its dotted name, its lines, and each name it imports with the line."""

    name: str
    path: str
    length: int
    imports: list[tuple[str, int]] = field(default_factory=list)
    environment: list[int] = field(default_factory=list)


def check(project: Path) -> list[Violation]:
    """Every broken rule, in order of files."""
    modules = {module.name: module for module in _modules(project)}
    found = [v for module in modules.values() for v in _broken(module)]
    found += [v for module in modules.values() for v in _reaching_rasa(module, modules)]
    return sorted(set(found), key=lambda v: (v.path, v.line, v.sentence))


def _modules(project: Path) -> Iterator[Module]:
    for package in ("helder", "actions"):
        for path in sorted((project / package).rglob("*.py")):
            parts = path.relative_to(project).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            text = path.read_text(encoding="utf-8")
            length = len(text.splitlines())
            module = Module(name, str(path.relative_to(project)), length)
            home = parts[:-1]
            for node in ast.walk(ast.parse(text, str(path))):
                line = getattr(node, "lineno", 1)
                module.imports += [(imported, line) for imported in _imported(node, home)]
                if _touches_environment(node):
                    module.environment.append(line)
            yield module


def _imported(node: ast.AST, home: tuple[str, ...]) -> list[str]:
    """The dotted names that a statement imports; relative ones made absolute from `home`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = home[: len(home) - node.level + 1] if node.level else ()
        origin = ".".join([*base, *([node.module] if node.module else [])])
        # `from helder import desk` imports helder.desk: what is named may be a module.
        return [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
    return []


def _touches_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id == "os" and node.attr in ENVIRONMENT
    if isinstance(node, ast.ImportFrom) and node.module == "os":
        return any(alias.name in ENVIRONMENT for alias in node.names)
    return False


def _is_under(name: str, parent: str) -> bool:
    return name == parent or name.startswith(parent + ".")


def _broken(module: Module) -> Iterator[Violation]:
    for part, forbidden in FORBIDDEN.items():
        if _is_under(module.name, part):
            for imported, line in module.imports:
                for name in forbidden:
                    if _is_under(imported, name):
                        yield Violation(module.path, line, f"{part} may not import {name}.")
    if module.name != "helder.settings":
        for line in module.environment:
            yield Violation(module.path, line, "Only helder/settings.py reads the environment.")
    if module.length > LONGEST:
        sentence = f"A module has at most {LONGEST} lines; this one has {module.length}."
        yield Violation(module.path, LONGEST + 1, sentence)


def _reaching_rasa(module: Module, modules: dict[str, Module]) -> Iterator[Violation]:
    if any(_is_under(module.name, part) for part in MAY_REACH_RASA):
        return
    for imported, line in module.imports:
        way = _way_to_rasa(imported, modules)
        if way:
            yield Violation(module.path, line, f"This leads to Rasa: {' → '.join(way)}.")


def _way_to_rasa(imported: str, modules: dict[str, Module]) -> list[str]:
    """A shortest chain from an imported name to Rasa; empty if there is none."""
    if any(_is_under(imported, name) for name in RASA):
        return [imported]
    waiting, seen = [[name] for name in _loaded(imported, modules)], set[str]()
    while waiting:
        way = waiting.pop(0)
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        for name, _line in modules[way[-1]].imports:
            if any(_is_under(name, rasa) for rasa in RASA):
                return [*way, name]
            waiting += [[*way, step] for step in _loaded(name, modules)]
    return []


def _loaded(name: str, modules: dict[str, Module]) -> list[str]:
    """The modules of ours that Python runs to import a name: its packages come with it."""
    parts = name.split(".")
    names = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return [each for each in names if each in modules]
