"""`helder report`: how well messages are understood, as a page and in a few lines."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from helder.preparation import near
from helder.report.charts import percent
from helder.report.make import Report, make
from helder.report.results import InLanguage
from helder.settings import Settings

WEAKEST = 5


def report(settings: Settings, out: Console, data: Path | None, folder: Path | None) -> None:
    """Measure, with progress; then the few lines. Raises Refusal."""
    begun = time.monotonic()
    with out.status("Measuring …") as progress:

        def tell(text: str) -> None:
            progress.update(f"Measuring … {escape(text)}")
            if not out.is_terminal:
                out.print(f"  {escape(text)}", soft_wrap=True)

        where = folder or settings.var / "report"
        made = make(settings.project, where, data, datetime.now().astimezone(), tell)
    tell_briefly(out, made)
    seconds = time.monotonic() - begun
    page = near(made.page, settings.project)
    out.print(
        f"✓ wrote {escape(str(page))} ({seconds:.0f} s); open it in a browser", soft_wrap=True
    )


def tell_briefly(out: Console, made: Report) -> None:
    """The figures that matter first, and the weakest intents."""
    table = Table("", box=None, pad_edge=False)
    for name in ("messages", "read rightly", "asked back", "answered wrongly", "calibration error"):
        table.add_column(name, justify="right")
    for part in made.parts:
        for each in part.languages:
            table.add_row(f"{escape(part.title)}, {each.name}", *_cells(each))
    out.print(table)
    for part in made.parts:
        if part.left_out:
            out.print(f"[yellow]{escape(part.left_out)}[/]", soft_wrap=True)
        if part.outside:
            out.print(
                f"{part.outside} messages fit no intent: {percent(part.outside_asked)} asked back, "
                f"AUROC {percent(part.auroc)}",
                soft_wrap=True,
            )
        for each in part.languages:
            out.print(f"Weakest in {each.name}: {_weakest(each)}", soft_wrap=True)


def _cells(each: InLanguage) -> list[str]:
    low, high = (percent(edge, 0) for edge in each.between)
    return [
        f"{each.messages:,}",
        f"{percent(each.accuracy)} ({low} to {high})",
        percent(each.outcome.asked),
        percent(each.outcome.wrong),
        percent(each.calibration_error),
    ]


def _weakest(each: InLanguage) -> str:
    return "; ".join(
        f"{weak.score.intent} {percent(weak.score.f1, 0)}"
        + (f" (taken for {weak.taken_for[0][0] or 'nothing'})" if weak.taken_for else "")
        for weak in each.weakest[:WEAKEST]
    )
