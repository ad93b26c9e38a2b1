"""What was asked of the two stores is judged rightly, shown, and told in the documentation."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.numbers import Spread
from bench.store.figures import OfDatabase, StoreFigures
from bench.store.measure import Inside
from bench.store.table import draw

Turns = dict[int, float]


def parts(turn: float) -> dict[str, Spread]:
    """A turn, half of which is each part."""
    half, whole = Spread(turn / 2, turn), Spread(turn, 2 * turn)
    return {"retrieve": half, "save": half, "turn": whole, "receive": Spread(1.0, 2.0)}


def measured(
    short: float = 4.0, long: float = 4.0, size: float = 1000.0, share: float = 0.05
) -> OfDatabase:
    """Figures in which all bars are met."""
    found = OfDatabase("SQLite 3", "as durable as can be")
    found.times = {
        "stock": {1: parts(6.0), 10: parts(10.0), 1000: parts(400.0)},
        "helder": {1: parts(3.0), 10: parts(short), 1000: parts(long)},
    }
    found.bytes_per_turn = {
        "stock": {1: 4000.0, 10: 5000.0, 1000: 5000.0},
        "helder": {1: 2000.0, 10: 900.0, 1000: size},
    }
    found.rows_per_turn = {"stock": {1: 12.0}, "helder": {1: 4.0}}
    found.inside = {
        10: Inside(turn=4.0, cryptography=4.0 * share, compression=0.1),
        1000: Inside(turn=4.0, cryptography=0.04, compression=0.1),
    }
    return found


def test_all_bars_are_met() -> None:
    bars = measured().bars()
    assert [bar.value for bar in bars] == pytest.approx([0.4, 0.01, 1.0, 0.2, 0.05])
    assert [bar.limit for bar in bars] == [0.5, 0.05, 1.2, 0.25, 0.1]
    assert all(bar.met for bar in bars)


@pytest.mark.parametrize(
    ("found", "missed"),
    [
        (measured(short=5.1), [0]),
        (measured(short=17.0, long=20.1), [0, 1]),
        (measured(long=4.9), [2]),
        (measured(size=1251.0), [3]),
        (measured(share=0.11), [4]),
    ],
)
def test_a_missed_bar_is_told(found: OfDatabase, missed: list[int]) -> None:
    assert [n for n, bar in enumerate(found.bars()) if bar.met is False] == missed


def test_of_two_lengths_the_worse_is_judged() -> None:
    assert measured(size=1000.0).bars()[3].value == 0.2
    assert measured(size=800.0).bars()[3].value == 0.18


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert [bar.met for bar in OfDatabase("SQLite", "").bars()] == [None] * 5


def test_a_database_that_is_missing_leaves_the_whole_undecided() -> None:
    figures = StoreFigures({}, {}, {"sqlite": measured()}, {})
    assert figures.as_json()["all_met"] is True
    figures.missing["postgresql"] = "It is not here."
    assert figures.as_json()["all_met"] is None
    figures.databases["sqlite"] = measured(size=4000.0)
    assert figures.as_json()["all_met"] is False


def test_the_figures_are_one_line_of_json() -> None:
    line = json.dumps(StoreFigures({}, {}, {"sqlite": measured()}, {}).as_json())
    assert "\n" not in line
    found = json.loads(line)["databases"]["sqlite"]
    assert found["times"]["stock"]["1000"]["turn"] == {"median": 400.0, "p95": 800.0}
    assert found["inside"]["10"] == {"turn": 4.0, "cryptography": 0.2, "compression": 0.1}
    assert len(json.loads(line)["asked"]) == 5


def rows(found: OfDatabase) -> dict[str, list[str]]:
    """The table's cells, by their first."""
    console = Console(file=StringIO(), width=120)
    console.print(draw(found))
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    return {row[0]: row[1:] for row in cells if row}


def test_the_table_has_every_figure_with_its_ratio() -> None:
    shown = rows(measured())
    times = ["10.00 (20.00) ms", "4.00 (8.00) ms", "0.400 (0.400)", "≤ 0.5 ✓"]
    assert shown["turn at 10"] == times
    assert shown["turn at 1"][-1] == "0.500 (0.500)"
    assert shown["turn at 1,000"][-1] == "≤ 0.05 ✓"
    assert shown["turn at 1,000 / at 10"] == ["40.00", "1.00", "≤ 1.2 ✓"]
    assert shown["bytes a turn at 1,000"] == ["5,000", "1,000", "0.20", "≤ 0.25 ✓"]
    assert shown["bytes a turn at 1"] == ["4,000", "2,000", "0.50"]
    assert shown["rows a turn at 1"] == ["12.0", "4.0"]
    assert shown["cryptography at 10"] == ["5.0%", "≤ 0.1 ✓"]
    assert shown["cryptography at 1,000"] == ["1.0%"]
    assert shown["beforehand"] == ["1.00 (2.00) ms"]


def test_a_missed_bar_has_a_cross_in_the_table() -> None:
    crossed = {name for name, cells in rows(measured(share=0.2)).items() if "✗" in "".join(cells)}
    assert crossed == {"cryptography at 10"}


def test_the_limits_are_those_that_the_documentation_tells() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md").read_text("utf-8")
    _, _, section = page.partition("# The tracker stores side by side")
    assert section
    for bar in measured().bars():
        assert f"≤ {bar.limit:.3g}" in section
