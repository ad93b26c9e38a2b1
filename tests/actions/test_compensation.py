"""Something to make up for it: decided by the policies, and given in the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from actions.compensation import Compensation, CompensationForm
from actions.person import OfferPerson
from helder.conversation.entries import ConversationId
from helder.decisions.memory import recalled
from helder.decisions.policy import Result
from helder.shop import tables as t
from helder.shop.facts import FACTS
from helder.shop.model import Order, OrderNumber, OrderState, RefundCause, RefundState
from helder.shop.sql import SqlShop
from tests.actions.conftest import NOW
from tests.actions.play import Did, Play

Prove = Callable[[Order], Order]
BEGUN = [{"event": "active_loop", "name": "ask_compensation_form"}]
SMALL = 5000


def every(shop: SqlShop) -> Iterator[Order]:
    with shop.engine.connect() as connection:
        numbers = list(connection.execute(sa.select(t.orders.c.number)).scalars())
    return (shop.order(OrderNumber(number)) for number in numbers)


def late(shop: SqlShop, least: int, most: int) -> Order:
    return next(
        order
        for order in every(shop)
        if order.state is OrderState.SHIPPED
        and order.paid_at
        and least <= (NOW.date() - order.promised_on).days <= most
    )


def delivered(shop: SqlShop, *, small: bool) -> Order:
    return next(
        order
        for order in every(shop)
        if order.state is OrderState.DELIVERED
        and not order.refunds
        and (order.total.cents <= SMALL) is small
    )


def give(play: Play, order: Order, reason: str, message: str = "m1") -> Did:
    play.message = message
    play.slots |= {"order_number": order.number, "order_proof": "proven"}
    play.slots["compensation_reason"] = reason
    return play.do(WithPerson, "vergoeding", "ask_compensation")


class WithPerson(Compensation):
    """As the registry makes it: it knows the action that offers a person."""

    def __init__(self, services: object) -> None:
        super().__init__(services)  # type: ignore[arg-type]  # has what is used of it
        self.others = {"action_offer_person": OfferPerson(self.services)}


def newest(play: Play) -> tuple[str, str, Result]:
    decision = recalled(play.slots["decisions"], FACTS)[0][0]
    return decision.policy, decision.rule, decision.result


@pytest.mark.parametrize(("days", "rule"), [((3, 7), "late"), ((8, 14), "very_late")])
def test_who_waited_gets_money_with_its_reason_and_the_decision_is_kept(
    play: Play, shop: SqlShop, prove: Prove, days: tuple[int, int], rule: str
) -> None:
    order = prove(late(shop, *days))
    did = give(play, order, "too_late")
    (refund,) = shop.order(order.number).refunds
    assert (refund.cause, refund.state) == (RefundCause.COMPENSATION, RefundState.REQUESTED)
    assert did.said == ["utter_compensation_paid"]
    amount = f"{refund.amount.cents / 100:.2f}".replace(".", ",")
    assert amount in did.messages[0]["reason"]
    assert newest(play) == ("compensation", rule, Result.ALLOW)


def test_a_turn_that_is_repeated_gives_once_and_says_the_amount(
    play: Play, shop: SqlShop, prove: Prove
) -> None:
    order = prove(late(shop, 3, 7))
    give(play, order, "too_late")
    kept = play.slots["decisions"]
    again = give(play, order, "too_late")
    assert again.said == ["utter_compensation_given"]
    assert len(shop.order(order.number).refunds) == 1
    assert play.slots["decisions"] == kept


def test_asked_once_more_it_is_refused_with_reason_counterfactual_and_a_way_to_contest(
    play: Play, shop: SqlShop, prove: Prove
) -> None:
    order = prove(late(shop, 3, 7))
    give(play, order, "too_late")
    did = give(play, order, "too_late", "m2")
    assert did.said == ["utter_compensation_refused_changed"]
    told = did.messages[0]
    assert "één keer per bestelling" in told["reason"]
    assert told["changed"].startswith(("Het had wel gekund", "Een collega had ernaar gekeken"))
    assert "collega" in told["contest"]
    assert newest(play) == ("compensation", "already_given", Result.REFUSE)
    assert len(shop.order(order.number).refunds) == 1


def test_a_day_late_is_within_the_days_of_grace(play: Play, shop: SqlShop, prove: Prove) -> None:
    order = prove(late(shop, 1, 2))
    did = give(play, order, "too_late")
    assert did.said == ["utter_compensation_refused_changed"]
    assert "2 dagen" in did.messages[0]["reason"]
    assert shop.order(order.number).refunds == ()


def test_what_may_be_lost_goes_to_a_person(
    play: Play, shop: SqlShop, prove: Prove, clock: Callable[[], datetime]
) -> None:
    order = prove(late(shop, 8, 14))
    clock.move(days=10)  # type: ignore[attr-defined]  # a MovedClock
    # The proof is as old as the clock says; it is given anew.
    play.services.proofs.record(ConversationId(play.conversation), "order", order.number)
    did = give(play, order, "too_late")
    assert did.said[0] == "utter_compensation_referred"
    assert did.said[1].startswith("utter_person_")
    assert did.slots["handoff_reason"] == "by_rule"
    assert [e["name"] for e in did.events if e["event"] == "followup"] == ["message_form"]
    assert newest(play) == ("compensation", "lost", Result.REFER)
    assert shop.order(order.number).refunds == ()


@pytest.mark.parametrize(
    ("small", "reason", "rule", "result"),
    [
        (True, "damaged", "damage_not_shown", Result.REFUSE),
        (True, "wrong_item", "a_person_decides", Result.REFER),
        (False, "damaged", "large_order", Result.REFER),
        (True, "changed_mind", "nothing_wrong", Result.REFUSE),
        (False, "not_given", "nothing_wrong", Result.REFUSE),
    ],
)
def test_goodwill_is_decided_by_its_policy(
    play: Play, shop: SqlShop, prove: Prove, small: bool, reason: str, rule: str, result: Result
) -> None:
    order = prove(delivered(shop, small=small))
    did = give(play, order, reason)
    assert newest(play) == ("goodwill", rule, result)
    expected = "refused" if result is Result.REFUSE else "referred"
    assert did.said[0].startswith(f"utter_compensation_{expected}")
    assert shop.order(order.number).refunds == ()


def test_of_damage_that_nobody_saw_it_is_told_what_the_customer_can_do(
    play: Play, shop: SqlShop, prove: Prove
) -> None:
    did = give(play, prove(delivered(shop, small=True)), "damaged")
    assert did.said == ["utter_compensation_refused_changed"]
    told = did.messages[0]["changed"]
    assert told == "Stuur een foto van de schade als een collega antwoordt. Dan kan het wel."


def faithful(shop: SqlShop) -> Order:
    """A small order of somebody who ordered five times before."""
    kept = [o for o in every(shop) if o.state is OrderState.DELIVERED and not o.refunds]
    kept.sort(key=lambda order: order.placed_at)
    order = next(each for each in kept[5:] if each.total.cents <= SMALL)
    theirs = t.orders.c.number.in_([each.number for each in kept[:5]])
    with shop.engine.begin() as connection:
        connection.execute(sa.update(t.orders).where(theirs).values(customer=order.customer))
    return order


def test_earlier_orders_count_only_of_who_is_signed_in(
    play: Play, shop: SqlShop, prove: Prove
) -> None:
    order = prove(faithful(shop))
    give(play, order, "wrong_item")
    assert newest(play) == ("goodwill", "a_person_decides", Result.REFER)
    known = {each.fact: each.value for each in recalled(play.slots["decisions"], FACTS)[0][0].given}
    assert known["earlier_orders"] is None
    signed_in = ConversationId(play.conversation)
    play.services.proofs.record(signed_in, "customer", order.customer)
    did = give(play, order, "wrong_item", "m2")
    assert did.said == ["utter_compensation_paid"]
    assert newest(play) == ("goodwill", "faithful_customer", Result.ALLOW)
    (refund,) = shop.order(order.number).refunds
    assert (refund.cause, refund.amount.cents) == (RefundCause.GOODWILL, 500)


def test_without_proof_nothing_is_decided(play: Play, shop: SqlShop) -> None:
    did = give(play, late(shop, 3, 7), "too_late")
    assert did.said == ["utter_not_proven"]
    assert "decisions" not in play.slots


def test_when_the_shop_is_out_nothing_is_promised(broken: Play) -> None:
    broken.services.proofs.record(ConversationId(broken.conversation), "order", "HD-123456")
    broken.slots |= {"order_number": "HD-123456", "order_proof": "proven"}
    broken.slots["compensation_reason"] = "too_late"
    did = broken.do(Compensation, "vergoeding", "ask_compensation")
    assert did.said == ["utter_shop_unavailable"]
    assert did.slots["compensation_reason"] is None


@pytest.mark.parametrize(
    ("text", "entities", "reason"),
    [
        ("krijg ik iets voor de late bezorging", {}, "too_late"),
        ("what do I get for the delay", {}, "too_late"),
        ("er zit een kras op, kan er iets van de prijs af", {}, "damaged"),
        ("it has a dent, can I get a discount", {}, "damaged"),
        ("de verkeerde kleur, wat krijg ik voor de moeite", {}, "wrong_item"),
        ("it doesn't work, what do I get", {"return_reason": "defective"}, "defective"),
        ("ik wil een vergoeding", {}, None),
    ],
)
def test_what_was_wrong_is_heard_in_the_first_message(
    play: Play, text: str, entities: dict[str, str], reason: str | None
) -> None:
    play.form = "ask_compensation_form"
    did = play.do(CompensationForm, text, "ask_compensation", after=BEGUN, **entities)
    assert did.slots["compensation_reason"] == reason


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("het kwam te laat", "inform", "too_late"),
        ("iets anders", "inform", "not_given"),
        ("none of those", "deny", "not_given"),
        ("there is a scratch on it", "complaint", "damaged"),
    ],
)
def test_what_was_wrong_is_heard_as_an_answer(
    play: Play, shop: SqlShop, prove: Prove, text: str, intent: str, reason: str
) -> None:
    prove(late(shop, 3, 7))
    play.form = "ask_compensation_form"
    play.slots |= {"requested_slot": "compensation_reason", "compensation_reason": None}
    did = play.do(CompensationForm, text, intent)
    assert did.slots["compensation_reason"] == reason


def test_the_reason_is_kept_when_the_order_is_named_later(play: Play) -> None:
    play.form = "ask_compensation_form"
    play.do(CompensationForm, "krijg ik iets, het was te laat", "ask_compensation", after=BEGUN)
    play.slots["requested_slot"] = "order_number"
    did = play.do(CompensationForm, "HD-204817", "inform", order_number="HD-204817")
    assert did.slots["order_number"] == "HD-204817"
    assert play.slots["compensation_reason"] == "too_late"
