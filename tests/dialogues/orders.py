"""Orders for scripts: those of the demo page, and one of a kind that no other script has.

`{on_its_way.number}` is the demo page's order. `{paid.number}`, `{paid.postcode}`, `{paid.email}`
is an order that only this script gets, so that it can be cancelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import cycle

import sqlalchemy as sa

from helder.shop import tables as t
from helder.shop.generator import Generator
from helder.shop.model import Order, OrderNumber, OrderState
from helder.shop.people import invent_people
from helder.shop.rules import local_day
from helder.shop.seed import SEED, demo_orders
from helder.shop.sql import SqlShop
from helder.shop.stories import all_stories

_SOLD_OUT = {"KA-1007"}  # of which no new one can be sent
_NOT_BACK = {"made_to_measure", "gift_cards"}


def _ago(order: Order) -> timedelta:
    assert order.delivered_at is not None
    return datetime.now(timezone.utc) - order.delivered_at


def _returnable(order: Order) -> bool:
    fresh = order.state is OrderState.DELIVERED and _ago(order) < timedelta(days=20)
    kinds, sold = {x.category for x in order.lines}, {x.sku for x in order.lines}
    return fresh and not order.returns and not _NOT_BACK & kinds and not _SOLD_OUT & sold


_LONG = timedelta(days=14)


def _payments(order: Order, state: OrderState) -> list[str]:
    return [each.state.value for each in order.payments] if order.state is state else []


def _paid_in(order: Order, country: str) -> bool:
    return order.address.country == country and KINDS["paid"](order)


_SMALL = 5000  # cents: goodwill.yml


def _late(order: Order, least: int, most: int) -> bool:
    days = (local_day(datetime.now(timezone.utc)) - order.promised_on).days
    sent = order.state is OrderState.SHIPPED and order.paid_at is not None
    return sent and not order.refunds and least <= days <= most


def _refunds(order: Order) -> list[str]:
    cancelled = order.state is OrderState.CANCELLED
    return [each.state.value for each in order.refunds] if cancelled else []


def _asked(order: Order) -> timedelta:
    return datetime.now(timezone.utc) - order.refunds[0].requested_at


KINDS: dict[str, Callable[[Order], bool]] = {
    "unpaid": lambda order: _payments(order, OrderState.OPEN) == ["open"],
    "paid": lambda order: _payments(order, OrderState.PAID) == ["paid"],
    "paid_nl": lambda order: _paid_in(order, "NL"),
    "paid_be": lambda order: _paid_in(order, "BE"),
    "paid_gb": lambda order: _paid_in(order, "GB"),
    "paid_twice": lambda order: _payments(order, OrderState.PAID) == ["paid", "paid"],
    "payment_failed": lambda order: _payments(order, OrderState.OPEN) == ["failed"],
    "never_paid": lambda order: _payments(order, OrderState.CANCELLED) == ["failed"],
    "refunding": lambda order: _refunds(order) == ["requested"] and _asked(order) < _LONG,
    "refund_late": lambda order: _refunds(order) == ["requested"] and _asked(order) > _LONG,
    "refunded": lambda order: _refunds(order) == ["paid"],
    "return_sent": lambda order: [each.state.value for each in order.returns] == ["in_transit"],
    "a_bit_late": lambda order: _late(order, 1, 2),
    "late": lambda order: _late(order, 3, 7),
    "very_late": lambda order: _late(order, 8, 14),
    "small_delivered": lambda order: _returnable(order) and order.total.cents <= _SMALL,
    "large_delivered": lambda order: _returnable(order) and order.total.cents > _SMALL,
    "packed": lambda order: order.state is OrderState.PACKED,
    "shipped": lambda order: order.state is OrderState.SHIPPED and len(order.deliveries) == 1,
    "delivered_one": lambda order: (
        _returnable(order) and len(order.lines) == 1 and order.lines[0].quantity == 1
    ),
    "delivered_two": lambda order: _returnable(order) and len(order.lines) == 2,
    "delivered_three": lambda order: _returnable(order) and len(order.lines) == 3,
    "delivered_several": lambda order: (
        _returnable(order) and len(order.lines) == 1 and order.lines[0].quantity > 1
    ),
    "returned": lambda order: any(each.state.value == "refunded" for each in order.returns),
}


@dataclass
class Orders:
    """Hands out orders."""

    shop: SqlShop
    _given: set[str] = field(default_factory=set)
    _all: list[Order] = field(default_factory=list)
    _batches: int = 0

    def fill(self, text: str, mine: dict[str, Order]) -> str:
        """`text` with its placeholders filled in; `mine` are the orders of this script."""
        return re.sub(r"\{(\w+)\.(number|postcode|email)\}", lambda m: self._value(m, mine), text)

    def _value(self, match: re.Match[str], mine: dict[str, Order]) -> str:
        kind = match[1]
        if kind not in mine:
            mine[kind] = self._take(kind)
        order = mine[kind]
        values = {"postcode": order.address.postcode, "email": order.email}
        return str(values.get(match[2], order.number))

    def _take(self, kind: str) -> Order:
        for demo in demo_orders(self.shop):
            if demo.scenario == kind:
                return self.shop.order(demo.number)
        while (order := self._left(KINDS[kind])) is None:
            self._sell_more()
        self._given.add(order.number)
        return order

    def _left(self, fits: Callable[[Order], bool]) -> Order | None:
        return next(
            (o for o in self._everything() if o.number not in self._given and fits(o)), None
        )

    def _sell_more(self) -> None:
        """As many orders again as the shop began with, so that scripts never run out of them."""
        self._batches += 1
        assert self._batches < 10, "no story of the example shop makes such an order"
        today = local_day(datetime.now(timezone.utc))
        sold = Generator(SEED + self._batches, today)
        customers = [person.customer for person in invent_people(SEED, today)]
        for story, customer in zip(all_stories(), cycle(customers)):
            sold.order(customer, story)
        taken = {order.number for order in self._everything()}
        if taken & {row["number"] for row in sold.rows["orders"]}:
            return self._sell_more()
        with self.shop.engine.begin() as connection:
            for table in t.metadata.sorted_tables:
                if rows := sold.rows.get(table.name):
                    connection.execute(sa.insert(table), rows)
        self._all = []
        return None

    def _everything(self) -> list[Order]:
        if not self._all:
            with self.shop.engine.connect() as connection:
                numbers = list(connection.execute(sa.select(t.orders.c.number)).scalars())
            demo = {each.number for each in demo_orders(self.shop)}
            self._all = [self.shop.order(OrderNumber(n)) for n in numbers if n not in demo]
        return self._all
