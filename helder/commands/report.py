"""`helder report`: how well messages are understood, as a page and in a few lines."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from helder import settings as settings_module
from helder.card import Measured, write_measured
from helder.commands.screen import line, out

if TYPE_CHECKING:
    from helder.report.make import Report
    from helder.report.results import InLanguage

WEAKEST = 5
COLUMNS = ("messages", "read rightly", "asked back", "answered wrongly", "calibration error")


def report(
    data: Annotated[
        Path | None, typer.Option(help="A file of text<TAB>intent, measured too.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Where the page goes; var/report if not said.")
    ] = None,
) -> None:
    """Measure how well messages are understood, and show it as a page."""
    from helder.preparation import near
    from helder.report.make import make

    settings = settings_module.load()
    begun = time.monotonic()
    with out.status("Measuring …") as progress:

        def tell(text: str) -> None:
            progress.update(f"Measuring … {escape(text)}")
            if not out.is_terminal:
                line(f"  {text}")

        where = (folder or settings.var / "report").resolve()
        now = datetime.now().astimezone()
        made = make(settings.project, where, data, now, tell)
    show(made)
    write_measured(settings.project, _measured(made, now))
    seconds = time.monotonic() - begun
    line(f"✓ wrote {near(made.page, settings.project)} ({seconds:.0f} s); open it in a browser")


def _measured(made: Report, now: datetime) -> Measured:
    """What customers may read of it, on the page that tells how the assistant works."""
    own = made.parts[0].languages
    return Measured(
        now.date().isoformat(),
        {each.language: each.messages for each in own},
        {each.language: round(each.accuracy * each.messages) for each in own},
    )


def show(made: Report) -> None:
    """The figures that matter first, and the weakest intents."""
    from helder.report.charts import percent

    table = Table("", box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for part in made.parts:
        for each in part.languages:
            table.add_row(f"{escape(part.title)}, {each.name}", *_cells(each))
    out.print(table)
    for part in made.parts:
        if part.left_out:
            line(part.left_out)
        if part.outside:
            asked, ranked = percent(part.outside_asked), percent(part.auroc)
            line(f"{part.outside} messages fit no intent: {asked} asked back, AUROC {ranked}")
        for each in part.languages:
            line(f"Weakest in {part.title}, {each.name}: {_weakest(each)}")


def _cells(each: InLanguage) -> list[str]:
    from helder.report.charts import percent

    low, high = (percent(edge, 0) for edge in each.between)
    return [
        f"{each.messages:,}",
        f"{percent(each.accuracy)} ({low} to {high})",
        percent(each.outcome.asked),
        percent(each.outcome.wrong),
        percent(each.calibration_error),
    ]


def _weakest(each: InLanguage) -> str:
    found = []
    for weak in each.weakest[:WEAKEST]:
        taken = f", taken for {weak.taken_for[0][0] or 'nothing'}" if weak.taken_for else ""
        found.append(f"{weak.score.intent} ({weak.score.f1:.0%}{taken})")
    return "; ".join(found) or "none; all was read rightly"
