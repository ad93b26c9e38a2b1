"""A case with what only the example shop's database knows: its stock, and other orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helder.decisions.evaluate import Case

from . import tables as t
from .facts import Besides, case_of, pieces_left
from .model import Order, OrderState, ReturnLine


def case(connection: Any, order: Order, besides: Besides, now: datetime) -> Case:
    """Everything that is known of an order, and of what is asked about it, at this moment."""
    return case_of(
        order,
        now,
        besides.lines,
        return_reason=None if besides.reason is None else besides.reason.value,
        same_in_stock=_in_stock(connection, order, besides.lines),
        earlier_orders=_earlier(connection, order) if besides.signed_in else None,
    )


def _in_stock(connection: Any, order: Order, lines: Sequence[ReturnLine] | None) -> bool | None:
    """Are all the pieces there once more? None: there are none."""
    counts = {x.line: x.quantity for x in lines} if lines is not None else pieces_left(order)
    wanted: dict[str, int] = {}
    for line in order.lines:
        if counts.get(line.id, 0) > 0:
            wanted[line.sku] = wanted.get(line.sku, 0) + counts[line.id]
    columns = t.products.c
    found = sa.select(columns.sku, columns.in_stock).where(columns.sku.in_(list(wanted)))
    stock = {row.sku: row.in_stock for row in connection.execute(found)}
    return all(stock.get(sku, 0) >= n for sku, n in wanted.items()) if wanted else None


def _earlier(connection: Any, order: Order) -> int:
    """How many orders the same customer placed before, without those that were cancelled."""
    columns = t.orders.c
    mine = (columns.customer == order.customer) & (columns.placed_at < order.placed_at)
    kept = columns.state != OrderState.CANCELLED.value
    count = sa.select(sa.func.count()).select_from(t.orders).where(mine & kept)
    return int(connection.execute(count).scalar_one())
