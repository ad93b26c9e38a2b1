"""A circuit breaker: after several failures in a row, stop asking for a while.

Closed: calls go through. Open: they are refused at once, so that customers do not wait for a shop
that is down and the shop is left to recover. After `rest` seconds one call may try; if it
succeeds the circuit closes, if not it stays open for another rest.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from threading import Lock


class Circuit(str, Enum):
    """What the breaker does with a call."""

    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


class CircuitOpen(Exception):
    """Not asked: it failed too often just now."""


class CircuitBreaker:
    """Safe to use from several threads. `clock` is in seconds, monotonic."""

    def __init__(self, clock: Callable[[], float], *, failures: int = 5, rest: float = 20) -> None:
        self._clock = clock
        self._limit = failures
        self._rest = rest
        self._failed = 0
        self._until = 0.0
        self._state = Circuit.CLOSED
        self._lock = Lock()

    @property
    def state(self) -> Circuit:
        """What it is now."""
        return self._state

    def enter(self) -> None:
        """Before each call, which must end in `succeeded` or `failed`. Raises CircuitOpen."""
        with self._lock:
            if self._state is Circuit.CLOSED:
                return
            # A try that never reported back (its thread died) is over after a rest, too.
            if self._clock() < self._until:
                raise CircuitOpen
            self._state = Circuit.TRYING
            self._until = self._clock() + self._rest

    def succeeded(self) -> None:
        """The other side answered."""
        with self._lock:
            self._state = Circuit.CLOSED
            self._failed = 0

    def failed(self) -> None:
        """It did not."""
        with self._lock:
            self._failed += 1
            if self._state is not Circuit.CLOSED or self._failed >= self._limit:
                self._state = Circuit.OPEN
                self._until = self._clock() + self._rest
