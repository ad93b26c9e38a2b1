"""How many e-mails anybody may have sent to any address: few, so that nobody is flooded."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from ..window import SlidingWindow, WindowFull
from .errors import TooManyAttempts
from .proof import fold_email


@dataclass(frozen=True)
class MailNumbers:
    """Mails allowed, per conversation and per address, and in how many seconds."""

    per_conversation: int = 5
    conversation_seconds: float = 15 * 60
    per_address: int = 3
    address_seconds: float = 60 * 60


class MailLimits:
    """Counts in this process, by digests: no address is kept. `clock` is in seconds."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, numbers: MailNumbers | None = None
    ) -> None:
        numbers = numbers or MailNumbers()
        self._conversations = SlidingWindow(
            numbers.per_conversation, numbers.conversation_seconds, clock
        )
        self._addresses = SlidingWindow(numbers.per_address, numbers.address_seconds, clock)
        self._known = SlidingWindow(1, numbers.address_seconds, clock)

    def take(self, conversation: str, email: str, key: str) -> None:
        """Count one mail. The same `key` again is the same mail, and not counted.

        Raises TooManyAttempts.
        """
        request = _digest("request", key)
        try:
            self._known.take(request)
        except WindowFull:
            return  # counted already: a turn that is tried again
        mine, its = _digest("conversation", conversation), _digest("address", fold_email(email))
        try:
            self._conversations.take(mine)
            try:
                self._addresses.take(its)
            except WindowFull:
                self._conversations.give_back(mine)
                raise
        except WindowFull as full:
            self._known.give_back(request)
            raise TooManyAttempts(max(1, int(full.retry_after + 1))) from None


def _digest(what: str, value: str) -> bytes:
    return hashlib.sha256(f"{what} {value}".encode("utf-8", "surrogatepass")).digest()
