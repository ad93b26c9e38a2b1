"""A whole run: both systems are trained on the same examples and read the same messages."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nlu import entities
from bench.nlu.examples import SEED, examples, hold_out
from bench.nlu.figures import NluFigures, Threshold, quality
from bench.nlu.lines import Line, out_of_scope, read
from bench.nlu.systems import STOCK_FALLBACK, Helder, Read, StockNlu, readings
from bench.nlu.typos import misspelt
from bench.nlu.written import LANGUAGES
from bench.ours import Ours
from bench.progress import Progress
from helder.report.measures import Reading
from helder.settings import PROJECT

SLIPS = (1, 2)


@dataclass(frozen=True)
class Asked:
    """What both are asked to read."""

    inside: list[Line]
    outside: list[Line]

    def languages(self) -> list[str]:
        """Those in which there is something to judge."""
        return [name for name in LANGUAGES if any(line.language == name for line in self.inside)]


def run(
    folder: Path, data: Path | None, *, with_stock: bool, figures: NluFigures, progress: Progress
) -> None:
    """Measure; what was found stands in `figures`, bit by bit."""
    lines = read(data, known(PROJECT)) if data else None
    with progress.step("preparing"):
        helder = Helder(Ours.in_folder(folder / "helder", folder / "logs"))
    if lines is None:
        with progress.step("training Helder on everything"):
            figures.training["whole"] = helder.train()
        asked = Asked(hold_out(helder.project), out_of_scope())
    else:
        figures.unknown = lines.unknown
        if told := lines.unknown_told():
            progress.note(told)
        asked = Asked(lines.inside, _outside(lines.outside))
    stock = StockNlu(folder / "stock", folder / "logs" / "stock.log", helder.ours.environment)
    stock.prepare(helder.project)
    with progress.step("training Helder"):
        figures.training["helder"] = helder.train()
    _judge("helder", helder.read, helder.threshold(), asked, figures, progress)
    if with_stock:
        with progress.step("training stock Rasa, many minutes"):
            figures.training["stock"] = stock.train()
        _judge("stock", stock.read, STOCK_FALLBACK, asked, figures, progress)
    with progress.step("looking for order numbers, postcodes, addresses and dates"):
        figures.entities = entities.measure()


def known(project: Path) -> frozenset[str]:
    """The intents that the assistant has."""
    return frozenset(line.intent for line in examples(project))


def slipped(lines: Sequence[Line], slips: int) -> list[str]:
    """The texts with so many slips each, the same in every run."""
    rng = random.Random(f"{SEED} {slips}")
    return [misspelt(line.text, slips, rng) for line in lines]


def _outside(own: list[Line]) -> list[Line]:
    """The file's own messages out of scope, in the languages in which it has some."""
    theirs = {line.language for line in own}
    return own + [line for line in out_of_scope() if line.language not in theirs]


def _judge(
    system: str,
    ask: Callable[[Sequence[str]], list[Read]],
    threshold: Threshold,
    asked: Asked,
    figures: NluFigures,
    progress: Progress,
) -> None:
    groups = [[line.text for line in asked.inside], [line.text for line in asked.outside]]
    groups += [slipped(asked.inside, slips) for slips in SLIPS]
    with progress.step(f"{sum(map(len, groups))} messages, read by {system}"):
        answers = iter(ask([text for group in groups for text in group]))
    inside, outside, *typos = ([next(answers) for _ in group] for group in groups)
    for language in asked.languages():
        at = [n for n, line in enumerate(asked.inside) if line.language == language]
        mine = [asked.inside[n] for n in at]
        strangers = [n for n, line in enumerate(asked.outside) if line.language == language]
        figures.quality.setdefault(language, {})[system] = quality(
            _readings(mine, [inside[n] for n in at]),
            [inside[n].milliseconds for n in at],
            _readings([asked.outside[n] for n in strangers], [outside[n] for n in strangers]),
            {
                slips: _readings(mine, [read[n] for n in at])
                for slips, read in zip(SLIPS, typos, strict=True)
            },
            threshold,
        )


def _readings(lines: list[Line], read: list[Read]) -> list[Reading]:
    return readings([line.intent for line in lines], [line.text for line in lines], read)
