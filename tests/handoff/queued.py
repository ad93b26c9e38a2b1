"""The policy that ships, and people who wait by it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from helder.handoff.able import Asked
from helder.handoff.order import Waiting
from helder.handoff.priority import load_priority

POLICY = Path(__file__).resolve().parents[2] / "policies" / "priority.yml"
PRIORITY = load_priority(POLICY)
WEIGHTS = PRIORITY.weights
NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


def waits(number: int, minutes: float, **more: Any) -> Waiting:
    """Somebody who has waited so long."""
    return Waiting(f"case-{number}", NOW - timedelta(minutes=minutes), number, **more)


def asks(number: int, minutes: float, language: str = "en", skill: str = "", **more: Any) -> Asked:
    """The same, for whoever can help."""
    return Asked(waits(number, minutes, **more), language, skill)
