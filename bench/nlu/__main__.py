"""`python -m bench.nlu [FILE]`: understanding, beside stock Rasa's. The last line is a JSON object.

Exit code 0 when everything was measured, whatever came out; 1 when something could not be measured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench import machine
from bench.nlu.figures import NluFigures
from bench.nlu.run import run as whole
from bench.nlu.table import draw
from bench.progress import Progress
from bench.report import conclude, introduce, last_line, out, run

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    data: Annotated[
        Path | None,
        typer.Argument(
            help="A file of text<TAB>intent, a message a line; a third column may say en or nl. "
            "Without it, a fifth of the assistant's own examples is held out and read."
        ),
    ] = None,
    ours_only: Annotated[
        bool, typer.Option("--ours-only", help="Leave stock Rasa out: its training takes minutes.")
    ] = False,
    keep: Annotated[Path | None, typer.Option(help="Work in this folder and leave it.")] = None,
) -> None:
    """Measure Helder's understanding beside stock Rasa's pipeline, trained on the same examples."""
    begun = time.monotonic()
    plan = {"data": str(data) if data else None, "ours_only": ours_only}
    figures = NluFigures(machine.facts(), plan)
    introduce(figures.machine, None)
    with _folder(keep) as folder:
        whole(folder, data, with_stock=not ours_only, figures=figures, progress=Progress(out))
    figures.seconds = time.monotonic() - begun
    for table in draw(figures):
        out.print(table)
    conclude(None, figures.bars(), quick=False)
    last_line(figures.as_json())


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with TemporaryDirectory(prefix="helder-bench-nlu-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(run(app))
