"""`python -m helder.brain.retrain [MODEL]`: trains again and again, for `helder watch`.

Reads `FOLDER<tab>NAME` from standard input and answers with the lines of helder/brain/train.py and
at last `done<tab>yes` or `done<tab>no`. `stop` gives up all that was asked before, each of which is
a `no` within a moment. It stays loaded, encodes no example
twice and begins to learn where the last model ended, so that a changed example takes seconds. A
model made so reads 99 messages of 100 as one of `helder train` does, with a confidence that differs
by .015 in the mean, and keeps the first model's calibration. It may not be released: both its cache
and its models have a place of their own.
"""

from __future__ import annotations

import logging
import sys
import tarfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from helder.brain.train import STEPS, load_rasa, tell, train_into

if TYPE_CHECKING:
    from helder.understanding.hybrid import HybridModel

STOP = "stop"
_INTENTS = "HybridClassifier"


class Once:
    """A check of a text that raises or says nothing: what passed it once is not checked again."""

    def __init__(self, check: Callable[..., None]) -> None:
        self._check = check
        self._passed: set[tuple[Any, ...]] = set()

    def __call__(self, *what: Any) -> None:
        """See rasa.shared.utils.validation.validate_yaml_schema, which is half of the reading."""
        if what not in self._passed:
            self._check(*what)
            self._passed.add(what)


class Continuing:
    """Learning of intents that begins where the last model ended."""

    def __init__(self, train: Callable[..., HybridModel], last: HybridModel | None) -> None:
        self._train = train
        self._last = last

    def __call__(self, *args: Any, **settings: Any) -> HybridModel:
        """See hybrid.train."""
        last = self._last
        if last is None:
            self._last = self._train(*args, **settings)
        else:
            made = self._train(*args, **settings | {"calibrated": False, "near": last})
            self._last = replace(made, calibration=last.calibration)
        return self._last


class GivenUp(BaseException):
    """Nobody wants any more what is being trained. No error: nobody on the way may catch it."""


class Asked:
    """What is asked on standard input, read while a model is made."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        # Counted from one: the last line that was read, the last that is not wanted any more, and
        # the one that is being done.
        self._read_last = self._unwanted = self._now = 0
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip() == STOP:
                self._unwanted = self._read_last
            else:
                self._read_last += 1
                self._waiting.put(line)
        self._waiting.put(None)

    def __iter__(self) -> Iterator[str]:
        while (line := self._waiting.get()) is not None:
            self._now += 1
            yield line

    def go_on(self) -> None:
        """Raises GivenUp if what is being trained is not wanted any more."""
        if 0 < self._now <= self._unwanted:
            raise GivenUp


class Stoppable:
    """`lbfgs.minimize`, which may be given up at every step."""

    def __init__(self, minimize: Callable[..., Any], go_on: Callable[[], None]) -> None:
        self._minimize = minimize
        self._go_on = go_on

    def __call__(self, loss: Callable[..., Any], *args: Any, **settings: Any) -> Any:
        """See lbfgs.minimize."""

        def checked(*at: Any) -> Any:
            self._go_on()
            return loss(*at)

        return self._minimize(checked, *args, **settings)


def stoppable_steps(steps: Callable[..., Iterator[Any]], go_on: Callable[[], None]) -> Any:
    """`network.batches`, which may be given up at every one."""

    def checked(*args: Any) -> Iterator[Any]:
        for step in steps(*args):
            go_on()
            yield step

    return checked


class AtComponents(logging.Handler):
    """May give up whenever Rasa begins with a component."""

    def __init__(self, go_on: Callable[[], None]) -> None:
        super().__init__()
        self._go_on = go_on

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        if record.getMessage().startswith(STEPS):
            self._go_on()


def main(arguments: list[str]) -> int:
    """Train whenever asked, until nobody asks any more."""
    asked = Asked(sys.stdin)
    load_rasa()
    warnings.simplefilter("always", UserWarning)
    logging.getLogger("rasa").addHandler(AtComponents(asked.go_on))

    from rasa.shared.utils import validation

    from helder.understanding import hybrid, lbfgs, network, softmax

    for name, better in (
        (validation, {"validate_yaml_schema": Once(validation.validate_yaml_schema)}),
        (softmax, {"minimize": Stoppable(lbfgs.minimize, asked.go_on)}),
        (network, {"batches": stoppable_steps(network.batches, asked.go_on)}),
        (hybrid, {"train": Continuing(hybrid.train, _intents_of(arguments))}),
    ):
        vars(name).update(better)
    tell("done", "yes")
    for line in asked:
        folder, _, name_of_model = line.rstrip("\n").partition("\t")
        tell("done", "yes" if _train(folder, name_of_model, asked.go_on) else "no")
    return 0


def _train(folder: str, name: str, go_on: Callable[[], None]) -> bool:
    try:
        go_on()
        return train_into(folder, name)
    except SystemExit as refused:  # Rasa's way of refusing rules
        tell("error", str(refused.code))
    except GivenUp:
        tell("progress", "Given up")
    return False


def _intents_of(arguments: list[str]) -> HybridModel | None:
    """The intent model in a model of Rasa's, if it is named and can be read."""
    from helder.understanding.hybrid_store import load_model

    if not arguments:
        return None
    with TemporaryDirectory() as folder, tarfile.open(arguments[0]) as archive:
        for member in archive.getmembers():
            path = Path(member.name)
            if member.isfile() and _INTENTS in path.parent.name:
                content = archive.extractfile(member)
                (Path(folder) / path.name).write_bytes(content.read() if content else b"")
        return load_model(Path(folder)) if list(Path(folder).iterdir()) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
