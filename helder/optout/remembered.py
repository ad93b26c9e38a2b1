"""Customers who want no AI, remembered beyond a conversation where the site says who they are.

There is a keyed fingerprint of their id and when they were last here, and nothing else: no name, no
id and no word, so that there is nothing to encrypt. It goes when they undo it, when they are
erased, and some time after their last conversation (policies/retention.yml, GDPR art. 5(1)(e)).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.cipher import blind_index, blind_indexes
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.erasure import record
from helder.conversation.keyring import Keyring
from helder.database import reading
from helder.optout.tables import opted_out

logger = structlog.get_logger(__name__)
UNDONE, ERASED, EXPIRED, RESTORED = "undone", "request", "expired", "restored"
# So few at once that nobody has to wait long for the database.
AT_ONCE = 100
_WHAT = "opted out customer"
_DAY_MINUTES = 24 * 60


class Remembered:
    """The customers. Every method is one transaction, or some, and may be called in any thread."""

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

    def has(self, customer: str) -> bool:
        """Does this customer want no AI?"""
        query = sa.select(opted_out.c.id).where(self._is(customer))
        with reading(self._engine).connect() as connection:
            return connection.execute(query).first() is not None

    def remember(self, customer: str) -> None:
        """They want none. Again only says that they were here, under the newest index key."""
        row = {
            "customer": blind_index(self._keyring, _WHAT, customer),
            "minute": minute(self._clock()),
        }
        try:
            with self._engine.begin() as connection:
                mine = sa.update(opted_out).where(self._is(customer))
                if not connection.execute(mine.values(**row)).rowcount:
                    new = sa.insert(opted_out).values(id=secrets.token_hex(16), **row)
                    connection.execute(new)
        except IntegrityError:
            return  # somebody was quicker, with the same wish

    def seen(self, customer: str) -> bool:
        """They are here again. True: they want no AI, which is remembered from today on."""
        if not self.has(customer):
            return False
        self.remember(customer)
        return True

    def forget(self, customer: str, reason: str) -> bool:
        """They want it no longer, or are erased (GDPR art. 17). False: it was not remembered."""
        return self._destroy_all(self._is(customer), reason) > 0

    def expire(self, days: int) -> int:
        """Forget everybody who was last here more than `days` ago; how many."""
        oldest = minute(self._clock()) - days * _DAY_MINUTES
        return self._destroy_all(opted_out.c.minute < oldest, EXPIRED)

    def reapply(self) -> int:
        """Forget again who was forgotten before and is back, after a restore; how many."""
        with reading(self._engine).connect() as connection:
            ids = [str(each) for each in connection.execute(sa.select(opted_out.c.id)).scalars()]
        back = self._anchor.erased(ids)
        return sum(self._destroy_all(opted_out.c.id == each, RESTORED) for each in back)

    def indexed_with(self, version: int) -> int:
        """How many are found by an index key of this version."""
        query = sa.select(sa.func.count()).select_from(opted_out)
        with reading(self._engine).connect() as connection:
            mine = opted_out.c.customer.like(f"{version}.%")
            return int(connection.execute(query.where(mine)).scalar_one())

    def _is(self, customer: str) -> Any:
        # Perhaps it was written before the index key was renewed.
        return opted_out.c.customer.in_(blind_indexes(self._keyring, _WHAT, customer))

    def _destroy_all(self, which: Any, reason: str) -> int:
        gone = 0
        while ids := self._destroy(which, reason):
            gone += len(ids)
        if gone:
            logger.info("opt_out_forgotten", count=gone, reason=reason)
        return gone

    def _destroy(self, which: Any, reason: str) -> Sequence[str]:
        query, now = sa.select(opted_out.c.id).where(which).limit(AT_ONCE), minute(self._clock())
        with self._engine.begin() as connection:
            ids = [str(each) for each in connection.execute(query.with_for_update()).scalars()]
            if ids:
                # In the ledger first: a backup that is put back brings nobody back (`reapply`).
                self._anchor.erase(ids, now, reason)
                connection.execute(sa.delete(opted_out).where(opted_out.c.id.in_(ids)))
                record(connection, self._keyring, ids, now, reason)
        return ids
