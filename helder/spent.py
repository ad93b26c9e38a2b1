"""What is good only once, remembered by all processes on one database, and over restarts.

Only a fingerprint is kept, until the thing would not be accepted any more anyway.
"""

from __future__ import annotations

import math

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from helder.conversation.clock import Clock, minute, utc_now
from helder.database import Bytes, metadata

spent_token = sa.Table(
    "spent_token",
    metadata,
    sa.Column("mark", Bytes(32), primary_key=True),
    sa.Column("until", sa.Integer, nullable=False, index=True),
)


class SpentTokens:
    """The fingerprints of identity tokens that were shown once."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def spend(self, mark: bytes, until: float) -> bool:
        """Remember a fingerprint until a time (in seconds since 1970). False: it was there already.

        Of several processes that are shown the same at once, one gets True.
        """
        row = {"mark": mark, "until": math.ceil(until / 60)}
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(spent_token).values(**row))
        except IntegrityError:
            return False  # somebody was quicker: the mark is the primary key
        return True

    def expire(self) -> int:
        """Forget what would be refused for its age; how many."""
        old = spent_token.c.until < minute(self._clock())
        with self._engine.begin() as connection:
            return int(connection.execute(sa.delete(spent_token).where(old)).rowcount)
