"""`python -m bench.queue`: days of the queue, simulated. The last line is a JSON object.

Exit code 0 when everything was measured, whatever came out.
"""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from bench import machine
from bench.progress import Progress
from bench.queue.figures import QueueFigures, load_of
from bench.queue.simulate import first_come, simulate
from bench.queue.swaps import swaps
from bench.queue.table import draw
from bench.queue.world import draw_days
from bench.report import conclude, introduce, last_line, out, run
from helder.handoff.priority import load_priority
from helder.settings import PROJECT

SEED = 20_261_123
LOADS = (0.7, 0.9, 1.1)
DAYS = 12
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    seed: Annotated[int, typer.Option(help="Draw other days.")] = SEED,
    days: Annotated[int, typer.Option(help="So many days for each load.", min=1)] = DAYS,
) -> None:
    """Measure waits, overtaking and what is told of waits, by the policy that is there."""
    begun = time.monotonic()
    priority = load_priority(PROJECT / "policies" / "priority.yml")
    plan = {"seed": seed, "days": days, "loads": list(LOADS), "policy": priority.digest}
    figures = QueueFigures(machine.facts(), plan, priority.weights.most)
    figures.lead = priority.weights.longest_lead
    introduce(figures.machine, None)
    progress = Progress(out)
    for load in LOADS:
        drawn = list(draw_days(seed, load, days))
        with progress.step(f"load {load}, {sum(len(day.customers) for day in drawn)} customers"):
            seen = simulate(drawn, priority, seed)
            plain = simulate(drawn, first_come(priority), seed, telling=False, recording=False)
            figures.loads[str(load)] = load_of(seen, plain, seed)
    with progress.step("the same with other groups"):
        figures.swaps = swaps(list(draw_days(seed, LOADS[-1], min(days, 2))), priority, seed)
    figures.seconds = time.monotonic() - begun
    for table in draw(figures):
        out.print(table)
    conclude(None, figures.bars(), quick=False)
    last_line(figures.as_json())


if __name__ == "__main__":
    sys.exit(run(app))
