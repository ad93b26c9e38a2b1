"""The threads in which a server writes to the database, apart from those in which it reads."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from sqlalchemy.engine import Engine

from helder.database import is_postgres

P = ParamSpec("P")
T = TypeVar("T")
_ON_POSTGRESQL = 6  # which only makes those wait for each other who write to the same row


class Writes:
    """As `asyncio.to_thread`, for what writes.

    SQLite has one writer at a time. Whoever waited for it in one of asyncio's few threads would
    keep readers waiting as well, who never have to.
    """

    def __init__(self, engine: Engine) -> None:
        count = _ON_POSTGRESQL if is_postgres(engine.url) else 1
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="writes")

    async def __call__(self, do: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """What it returns or raises."""
        inside = partial(contextvars.copy_context().run, do, *given, **named)
        return await asyncio.get_running_loop().run_in_executor(self._threads, inside)
