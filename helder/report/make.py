"""Making the report: measure, and write the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from helder.report import crossing, measures, project
from helder.report.borders import Examples
from helder.report.crossing import FOLDS, Crossing, Example, Settings
from helder.report.lines import Lines, read
from helder.report.page import Facts, render
from helder.report.results import Part, part
from helder.understanding import universal

NAME = "understanding.html"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """The page, and the figures in it."""

    page: Path
    parts: tuple[Part, ...]


def make(root: Path, out: Path, data: Path | None, now: datetime, tell: Tell) -> Report:
    """Measure the examples of a project, and `data` if it is given; write the page into `out`.

    Raises:
        Refusal: there is too little to measure, or `data` cannot be read.
    """
    examples, settings = project.examples(root), project.settings(root)
    intents = {each.intent for each in examples}
    # Read before anything that takes time: what is wrong with it is said at once.
    lines = Lines() if data is None else read(data, frozenset(intents))
    name = data.name if data else ""
    inside, outside = (project.of_file(name, each) for each in (lines.inside, lines.outside))
    crossed = crossing.cross(examples, [*inside, *outside], settings, tell)
    parts = [_of_examples(crossed, settings)]
    if inside:
        left_out = lines.unknown_told()
        parts.append(_of_file(name, inside, left_out, crossed, settings))
    facts = Facts(now, len(examples), len(intents), settings.threshold, settings.ambiguity)
    out.mkdir(parents=True, exist_ok=True)
    page = out / NAME
    page.write_text(render(parts, facts), encoding="utf-8")
    return Report(page, tuple(parts))


def _of_examples(crossed: Crossing, settings: Settings) -> Part:
    about = (
        f"Each example was read by a model that was trained without it: {FOLDS} models, each "
        "without a fifth. Customers write what nobody thought of, so expect a little less of them."
    )
    found = Examples(crossed.examples, crossed.vectors)
    measured = crossed.examples, crossed.vectors, crossed.readings
    return part("examples", "Your examples", about, *measured, found, settings)


def _of_file(
    name: str,
    messages: list[Example],
    left_out: str | None,
    crossed: Crossing,
    settings: Settings,
) -> Part:
    mine, others = crossed.messages[: len(messages)], crossed.messages[len(messages) :]
    made = part(
        "file",
        name,
        "The messages of this file, read by a model of all examples.",
        messages,
        universal.encode([each.text for each in messages]),
        mine,
        Examples(crossed.examples, crossed.vectors),
        settings,
    )
    made = replace(made, left_out=left_out)
    if not others:
        return made
    asked = sum(r.falls_back(settings.threshold, settings.ambiguity) for r in others)
    return replace(
        made,
        outside=len(others),
        outside_asked=asked / len(others),
        auroc=measures.auroc([r.confidence for r in mine], [r.confidence for r in others]),
    )
