"""Forgetting in time. GDPR art. 5(1)(e): no longer than needed; policies/retention.yml says so.

That its time is over is believed of a conversation only if its row is what was written. Otherwise
whoever can write the database could have Helder itself destroy what they want gone, with a mark
that looks right; or keep something for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor, Sighting
from helder.conversation.chain import Chain
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.errors import KeyringError, Tampered, UnknownConversation
from helder.conversation.keyring import Keyring
from helder.conversation.row import Row
from helder.conversation.shredding import AT_ONCE, Shredder
from helder.conversation.transaction import Reader
from helder.database import reading

logger = structlog.get_logger(__name__)
# A message that cannot be answered in a day, and damage that nobody mended or a key that nobody put
# back in a day, no longer keep what is kept.
LONGEST_WAIT_MINUTES = 24 * 60
# The clocks of two machines may differ so much.
_AHEAD_MINUTES = 10


class _Kept(NamedTuple):
    touched: int
    revision: int
    until: int


class Retention(Shredder):
    """Destroys conversations when their time is over, besides on request."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        minutes: int,
        clock: Clock = utc_now,
        anchor: Anchor = NO_ANCHOR,
        agreed: Callable[[Reader], int] = lambda _: 0,
    ) -> None:
        """`agreed` tells how many minutes a customer has agreed to have a conversation kept."""
        super().__init__(engine, keyring, clock, anchor)
        self.minutes = minutes
        self._agreed = agreed
        # What was found to be kept, as it was then, and until which minute: it need not be opened
        # again and again for that. An answer of the customer's changes the revision.
        self._kept: dict[ConversationId, _Kept] = {}
        self._found_kept: dict[ConversationId, _Kept] = {}
        self._chain = Chain(engine, keyring, anchor)
        # Since which minute this process misses the keys of those that may be over.
        self._keyless: dict[ConversationId, int] = {}
        self._found_keyless: dict[ConversationId, int] = {}

    def expire(self) -> int:
        """Destroy every conversation whose last message is older than allowed; how many.

        One with a message that still waits for its answer is needed, and kept; but not for ever.
        One that is damaged is locked, and kept for as long from then on. So is one that names a
        master key that is not here, while this process runs; it is not locked, since the key may
        come back.
        """
        self._found_keyless, self._found_kept = {}, {}
        gone, now, mine = 0, minute(self._clock()), tables.conversation.c
        for over in (mine.touched < now - self.minutes, mine.touched > now + _AHEAD_MINUTES):
            for some in self._candidates(over):
                gone += self._expire(some, now)
        self._keyless, self._kept = self._found_keyless, self._found_kept
        old = self._anchor.locked_before(now - self.minutes - LONGEST_WAIT_MINUTES)
        for start in range(0, len(old), AT_ONCE):
            mine = tables.conversation.c.id.in_(old[start : start + AT_ONCE])
            gone += self._destroy_all(mine, "expired")
        return self._emptied(gone)

    def _candidates(self, over: Any) -> Iterator[list[ConversationId]]:
        """Those that may be over, as their unverified columns have it, some at a time."""
        mine, after = tables.conversation.c, sa.true()
        while True:
            query = sa.select(mine.touched, mine.id, mine.revision).where(over, after)
            query = query.order_by(mine.touched, mine.id).limit(AT_ONCE)
            with reading(self._engine).connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            unknown = [row for row in rows if not self._is_known_to_be_kept(row)]
            if unknown:
                yield [ConversationId(row.id) for row in unknown]
            then, last = rows[-1].touched, rows[-1].id
            following = (mine.touched >= then) & ((mine.touched > then) | (mine.id > last))
            # An id that is no text is read as another text: it would be found again without end.
            after = following & ~((mine.touched == then) & (mine.id == last))
            if len(rows) < AT_ONCE:
                return

    def _expire(self, some: list[ConversationId], now: int) -> int:
        sightings = [(each, self._anchor.sighting(each)) for each in some]
        with self._engine.begin() as connection:
            ids = [str(each) for each, seen in sightings if self._is_over(connection, each, seen)]
            self._erase(connection, ids, now, "expired")
        return len(ids)

    def _is_over(
        self, connection: Connection, conversation: ConversationId, seen: Sighting
    ) -> bool:
        if seen.locked:
            return False  # an operator must have the time to look at it: see `expire`
        try:
            row, key = self._chain.load(connection, conversation, seen, write=True)
            # Only asked of one whose time is over otherwise.
            agreed = self._agreed(Reader(connection, row, key)) if self._is_long_ago(row) else 0
        except Tampered as error:
            self._chain.lock(conversation, error)
            return False
        except KeyringError as error:
            return self._is_keyless_for_long(conversation, error)
        except UnknownConversation:
            return False  # destroyed meanwhile
        if agreed and not self._is_long_ago(row, agreed):
            self._found_kept[conversation] = _Kept(row.touched, row.revision, row.touched + agreed)
            return False
        return self._is_long_ago(row)

    def _is_known_to_be_kept(self, stored: Any) -> bool:
        known = self._kept.get(ConversationId(stored.id))
        if known is None or known[:2] != (stored.touched, stored.revision):
            return False
        if known.until < minute(self._clock()):
            return False
        self._found_kept[ConversationId(stored.id)] = known
        return True

    def _is_keyless_for_long(self, conversation: ConversationId, error: KeyringError) -> bool:
        now = minute(self._clock())
        if conversation not in self._keyless:
            logger.error("expiry_without_key", conversation=conversation, exc_info=error)
        since = self._keyless.get(conversation, now)
        self._found_keyless[conversation] = since
        return since < now - self.minutes - LONGEST_WAIT_MINUTES

    def _is_long_ago(self, row: Row, agreed: int = 0) -> bool:
        allowed = max(self.minutes, agreed) + (LONGEST_WAIT_MINUTES if row.pending else 0)
        return row.touched < minute(self._clock()) - allowed
