"""How much is too much, per conversation and per address. Counted in this process's memory."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from helder.gateway.errors import ApiError
from helder.settings import Settings

STREAMS_PER_CONVERSATION = 4
STREAMS_PER_ADDRESS = 64


class Limits:
    """Rates of requests and numbers of open streams; each refusal says when to try again."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._opening = RateLimitItemPerMinute(settings.openings_per_minute)
        self._conversation = RateLimitItemPerMinute(settings.messages_per_minute)
        self._address = RateLimitItemPerMinute(settings.address_messages_per_minute)
        self._reading = RateLimitItemPerMinute(10 * settings.address_messages_per_minute)
        self._streams: Counter[str] = Counter()

    def opening(self, address: str) -> None:
        """Somebody at this address opens a conversation."""
        self._hit(self._opening, "open", address)

    def message(self, conversation: str, address: str) -> None:
        """A message arrives."""
        self._hit(self._address, "address", address)
        self._hit(self._conversation, "conversation", conversation)

    def reading(self, address: str) -> None:
        """Something is read. Also what makes guessing of tokens slow."""
        self._hit(self._reading, "read", address)

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

    def _hit(self, limit: RateLimitItemPerMinute, *identifiers: str) -> None:
        if not self._limiter.hit(limit, *identifiers):
            reset, _ = self._limiter.get_window_stats(limit, *identifiers)
            raise ApiError(429, "too_fast", retry_after=int(reset - time.time()) + 1)
