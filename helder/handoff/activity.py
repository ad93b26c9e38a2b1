"""Who looks at a conversation and who types in it, now: nothing of it is kept.

A row per person and conversation, which counts for a few seconds after it was last written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation.clock import Clock, utc_now
from helder.conversation.entries import ConversationId
from helder.database import announce, reading
from helder.handoff.tables import activity

CUSTOMER = "customer"
# A client says so again every 3 and every 15 seconds.
TYPING_SECONDS = 5
LOOKING_SECONDS = 25
_LOOKED_UP = 500


@dataclass(frozen=True)
class Active:
    """`who` is `CUSTOMER` or an employee's id."""

    who: str
    typing: bool


class Activities:
    """Raises UnknownConversation nowhere: of a conversation that is gone, nothing is written."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    def here(self, conversation: ConversationId, who: str, *, typing: bool) -> None:
        """Somebody looks at it, and perhaps types."""
        now = int(self._clock().timestamp())
        values = {"looking": now, "typing": now if typing else 0}
        mine = (activity.c.conversation == conversation) & (activity.c.who == who)
        try:
            with self._engine.begin() as connection:
                if not connection.execute(
                    sa.update(activity).where(mine).values(**values)
                ).rowcount:
                    new = {"conversation": conversation, "who": who, **values}
                    connection.execute(sa.insert(activity).values(**new))
                announce(connection, conversation)
        except sa.exc.IntegrityError:
            return  # it is gone, or the same was written at the same moment

    def gone(self, conversation: ConversationId, who: str) -> None:
        """Somebody looks away."""
        mine = (activity.c.conversation == conversation) & (activity.c.who == who)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(activity).where(mine))
            announce(connection, conversation)

    def of(self, conversation: ConversationId) -> tuple[Active, ...]:
        """Everybody who is there now."""
        now = int(self._clock().timestamp())
        query = sa.select(activity).where(
            activity.c.conversation == conversation, activity.c.looking > now - LOOKING_SECONDS
        )
        with self._reading.begin() as connection:
            rows = connection.execute(query.order_by(activity.c.who)).all()
        return tuple(Active(row.who, row.typing > now - TYPING_SECONDS) for row in rows)


def stamps(engine: Engine, conversations: Sequence[ConversationId]) -> dict[str, tuple[int, int]]:
    """When something was last written of these: only to notice that something changed."""
    mine = activity.c
    query = sa.select(
        mine.conversation, sa.func.max(mine.looking + mine.typing), sa.func.count()
    ).group_by(mine.conversation)
    found: dict[str, tuple[int, int]] = {}
    with reading(engine).connect() as connection:
        for start in range(0, len(conversations), _LOOKED_UP):
            some = conversations[start : start + _LOOKED_UP]
            for row in connection.execute(query.where(mine.conversation.in_(some))):
                found[row[0]] = (row[1], row[2])
    return found
