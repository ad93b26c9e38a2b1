"""The example shop decides by its policies: over all its orders, and on many days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from helder.decisions.evaluate import replay, used
from helder.decisions.explain import explain
from helder.decisions.record import Decision
from helder.decisions.words import Words
from helder.shop import rules
from helder.shop import tables as t
from helder.shop.errors import NotAllowed, Reason
from helder.shop.facts import FACTS, case_of, local_day, returned_quantities
from helder.shop.model import Order, OrderNumber, OrderState, ReturnReason
from helder.shop.policy import POLICIES, ShopPolicy, load_policy
from helder.shop.sql import SqlShop
from tests.shop.conftest import NOW

POLICY = load_policy()
WORDS = Words.of(POLICIES, FACTS)
DAYS = (0, 13, 30, 31, 400, 800)


@pytest.fixture(scope="module")
def orders(read_only: SqlShop) -> list[Order]:
    with read_only.engine.connect() as connection:
        numbers = list(connection.execute(sa.select(t.orders.c.number)).scalars())
    return [read_only.order(OrderNumber(number)) for number in numbers]


def refusal(order: Order, now: datetime) -> str | None:
    """Why nothing of an order may come back: the rules of before there were policies."""
    parcels = [parcel for parcel in order.deliveries if parcel.delivered_at]
    arrived = {line for parcel in parcels for line in parcel.lines}
    if not arrived:
        return "not_delivered"
    if order.delivered_at and (local_day(now) - local_day(order.delivered_at)).days > 30:
        return "window_over"
    kept = {"made_to_measure", "gift_cards"}
    kinds = [line for line in order.lines if line.id in arrived and line.category not in kept]
    if not kinds:
        return "not_returnable"
    gone = returned_quantities(order)
    return None if any(line.quantity > gone[line.id] for line in kinds) else "already_returned"


def refused_for(order: Order, now: datetime) -> str | None:
    """The reason for which the shop takes nothing back; None if it does."""
    try:
        rules.returnable(order, POLICY, now)
    except NotAllowed as refused:
        return refused.reason.value
    return None


def made_to_measure(order: Order) -> Order:
    """The same order of things that are never taken back."""
    lines = tuple(replace(line, category="made_to_measure") for line in order.lines)
    return replace(order, lines=lines)


def test_every_order_may_come_back_as_long_as_before(orders: list[Order]) -> None:
    seen: set[str | None] = set()
    for order in [*orders, *map(made_to_measure, orders[:50])]:
        for days in DAYS:
            now = NOW + timedelta(days=days)
            found = refused_for(order, now)
            assert found == refusal(order, now), order.number
            seen.add(found)
    assert seen == {None, "not_delivered", "window_over", "not_returnable", "already_returned"}


def test_every_order_is_cancelled_until_it_is_packed(orders: list[Order]) -> None:
    for order in orders:
        if order.state in (OrderState.OPEN, OrderState.PAID):
            assert rules.check_cancel(order, POLICY, NOW).fee is None
            continue
        with pytest.raises(NotAllowed) as refused:
            rules.check_cancel(order, POLICY, NOW)
        assert refused.value.reason.value == f"already_{order.state.value}"
        assert refused.value.decision is not None


def decided(orders: list[Order]) -> Iterator[tuple[Decision, ShopPolicy]]:
    for order in orders:
        for name in POLICY.policies:
            yield POLICY.decide(name, case_of(order, NOW), NOW), POLICY


def test_every_decision_about_every_order_is_replayed_and_told(orders: list[Order]) -> None:
    versions = {each.digest: each for each in POLICY.versions()}
    texts: dict[str, set[str]] = {}
    for decision, _ in decided(orders):
        version = versions[decision.digest]
        assert replay(decision.encode(), FACTS, lambda d: versions[d.digest]) == decision
        assert {each.fact for each in decision.given} == used(version)
        found = explain(version, decision, FACTS)
        for language in ("nl", "en"):
            told = [
                WORDS.reason(found, version, language),
                WORDS.mattered(found, language),
                WORDS.changed(found, language),
                WORDS.contest(version, decision, language),
            ]
            assert all(told[:2])
            assert not any(mark in text for text in told for mark in "{}_")
            texts.setdefault(decision.policy, set()).add(f"{language} {decision.rule}")
    assert len(texts["returns"]) >= 8
    assert len(texts["cancellation"]) == 10


def test_nobody_elses_data_is_in_a_record(orders: list[Order]) -> None:
    for decision, _ in decided(orders[:60]):
        text = decision.encode()
        order = next(each for each in orders if each.number == decision.about)
        for personal in (order.email, order.address.name, order.address.postcode):
            assert personal not in text


def test_what_broke_within_the_guarantee_goes_to_a_person(orders: list[Order]) -> None:
    order = next(each for each in orders if refusal(each, NOW) == "window_over")
    decision = rules.return_decision(order, None, ReturnReason.DEFECTIVE, POLICY, NOW)
    assert (decision.rule, decision.refused) == ("guarantee", True)
    with pytest.raises(NotAllowed) as refused:
        rules.check_return(order, [_one(order)], ReturnReason.DEFECTIVE, POLICY, NOW)
    assert refused.value.reason is Reason.BY_POLICY
    assert refused.value.decision is not None
    late = NOW + timedelta(days=3 * 365)
    assert rules.return_decision(order, None, ReturnReason.DEFECTIVE, POLICY, late).rule == (
        "window_over"
    )


def _one(order: Order) -> rules.ReturnLine:
    return rules.ReturnLine(order.lines[0].id, 1)


def test_delivery_costs_come_back_only_with_the_whole_order(orders: list[Order]) -> None:
    order = next(
        each for each in orders
        if not refusal(each, NOW) and not each.returns and each.shipping.cents
        and each.delivered_at and sum(line.quantity for line in each.lines) > 1
        and not {line.category for line in each.lines} & {"made_to_measure", "gift_cards"}
    )  # fmt: skip
    everything = [rules.ReturnLine(line.id, line.quantity) for line in order.lines]
    assert rules.check_return(order, everything, ReturnReason.NOT_GIVEN, POLICY, NOW) == order.total
    part = rules.check_return(order, [_one(order)], ReturnReason.NOT_GIVEN, POLICY, NOW)
    assert part == order.lines[0].unit_price


def test_another_country_is_refused_and_the_advice_is_another_address(orders: list[Order]) -> None:
    order = next(each for each in orders if each.state is OrderState.PAID)
    elsewhere = replace(order.address, country="BE" if order.address.country != "BE" else "NL")
    with pytest.raises(NotAllowed) as refused:
        rules.check_change_address(order, elsewhere, POLICY, NOW)
    decision = refused.value.decision
    assert decision is not None
    assert refused.value.reason is Reason.COUNTRY_NOT_SERVED
    found = explain(POLICY.version("address_change", NOW), decision, FACTS)
    assert (
        WORDS.changed(found, "nl") == "Je kunt een adres in hetzelfde land geven. Dan kan het wel."
    )
    assert WORDS.changed(found, "en").startswith("You can give an address in the same country.")


@pytest.mark.parametrize("late", [0, 2, 3, 7, 8, 14, 15])
def test_a_late_delivery_is_made_up_for(orders: list[Order], late: int) -> None:
    order = next(
        each for each in orders
        if each.state is OrderState.SHIPPED and not each.delivered_at and each.paid_at
    )  # fmt: skip
    now = NOW + (order.promised_on + timedelta(days=late) - local_day(NOW))
    decision = POLICY.decide("compensation", case_of(order, now), now)
    rule = "in_time" if late <= 2 else "late" if late < 8 else "very_late" if late < 15 else "lost"
    assert decision.rule == rule
    pays = decision.pays.cents if decision.pays else 0
    share = min(2500, max(500, -(-order.total.cents // 10)))
    assert pays == {"late": max(250, order.shipping.cents), "very_late": share}.get(rule, 0)
