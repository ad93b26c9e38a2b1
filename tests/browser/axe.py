"""axe-core, with every rule of WCAG 2.0, 2.1 and 2.2 at A and AA, plus its best practices."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


WIDGET_HAS = frozenset({"button-name", "color-contrast", "target-size"})


def violations(page: Page, part: str = "html", looked_at: Set[str] = WIDGET_HAS) -> list[str]:
    """What breaks a rule in this part of the page, a line each; empty is good."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_source())
    result: dict[str, Any] = page.evaluate(
        """([tags, part]) => axe.run(part, {
            runOnly: { type: 'tag', values: tags },
            rules: { 'target-size': { enabled: true } },
        })""",
        [TAGS, part],
    )
    applied = {
        rule["id"] for kind in ("passes", "violations", "incomplete") for rule in result[kind]
    }
    assert looked_at <= applied, "axe did not look at it"
    return [_line(rule, node) for rule in result["violations"] for node in rule["nodes"]] + [
        _line(rule, node)
        for rule in result["incomplete"]
        for node in rule["nodes"]
        if rule["id"] == "color-contrast" and not _covered(node)
    ]


def _line(rule: dict[str, Any], node: dict[str, Any]) -> str:
    why = [each["message"] for each in node["any"]]
    return f"{rule['id']}: {node['target']} {node['html'][:140]} {why}"


def _covered(node: dict[str, Any]) -> bool:
    """Behind the panel, its menu or a floating button: axe cannot tell, nobody reads it there."""
    return not node["any"] or any(
        "overlap" in each["message"] or "obscured" in each["message"] for each in node["any"]
    )
