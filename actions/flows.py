"""What the rules do with an intent that is told by itself: read from data/rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helder import quick_yaml


@dataclass(frozen=True)
class Flow:
    """The actions of an intent's rule, and the form that it begins in the end, if any."""

    actions: tuple[str, ...]
    form: str | None


def read_flows(folder: Path) -> Mapping[str, Flow]:
    """The flow of every intent whose rule has no condition and does nothing but act."""
    flows: dict[str, Flow] = {}
    for path in sorted(folder.glob("*.yml")):
        content = quick_yaml.load(path) or {}
        for rule in content.get("rules") or ():
            flow = None if rule.get("condition") else _flow(rule["steps"])
            if flow is not None:
                flows[rule["steps"][0]["intent"]] = flow
    return flows


def _flow(steps: list[dict[str, Any]]) -> Flow | None:
    first, *rest = steps
    form = rest.pop()["active_loop"] if rest and rest[-1].get("active_loop") else None
    actions = [str(step.get("action")) for step in rest]
    if "intent" not in first or any("action" not in step for step in rest) or not actions:
        return None
    if form is not None and actions.pop() != form:
        return None
    return Flow(tuple(actions), form)
