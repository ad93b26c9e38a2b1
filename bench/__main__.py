"""`python -m bench`: Helder measured beside stock Rasa. The last line is one JSON object.

Exit code 0 when everything was measured, whatever came out; 1 when something could not be measured.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bench import machine
from bench.failure import BenchFailed
from bench.figures import Figures
from bench.ours import Ours
from bench.phases import Bench
from bench.plan import FULL, PHASES, QUICK
from bench.processes import free_ports
from bench.progress import Progress
from bench.stock import Stock
from bench.table import draw
from helder.conversation.errors import KeyringError
from helder.refusal import Refusal
from helder.settings import SettingError

WIDTH = 100  # of the table where the output is no terminal
BUSY = 2.0  # this much noise and the times are those of a busy machine

out = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
err = Console(stderr=True, highlight=False)
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
    _introduce(figures, quick=quick)
    with _folder(keep) as folder:
        progress = Progress(out)
        with progress.step("preparing both systems"):
            stock, ours = _systems(folder)
        asyncio.run(_measure(Bench(stock, ours, plan, figures, progress), phases))
    figures.seconds = time.monotonic() - begun
    _conclude(figures, quick=quick)


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


def _introduce(figures: Figures, *, quick: bool) -> None:
    facts = figures.machine
    out.print(
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gb']} GB, "
        f"{facts['system']}, Python {facts['python']}, Rasa {facts['rasa']}; "
        f"{facts['busy_before']:.0%} busy with other things",
        soft_wrap=True,
    )
    if quick:
        out.print("[yellow]Quick: fewer turns, nothing at 500; do not quote these figures.[/]")


def _conclude(figures: Figures, *, quick: bool) -> None:
    out.print(draw(figures))
    if figures.machine_noise is not None:
        out.print(
            f"Noise while turns were timed: the same work took up to {figures.machine_noise:.1f} "
            "times what it takes undisturbed (95th percentile to 10th).",
            soft_wrap=True,
        )
        if figures.machine_noise > BUSY:
            out.print("[yellow]The machine was busy: trust the ratios, not the times.[/]")
    missed = [bar.what for bar in figures.bars() if bar.met is False]
    if missed:
        out.print(f"[red]Missed:[/] {escape('; '.join(missed))}.", soft_wrap=True)
    if quick:
        out.print("[yellow]Quick: do not quote these figures.[/]")
    sys.stdout.write(json.dumps(figures.as_json()) + "\n")


def main() -> int:
    """Run; an error is one sentence."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except (Refusal, SettingError, KeyringError, OSError) as error:
        err.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
