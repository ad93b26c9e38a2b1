"""`python -m bench`: Helder measured beside stock Rasa. The last line is one JSON object.

Exit code 0 when everything was measured, whatever came out; 1 when something could not be measured.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench import machine
from bench.failure import BenchFailed
from bench.figures import Figures
from bench.ours import Ours
from bench.phases import Bench
from bench.plan import FULL, PHASES, QUICK
from bench.processes import free_ports
from bench.progress import Progress
from bench.report import conclude, introduce, last_line, out, run
from bench.stock import Stock
from bench.table import draw

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer turns, to see that it works; judges nothing.")
    ] = False,
    only: Annotated[
        str, typer.Option(help=f"Some of: {', '.join(PHASES)}, separated by commas.")
    ] = ",".join(PHASES),
    keep: Annotated[
        Path | None,
        typer.Option(help="Work in this folder and leave it; models that are there are used."),
    ] = None,
) -> None:
    """Measure Helder beside stock Rasa on this machine."""
    phases = _phases(only)
    plan = QUICK if quick else FULL
    begun = time.monotonic()
    figures = Figures(machine.facts(), asdict(plan) | {"quick": quick, "phases": list(phases)})
    introduce(figures.machine, "fewer turns, nothing at 500" if quick else None)
    with _folder(keep) as folder:
        progress = Progress(out)
        with progress.step("preparing both systems"):
            stock, ours = _systems(folder)
        asyncio.run(_measure(Bench(stock, ours, plan, figures, progress), phases))
    figures.seconds = time.monotonic() - begun
    out.print(draw(figures))
    conclude(figures.machine_noise, figures.bars(), quick=quick)
    last_line(figures.as_json())


async def _measure(bench: Bench, phases: tuple[str, ...]) -> None:
    bench.training(again="training" in phases)
    if {"start", "memory"} & set(phases):
        await bench.start(with_memory="memory" in phases)
    growing, crowded = "turns" in phases, "throughput" in phases
    if growing or crowded:
        await bench.turns(growing=growing, crowded=crowded)


def _phases(only: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in only.split(",") if part.strip())
    unknown = [part for part in chosen if part not in PHASES]
    if unknown or not chosen:
        raise BenchFailed(f"--only takes some of {', '.join(PHASES)}; not {only!r}.")
    return chosen


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with TemporaryDirectory(prefix="helder-bench-") as folder:
        yield Path(folder)


def _systems(folder: Path) -> tuple[Stock, Ours]:
    logs = folder / "logs"
    ours = Ours.in_folder(folder / "helder", logs)
    (port,) = free_ports(1)
    stock = Stock(folder / "stock", logs / "stock.log", port, ours.environment)
    stock.prepare()
    return stock, ours


def main() -> int:
    """Run; an error is one sentence."""
    return run(app)


if __name__ == "__main__":
    sys.exit(main())
