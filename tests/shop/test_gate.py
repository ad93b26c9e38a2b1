"""The gate: an order is seen, and changed, only by a conversation that has proven it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import pytest

from helder.shop.gate import NotProven, ProvenShop
from helder.shop.model import (
    Address,
    CustomerId,
    InvoiceNumber,
    OrderNumber,
    ReturnLine,
    ReturnReason,
)
from helder.shop.seed import demo_orders
from helder.shop.sql import SqlShop


@dataclass
class Said:
    """Evidence as a test wants it."""

    proven: tuple[str, ...] = ()
    signed_in: tuple[str, ...] = ()

    def granted(self, purpose: str) -> bool:
        return purpose == "order_data"

    def orders(self) -> tuple[str, ...]:
        return self.proven

    def customers(self) -> tuple[str, ...]:
        return self.signed_in


def demo(shop: SqlShop, scenario: str) -> OrderNumber:
    return next(each.number for each in demo_orders(shop) if each.scenario == scenario)


ELSEWHERE = Address("A. Bakker", "Lindelaan", "4", "3511 AB", "Utrecht", "NL")
CALLS: dict[str, Callable[[ProvenShop, OrderNumber], Any]] = {
    "order": lambda shop, number: shop.order(number),
    "invoices": lambda shop, number: shop.invoices(number),
    "invoice_document": lambda shop, number: shop.invoice_document(
        number, InvoiceNumber(number.replace("HD", "IN")), "en"
    ),
    "change_address": lambda shop, number: shop.change_address(
        number, ELSEWHERE, idempotency_key="k"
    ),
    "decide": lambda shop, number: shop.decide("cancellation", number),
    "check_cancel": lambda shop, number: shop.check_cancel(number),
    "returnable": lambda shop, number: shop.returnable(number),
    "cancel_order": lambda shop, number: shop.cancel_order(number, idempotency_key="k"),
    "request_return": lambda shop, number: shop.request_return(
        number, [ReturnLine(_line(number), 1)], ReturnReason.NOT_GIVEN, idempotency_key="k"
    ),
}


def _line(number: OrderNumber) -> Any:
    return f"{number}-1"


def test_every_call_about_an_order_is_tested_here() -> None:
    public = {name for name in vars(ProvenShop) if not name.startswith("_")}
    assert public - {"is_proven", "recent"} == set(CALLS)
    assert {field.name for field in fields(Said)} == {"proven", "signed_in"}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("evidence", [Said(), Said(("HD-000001",)), Said((), ("C-nobody",))])
def test_without_proof_nothing_is_seen_or_done(
    sql_shop: SqlShop, call: str, evidence: Said
) -> None:
    number = demo(sql_shop, "just_paid")
    before = sql_shop.order(number)
    with pytest.raises(NotProven):
        CALLS[call](ProvenShop(sql_shop, evidence), number)
    assert sql_shop.order(number) == before


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_order_is_not_told_apart(sql_shop: SqlShop, call: str) -> None:
    customer = sql_shop.order(demo(sql_shop, "just_paid")).customer
    with pytest.raises(NotProven):
        CALLS[call](ProvenShop(sql_shop, Said((), (customer,))), OrderNumber("HD-000001"))


def test_a_proven_order_is_seen_and_cancelled(sql_shop: SqlShop) -> None:
    number = demo(sql_shop, "just_paid")
    shop = ProvenShop(sql_shop, Said((number,)))
    assert shop.is_proven(number)
    assert shop.order(number).number == number
    shop.check_cancel(number)
    shop.cancel_order(number, idempotency_key="k")
    assert shop.order(number).cancelled_at is not None


def test_a_proven_order_is_sent_elsewhere(sql_shop: SqlShop) -> None:
    number = demo(sql_shop, "just_paid")
    shop = ProvenShop(sql_shop, Said((number,)))
    shop.change_address(number, ELSEWHERE, idempotency_key="k")
    assert sql_shop.order(number).address == ELSEWHERE


def test_the_invoice_of_a_proven_order_is_opened(sql_shop: SqlShop) -> None:
    number = demo(sql_shop, "just_paid")
    shop = ProvenShop(sql_shop, Said((number,)))
    (invoice,) = shop.invoices(number)
    assert invoice.number in shop.invoice_document(number, invoice.number, "nl").content.decode()


def test_a_proven_order_is_returned(sql_shop: SqlShop) -> None:
    number = demo(sql_shop, "delivered_5_days_ago")
    shop = ProvenShop(sql_shop, Said((number,)))
    line = shop.returnable(number).lines[0]
    made = shop.request_return(number, [line], ReturnReason.DAMAGED, idempotency_key="k")
    assert made.order == number


def test_who_signed_in_sees_their_own_orders_and_no_others(sql_shop: SqlShop) -> None:
    mine, other = demo(sql_shop, "just_paid"), demo(sql_shop, "on_its_way")
    customer = CustomerId(sql_shop.order(mine).customer)
    shop = ProvenShop(sql_shop, Said((), (customer,)))
    assert shop.order(mine).number == mine
    assert not shop.is_proven(other)
    assert [order.customer for order in shop.recent(10)] == [customer] * len(shop.recent(10))
    assert mine in [order.number for order in shop.recent(10)]


def test_recent_orders_are_the_newest_and_nobodys_without_a_sign_in(sql_shop: SqlShop) -> None:
    assert ProvenShop(sql_shop, Said()).recent(5) == ()
    assert ProvenShop(sql_shop, Said((), ("C-nobody",))).recent(5) == ()
    customers = [sql_shop.order(demo(sql_shop, name)).customer for name in ("cancelled", "delayed")]
    recent = ProvenShop(sql_shop, Said((), tuple(customers))).recent(1)
    placed = [order.placed_at for each in customers for order in sql_shop.orders(each)]
    assert [order.placed_at for order in recent] == [max(placed)]
