"""The tables that a person reads: what had to be masked, what had to stay, and the times."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich import box
from rich.table import Table

from bench.masking.figures import MaskingFigures
from bench.masking.judge import Score
from bench.masking.written import CARDS, HARMLESS, LANGUAGES, OTHERS, SPLIT
from bench.table import verdict

_NAMES = {"en": "English", "nl": "Dutch"}


def draw(figures: MaskingFigures) -> Iterator[Table]:
    """All that was measured."""
    asked = {bar.what: verdict(bar) for bar in figures.bars()}
    masked = _table("masked", "messages", *_NAMES.values(), "asked")
    for kind in (CARDS, SPLIT, *OTHERS):
        _row(masked, kind, figures, lambda score: score.recall, asked[f"recall of {kind}"])
    yield masked
    ways = _table("cards, by the way in which they were written", "masked")
    for way, share in figures.ways.items():
        ways.add_row(way, f"{share:.2%}")
    yield ways
    wrong = _table("masked, though it had to stay", "messages", *_NAMES.values(), "asked")
    for kind in HARMLESS:
        bar = asked["order numbers wrongly masked"] if kind == "order number" else ""
        _row(wrong, kind, figures, lambda score: score.wrong, bar)
    for kind in (CARDS, *OTHERS):
        _row(wrong, f"beside a {kind}", figures, lambda score: score.wrong, "", kind)
    yield wrong
    times = _table("a message, in milliseconds", "processor time", "on the clock", "asked")
    cpu, wall = figures.cpu_ms, figures.wall_ms
    if cpu and wall:
        bar = asked["a message, 95th percentile in ms"]
        times.add_row("median", f"{cpu.median:.3f}", f"{wall.median:.3f}", "")
        times.add_row("95th percentile", f"{cpu.p95:.3f}", f"{wall.p95:.3f}", bar)
        times.add_row("slowest", f"{figures.slowest_ms:.3f}", "", "")
    yield times


def _table(title: str, *columns: str) -> Table:
    table = Table(title, box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _row(
    table: Table,
    name: str,
    figures: MaskingFigures,
    share: Callable[[Score], float],
    asked: str,
    kind: str = "",
) -> None:
    found = figures.scores.get(kind or name, {})
    cells = [f"{share(found[language]):.2%}" if language in found else "" for language in LANGUAGES]
    count = sum(score.messages for score in found.values())
    table.add_row(name, f"{count}", *cells, asked)
