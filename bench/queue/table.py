"""The tables that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from rich import box
from rich.table import Table

from bench.queue.figures import AHEAD, GROUPS, NEEDS, Load, QueueFigures, Waits
from bench.table import verdict


def draw(figures: QueueFigures) -> Iterator[Table]:
    """All that was measured."""
    asked = _table("asked", "measured", "limit")
    for bar in figures.bars():
        asked.add_row(bar.what, "" if bar.value is None else f"{bar.value:.3g}", verdict(bar))
    yield asked
    yield _loads(figures)
    for load, found in figures.loads.items():
        yield _groups(load, found)
    for load, found in figures.loads.items():
        yield _needs(load, found)
    if figures.swaps:
        swaps = _table("swapped", "what came out")
        for what, changed in figures.swaps.items():
            swaps.add_row(what, "[red]something else[/]" if changed else "the same to the bit")
        yield swaps


def _loads(figures: QueueFigures) -> Table:
    table = _table("load", *figures.loads)
    loads = list(figures.loads.values())
    rows: dict[str, Callable[[Load], str]] = {
        "customers": lambda each: f"{each.came}",
        "helped": lambda each: f"{each.helped}",
        "gave up": lambda each: f"{each.gave_up}",
        "never helped, though they stayed": lambda each: f"{each.starved}",
        "longest wait, minutes": lambda each: f"{each.longest_wait:.1f}",
        "overtaken by nobody": lambda each: f"{each.overtaken.get(0, 0)}",
        f"overtaken by {figures.bound}": lambda each: f"{each.overtaken.get(figures.bound, 0)}",
        "most often": lambda each: f"{max(each.overtaken)}",
        "by somebody later by minutes": lambda each: f"{each.longest_lead:.1f}",
        "orders recorded": lambda each: f"{each.orderings}",
        "  that replay otherwise": lambda each: f"{each.not_replayed}",
        "told a wait, and it is known": lambda each: f"{each.told.count}" if each.told else "",
        "  within": lambda each: f"{each.told.within:.1%}" if each.told else "",
        "  below": lambda each: f"{each.told.below:.1%}" if each.told else "",
        "  within, of who never give up": lambda each: (
            f"{each.told.staying:.1%}" if each.told else ""
        ),
        "  within, told again": lambda each: f"{each.told.again:.1%}" if each.told else "",
        "  width in minutes, median": lambda each: f"{each.told.width:.1f}" if each.told else "",
    }
    for name in AHEAD:
        rows[f"  within, {name} ahead"] = partial(_ahead, name)
    for name, cell in rows.items():
        table.add_row(name, *(cell(each) for each in loads))
    return table


def _ahead(name: str, load: Load) -> str:
    found = load.told.by_ahead.get(name) if load.told else None
    return "" if found is None else f"{found:.1%}"


def _groups(load: str, found: Load) -> Table:
    table = _table(f"waits by group, load {load}", "helped", "mean (95 %), minutes", "p95")
    for name in GROUPS:
        for group, waits in found.waits[name].items():
            table.add_row(f"{name} {group}", f"{waits.count}", _mean(waits), f"{waits.p95:.1f}")
        table.add_section()
    return table


def _needs(load: str, found: Load) -> Table:
    table = _table(f"waits by need, load {load}", "helped", "mean (95 %), minutes", "first come")
    for name in NEEDS:
        for option, waits in found.waits[name].items():
            plain = found.first_come[name].get(option)
            beside = _mean(plain) if plain else ""
            table.add_row(f"{name} {option}", f"{waits.count}", _mean(waits), beside)
        table.add_section()
    return table


def _mean(waits: Waits) -> str:
    return f"{waits.mean:.2f} ({waits.low:.2f}–{waits.high:.2f})"


def _table(title: str, *columns: str) -> Table:
    table = Table(title, box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table
