"""What the person who waits sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import progress
from rich.console import Console
from rich.markup import escape


class Progress:
    """One line per finished step; in a terminal also what is under way."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def note(self, text: str) -> None:
        """Something worth a line."""
        self._console.print(f"  {escape(text)}", style="dim", soft_wrap=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Something of unknown length."""
        begun = self._begin(name)
        with self._console.status(f"{escape(name)} …"):
            yield
        self._done(name, begun)

    @contextmanager
    def bar(self, name: str, total: int) -> Iterator[Callable[[], None]]:
        """Something of `total` turns; the block calls what it is given after each."""
        begun = self._begin(name)
        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
        )
        # Drawn four times a second at most: drawing costs time that is being measured.
        shown = progress.Progress(
            *columns,
            console=self._console,
            refresh_per_second=4,
            transient=True,
            disable=not self._console.is_terminal,
        )
        with shown:
            task = shown.add_task(escape(name), total=total)
            yield lambda: shown.advance(task)
        self._done(f"{name}: {total} turns", begun)

    def _begin(self, name: str) -> float:
        if not self._console.is_terminal:  # in a terminal it moves
            self.note(f"{name} …")
        return time.monotonic()

    def _done(self, name: str, begun: float) -> None:
        elapsed = time.monotonic() - begun
        self._console.print(f"[green]✓[/] {escape(name)} ({elapsed:.1f} s)", soft_wrap=True)
