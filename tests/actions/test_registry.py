"""The domain and the code name the same actions."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import yaml

import actions
from actions.base import HelderAction
from actions.registry import ACTIONS, all_actions
from actions.services import Services

ROOT = Path(__file__).resolve().parents[2]


def test_the_domain_declares_exactly_the_actions_there_are(services: Services) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    names = [action.name() for action in all_actions(services)]
    assert sorted(names) == sorted(domain["actions"])


def test_no_action_is_forgotten() -> None:
    for path in Path(actions.__file__).parent.glob("*.py"):
        if path.stem != "__main__":
            importlib.import_module(f"actions.{path.stem}")
    ours = {cls for cls in _below(HelderAction) if cls.__module__.startswith("actions.")}
    found = {cls for cls in ours if hasattr(cls, "called") or hasattr(cls, "form")}
    assert {cls for cls in found if not _below(cls) & ours} == set(ACTIONS)


def test_no_sentence_for_a_customer_is_in_python() -> None:
    for path in Path(actions.__file__).parent.glob("*.py"):
        if path.stem in ("__main__", "server"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _documented(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in docs:
                assert str(node.value).count(" ") < 4, f"{path.name}:{node.lineno}"


def _documented(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node) is not None


def _below(cls: type) -> set[type]:
    return {each for sub in cls.__subclasses__() for each in (sub, *_below(sub))}
