"""`python -m bench.rewrap`: every data key wrapped anew while people talk, killed and begun again.

The last line is one JSON object. Exit code 0 when everything was measured, whatever came out.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import structlog
import typer
from rich import box
from rich.table import Table

from bench import machine
from bench.numbers import Spread
from bench.progress import Progress
from bench.report import introduce, last_line, out, run
from bench.rewrap.command import POINTS, Watched
from bench.rewrap.run import RewrapFigures
from bench.rewrap.run import run as measure

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    conversations: Annotated[int, typer.Option(help="How many there are.")] = 100_000,
    kills: Annotated[int, typer.Option(help="How often it is killed.")] = 25,
    people: Annotated[int, typer.Option(help="How many talk all the time.")] = 2,
) -> None:
    """Measure `helder keys rewrap` on this machine."""
    structlog.configure(processors=[_dropped])
    facts, begun = machine.facts(), time.monotonic()
    introduce(facts, None)
    with TemporaryDirectory(prefix="helder-bench-rewrap-") as folder:
        figures = measure(Path(folder), conversations, kills, people, Progress(out))
    figures.machine = {**facts, "seconds": round(time.monotonic() - begun)}
    out.print(draw(figures))
    last_line(json.loads(json.dumps(asdict(figures))))


def draw(figures: RewrapFigures) -> Table:
    """All rows."""
    title = f"{figures.conversations:,} conversations"
    table = Table(title, box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in ("seconds", "a second", *(f"MB at {point} %" for point in POINTS)):
        table.add_column(name, justify="right", no_wrap=True)
    for name, watched in (
        ("keys rewrap", figures.rewrap),
        ("keys verify", figures.verify_keys),
        ("log verify", figures.verify_log),
    ):
        table.add_row(name, *_cells(watched, figures.conversations))
    table.add_section()
    table.add_row("answer before, median (p95)", _shown(figures.before))
    table.add_row("answer during rewrap", _shown(figures.during))
    table.add_row("turns in all, and failed", f"{figures.turns:,}", f"{figures.failed_turns:,}")
    table.add_row("new keys, and kill -9", f"{figures.rotations}", f"{figures.kills}")
    table.add_row("unreadable in the end", f"{figures.unreadable:,}")
    return table


def _cells(watched: Watched, count: int) -> list[str]:
    memory = [f"{watched.memory[p]:.0f}" if p in watched.memory else "" for p in POINTS]
    return [f"{watched.seconds:.1f}", f"{count / watched.seconds:,.0f}", *memory]


def _shown(found: Spread | None) -> str:
    return f"{found.median:.0f} ({found.p95:.0f}) ms" if found else ""


def _dropped(*_event: object) -> str:
    raise structlog.DropEvent


if __name__ == "__main__":
    sys.exit(run(app))
