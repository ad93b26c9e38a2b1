"""What was asked is judged rightly, and shown."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import Figures
from bench.numbers import Cost, Spread
from bench.processes import Memory
from bench.table import draw


def measured(late: float = 20.0, start: float = 10.0, rss: float = 500.0) -> Figures:
    """Figures in which all bars are met."""
    return Figures(
        machine={"cores": 2},
        plan={"customers": 20},
        training={"stock": Cost(100.0, 90.0), "helder": Cost(10.0, 9.0)},
        start={"stock": Cost(30.0, 20.0), "helder": Cost(start, 5.0), "all": Cost(12.0, 8.0)},
        memory={
            "stock": Memory(1000.0, 900.0),
            "helder": Memory(rss, 300.0),
            "all": Memory(900.0, 500.0),
        },
        turns={
            "stock": {10: Spread(40.0, 50.0), 500: Spread(250.0, 300.0)},
            "helder": {10: Spread(18.0, 21.0), 500: Spread(late, 23.0)},
            "customer": {10: Spread(30.0, 33.0), 500: Spread(31.0, 35.0)},
        },
        throughput={"stock": 40.0, "helder": 80.0, "customer": 50.0},
    )


def test_all_four_bars_are_met() -> None:
    bars = measured().bars()
    assert [bar.value for bar in bars] == pytest.approx([20 / 18, 20 / 250, 1 / 3, 0.5])
    assert [bar.limit for bar in bars] == [1.25, 0.125, 0.5, 0.6]
    assert measured().as_json()["all_met"] is True


@pytest.mark.parametrize(
    ("figures", "missed"),
    [
        (measured(late=22.6), [0]),
        (measured(late=32.0), [0, 1]),
        (measured(start=16.0), [2]),
        (measured(rss=601.0), [3]),
    ],
)
def test_a_missed_bar_is_told(figures: Figures, missed: list[int]) -> None:
    assert [n for n, bar in enumerate(figures.bars()) if bar.met is False] == missed
    assert figures.as_json()["all_met"] is False


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    figures = Figures(machine={}, plan={})
    assert [bar.met for bar in figures.bars()] == [None] * 4
    assert figures.as_json()["all_met"] is None


def test_a_missed_bar_outweighs_what_was_not_measured() -> None:
    figures = Figures(
        machine={}, plan={}, start={"stock": Cost(10.0, 1.0), "helder": Cost(9.0, 1.0)}
    )
    assert figures.as_json()["all_met"] is False


def test_the_figures_are_one_line_of_json() -> None:
    line = json.dumps(measured().as_json())
    assert "\n" not in line
    content = json.loads(line)
    assert content["turns"]["stock"]["500"] == {"median": 250.0, "p95": 300.0}
    assert content["memory"]["helder"] == {"rss": 500.0, "pss": 300.0}


def shown(figures: Figures) -> list[list[str]]:
    """The table's cells, row by row."""
    console = Console(file=StringIO(), width=120)
    console.print(draw(figures))
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


def test_the_table_has_every_figure_with_its_ratio() -> None:
    rows = {row[0]: row[1:] for row in shown(measured()) if row}
    assert rows["cold training"] == ["100.0 s", "10.0 s", "0.10"]
    assert rows["start to first answer"] == ["30.0 s", "10.0 s", "0.33", "≤ 0.5 ✓"]
    assert rows["memory after 50 turns (RSS)"] == ["1000 MB", "500 MB", "0.50", "≤ 0.6 ✓"]
    assert rows["everything (PSS)"] == ["900 MB", "500 MB", "0.56"]
    late = ["250.0 (300.0) ms", "20.0 (23.0) ms", "0.08 (0.08)", "≤ 0.125 ✓"]
    assert rows["turn 500"] == late
    assert rows["turn 500 / turn 10"] == ["6.25", "1.11", "≤ 1.25 ✓"]
    assert rows["turns a second, 20 customers"] == ["40.0 /s", "80.0 /s", "2.00"]


def test_a_missed_bar_has_a_cross_in_the_table() -> None:
    rows = [row for row in shown(measured(rss=700.0)) if row and "✗" in row[-1]]
    assert [row[0] for row in rows] == ["memory after 50 turns (RSS)"]


def test_a_figure_that_is_missing_leaves_its_rows_out() -> None:
    rows = shown(
        Figures(machine={}, plan={}, training={"stock": Cost(9.0, 8.0), "helder": Cost(3.0, 2.0)})
    )
    text = "\n".join(cell for row in rows for cell in row)
    assert "cold training" in text
    assert "start" not in text


def test_the_limits_are_those_that_the_documentation_tells() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md").read_text("utf-8")
    for bar in measured().bars():
        assert f"≤ {bar.limit:.3g}" in page
