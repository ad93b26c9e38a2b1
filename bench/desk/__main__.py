"""`python -m bench.desk`: customers and colleagues who write to each other, at leisure and with
faults. The last line is a JSON object.

Exit code 0 when everything was measured, whatever came out.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import structlog
import typer
from rich import box
from rich.table import Table

from bench import machine
from bench.desk.figures import DeskFigures, judged
from bench.desk.house import House, running
from bench.desk.talk import Pair, Street, street
from bench.numbers import Spread, spread
from bench.progress import Progress
from bench.report import conclude, introduce, last_line, out, run
from bench.table import verdict

AT_ONCE = 50
CONVERSATIONS = 1_000
SECONDS = 60
SEED = 20_261_123
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    conversations: Annotated[int, typer.Option(help="So many with faults.")] = CONVERSATIONS,
    at_once: Annotated[int, typer.Option(help="So many at the same time.")] = AT_ONCE,
    seconds: Annotated[int, typer.Option(help="How long messages are timed.")] = SECONDS,
    seed: Annotated[int, typer.Option(help="Draw other faults.")] = SEED,
) -> None:
    """Measure on the four processes as they run."""
    structlog.configure(processors=[_dropped])
    begun, plan = time.monotonic(), {"at_once": at_once, "seconds": seconds, "seed": seed}
    figures = DeskFigures(machine.facts(), {**plan, "conversations": conversations})
    quick = conversations < CONVERSATIONS or seconds < SECONDS or at_once < AT_ONCE
    introduce(figures.machine, "fewer conversations or less time" if quick else None)
    progress = Progress(out)
    with TemporaryDirectory(prefix="helder-bench-desk-") as folder:
        with progress.step("start"):
            started = running(Path(folder))
            house = started.__enter__()
        try:
            asyncio.run(_measure(house, figures, progress))
        finally:
            started.__exit__(None, None, None)
    figures.seconds = time.monotonic() - begun
    out.print(draw(figures))
    conclude(None, figures.bars(), quick=quick)
    last_line(figures.as_json())


async def _measure(house: House, figures: DeskFigures, progress: Progress) -> None:
    plan = figures.plan
    async with street(house, plan["at_once"], plan["seed"]) as made:
        with progress.step(f"{plan['at_once']} conversations, {plan['seconds']} s"):
            pairs = await asyncio.gather(*(made.meet() for _ in range(plan["at_once"])))
            until = time.monotonic() + plan["seconds"]
            await asyncio.gather(*(made.talk(each, until) for each in pairs))
            figures.timed(made.times)
            for each in pairs:
                await each.held.close()
                await asyncio.gather(each.held.cut(), each.customer.cut())
        with progress.bar("with faults", plan["conversations"]) as tick:
            whole = await _with_faults(made, figures, plan["conversations"], plan["at_once"], tick)
    with progress.step("compare with the log"):
        figures.faulty = judged(house.log(), whole)
    figures.conversations, figures.kills = len(whole), made.kills
    figures.cuts = len(made.times.caught_up)
    figures.caught_up = spread(made.times.caught_up)


async def _with_faults(
    made: Street, figures: DeskFigures, count: int, at_once: int, tick: Callable[[], None]
) -> list[Pair]:
    room, whole = asyncio.Semaphore(at_once), []

    async def one() -> None:
        async with room:
            try:
                whole.append(await made.whole(tick))
            except Exception as error:  # one that broke off is counted, and the others go on
                figures.failed.append(f"{type(error).__name__}: {error}")

    async with made.killing():
        await asyncio.gather(*(one() for _ in range(count)))
    return whole


def draw(figures: DeskFigures) -> Table:
    """All rows."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("median (p95)", justify="right", no_wrap=True)
    table.add_column("asked", justify="right", no_wrap=True)
    for name, found in (
        ("from customer to desk", figures.there),
        ("from desk to customer", figures.back),
        (f"both, {figures.rounds:,} rounds", figures.both),
        (f"caught up, {figures.cuts:,} cuts", figures.caught_up),
    ):
        table.add_row(name, _shown(found))
    table.add_section()
    faulty = figures.faulty
    said = f"{faulty.messages:,}" if faulty else ""
    table.add_row(f"{figures.conversations:,} conversations with faults, messages", said)
    table.add_row("gateway and desk killed", f"{figures.kills}")
    table.add_section()
    for bar in figures.bars():
        table.add_row(bar.what, "" if bar.value is None else f"{bar.value:.0f}", verdict(bar))
    return table


def _shown(found: Spread | None) -> str:
    return f"{found.median:.0f} ({found.p95:.0f}) ms" if found else ""


def _dropped(*_event: object) -> str:
    raise structlog.DropEvent


if __name__ == "__main__":
    sys.exit(run(app))
