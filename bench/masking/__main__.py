"""`python -m bench.masking`: what is masked and what stays. The last line is a JSON object.

Exit code 0 when everything was measured, whatever came out.
"""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from bench import machine
from bench.masking.figures import MaskingFigures
from bench.masking.judge import Judge
from bench.masking.table import draw
from bench.masking.written import messages
from bench.progress import Progress
from bench.report import conclude, introduce, last_line, out, run

SEED = 20_261_122
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    seed: Annotated[int, typer.Option(help="Draw other messages.")] = SEED,
    slips: Annotated[int, typer.Option(help="Show so many slips of each kind.")] = 0,
) -> None:
    """Measure masking on more than 20,000 generated messages, in both languages."""
    begun = time.monotonic()
    figures = MaskingFigures(machine.facts(), {"seed": seed})
    introduce(figures.machine, None)
    cases = list(messages(seed))
    judge = Judge()
    with Progress(out).step(f"{len(cases)} messages"):
        for case in cases:
            judge.look_at(case)
    figures.take(judge)
    figures.plan["messages"] = len(cases)
    figures.seconds = time.monotonic() - begun
    for table in draw(figures):
        out.print(table)
    for kind, languages in judge.scores.items():
        for score in languages.values():
            for slip in score.slips[:slips]:
                out.print(f"{kind}: {slip}", markup=False, soft_wrap=True)
    conclude(None, figures.bars(), quick=False)
    last_line(figures.as_json())


if __name__ == "__main__":
    sys.exit(run(app))
