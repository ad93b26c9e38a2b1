"""Guessing passwords and codes is slowed, for the address that guesses and for nobody else.

Five tries are free; from then on each failure doubles the wait, up to a quarter of an hour. It
is counted in this process's memory; an hour without a failure is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

from helder.addresses import subscriber
from helder.conversation.clock import Clock, utc_now
from helder.desk.errors import DeskError

FREE = 5
FIRST_WAIT = 30  # seconds
LONGEST_WAIT = 15 * 60
FORGOTTEN = 60 * 60
MOST_ADDRESSES = 10_000


@dataclass
class _Failures:
    count: int
    last: float


class Lockout:
    """The failures per address."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._failures: dict[str, _Failures] = {}

    def refuse_if_locked(self, address: str) -> None:
        """Raises DeskError 429, with the seconds to wait, while this address must wait."""
        known = self._failures.get(subscriber(address))
        if known is None:
            return
        left = known.last + _wait(known.count) - self._now()
        if left > 0:
            raise DeskError(429, "locked", retry_after=int(left) + 1)

    def failed(self, address: str) -> None:
        """Somebody at this address gave a wrong password or code."""
        now, who = self._now(), subscriber(address)
        self._forget(now)
        count = self._failures.pop(who, _Failures(0, now)).count
        self._failures[who] = _Failures(count + 1, now)  # now the newest of the dictionary

    def succeeded(self, address: str) -> None:
        """Somebody at this address has proven who they are."""
        self._failures.pop(subscriber(address), None)

    def _forget(self, now: float) -> None:
        kept = [(who, each) for who, each in self._failures.items() if now - each.last < FORGOTTEN]
        self._failures = dict(kept[-(MOST_ADDRESSES - 1) :])

    def _now(self) -> float:
        return self._clock().timestamp()


def _wait(failures: int) -> int:
    """Seconds to wait after so many failures."""
    if failures < FREE:
        return 0
    doublings = min(failures - FREE, 10)
    return min(FIRST_WAIT << doublings, LONGEST_WAIT)
