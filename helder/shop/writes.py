"""The single steps of the example shop's writes, inside a transaction of the caller."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from . import tables as t
from .model import (
    Money,
    Order,
    OrderNumber,
    PaymentState,
    Refund,
    RefundCause,
    RefundId,
    RefundState,
    Return,
    ReturnNumber,
)
from .rows import findable, load_order


def lock(connection: Any, number: OrderNumber) -> Order:
    """The order, held until the transaction ends. Raises NotFound."""
    # On PostgreSQL the row lock makes two writers queue; on SQLite BEGIN IMMEDIATE did.
    findable(number, "order")
    found = sa.select(t.orders.c.number).where(t.orders.c.number == number)
    connection.execute(found.with_for_update())
    return load_order(connection, number)


def close_payments(connection: Any, number: OrderNumber) -> None:
    """What is not yet paid need not be paid any more."""
    mine = (t.payments.c.order == number) & (t.payments.c.state == PaymentState.OPEN.value)
    change = sa.update(t.payments).where(mine)
    connection.execute(change.values(state=PaymentState.CANCELLED.value))


def refund(connection: Any, order: Order, now: datetime, fee: Money | None) -> Refund:
    """Promise the amount of a cancelled order back, less a fee; never less than nothing."""
    back = max(0, order.total.cents - (fee.cents if fee else 0))
    amount, name = Money(back, order.total.currency), RefundId(f"RF-{order.number}")
    return promise(connection, order, name, RefundCause.CANCELLATION, amount, now)


def promise(
    connection: Any, order: Order, name: RefundId, cause: RefundCause, amount: Money, now: datetime
) -> Refund:
    """Promise an amount to the customer of an order."""
    new = Refund(
        id=name,
        cause=cause,
        state=RefundState.REQUESTED,
        amount=amount,
        requested_at=now,
        paid_at=None,
    )
    row = sa.insert(t.refunds).values(
        id=new.id,
        order=order.number,
        cause=new.cause.value,
        state=new.state.value,
        amount=new.amount.cents,
        requested_at=now,
    )
    connection.execute(row)
    return new


def return_number(connection: Any, dice: random.Random) -> ReturnNumber:
    """A number that no return has: RT- and six digits."""
    while True:
        number = f"RT-{dice.randrange(100_000, 1_000_000)}"
        taken = sa.select(t.returns.c.number).where(t.returns.c.number == number)
        if connection.execute(taken).first() is None:
            return ReturnNumber(number)


def insert_return(connection: Any, new: Return) -> None:
    """Keep a return with its lines."""
    row = sa.insert(t.returns).values(
        number=new.number,
        order=new.order,
        state=new.state.value,
        reason=new.reason.value,
        amount=new.amount.cents,
        requested_at=new.requested_at,
        send_before=new.send_before,
    )
    connection.execute(row)
    lines = [
        {"return": new.number, "line": line.line, "quantity": line.quantity} for line in new.lines
    ]
    connection.execute(sa.insert(t.return_lines), lines)
