"""What was learnt of told waits that ended: how much the next ones are stretched (expected.py)."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.handoff.expected import Expected, Stretch
from helder.handoff.tables import stretch
from helder.handoff.tickets import Ticket

_ONLY = 1  # the id of the only row


def known(connection: Connection) -> Stretch:
    """As it is now."""
    row = connection.execute(sa.select(stretch)).first()
    return Stretch() if row is None else Stretch(row.low, row.high)


def learn(connection: Connection, one: Ticket, now: int) -> None:
    """This customer's wait is over: were they told the truth?"""
    if one.told is None or one.told_low is None or one.told_high is None:
        return
    told = Expected(timedelta(seconds=one.told_low), timedelta(seconds=one.told_high))
    after = known(connection).after(told, timedelta(seconds=max(0, now - one.told)))
    values = {"low": after.low, "high": after.high}
    if not connection.execute(sa.update(stretch).values(**values)).rowcount:
        connection.execute(sa.insert(stretch).values(id=_ONLY, **values))
