"""How often one message was tried, and how long to wait before it is tried again."""

from __future__ import annotations

from dataclasses import dataclass

from helder.brain.client import Outcome
from helder.conversation.entries import MessageId

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 20.0


@dataclass
class Attempts:
    """How it goes with one message."""

    message: MessageId | None = None
    failed: int = 0
    down: int = 0
    told: bool = False

    def begin(self, message: MessageId) -> None:
        """Count for this message; what was counted for it before stays."""
        if message != self.message:
            self.message, self.failed, self.down, self.told = message, 0, 0, False

    def count(self, outcome: Outcome) -> None:
        """One more. Gone for Rasa but not for us: what answers there is not, or not yet, ours."""
        self.failed += outcome is Outcome.FAILED
        self.down += outcome in (Outcome.DOWN, Outcome.GONE)

    def pause(self) -> float:
        """Seconds to wait before the next try: doubling, to a limit."""
        doublings = min(self.failed + self.down - 1, 30)
        return float(min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE))
