"""The table that a person reads: one for each database."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.table import Table

from bench.figures import ratio
from bench.numbers import Spread
from bench.store.figures import OfDatabase
from bench.store.plan import LONG, SHORT
from bench.table import Cells, verdict

PARTS = {"retrieve": "  retrieve", "save": "  save"}


def draw(found: OfDatabase) -> Table:
    """All rows."""
    table = Table(
        f"{found.title}, median (p95)",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption=f"{found.durability} for both. Beforehand: the message is put into the inbox.",
        caption_justify="left",
    )
    for name in ("stock Rasa", "Helder", "Helder / stock", "asked"):
        table.add_column(name, justify="right", no_wrap=True)
    for rows in (_times, _growth, _sizes, _inside):
        for cells in rows(found):
            table.add_row(*cells)
        table.add_section()
    return table


def _times(found: OfDatabase) -> Iterator[Cells]:
    judged = dict(zip((SHORT, LONG), found.bars(), strict=False))
    for length, ours in found.times["helder"].items():
        stock = found.times["stock"][length]
        asked = verdict(judged[length]) if length in judged else ""
        yield _compared(f"turn at {length:,}", stock["turn"], ours["turn"], asked)
        for part, label in PARTS.items():
            yield _compared(label, stock[part], ours[part])
        yield "  beforehand", "", _shown(ours["receive"]), "", ""


def _growth(found: OfDatabase) -> Iterator[Cells]:
    stock, ours = found.growth("stock"), found.growth("helder")
    if stock is not None and ours is not None:
        label = f"turn at {LONG:,} / at {SHORT:,}"
        yield label, f"{stock:.2f}", f"{ours:.2f}", "", verdict(found.bars()[2])


def _sizes(found: OfDatabase) -> Iterator[Cells]:
    for length, ours in found.bytes_per_turn["helder"].items():
        stock = found.bytes_per_turn["stock"][length]
        asked = verdict(found.bars()[3]) if length in (SHORT, LONG) else ""
        quotient = f"{ratio(ours, stock):.2f}" if stock else ""
        yield f"bytes a turn at {length:,}", f"{stock:,.0f}", f"{ours:,.0f}", quotient, asked
    for length, ours in found.rows_per_turn["helder"].items():
        stock = found.rows_per_turn["stock"][length]
        yield f"rows a turn at {length:,}", f"{stock:.1f}", f"{ours:.1f}", "", ""


def _inside(found: OfDatabase) -> Iterator[Cells]:
    for length, inside in found.inside.items():
        asked = verdict(found.bars()[4]) if inside.share == _largest(found) else ""
        yield f"cryptography at {length:,}", "", f"{inside.share:.1%}", "", asked
        yield "  compression", "", f"{inside.compression / inside.turn:.1%}", "", ""


def _largest(found: OfDatabase) -> float:
    return max(inside.share for inside in found.inside.values())


def _compared(what: str, stock: Spread, ours: Spread, asked: str = "") -> Cells:
    quotient = f"{ours.median / stock.median:.3f} ({ours.p95 / stock.p95:.3f})"
    return what, _shown(stock), _shown(ours), quotient, asked


def _shown(of: Spread) -> str:
    return f"{of.median:.2f} ({of.p95:.2f}) ms"
