"""The example shop's data, walked through: believable, consistent, every state there."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helder.database import connect
from helder.shop import tables as t
from helder.shop.errors import NotAllowed, NotFound, ShopUnavailable
from helder.shop.model import (
    Customer,
    CustomerId,
    DeliveryState,
    Order,
    OrderNumber,
    OrderState,
    PaymentState,
    RefundState,
    ReturnState,
)
from helder.shop.numbers import normalise_order_number
from helder.shop.people import LOCALES, invent_people
from helder.shop.policy import PolicyError, load_policy
from helder.shop.proof import fold_postcode
from helder.shop.rules import local_day
from helder.shop.seed import SEED, demo_orders, move_dates, open_shop, seed
from helder.shop.sql import SqlShop

from .conftest import NOW, Clock

TODAY = NOW.date()


@pytest.fixture(scope="module")
def customers(read_only: SqlShop) -> list[Customer]:
    with read_only.engine.begin() as connection:
        ids = list(connection.execute(sa.select(t.customers.c.id)).scalars())
    return [read_only.customer(CustomerId(each)) for each in ids]


@pytest.fixture(scope="module")
def orders(read_only: SqlShop) -> list[Order]:
    with read_only.engine.begin() as connection:
        numbers = list(connection.execute(sa.select(t.orders.c.number)).scalars())
    return [read_only.order(OrderNumber(number)) for number in numbers]


def test_there_are_hundreds_of_customers_and_everybody_ordered(
    customers: list[Customer], orders: list[Order]
) -> None:
    assert len(customers) >= 300
    assert len(orders) >= 500
    assert {order.customer for order in orders} == {customer.id for customer in customers}


def test_every_state_is_there(orders: list[Order]) -> None:
    assert {o.state for o in orders} == set(OrderState)
    assert {p.state for o in orders for p in o.deliveries} == set(DeliveryState)
    assert {r.state for o in orders for r in o.returns} == set(ReturnState)
    assert {r.state for o in orders for r in o.refunds} == set(RefundState)
    states = {p.state for o in orders for p in o.payments}
    assert states == {PaymentState.OPEN, PaymentState.PAID, PaymentState.FAILED}


def test_sums_add_up(orders: list[Order]) -> None:
    for order in orders:
        total = order.shipping
        for line in order.lines:
            total += line.total
        assert total == order.total
        assert all(payment.amount == order.total for payment in order.payments)
        for each in order.returns:
            prices = {line.id: line.unit_price for line in order.lines}
            assert each.amount.cents == sum(prices[x.line].cents * x.quantity for x in each.lines)
            assert all(x.quantity <= _ordered(order, x.line) for x in each.lines)
        for refund in order.refunds:
            assert refund.amount in {order.total, *(each.amount for each in order.returns)}


def _ordered(order: Order, line: Any) -> int:
    return next(each.quantity for each in order.lines if each.id == line)


def test_shipping_follows_the_delivery_option(read_only: SqlShop, orders: list[Order]) -> None:
    for order in orders:
        options = {o.code: o for o in read_only.delivery_options(order.address.country)}
        option = options[order.delivery_option]
        goods = order.total.cents - order.shipping.cents
        free = option.free_from is not None and goods >= option.free_from.cents
        assert order.shipping.cents == (0 if free else option.price.cents)
        assert order.shipping.currency == option.price.currency


def test_dates_are_in_order_and_nothing_happened_tomorrow(orders: list[Order]) -> None:
    for order in orders:
        steps = [order.placed_at, order.paid_at, order.packed_at, order.shipped_at]
        steps += [order.delivered_at, *(r.requested_at for r in order.returns)]
        steps += [r.received_at for r in order.returns]
        known = [step for step in steps if step is not None]
        assert known == sorted(known), order.number
        assert len(known) == len(set(known))
        last = [*known, *(r.paid_at for r in order.refunds if r.paid_at)]
        last += [event.at for parcel in order.deliveries for event in parcel.events]
        assert all(local_day(moment) <= TODAY for moment in last), order.number


def test_a_state_has_the_times_that_belong_to_it(orders: list[Order]) -> None:
    for order in orders:
        reached = list(OrderState).index(order.state)
        if order.state is OrderState.CANCELLED:
            assert order.cancelled_at is not None
            assert order.packed_at is None
            continue
        times = (order.paid_at, order.packed_at, order.shipped_at, order.delivered_at)
        assert [moment is not None for moment in times] == [reached > i for i in range(4)]


def test_parcels_tell_the_same_story_as_their_order(orders: list[Order]) -> None:
    for order in orders:
        for parcel in order.deliveries:
            assert parcel.lines
            assert parcel.events[-1].state is parcel.state
            times = [event.at for event in parcel.events]
            assert all(earlier < later for earlier, later in pairwise(times))
        packed = [line for parcel in order.deliveries for line in parcel.lines]
        if order.deliveries:
            assert sorted(packed) == sorted(line.id for line in order.lines)
        arrived = {parcel.state for parcel in order.deliveries} == {DeliveryState.DELIVERED}
        assert arrived == (order.state is OrderState.DELIVERED)
        if arrived:
            assert order.delivered_at == max(p.delivered_at for p in order.deliveries if p.lines)


def test_invoices_are_for_what_was_paid(read_only: SqlShop, orders: list[Order]) -> None:
    for order in orders[::5]:
        invoices = read_only.invoices(order.number)
        assert len(invoices) == (1 if order.paid_at else 0)
        for invoice in invoices:
            assert invoice.total == order.total
            assert 0 < invoice.vat.cents < invoice.total.cents


def test_an_order_is_paid_in_a_way_that_its_country_has(
    read_only: SqlShop, orders: list[Order]
) -> None:
    for order in orders:
        offered = read_only.payment_methods(order.address.country)
        assert {payment.method for payment in order.payments} <= set(offered)


def test_some_payments_went_wrong(orders: list[Order]) -> None:
    states = [[payment.state.value for payment in order.payments] for order in orders]
    assert states.count(["paid", "paid"]) >= 5
    assert states.count(["failed"]) >= 5


def test_what_is_out_today_is_expected_today(orders: list[Order]) -> None:
    out = [p for o in orders for p in o.deliveries if p.state is DeliveryState.OUT_FOR_DELIVERY]
    assert len(out) > 20
    for parcel in out:
        assert parcel.expected_to is not None
        assert local_day(parcel.expected_to) == TODAY


def test_order_numbers_have_one_form_and_no_pattern(orders: list[Order]) -> None:
    for order in orders:
        assert normalise_order_number(order.number) == order.number
    by_time = sorted(orders, key=lambda order: order.placed_at)
    values = [int(order.number[3:]) for order in by_time]
    rising = sum(a < b for a, b in pairwise(values)) / len(values)
    assert 0.4 < rising < 0.6, "a later order must not have a higher number"
    assert len({b - a for a, b in pairwise(values)}) > 0.95 * len(values)


def test_names_come_from_many_languages_and_the_shop_keeps_no_trace_of_which(
    customers: list[Customer],
) -> None:
    people = invent_people(SEED, TODAY)
    assert {person.locale for person in people} == set(LOCALES)
    assert {person.customer for person in people} == set(customers)
    names = "".join(customer.name for customer in customers)
    for letters in ("ğış", "łżś", "éèë", "ا", "न", "и"):
        assert set(letters) & set(names), letters
    assert "locale" not in t.customers.c


def test_addresses_are_those_of_their_country(customers: list[Customer]) -> None:
    pattern = {"NL": 6, "BE": 4}
    for customer in customers:
        folded = fold_postcode(customer.address.postcode)
        assert len(folded) == pattern.get(customer.address.country, len(folded))
        assert folded.isascii()
        assert customer.email.split("@")[1] in {"example.com", "example.org", "example.net"}
    countries = [customer.address.country for customer in customers]
    assert min(countries.count(country) for country in ("NL", "BE", "GB")) > 40


def test_emails_are_everybodys_own(customers: list[Customer]) -> None:
    assert len({customer.email for customer in customers}) == len(customers)
    assert all(customer.email == customer.email.lower() for customer in customers)


def test_demo_orders_are_what_they_say(read_only: SqlShop) -> None:
    states = {each.scenario: each.state for each in demo_orders(read_only)}
    assert states == {
        "on_its_way": OrderState.SHIPPED,
        "out_for_delivery": OrderState.SHIPPED,
        "just_paid": OrderState.PAID,
        "delivered_5_days_ago": OrderState.DELIVERED,
        "delivered_60_days_ago": OrderState.DELIVERED,
        "cancelled": OrderState.CANCELLED,
        "delayed": OrderState.SHIPPED,
        "two_parcels": OrderState.SHIPPED,
    }
    numbers = {each.scenario: each.number for each in demo_orders(read_only)}
    read_only.check_cancel(numbers["just_paid"])
    assert len(read_only.returnable(numbers["delivered_5_days_ago"]).lines) > 1
    with pytest.raises(NotAllowed):
        read_only.returnable(numbers["delivered_60_days_ago"])
    assert {each.country for each in demo_orders(read_only)} == {"NL", "BE", "GB"}


def test_demo_orders_keep_their_numbers_on_another_day(tmp_path: Path, read_only: SqlShop) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'later.db'}")
    seed(engine, today=date(2027, 3, 29))  # the day after the clocks change
    later = demo_orders(SqlShop(engine, load_policy(), clock=Clock()))
    assert later == demo_orders(read_only)
    engine.dispose()


def test_filling_is_quick_and_done_once(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    began = time.process_time()
    assert seed(engine, today=TODAY) is True
    assert time.process_time() - began < 5
    before = _dump(engine)
    assert seed(engine, today=TODAY + timedelta(days=9), number=7) is False
    assert _dump(engine) == before
    engine.dispose()


def _dump(engine: Any) -> list[Any]:
    with engine.begin() as connection:
        return [connection.execute(sa.select(each)).all() for each in t.metadata.sorted_tables]


def test_the_same_seed_fills_the_same_shop(tmp_path: Path, read_only: SqlShop) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'again.db'}")
    seed(engine, today=TODAY)
    assert _dump(engine) == _dump(read_only.engine)
    engine.dispose()


def test_started_again_next_week_the_examples_are_still_true(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'var' / 'shop.db'}", Clock()
    first = open_shop(url, clock=clock)
    number = {each.scenario: each.number for each in demo_orders(first)}
    done = first.cancel_order(number["just_paid"], idempotency_key="t")
    first.engine.dispose()

    clock.move(days=7)
    later = open_shop(url, clock=clock)
    (parcel,) = later.order(number["out_for_delivery"]).deliveries
    assert parcel.expected_to is not None
    assert local_day(parcel.expected_to) == TODAY + timedelta(days=7)
    assert later.order(number["just_paid"]).state is OrderState.CANCELLED
    assert later.cancel_order(number["just_paid"], idempotency_key="t") == done
    before = _dump(later.engine)
    move_dates(later.engine, today=TODAY)  # a clock that was set back
    assert _dump(later.engine) == before
    later.engine.dispose()


def test_two_processes_that_start_together_fill_it_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    code = f"from helder.shop.seed import open_shop; open_shop({url!r})"
    root = Path(__file__).parents[2]
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=root) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    engine = connect(url)
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(t.seeding)).scalar() == 1
    engine.dispose()


def test_a_bad_policy_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        open_shop(f"sqlite:///{tmp_path / 'shop.db'}", policies=tmp_path)


def test_a_database_that_fails_is_unavailable_and_says_nothing_personal(
    sql_shop: SqlShop,
) -> None:
    with sql_shop.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE orders RENAME TO gone")
    for call in (
        lambda: sql_shop.order(OrderNumber("HD-752869")),
        lambda: sql_shop.cancel_order(OrderNumber("HD-752869"), idempotency_key="t"),
    ):
        with pytest.raises(ShopUnavailable) as down:
            call()
        assert "752869" not in str(down.value)
        assert down.value.__suppress_context__


def test_half_a_character_is_nobody(sql_shop: SqlShop) -> None:
    with pytest.raises(NotFound):
        sql_shop.find_customer("\ud800@example.com")
