"""Forgetting in time. GDPR art. 5(1)(e): no longer than needed; policies/retention.yml says so."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.keyring import Keyring
from helder.conversation.shredding import Shredder

# A message that cannot be answered in a day (a damaged conversation) no longer keeps what is kept.
LONGEST_WAIT_MINUTES = 24 * 60


class Retention(Shredder):
    """Destroys conversations when their time is over, besides on request."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        minutes: int,
        clock: Clock = utc_now,
        anchor: Anchor = NO_ANCHOR,
    ) -> None:
        super().__init__(engine, keyring, clock, anchor)
        self.minutes = minutes

    def expire(self) -> int:
        """Destroy every conversation whose last message is older than allowed; how many.

        One with a message that still waits for its answer is needed, and kept; but not for ever.
        """
        mine, now = tables.conversation.c, minute(self._clock())
        over = sa.and_(mine.touched < now - self.minutes, mine.pending == "")
        long_over = mine.touched < now - self.minutes - LONGEST_WAIT_MINUTES
        return self.destroy(sa.or_(over, long_over), "expired")
