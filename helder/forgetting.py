"""Forgetting: what is over is destroyed, what was destroyed stays so, and nothing is left of it.

Once a minute, and at every start. policies/retention.yml says what is over.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy.engine import Engine

from helder.content.policies import Kept
from helder.conversation.anchor import FileAnchor
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.keyring import Keyring
from helder.conversation.ledger import Ledger
from helder.conversation.retention import Retention
from helder.conversation.shredding import Shredder
from helder.conversation.transaction import Reader
from helder.handoff.forgetting import MessageShredder
from helder.leftovers import empty_write_ahead_log, is_slow, rewrite

logger = structlog.get_logger(__name__)
# The tables with a wrapped data key in them, from the one that is used most.
HOLDING_KEYS = ("conversation", "former_key", "left_message")
# PostgreSQL lets nobody even read a table that it writes anew, and of a large SQLite file nobody
# can write meanwhile.
LARGE_MINUTES = 60
# So often all conversations are compared with the ledger; meanwhile only its new lines are looked
# up, whose process may have died before the database had them.
AGAIN_MINUTES = 60
_DAY_MINUTES = 24 * 60


def destroy_again(
    engine: Engine, keyring: Keyring, anchor: FileAnchor, clock: Clock = utc_now
) -> tuple[int, int]:
    """Destroy what is back from a backup; how many conversations, and how many left messages."""
    conversations = Shredder(engine, keyring, clock, anchor).reapply()
    return conversations, MessageShredder(engine, keyring, clock, anchor).reapply()


class Forgetting:
    """All that has to be done again and again. One thread at a time."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        anchor: FileAnchor,
        kept: Kept,
        clock: Clock = utc_now,
        agreed: Callable[[Reader], int] = lambda _: 0,
    ) -> None:
        """`agreed`: see Retention."""
        self._engine = engine
        self._keyring = keyring
        self._anchor = anchor
        self._kept = kept
        self._clock = clock
        minutes = kept.conversation_minutes
        self._conversations = Retention(engine, keyring, minutes, clock, anchor, agreed)
        self._messages = MessageShredder(engine, keyring, clock, anchor)
        self._ledger = Ledger(engine, keyring, anchor, clock)
        self._ledger_day = 0
        self._clean = ("never", 0)
        self._again_at = self._mark = 0
        self.expired = 0

    def once(self) -> bool:
        """Do all of it; what fails is logged, and does not keep the rest from being done.

        `expired` counts the conversations whose time was over. False if something has to be tried
        again soon.
        """
        steps = (self._learn, self._again, self._expire, self._expire_messages)
        done = [self._tried(step) for step in (*steps, self._expire_ledger, self._clean_up)]
        return all(done)

    def _tried(self, step: Callable[[], bool | None]) -> bool:
        try:
            return step() is not False
        except Exception as error:
            # Forgetting must go on even after a failure, and the operator must see the failure.
            logger.error("expiry_failed", step=step.__name__.strip("_"), exc_info=error)
            self._again_at = 0  # perhaps something is in the ledger and was not destroyed
            return False

    def _learn(self) -> None:
        if self._ledger.learn():
            self._again_at = 0

    def _again(self) -> None:
        now = minute(self._clock())
        new, mark = self._anchor.erased_since(self._mark)
        if now >= self._again_at:
            back = destroy_again(self._engine, self._keyring, self._anchor, self._clock)
            self._again_at = now + AGAIN_MINUTES
        else:
            back = self._conversations.reapply_to(new), self._messages.reapply()
        self._mark = mark
        if any(back):
            self._clean = ("never", 0)
            logger.warning("destroyed_again", conversations=back[0], messages=back[1])

    def _expire(self) -> None:
        self.expired += self._conversations.expire()

    def _expire_messages(self) -> None:
        self._messages.expire(self._kept.message_days)

    def _expire_ledger(self) -> None:
        today = minute(self._clock()) // _DAY_MINUTES
        if today != self._ledger_day:
            self._ledger.expire(self._kept.ledger_days)
            self._ledger_day = today

    def _clean_up(self) -> bool:
        """Whatever anybody destroyed since the last time must not be in any file any more."""
        newest, now = self._anchor.last_erasure() or "", minute(self._clock())
        cleaned, then = self._clean
        if newest == cleaned:
            return True
        later = is_slow(self._engine) and cleaned != "never" and now - then < LARGE_MINUTES
        done = empty_write_ahead_log(self._engine) if later else rewrite(self._engine, HOLDING_KEYS)
        if not done:
            logger.warning("write_ahead_log_in_use")
        elif not later:
            self._clean = (newest, now)
        return done
