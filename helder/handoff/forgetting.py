"""Left messages are forgotten: each has a data key of its own, destroyed with its row.

As with conversations, what is to be destroyed is written into the anchor's ledger first. A message
is there with its reference and the minute in which it was left, since a reference may be given
again one day.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine

from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.erasure import record
from helder.conversation.errors import KeyringError, Tampered
from helder.conversation.keyring import Keyring
from helder.conversation.retention import LONGEST_WAIT_MINUTES
from helder.database import reading
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import Messages, as_written
from helder.handoff.tables import left_message
from helder.leftovers import empty_write_ahead_log

logger = structlog.get_logger(__name__)
# So few at once that nobody has to wait long for the database.
AT_ONCE = 100
# The clocks of two machines may differ so much.
_AHEAD_MINUTES = 10


class MessageShredder:
    """Destroys left messages. Every step is a transaction of at most `AT_ONCE` of them."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        clock: Clock = utc_now,
        anchor: Anchor = NO_ANCHOR,
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._clock = clock
        self._anchor = anchor
        self._messages = Messages(engine, keyring, clock)
        # Since which minute this process finds them over and damaged.
        self._damaged: dict[str, int] = {}

    def shred(self, reference: str, reason: str) -> bool:
        """Destroy one message, whatever way its reference is typed. False if there is none.

        GDPR art. 17.
        """
        name = as_written(reference)
        gone = self._destroy_all(left_message.c.reference == name, reason) > 0
        if gone:
            logger.info("message_shredded", reference=name, reason=reason)
        return gone

    def expire(self, days: int) -> int:
        """Destroy every message that was left more than `days` ago, handled or not; how many.

        That its time is over is believed of it only if it is what was written; one that is damaged
        goes when this process has found it so for a day. GDPR art. 5(1)(e). `days` is
        `left_message.days` of policies/retention.yml.
        """
        now = minute(self._clock())
        oldest, mine = now - days * 24 * 60, left_message.c
        over = (mine.minute < oldest) | (mine.minute > now + _AHEAD_MINUTES)
        gone, last, damaged = 0, "", dict[str, int]()
        while some := self._candidates(over, last):
            names = [each for each in some if self._is_over(each, oldest, now, damaged)]
            gone += self._destroy_all(mine.reference.in_(names), "expired") if names else 0
            # A reference that is no text is read as another text, and found again without end.
            if some[-1] == last:
                break
            last = some[-1]
        self._damaged = damaged
        return gone

    def _candidates(self, over: Any, last: str) -> list[str]:
        """Some of those that may be over, as their unverified columns have it."""
        mine = left_message.c.reference
        query = sa.select(mine).where(over, mine > last).order_by(mine).limit(AT_ONCE)
        with reading(self._engine).connect() as connection:
            return [str(row.reference) for row in connection.execute(query)]

    def _is_over(self, reference: str, oldest: int, now: int, damaged: dict[str, int]) -> bool:
        try:
            return self._messages.read(reference).about.left < oldest
        except (Tampered, KeyringError, UnknownReference) as error:
            if reference not in self._damaged:
                logger.error("left_message_damaged", reference=reference, exc_info=error)
            damaged[reference] = since = self._damaged.get(reference, now)
            return since < now - LONGEST_WAIT_MINUTES

    def reapply(self) -> int:
        """Destroy again what was destroyed before and is back, after a restore; how many."""
        mine = left_message.c
        with reading(self._engine).connect() as connection:
            rows = connection.execute(sa.select(mine.reference, mine.minute)).all()
        names = {named(row): row for row in rows}
        back = [names[name] for name in self._anchor.erased(list(names))]
        return sum(
            self._destroy_all(
                (mine.reference == row.reference) & (mine.minute == row.minute), "restored"
            )
            for row in back
        )

    def _destroy_all(self, which: Any, reason: str) -> int:
        gone = 0
        while some := self._destroy(which, reason):
            gone += some
        if gone and not empty_write_ahead_log(self._engine):
            logger.info("write_ahead_log_in_use", messages=gone)
        return gone

    def _destroy(self, which: Any, reason: str) -> int:
        mine, now = left_message.c, minute(self._clock())
        query = sa.select(mine.reference, mine.minute).where(which).order_by(mine.reference)
        with self._engine.begin() as connection:
            rows = connection.execute(query.limit(AT_ONCE).with_for_update()).all()
            if not rows:
                return 0
            names = [named(row) for row in rows]
            self._anchor.erase(names, now, reason)
            these = mine.reference.in_([row.reference for row in rows])
            gone = connection.execute(sa.delete(left_message).where(these)).rowcount
            record(connection, self._keyring, names, now, reason)
        return int(gone)


def named(row: Any) -> str:
    """A message's name in the ledger: `KD-7F3K-9Q/29412345`."""
    return f"{row.reference}/{row.minute}"
