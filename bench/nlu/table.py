"""The tables that a person reads: one for each language, training, and what is extracted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich import box
from rich.table import Table

from bench.figures import Bar, ratio
from bench.nlu.figures import NAMES, NluFigures, Quality
from bench.nlu.written import KINDS
from bench.table import Cells, verdict

_Value = Callable[[Quality], float | None]


def draw(figures: NluFigures) -> Iterator[Table]:
    """All that was measured."""
    for language in figures.quality:
        yield _of_language(figures, language)
    if figures.training:
        yield _training(figures)
    if figures.entities:
        yield _entities(figures)


def _table(title: str, *columns: str) -> Table:
    table = Table(title, box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _of_language(figures: NluFigures, language: str) -> Table:
    ours = figures.quality[language]["helder"]
    title = f"{NAMES[language]}: {ours.messages} messages, {ours.outside} out of scope"
    table = _table(title, "stock Rasa", "Helder", "asked")
    bars = {bar.what.split(" in ")[0]: bar for bar in figures.of_language(language)}
    for name, value, form, bar in _rows(bars):
        stock = figures.quality[language].get("stock")
        table.add_row(
            name,
            _shown(value(stock), form) if stock else "",
            _shown(value(ours), form),
            verdict(bar) if bar else "",
        )
    return table


def _rows(bars: dict[str, Bar]) -> Iterator[tuple[str, _Value, str, Bar | None]]:
    yield "accuracy", lambda q: q.accuracy, "{:.3f}", bars["accuracy"]
    yield "macro-F1", lambda q: q.macro_f1, "{:.3f}", None
    error = bars["calibration error"]
    yield "calibration error", lambda q: q.calibration_error, "{:.3f}", error
    yield "out-of-scope AUROC", lambda q: q.auroc, "{:.3f}", bars["out-of-scope AUROC"]
    yield "points lost at one slip", lambda q: q.lost.get(1), "{:.1f}", None
    yield (
        "points lost at two slips",
        lambda q: q.lost.get(2),
        "{:.1f}",
        bars["points lost at two slips"],
    )
    yield "fallback: of what is read right", lambda q: q.good_refused, "{:.1%}", None
    yield "  of what is read wrong", lambda q: q.wrong_caught, "{:.1%}", None
    yield "  of what is out of scope", lambda q: q.outside_caught, "{:.1%}", None
    yield "a message, median", lambda q: q.p50_ms, "{:.1f} ms", None
    yield "  95th percentile", lambda q: q.p95_ms, "{:.1f} ms", None


def _training(figures: NluFigures) -> Table:
    table = _table(
        "cold training of the whole assistant", "stock Rasa", "Helder", "stock / Helder", "asked"
    )
    whole, times = figures.bars_of_training()
    walls = {system: cost.wall for system, cost in figures.training.items()}
    used = {system: cost.cpu for system, cost in figures.training.items()}
    if "whole" in walls:
        table.add_row("on all examples", "", f"{walls['whole']:.1f} s", "", verdict(whole))
    for name, values, bar in (
        ("on those of this test", walls, times),
        ("  processor time", used, None),
    ):
        quotient = ratio(values.get("stock"), values.get("helder"))
        cells: Cells = (
            name,
            f"{values['stock']:.1f} s" if "stock" in values else "",
            f"{values['helder']:.1f} s",
            "" if quotient is None else f"{quotient:.1f}",
            verdict(bar) if bar else "",
        )
        table.add_row(*cells)
    if "whole" not in walls:
        table.add_row("", "", "", "", verdict(whole))
    return table


def _entities(figures: NluFigures) -> Table:
    columns = [
        f"{NAMES[language]}: {what}"
        for language in figures.entities
        for what in ("recall", "precision")
    ]
    table = _table("found in sentences drawn for it", *columns)
    for kind in KINDS:
        cells = [
            f"{share:.3f}"
            for kinds in figures.entities.values()
            for share in (kinds[kind].recall, kinds[kind].precision)
        ]
        table.add_row(kind.replace("_", " "), *cells)
    return table


def _shown(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)
