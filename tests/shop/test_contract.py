"""What every ShopBackend does; run against the example shop and against the HTTP adapter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from helder.shop import tables as t
from helder.shop.errors import BadRequest, KeyReused, NotAllowed, NotFound, Reason
from helder.shop.model import (
    AccountState,
    CustomerId,
    DeliveryState,
    DocumentType,
    InvoiceNumber,
    LineId,
    NewsletterState,
    Order,
    OrderNumber,
    OrderState,
    PaymentMethod,
    PaymentState,
    Refund,
    RefundCause,
    RefundState,
    ReturnLine,
    ReturnReason,
    ReturnState,
)
from helder.shop.port import ShopBackend
from helder.shop.seed import DemoOrder
from helder.shop.sql import SqlShop

from .conftest import NOW, Clock

Demo = Callable[[str], DemoOrder]


def test_an_order_is_found_with_all_that_happened_to_it(shop: ShopBackend, demo: Demo) -> None:
    order = shop.order(demo("two_parcels").number)
    assert [parcel.state for parcel in order.deliveries] == [
        DeliveryState.DELIVERED,
        DeliveryState.IN_TRANSIT,
    ]
    assert order.lines
    assert order.payments[0].amount == order.total
    assert order.placed_at.utcoffset() == timedelta(0)


def test_the_contact_of_an_order_is_its_address_and_email(shop: ShopBackend, demo: Demo) -> None:
    known = demo("delayed")
    contact = shop.contact(known.number)
    assert (contact.number, contact.postcode, contact.email) == (
        known.number,
        known.postcode,
        known.email,
    )


def test_a_customer_is_found_by_email_whatever_its_case(shop: ShopBackend, demo: Demo) -> None:
    known = demo("just_paid")
    customer = shop.find_customer(known.email.upper())
    assert customer == shop.customer(customer.id)
    assert [order.number for order in shop.orders(customer.id)] == [known.number]


def test_orders_of_a_customer_come_newest_first(shop: ShopBackend, read_only: ShopBackend) -> None:
    busy = next(c for c in map(CustomerId, _ids()) if len(read_only.orders(c)) > 2)
    placed = [order.placed_at for order in shop.orders(busy)]
    assert placed == sorted(placed, reverse=True)


def _ids() -> list[str]:
    return [f"C-{20_000 + 7 * index}" for index in range(300)]


def test_an_invoice_says_what_was_charged(shop: ShopBackend, demo: Demo) -> None:
    order = shop.order(demo("delivered_5_days_ago").number)
    (invoice,) = shop.invoices(order.number)
    assert invoice.total == order.total
    assert invoice.vat.cents == round(order.total.cents * 20 / 120)


@pytest.mark.parametrize(("language", "word"), [("nl", "Factuurnummer"), ("en", "Invoice number")])
def test_an_invoice_can_be_opened(shop: ShopBackend, demo: Demo, language: str, word: str) -> None:
    order = shop.order(demo("delivered_5_days_ago").number)
    (invoice,) = shop.invoices(order.number)
    document = shop.invoice_document(order.number, invoice.number, language)
    assert document.media_type is DocumentType.HTML
    text = document.content.decode()
    for part in (word, invoice.number, order.number, order.address.postcode):
        assert part in text


def test_another_orders_invoice_is_not_opened(shop: ShopBackend, demo: Demo) -> None:
    theirs = shop.invoices(demo("on_its_way").number)[0].number
    with pytest.raises(NotFound):
        shop.invoice_document(demo("delivered_5_days_ago").number, theirs, "en")


@pytest.mark.parametrize(
    ("country", "first"), [("NL", "ideal"), ("be", "bancontact"), ("GB", "card")]
)
def test_payment_methods_are_those_of_the_country(
    shop: ShopBackend, country: str, first: str
) -> None:
    assert shop.payment_methods(country)[0] is PaymentMethod(first)
    assert shop.payment_methods("MT") == ()


@pytest.mark.parametrize(("country", "currency"), [("NL", "EUR"), ("be", "EUR"), ("GB", "GBP")])
def test_delivery_options_are_those_of_the_country(
    shop: ShopBackend, country: str, currency: str
) -> None:
    options = shop.delivery_options(country)
    assert options
    assert {each.country for each in options} == {country.upper()}
    assert {each.price.currency for each in options} == {currency}
    assert all(each.name.nl and each.name.en for each in options)


def test_a_country_that_is_not_served_has_no_delivery_options(shop: ShopBackend) -> None:
    assert shop.delivery_options("MT") == ()


@pytest.mark.parametrize("words", ["garden hose", "TUINSLANG", "haspel 25"])
def test_products_are_found_in_both_languages(shop: ShopBackend, words: str) -> None:
    assert [each.sku for each in shop.find_products(words)] == ["KA-1406"]


@pytest.mark.parametrize("words", ["", "   ", "zeppelin", "%", "' OR 1=1 --", "💥", "a&limit=9"])
def test_words_that_mean_nothing_find_nothing(shop: ShopBackend, words: str) -> None:
    assert shop.find_products(words) == ()


def test_a_limit_is_kept(shop: ShopBackend) -> None:
    assert len(shop.find_products("e", limit=3)) == 3
    assert shop.find_products("e", limit=0) == ()
    assert shop.find_products("e", limit=-5) == ()


BAD_IDS = ["HD-000001", "", "..", ".", "../customers", "HD-1/../HD-2", "a" * 5000, "é", "\ud800",
           "\0", "' OR 1=1 --", "?x=1", "HD-000001#"]  # fmt: skip


@pytest.mark.parametrize("number", BAD_IDS)
def test_an_order_that_does_not_exist_is_not_found(
    shop: ShopBackend, demo: Demo, number: str
) -> None:
    bad = OrderNumber(number)
    calls: list[Callable[[], object]] = [
        lambda: shop.order(bad),
        lambda: shop.contact(bad),
        lambda: shop.invoices(bad),
        lambda: shop.invoice_document(bad, InvoiceNumber("IN-000001"), "en"),
        lambda: shop.invoice_document(demo("on_its_way").number, InvoiceNumber(number), "en"),
        lambda: shop.check_cancel(bad),
        lambda: shop.returnable(bad),
        lambda: shop.orders(CustomerId(number)),
        lambda: shop.customer(CustomerId(number)),
        lambda: shop.find_customer(number),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize("nowhere", BAD_IDS)
def test_writing_to_what_does_not_exist_is_not_found(
    shop: ShopBackend, demo: Demo, nowhere: str
) -> None:
    number = OrderNumber(nowhere)
    address = shop.order(demo("just_paid").number).address
    lines = [ReturnLine(LineId("x"), 1)]
    calls: list[Callable[[], object]] = [
        lambda: shop.cancel_order(number, idempotency_key="a"),
        lambda: shop.request_return(number, lines, ReturnReason.NOT_GIVEN, idempotency_key="b"),
        lambda: shop.change_address(number, address, idempotency_key="c"),
        lambda: shop.set_newsletter(CustomerId(nowhere), True, idempotency_key="d"),
        lambda: shop.compensate(
            number,
            RefundCause.GOODWILL,
            ReturnReason.DAMAGED,
            signed_in=False,
            idempotency_key="e",
        ),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()


# Cancelling


def test_a_paid_order_is_cancelled_and_its_money_promised_back(
    shop: ShopBackend, demo: Demo
) -> None:
    number = demo("just_paid").number
    shop.check_cancel(number)
    done = shop.cancel_order(number, idempotency_key="turn-1")
    order = shop.order(number)
    assert (order.state, order.cancelled_at) == (OrderState.CANCELLED, NOW)
    assert done.refund is not None
    assert done.refund.amount == order.total
    assert order.refunds == (done.refund,)
    assert done.refund.state is RefundState.REQUESTED


def test_an_unpaid_order_is_cancelled_without_a_refund(
    shop: ShopBackend, read_only: ShopBackend
) -> None:
    number = next(
        order.number
        for customer in _ids()
        for order in read_only.orders(CustomerId(customer))
        if order.state is OrderState.OPEN
    )
    assert shop.cancel_order(number, idempotency_key="turn-1").refund is None
    order = shop.order(number)
    assert order.payments[0].state is PaymentState.CANCELLED
    assert order.refunds == ()


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("on_its_way", Reason.ALREADY_SHIPPED),
        ("out_for_delivery", Reason.ALREADY_SHIPPED),
        ("delivered_5_days_ago", Reason.ALREADY_DELIVERED),
        ("cancelled", Reason.ALREADY_CANCELLED),
    ],
)
def test_too_late_to_cancel_says_why_and_since_when(
    shop: ShopBackend, demo: Demo, scenario: str, reason: Reason
) -> None:
    number = demo(scenario).number
    before = shop.order(number)
    for attempt in (
        lambda: shop.check_cancel(number),
        lambda: shop.cancel_order(number, idempotency_key="turn-1"),
    ):
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.reason is reason
        assert date.fromisoformat(refused.value.facts["since"][:10]) <= NOW.date()
    assert shop.order(number) == before


def test_the_same_turn_twice_cancels_once_and_answers_the_same(
    shop: ShopBackend, demo: Demo, clock: Clock
) -> None:
    number = demo("just_paid").number
    first = shop.cancel_order(number, idempotency_key="turn-1")
    clock.move(minutes=3)
    assert shop.cancel_order(number, idempotency_key="turn-1") == first
    assert len(shop.order(number).refunds) == 1


def test_another_turn_is_told_that_it_is_cancelled_already(shop: ShopBackend, demo: Demo) -> None:
    number = demo("just_paid").number
    shop.cancel_order(number, idempotency_key="turn-1")
    with pytest.raises(NotAllowed) as refused:
        shop.cancel_order(number, idempotency_key="turn-2")
    assert refused.value.reason is Reason.ALREADY_CANCELLED


def test_a_key_for_another_request_is_refused(shop: ShopBackend, demo: Demo) -> None:
    order = shop.order(demo("delivered_5_days_ago").number)
    line = order.lines[0].id
    shop.cancel_order(demo("just_paid").number, idempotency_key="turn-1")
    with pytest.raises(KeyReused):
        shop.request_return(
            order.number, [ReturnLine(line, 1)], ReturnReason.DAMAGED, idempotency_key="turn-1"
        )
    assert shop.order(order.number).returns == ()


def test_a_write_without_a_key_is_refused(shop: ShopBackend, demo: Demo) -> None:
    with pytest.raises(BadRequest):
        shop.cancel_order(demo("just_paid").number, idempotency_key="")
    shop.check_cancel(demo("just_paid").number)


@pytest.mark.parametrize("key", ["x" * 10_000, "é\n\r: injected", "\ud800", "💥"])
def test_any_text_can_be_a_key(shop: ShopBackend, demo: Demo, key: str) -> None:
    number = demo("just_paid").number
    first = shop.cancel_order(number, idempotency_key=key)
    assert shop.cancel_order(number, idempotency_key=key) == first


def test_a_refusal_is_not_remembered(shop: ShopBackend, demo: Demo, clock: Clock) -> None:
    order = shop.order(demo("delivered_5_days_ago").number)
    lines = [ReturnLine(order.lines[0].id, 1)]
    clock.move(days=40)
    with pytest.raises(NotAllowed):
        shop.request_return(order.number, lines, ReturnReason.NOT_GIVEN, idempotency_key="t")
    clock.move(days=-40)
    new = shop.request_return(order.number, lines, ReturnReason.NOT_GIVEN, idempotency_key="t")
    assert shop.order(order.number).returns == (new,)


def test_ten_at_once_with_one_key_have_one_effect(shop: ShopBackend, demo: Demo) -> None:
    number = demo("just_paid").number
    answers: list[object] = []

    def cancel() -> None:
        answers.append(shop.cancel_order(number, idempotency_key="turn-1"))

    threads = [threading.Thread(target=cancel) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 10
    assert all(answer == answers[0] for answer in answers)
    assert len(shop.order(number).refunds) == 1


# Making up for something


def _late(shop: ShopBackend, read_only: ShopBackend, days: int) -> Order:
    """An order that is so many days late or more, and paid."""
    every = (order for customer in _ids() for order in read_only.orders(CustomerId(customer)))
    return next(
        order
        for order in every
        if order.state is OrderState.SHIPPED
        and order.paid_at
        and days <= (NOW.date() - order.promised_on).days < 15
    )


def test_a_late_order_gets_what_the_policy_gives_once(
    shop: ShopBackend, read_only: ShopBackend
) -> None:
    late = _late(shop, read_only, 3)
    new = _made_up(shop, late.number, "turn-1")
    assert (new.cause, new.state) == (RefundCause.COMPENSATION, RefundState.REQUESTED)
    assert new.amount.cents >= 250
    assert shop.order(late.number).refunds == (*late.refunds, new)
    assert _made_up(shop, late.number, "turn-1") == new
    with pytest.raises(NotAllowed) as refused:
        _made_up(shop, late.number, "turn-2")
    assert refused.value.reason is Reason.BY_POLICY
    assert shop.order(late.number).refunds == (*late.refunds, new)


def _made_up(shop: ShopBackend, number: OrderNumber, key: str) -> Refund:
    late, why = RefundCause.COMPENSATION, ReturnReason.TOO_LATE
    return shop.compensate(number, late, why, signed_in=False, idempotency_key=key)


def test_an_order_in_time_gets_nothing_for_being_late(shop: ShopBackend, demo: Demo) -> None:
    number = demo("on_its_way").number
    with pytest.raises(NotAllowed):
        _made_up(shop, number, "turn-1")
    assert shop.order(number).refunds == ()


def test_other_orders_count_as_goodwill_only_of_who_is_signed_in(
    shop: ShopBackend, sql_shop: SqlShop
) -> None:
    every = [order for c in _ids() for order in sql_shop.orders(CustomerId(c))]
    kept = [each for each in every if each.state is OrderState.DELIVERED and not each.refunds]
    kept.sort(key=lambda order: order.placed_at)
    faithful = next(each for each in kept[5:] if each.total.cents <= 5000)
    with sql_shop.engine.begin() as connection:  # five orders that came before are theirs too
        theirs = t.orders.c.number.in_([each.number for each in kept[:5]])
        connection.execute(sa.update(t.orders).where(theirs).values(customer=faithful.customer))
    number, why = faithful.number, ReturnReason.WRONG_ITEM
    goodwill = RefundCause.GOODWILL
    with pytest.raises(NotAllowed):
        shop.compensate(number, goodwill, why, signed_in=False, idempotency_key="turn-1")
    new = shop.compensate(number, goodwill, why, signed_in=True, idempotency_key="turn-2")
    assert (new.cause, new.amount.cents) == (goodwill, 500)


@pytest.mark.parametrize("cause", [RefundCause.RETURN, RefundCause.CANCELLATION])
def test_no_money_is_given_for_what_has_a_way_of_its_own(
    shop: ShopBackend, demo: Demo, cause: RefundCause
) -> None:
    number, why = demo("just_paid").number, ReturnReason.TOO_LATE
    with pytest.raises(BadRequest):
        shop.compensate(number, cause, why, signed_in=False, idempotency_key="turn-1")
    assert shop.order(number).refunds == ()


# Returning


def _delivered(shop: ShopBackend, demo: Demo) -> Order:
    return shop.order(demo("delivered_5_days_ago").number)


def test_a_return_gets_a_number_an_amount_and_a_day_to_send_it(
    shop: ShopBackend, demo: Demo
) -> None:
    order = _delivered(shop, demo)
    line = order.lines[0]
    new = shop.request_return(
        order.number, [ReturnLine(line.id, 1)], ReturnReason.DEFECTIVE, idempotency_key="turn-1"
    )
    assert new.number.startswith("RT-")
    assert (new.state, new.reason) == (ReturnState.REQUESTED, ReturnReason.DEFECTIVE)
    assert new.amount == line.unit_price
    assert new.send_before == NOW.date() + timedelta(days=14)
    assert shop.order(order.number).returns == (new,)


def test_the_same_turn_twice_returns_once(shop: ShopBackend, demo: Demo) -> None:
    order = _delivered(shop, demo)
    lines = [ReturnLine(order.lines[0].id, 1)]
    first, again = (
        shop.request_return(order.number, lines, ReturnReason.NOT_GIVEN, idempotency_key="turn-1")
        for _ in range(2)
    )
    assert first == again
    assert len(shop.order(order.number).returns) == 1


def test_only_a_whole_order_back_at_once_includes_the_shipping(
    shop: ShopBackend, read_only: ShopBackend
) -> None:
    orders = (o for customer in _ids() for o in read_only.orders(CustomerId(customer)))
    order = next(o for o in orders if o.shipping.cents and _pieces(o) > 1 and _all_back(o))
    whole = [ReturnLine(line.id, line.quantity) for line in order.lines]
    new = shop.request_return(order.number, whole, ReturnReason.NOT_GIVEN, idempotency_key="t")
    assert new.amount == order.total

    other = next(o for o in orders if o.shipping.cents and _pieces(o) > 1 and _all_back(o))
    part = [ReturnLine(other.lines[0].id, 1)]
    new = shop.request_return(other.number, part, ReturnReason.NOT_GIVEN, idempotency_key="t2")
    assert new.amount == other.lines[0].unit_price


def _pieces(order: Order) -> int:
    return sum(line.quantity for line in order.lines)


def _all_back(order: Order) -> bool:
    kept = {"made_to_measure", "gift_cards"}
    fresh = order.delivered_at is not None and NOW - order.delivered_at < timedelta(days=29)
    return fresh and not order.returns and not kept & {line.category for line in order.lines}


def test_what_was_announced_cannot_be_returned_again(shop: ShopBackend, demo: Demo) -> None:
    order = _delivered(shop, demo)
    line = order.lines[0]
    lines = [ReturnLine(line.id, line.quantity)]
    shop.request_return(order.number, lines, ReturnReason.NOT_GIVEN, idempotency_key="t1")
    assert line.id not in {left.line for left in shop.returnable(order.number).lines}
    with pytest.raises(NotAllowed) as refused:
        shop.request_return(order.number, lines, ReturnReason.NOT_GIVEN, idempotency_key="t2")
    assert refused.value.reason is Reason.ALREADY_RETURNED


def test_all_that_is_returnable_is_accepted_and_then_nothing_is_left(
    shop: ShopBackend, demo: Demo
) -> None:
    order = _delivered(shop, demo)
    for index, line in enumerate(shop.returnable(order.number).lines):
        shop.request_return(
            order.number, [line], ReturnReason.WRONG_ITEM, idempotency_key=f"t{index}"
        )
    with pytest.raises(NotAllowed) as refused:
        shop.returnable(order.number)
    assert refused.value.reason is Reason.ALREADY_RETURNED


def test_the_last_day_of_the_window_counts_and_the_next_does_not(
    shop: ShopBackend, demo: Demo, clock: Clock
) -> None:
    number = demo("delivered_5_days_ago").number
    last_day = shop.returnable(number).last_day
    assert last_day == NOW.date() - timedelta(days=5) + timedelta(days=30)
    clock.now = NOW.replace(hour=22, minute=59) + (last_day - NOW.date())  # 23:59 in Amsterdam
    assert shop.returnable(number).lines
    clock.move(minutes=2)
    with pytest.raises(NotAllowed) as refused:
        shop.returnable(number)
    assert refused.value.reason is Reason.WINDOW_OVER
    assert refused.value.facts["last_day"] == last_day.isoformat()


def test_sixty_days_after_delivery_is_too_late(shop: ShopBackend, demo: Demo) -> None:
    with pytest.raises(NotAllowed) as refused:
        shop.returnable(demo("delivered_60_days_ago").number)
    assert refused.value.reason is Reason.WINDOW_OVER
    assert refused.value.facts["window_days"] == "30"
    assert refused.value.facts["guarantee_until"] > NOW.date().isoformat()


@pytest.mark.parametrize("scenario", ["just_paid", "on_its_way", "cancelled", "delayed"])
def test_what_has_not_arrived_cannot_be_returned(
    shop: ShopBackend, demo: Demo, scenario: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        shop.returnable(demo(scenario).number)
    assert refused.value.reason is Reason.NOT_DELIVERED


def test_of_two_parcels_only_what_arrived_can_be_returned(shop: ShopBackend, demo: Demo) -> None:
    order = shop.order(demo("two_parcels").number)
    here, underway = order.deliveries
    assert {left.line for left in shop.returnable(order.number).lines} <= set(here.lines)
    with pytest.raises(NotAllowed) as refused:
        shop.request_return(
            order.number,
            [ReturnLine(underway.lines[0], 1)],
            ReturnReason.NOT_GIVEN,
            idempotency_key="t",
        )
    assert refused.value.reason in {Reason.NOT_DELIVERED, Reason.NOT_RETURNABLE}


def test_a_return_of_nothing_or_of_something_else_is_a_bad_request(
    shop: ShopBackend, demo: Demo
) -> None:
    order = _delivered(shop, demo)
    line = order.lines[0]
    wrong = (
        [],
        [ReturnLine(line.id, 1), ReturnLine(line.id, 1)],
        [ReturnLine(LineId("HD-000001-1"), 1)],
        [ReturnLine(line.id, line.quantity + 1)],
    )
    for index, lines in enumerate(wrong):
        with pytest.raises(BadRequest):
            shop.request_return(
                order.number, lines, ReturnReason.NOT_GIVEN, idempotency_key=f"t{index}"
            )
    assert shop.order(order.number).returns == ()


# Address and newsletter


def test_the_address_changes_until_the_order_is_packed(shop: ShopBackend, demo: Demo) -> None:
    number = demo("just_paid").number
    address = replace(shop.order(number).address, street="Nieuwe Dijk", house="7", city="Hoorn")
    changed = shop.change_address(number, address, idempotency_key="t1")
    assert changed == shop.order(number)
    assert changed.address == address
    assert shop.change_address(number, address, idempotency_key="t1") == changed
    with pytest.raises(NotAllowed) as refused:
        shop.change_address(demo("on_its_way").number, address, idempotency_key="t2")
    assert refused.value.reason is Reason.ALREADY_SHIPPED


def test_an_order_does_not_move_to_another_country(shop: ShopBackend, demo: Demo) -> None:
    number = demo("just_paid").number
    abroad = replace(shop.order(number).address, country="GB")
    with pytest.raises(NotAllowed) as refused:
        shop.change_address(number, abroad, idempotency_key="t1")
    assert refused.value.reason is Reason.COUNTRY_NOT_SERVED


@pytest.mark.parametrize("street", ["", "  ", "a\0b", "\ud800", "x" * 201, "a\nb"])
def test_an_address_that_no_label_can_show_is_a_bad_request(
    shop: ShopBackend, demo: Demo, street: str
) -> None:
    order = shop.order(demo("just_paid").number)
    with pytest.raises(BadRequest):
        shop.change_address(
            order.number, replace(order.address, street=street), idempotency_key="t1"
        )
    assert shop.order(order.number) == order


def test_the_newsletter_is_turned_on_and_off(shop: ShopBackend, demo: Demo) -> None:
    customer = shop.find_customer(demo("just_paid").email).id
    for index, wanted in enumerate((True, True, False, False, True)):
        after = shop.set_newsletter(customer, wanted, idempotency_key=f"t{index}")
        state = NewsletterState.SUBSCRIBED if wanted else NewsletterState.UNSUBSCRIBED
        assert after.newsletter is state
        assert shop.customer(customer) == after


# Accounts, and what anybody may ask for


def _mails(shop: SqlShop) -> list[tuple[str, str, str]]:
    with shop.engine.connect() as connection:
        rows = connection.execute(sa.select(t.mails)).all()
    return [(row.email, row.about, row.language) for row in rows]


def _asked(shop: SqlShop) -> list[str]:
    with shop.engine.connect() as connection:
        return list(connection.execute(sa.select(t.newsletter_asked.c.email)).scalars())


def test_the_newsletter_begins_only_when_the_mail_is_confirmed(
    shop: ShopBackend, sql_shop: SqlShop, demo: Demo
) -> None:
    mine = shop.find_customer(demo("just_paid").email)
    shop.set_newsletter(mine.id, False, idempotency_key="t0")
    shop.ask_newsletter(mine.email.upper(), True, "nl", idempotency_key="t1")
    assert shop.customer(mine.id).newsletter is NewsletterState.PENDING
    assert _mails(sql_shop) == [(mine.email, "newsletter", "nl")]
    shop.ask_newsletter(mine.email, False, "nl", idempotency_key="t2")
    assert shop.customer(mine.id).newsletter is NewsletterState.UNSUBSCRIBED
    assert _asked(sql_shop) == []


def test_who_has_the_newsletter_keeps_it_when_somebody_asks_for_it_again(
    shop: ShopBackend, demo: Demo
) -> None:
    mine = shop.find_customer(demo("just_paid").email)
    shop.set_newsletter(mine.id, True, idempotency_key="t0")
    shop.ask_newsletter(mine.email, True, "en", idempotency_key="t1")
    assert shop.customer(mine.id).newsletter is NewsletterState.SUBSCRIBED


def test_somebody_who_is_no_customer_can_ask_for_the_newsletter_and_have_it_stopped(
    shop: ShopBackend, sql_shop: SqlShop
) -> None:
    shop.ask_newsletter("new@example.org", True, "en", idempotency_key="t1")
    shop.ask_newsletter("new@example.org", True, "en", idempotency_key="t1")
    assert _asked(sql_shop) == ["new@example.org"]
    assert _mails(sql_shop) == [("new@example.org", "newsletter", "en")]
    shop.ask_newsletter("new@example.org", False, "en", idempotency_key="t2")
    shop.ask_newsletter("never@example.org", False, "en", idempotency_key="t3")
    assert _asked(sql_shop) == []
    with pytest.raises(KeyReused):
        shop.ask_newsletter("other@example.org", True, "en", idempotency_key="t1")


def test_a_link_for_a_password_goes_only_to_an_account(
    shop: ShopBackend, sql_shop: SqlShop, read_only: SqlShop
) -> None:
    customers = [read_only.customer(CustomerId(each)) for each in _ids()]
    for state, sent in (
        (AccountState.ACTIVE, 1),
        (AccountState.LOCKED, 1),
        (AccountState.GUEST, 0),
    ):
        mine = next(each for each in customers if each.account is state)
        before = len(_mails(sql_shop))
        shop.send_password_link(f" {mine.email.upper()} ", "nl", idempotency_key=f"t {state}")
        assert _mails(sql_shop)[before:] in ([], [(mine.email, "password", "nl")])
        assert len(_mails(sql_shop)) - before == sent
    before = len(_mails(sql_shop))
    shop.send_password_link("nobody@example.org", "nl", idempotency_key="t9")
    assert len(_mails(sql_shop)) == before


@pytest.mark.parametrize(
    "email",
    ["", "@", "a@", "@b", "no address", "a\0@example.org", "\ud800@b.nl", f"{'a' * 254}@b.nl"],
)
def test_what_is_no_address_is_a_bad_request(shop: ShopBackend, email: str) -> None:
    with pytest.raises(BadRequest):
        shop.ask_newsletter(email, True, "nl", idempotency_key="t1")
    with pytest.raises(BadRequest):
        shop.send_password_link(email, "nl", idempotency_key="t2")


def test_a_closed_account_keeps_its_orders_and_nothing_else(
    shop: ShopBackend, sql_shop: SqlShop, demo: Demo
) -> None:
    mine = shop.find_customer(demo("just_paid").email)
    orders = shop.orders(mine.id)
    closed = shop.close_account(mine.id, idempotency_key="t1")
    assert (closed.account, closed.newsletter) == (AccountState.GUEST, NewsletterState.UNSUBSCRIBED)
    assert shop.customer(mine.id) == closed == shop.close_account(mine.id, idempotency_key="t1")
    assert shop.orders(mine.id) == orders != ()
    shop.send_password_link(mine.email, "nl", idempotency_key="t2")
    assert _mails(sql_shop) == []


def test_the_account_of_nobody_cannot_be_closed(shop: ShopBackend) -> None:
    with pytest.raises(NotFound):
        shop.close_account(CustomerId("C-nobody"), idempotency_key="t1")
