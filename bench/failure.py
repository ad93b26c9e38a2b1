"""What ends a measurement."""

from __future__ import annotations

from helder.refusal import Refusal


class BenchFailed(Refusal):
    """Something that had to be measured did not work; the message is one sentence."""
