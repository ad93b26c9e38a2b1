"""`python -m bench.store`: the two tracker stores side by side. The last line is one JSON object.

Exit code 0 when everything was measured that can be here, whatever came out; 1 when something could
not be measured.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
import warnings
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import structlog
import typer

from bench import machine
from bench.failure import BenchFailed
from bench.progress import Progress
from bench.report import conclude, introduce, last_line, out, run
from bench.store.plan import DATABASES, FULL, QUICK
from helder.brain import lightly

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer turns, to see that it works.")
    ] = False,
    only: Annotated[
        str, typer.Option(help=f"Some of: {', '.join(DATABASES)}, separated by commas.")
    ] = ",".join(DATABASES),
) -> None:
    """Measure Helder's tracker store beside Rasa's own on this machine."""
    names = databases(only)
    _quieten()
    # Rasa is imported only now: TensorFlow is left out of it, as in Helder's Rasa process.
    from bench.store import run as whole
    from bench.store.figures import StoreFigures
    from bench.store.table import draw

    plan, begun = QUICK if quick else FULL, time.monotonic()
    figures = StoreFigures(machine.facts(), asdict(plan) | {"quick": quick, "only": list(names)})
    introduce(figures.machine, "fewer turns" if quick else None)
    with TemporaryDirectory(prefix="helder-bench-store-") as folder:
        asyncio.run(whole.run(Path(folder), names, plan, figures, Progress(out)))
    figures.seconds = time.monotonic() - begun
    for found in figures.databases.values():
        out.print(draw(found))
    for reason in figures.missing.values():
        out.print(f"[yellow]{reason}[/]", soft_wrap=True)
    if figures.fsync is not None:
        cost = f"{figures.fsync.median:.2f} ({figures.fsync.p95:.2f}) ms"
        out.print(f"To have one page on this disk took {cost} meanwhile.", soft_wrap=True)
    conclude(figures.machine_noise, figures.bars(), quick=quick)
    last_line(figures.as_json())


def databases(only: str) -> tuple[str, ...]:
    """The databases that `--only` names.

    Raises:
        BenchFailed: it names another.
    """
    chosen = tuple(part.strip() for part in only.split(",") if part.strip())
    if not chosen or set(chosen) - set(DATABASES):
        raise BenchFailed(f"--only takes some of {', '.join(DATABASES)}; not {only!r}.")
    return chosen


def _quieten() -> None:
    """Rasa's and SQLAlchemy's remarks on themselves are no part of a report."""
    lightly.install()
    # Not by a filter: Sanic and others put their own in front of it when they are imported.
    warnings.showwarning = lambda *_, **__: None
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


if __name__ == "__main__":
    sys.exit(run(app))
