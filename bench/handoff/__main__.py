"""`python -m bench.handoff [MODEL]`: does the assistant see who asks for a person, or needs one?

By kind and language: recall, and false alarms among near misses, each with its 95 % interval
(Wilson). Half of the messages are kept back: what goes wrong among them is counted and not shown.
`--misses` lists what went wrong among the others. The last line is a JSON object.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bench.handoff.figures import Counts, counted, went_wrong
from bench.handoff.lines import every_line
from bench.nlu.systems import read_by
from bench.report import last_line, out, run
from helder import model
from helder.settings import PROJECT, process_environment
from helder.settings import load as load_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    trained: Annotated[
        Path | None, typer.Argument(help="A model; without it, the one that fits the sources.")
    ] = None,
    misses: Annotated[
        bool, typer.Option("--misses", help="List what went wrong, but for what is kept back.")
    ] = False,
) -> None:
    """Measure who is heard that asks for a person or needs one, and who is taken for it."""
    chosen = trained or model.fitting_model(PROJECT)
    if chosen is None:
        raise typer.BadParameter("no model fits the sources; run `helder train` first.")
    lines = every_line()
    texts = [said.text for said in lines]
    environment = process_environment(load_settings(), "")
    read = read_by(chosen.resolve(), texts, PROJECT, environment, "--lightly")
    if misses:
        for said, reading in went_wrong(lines, read):
            name, confidence = reading.ranking[0]
            sign = "missed" if said.means_it else "false alarm"
            out.print(f"{said.language} {said.kind}, {sign}: {said.text} ({name} {confidence:.2f})")
    counts = counted(lines, read)
    out.print(_table(counts))
    last_line({"model": chosen.name, "counts": [each.as_json() for each in counts]})


def _table(counts: list[Counts]) -> Table:
    table = Table("", "", "recall", "recall, kept back", "false alarms", "false alarms, kept back")
    for each in counts:
        table.add_row(each.kind, each.language, *(share.told() for share in each.shares()))
    return table


if __name__ == "__main__":
    sys.exit(run(app))
