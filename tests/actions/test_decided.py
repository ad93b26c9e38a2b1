"""What an action decides is kept in the conversation's log, sealed, and comes back whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions.address import AddressForm
from actions.base import HelderAction
from actions.ordering import CancellationFee, ChangeOrder
from actions.orders import CancelForm
from actions.refunds import GetRefund
from actions.returns import ReturnForm
from actions.why import Why
from helder.conversation.entries import Draft, Kind
from helder.conversation.log import ConversationLog
from helder.decisions.evaluate import replay
from helder.decisions.memory import recalled
from helder.shop.facts import FACTS
from helder.shop.model import Order
from helder.shop.sql import SqlShop
from tests.actions.conftest import Written, explainer
from tests.actions.play import Event, Play
from tests.actions.policies import changed

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


@pytest.mark.parametrize(
    ("form", "scenario", "decided"),
    [
        (CancelForm, "on_its_way", "cancellation already_shipped refuse"),
        (CancelForm, "just_paid", "cancellation not_yet_packed allow"),
        (ReturnForm, "delivered_60_days_ago", "returns window_over refuse"),
        (ReturnForm, "cancelled", "returns not_delivered refuse"),
        (ReturnForm, "delivered_5_days_ago", "returns all_of_it allow"),
        (AddressForm, "just_paid", "address_change not_yet_packed allow"),
        (AddressForm, "on_its_way", "address_change already_shipped refuse"),
    ],
)
def test_what_a_form_decides_is_kept(
    play: Play, order: Get, prove: Prove, form: type[HelderAction], scenario: str, decided: str
) -> None:
    mine = prove(order(scenario))
    play.slots |= {"order_number": mine.number, "order_proof": None}
    name = form(play.services).name().removeprefix("validate_")
    begun: list[Event] = [{"event": "active_loop", "name": name}]
    did = play.do(form, "graag", "inform", after=begun)
    ((decision, record),) = recalled(did.slots["decisions"], FACTS)
    assert f"{decision.policy} {decision.rule} {decision.result.value}" == decided
    assert (decision.about, decision.at) == (mine.number, play.services.clock())
    assert replay(record, FACTS, Written().find) == decision


@pytest.mark.parametrize(
    ("action", "intent", "scenario", "decided"),
    [
        (CancellationFee, "check_cancellation_fee", "on_its_way", ["cancellation"]),
        (CancellationFee, "check_cancellation_fee", "just_paid", ["cancellation"]),
        (ChangeOrder, "change_order", "on_its_way", ["cancellation"]),
        (GetRefund, "get_refund", "delivered_60_days_ago", ["returns"]),
    ],
)
def test_what_an_answer_rests_on_is_kept(
    play: Play,
    order: Get,
    prove: Prove,
    action: type[HelderAction],
    intent: str,
    scenario: str,
    decided: list[str],
) -> None:
    prove(order(scenario))
    did = play.do(action, "hoe zit dat", intent)
    assert [each.policy for each, _ in recalled(did.slots["decisions"], FACTS)] == decided


def test_an_action_that_decides_nothing_keeps_nothing(play: Play) -> None:
    did = play.do(CancellationFee, "kost annuleren geld", "check_cancellation_fee")
    assert "decisions" not in did.slots


def test_in_the_log_it_is_sealed_and_read_back_whole(
    play: Play, order: Get, prove: Prove, log: ConversationLog, mine: Path
) -> None:
    about = prove(order("on_its_way"))
    play.slots |= {"order_number": about.number, "order_proof": None}
    begun: list[Event] = [{"event": "active_loop", "name": "cancel_order_form"}]
    kept = play.do(CancelForm, "annuleer", "cancel_order", after=begun).slots["decisions"]
    opened = log.open("nl", timedelta(hours=1))
    event = {"event": "slot", "name": "decisions", "value": kept}
    draft = Draft(Kind.TURN, events=(event,), state={"slots": {"decisions": kept}})
    log.save_turn(log.window(opened.conversation).position, draft, None)
    stored = b"".join(path.read_bytes() for path in mine.glob("helder.db*"))
    for word in ("already_shipped", "order_state", about.number, "cancellation"):
        assert word.encode() not in stored
    turn = [each for each in log.history(opened.conversation) if each.kind is Kind.TURN][-1]
    assert turn.state is not None
    ((decision, record),) = recalled(turn.state["slots"]["decisions"], FACTS)
    assert replay(record, FACTS, Written().find) == decision


@pytest.mark.parametrize(
    ("language", "told"), [("nl", "Grote bestellingen niet."), ("en", "No large orders.")]
)
def test_a_rule_of_the_shops_own_is_told_in_its_own_words(
    play: Play, shop: SqlShop, order: Get, prove: Prove, tmp_path: Path, language: str, told: str
) -> None:
    rule = """\
      - name: too_large
        when: order_total is more than 0.01
        then: refuse
        because: {en: No large orders., nl: Grote bestellingen niet.}

"""
    first = "      - name: already_cancelled\n"
    policy = changed(tmp_path, "cancellation.yml", first, rule + first)
    mine = prove(order("just_paid"))
    shop._policy = policy
    play.services = replace(play.services, explainer=explainer(policy))
    play.slots |= {"order_number": mine.number, "order_proof": None, "language": language}
    begun: list[Event] = [{"event": "active_loop", "name": "cancel_order_form"}]
    did = play.do(CancelForm, "annuleer", "cancel_order", after=begun)
    assert did.said == ["utter_decided_refused"]
    assert did.messages[0]["reason"] == told
    play.events = [{"event": "bot", "text": told, "metadata": {"utter_action": did.said[0]}}]
    play.events.insert(0, {"event": "user", "text": "annuleer", "parse_data": {}})
    assert play.do(Why, "waarom niet", "ask_why").messages[0]["reason"] == told
