"""What all measurements say before and after their table, and how an error is told."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from bench.figures import Bar
from helder.conversation.errors import AnchorError, KeyringError
from helder.refusal import Refusal
from helder.settings import SettingError

WIDTH = 100  # of the table where the output is no terminal
BUSY = 2.0  # this much noise and the times are those of a busy machine

out = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
err = Console(stderr=True, highlight=False)


def introduce(facts: dict[str, Any], quick: str | None) -> None:
    """The machine; and, if this is a quick run, what that means."""
    out.print(
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gb']} GB, "
        f"{facts['system']}, Python {facts['python']}, Rasa {facts['rasa']}; "
        f"{facts['busy_before']:.0%} busy with other things",
        soft_wrap=True,
    )
    if quick:
        out.print(f"[yellow]Quick: {quick}; do not quote these figures.[/]")


def conclude(noise: float | None, bars: Sequence[Bar], *, quick: bool) -> None:
    """The noise, and what was missed."""
    if noise is not None:
        out.print(
            f"Noise while turns were timed: the same work took up to {noise:.1f} "
            "times what it takes undisturbed (95th percentile to 10th).",
            soft_wrap=True,
        )
        if noise > BUSY:
            out.print("[yellow]The machine was busy: trust the ratios, not the times.[/]")
    missed = [bar.what for bar in bars if bar.met is False]
    if missed:
        out.print(f"[red]Missed:[/] {escape('; '.join(missed))}.", soft_wrap=True)
    if quick:
        out.print("[yellow]Quick: do not quote these figures.[/]")


def last_line(content: dict[str, Any]) -> None:
    """Everything as one JSON object."""
    sys.stdout.write(json.dumps(content) + "\n")


def run(app: Callable[[], None]) -> int:
    """Run; an error is one sentence. The exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except (Refusal, SettingError, KeyringError, AnchorError, OSError) as error:
        err.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return 1
    return 0
