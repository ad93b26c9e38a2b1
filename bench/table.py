"""The table that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich import box
from rich.table import Table

from bench.figures import EARLY, LATE, Bar, Figures, ratio
from bench.numbers import Cost
from bench.plan import MEMORY_TURNS

Cells = tuple[str, str, str, str, str]


def draw(figures: Figures) -> Table:
    """All rows that were measured."""
    table = Table(
        "Rasa process, median (p95)",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption="As a customer: over the gateway. Everything: all four processes of Helder.",
        caption_justify="left",
    )
    for name in ("stock Rasa", "Helder", "Helder / stock", "asked"):
        table.add_column(name, justify="right", no_wrap=True)
    for rows in (_training, _start, _memory, _turns, _growth, _throughput):
        cells = list(rows(figures))
        for row in cells:
            table.add_row(*row)
        if cells:
            table.add_section()
    return table


def verdict(bar: Bar) -> str:
    """What was asked, and whether it is so."""
    asked = f"{'≥' if bar.at_least else '≤'} {bar.limit:.3g}"
    if bar.met is None:
        return asked
    return f"{asked} [green]✓[/]" if bar.met else f"{asked} [red]✗[/]"


def _training(figures: Figures) -> Iterator[Cells]:
    if figures.training:
        yield from _costs("cold training", figures.training, "helder")


def _start(figures: Figures) -> Iterator[Cells]:
    if figures.start:
        bar = figures.bars()[2]
        yield from _costs("start to first answer", figures.start, "helder", bar)
        yield from _costs("  everything, as a customer", figures.start, "all")


def _memory(figures: Figures) -> Iterator[Cells]:
    if not figures.memory:
        return
    resident = {system: found.rss for system, found in figures.memory.items()}
    what = f"memory after {MEMORY_TURNS} turns (RSS)"
    yield _compared(what, resident, "helder", _megabytes, figures.bars()[3])
    shared = {s: found.pss for s, found in figures.memory.items() if found.pss is not None}
    if len(shared) == len(figures.memory):
        yield _compared("  shared pages divided (PSS)", shared, "helder", _megabytes)
        yield _compared("  everything (PSS)", shared, "all", _megabytes)


def _turns(figures: Figures) -> Iterator[Cells]:
    labels = {"helder": "turn {}", "customer": "  as a customer"}
    stock = figures.turns.get("stock", {})
    for point, theirs in stock.items():
        for system, label in labels.items():
            ours = figures.turns[system][point]
            yield (
                label.format(point),
                f"{theirs.median:.1f} ({theirs.p95:.1f}) ms" if system == "helder" else "",
                f"{ours.median:.1f} ({ours.p95:.1f}) ms",
                f"{ours.median / theirs.median:.2f} ({ours.p95 / theirs.p95:.2f})",
                verdict(figures.bars()[1]) if (point, system) == (LATE, "helder") else "",
            )


def _growth(figures: Figures) -> Iterator[Cells]:
    if figures.growth("helder") is None:
        return
    labels = {
        "helder": f"turn {LATE} / turn {EARLY}",
        "customer": "  as a customer",
    }
    for system, label in labels.items():
        stock, ours = figures.growth("stock"), figures.growth(system)
        first = system == "helder"
        asked = verdict(figures.bars()[0]) if first else ""
        yield label, f"{stock:.2f}" if first else "", f"{ours:.2f}", "", asked


def _throughput(figures: Figures) -> Iterator[Cells]:
    if figures.throughput:
        customers = figures.plan["customers"]
        what = f"turns a second, {customers} customers"
        yield _compared(what, figures.throughput, "helder", _rate)
        yield _compared("  as customers", figures.throughput, "customer", _rate)


def _costs(
    what: str, costs: dict[str, Cost], system: str, bar: Bar | None = None
) -> Iterator[Cells]:
    wall = {name: cost.wall for name, cost in costs.items()}
    used = {name: cost.cpu for name, cost in costs.items()}
    yield _compared(what, wall, system, _seconds, bar)
    yield _compared("  processor time", used, system, _seconds)


def _compared(
    what: str,
    values: dict[str, float],
    system: str,
    form: Callable[[float], str],
    bar: Bar | None = None,
) -> Cells:
    quotient = ratio(values[system], values["stock"])
    return (
        what,
        form(values["stock"]),
        form(values[system]),
        "" if quotient is None else f"{quotient:.2f}",
        verdict(bar) if bar else "",
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s"


def _megabytes(value: float) -> str:
    return f"{value:.0f} MB"


def _rate(value: float) -> str:
    return f"{value:.1f} /s"
