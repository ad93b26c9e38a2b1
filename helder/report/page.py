"""The page: one file that needs nothing beside it, in the look of widget and desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from helder.report import charts
from helder.report.results import Part

HERE = Path(__file__).parent
TOKENS = HERE.parents[1] / "widget" / "tokens.css"


@dataclass(frozen=True)
class Facts:
    """What the page says of itself."""

    made: datetime
    examples: int
    intents: int
    threshold: float
    ambiguity: float


def render(parts: Sequence[Part], facts: Facts) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(charts=charts, percent=charts.percent)
    styles = "\n".join(
        path.read_text(encoding="utf-8") for path in (TOKENS, HERE / "templates" / "report.css")
    )
    page = environment.get_template("report.html")
    return page.render(parts=parts, facts=facts, styles=Markup(styles))  # noqa: S704 - our own
