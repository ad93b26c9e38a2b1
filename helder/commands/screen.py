"""What the person at the terminal sees of long work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

Tell = Callable[[int], None]

out = Console(highlight=False)


def line(text: str) -> None:
    """One line, whatever is in it, not broken."""
    out.print(escape(text), soft_wrap=True)


@contextmanager
def counting(what: str, total: int) -> Iterator[Tell]:
    """Work on `total` things: a bar in a terminal, else a line for each tenth of it.

    The block calls what it is given with how many more are done.
    """
    if out.is_terminal:
        with _bar(what, total) as tell:
            yield tell
    else:
        yield _Tenths(what, total)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Tell]:
    from rich import progress

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=out, refresh_per_second=4) as shown:
        task = shown.add_task(escape(what), total=total)
        yield lambda more: shown.advance(task, more)


class _Tenths:
    """Tells the tenths that are done, in lines."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._told = 0

    def __call__(self, more: int) -> None:
        self._done += more
        tenths = min(10 * self._done // self._total, 10) if self._total else 10
        if tenths > self._told:
            self._told = tenths
            line(f"{self._what}: {10 * tenths} % ({self._done:,} of {self._total:,})")
