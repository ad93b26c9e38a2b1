"""The time, as a port: tests and benchmarks bring their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(timezone.utc)


def minute(moment: datetime) -> int:
    """Whole minutes since 1970: as exact as a plain column may be."""
    return int(moment.timestamp()) // 60


def iso(moment: datetime) -> str:
    """ISO 8601 with milliseconds and `Z`."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
