"""How much is too much, per conversation and per address. Counted in this process's memory."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from helder.gateway.errors import ApiError
from helder.settings import Settings
from helder.window import SlidingWindow, WindowFull

STREAMS_PER_CONVERSATION = 4
STREAMS_PER_ADDRESS = 64


class Limits:
    """Rates of requests and numbers of open streams; each refusal says when to try again."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        def per_minute(limit: int) -> SlidingWindow:
            return SlidingWindow(limit, 60, clock)

        self._opening = per_minute(settings.openings_per_minute)
        self._conversation = per_minute(settings.messages_per_minute)
        self._address = per_minute(settings.address_messages_per_minute)
        self._reading = per_minute(10 * settings.address_messages_per_minute)
        self._streams: Counter[str] = Counter()

    def opening(self, address: str) -> None:
        """Somebody at this address opens a conversation."""
        _take(self._opening, address)

    def message(self, conversation: str, address: str) -> None:
        """A message arrives."""
        _take(self._address, address)
        _take(self._conversation, conversation)

    def reading(self, address: str) -> None:
        """Something is read. Also what makes guessing of tokens slow."""
        _take(self._reading, address)

    @contextmanager
    def stream(self, conversation: str, address: str) -> Iterator[None]:
        """An open stream counts as long as it is open."""
        full = (
            self._streams["conversation " + conversation] >= STREAMS_PER_CONVERSATION
            or self._streams["address " + address] >= STREAMS_PER_ADDRESS
        )
        if full:
            raise ApiError(429, "too_many_streams", retry_after=10)
        keys = ("conversation " + conversation, "address " + address)
        self._streams.update(keys)
        try:
            yield
        finally:
            self._streams.subtract(keys)
            for key in keys:
                if not self._streams[key]:
                    del self._streams[key]


def _take(window: SlidingWindow, key: str) -> None:
    try:
        window.take(key.encode("utf-8", "surrogatepass"))
    except WindowFull as full:
        raise ApiError(429, "too_fast", retry_after=math.ceil(full.retry_after)) from None
