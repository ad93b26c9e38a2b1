"""A sliding-window limit in memory: at most so many events per key in so many seconds.

Of our own since the time is injected, and an event can be taken back. It counts in this process
only and forgets at a restart.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock


class WindowFull(Exception):
    """The limit is reached; `retry_after` is in seconds, above 0."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("limit reached")
        self.retry_after = retry_after


class SlidingWindow:
    """Counts events per key. Safe to use from several threads."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._events: OrderedDict[bytes, deque[float]] = OrderedDict()  # longest unused first
        self._lock = Lock()

    def take(self, key: bytes) -> None:
        """Count one event. Raises WindowFull, and then counts nothing."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            times = self._events.setdefault(key, deque())
            while times and times[0] <= now - self._seconds:
                times.popleft()
            if len(times) >= self._limit:
                raise WindowFull(times[0] + self._seconds - now)
            times.append(now)
            self._events.move_to_end(key)

    def wait(self, key: bytes) -> float:
        """In how many seconds `take` would count again; 0 if it would now. Counts nothing."""
        with self._lock:
            now = self._clock()
            times = [each for each in self._events.get(key, ()) if each > now - self._seconds]
            return times[-self._limit] + self._seconds - now if len(times) >= self._limit else 0.0

    def give_back(self, key: bytes) -> None:
        """Undo the latest event of this key, if there is one."""
        with self._lock:
            times = self._events.get(key)
            if times:
                times.pop()
            if not times:
                self._events.pop(key, None)

    def _forget(self, now: float) -> None:
        """Drop keys whose events are all over, so that memory follows the traffic."""
        while self._events:
            key, times = next(iter(self._events.items()))
            if times and times[-1] > now - self._seconds:
                return
            del self._events[key]

    def __len__(self) -> int:
        return len(self._events)
