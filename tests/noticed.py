"""Customers of tests who have read the notice, as those of the widget have."""

from __future__ import annotations

from functools import cache
from typing import Any

from helder.content.notices import FOLDER, load_notices
from helder.settings import PROJECT


def opening(language: str) -> dict[str, Any]:
    """How a client opens a conversation that has shown today's notice in this language."""
    return {"language": language, "notice": {"version": _current(), "language": language}}


@cache
def _current() -> int:
    return load_notices(PROJECT / "policies" / FOLDER).current
