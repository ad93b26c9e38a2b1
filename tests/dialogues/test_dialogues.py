"""Every script of this folder is played with the running assistant, over the customers' API."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from helder.conversation.entries import ConversationId, Kind
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.shop.model import Order, OrderState
from helder.shop.policy import load_policy
from helder.shop.sql import SqlShop
from tests.dialogues.failure import Failure, account
from tests.dialogues.orders import Orders
from tests.dialogues.script import REST, Responses, Script, Step, scripts
from tests.running import Running

SCRIPTS = list(scripts())
RESPONSES = Responses()
NUMBER = re.compile(r"\bHD-\d{6}\b")
EXAMPLE = "HD-123456"  # as it stands in texts


@pytest.fixture(scope="module")
def orders(stack: Running) -> Orders:
    return Orders(SqlShop(connect(stack.settings.shop_url), load_policy()))


@pytest.fixture(scope="module")
def log(stack: Running) -> ConversationLog:
    return stack.log()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_the_conversation_goes_as_written(
    script: Script, stack: Running, orders: Orders, log: ConversationLog
) -> None:
    Performance(script, stack, orders, log).play()


class Performance:
    """One script, played."""

    def __init__(
        self, script: Script, stack: Running, orders: Orders, log: ConversationLog
    ) -> None:
        self.script = script
        self.language = script.language
        self.talk = stack.talk(script.language)
        self.orders = orders
        self.log = log
        self.mine: dict[str, Order] = {}
        self.came: list[str] = []
        self.told: list[str] = []  # all of it
        self.so_far: list[str] = []

    def play(self) -> None:
        steps = self.script.steps
        for step, then in zip_longest(steps, steps[1:]):
            self.talk.agrees = not _expects_question(then)
            self.talk.least = _least(then)
            if step.kind == "language":
                self.language = step.said[0]
            elif step.kind == "assistant":
                self.expect(step)
            else:
                self.send(step)
        self.nothing_was_taken_back()
        self.the_shop_did_what_was_said_and_no_more()

    def nothing_was_taken_back(self) -> None:
        """Reverting replays the whole conversation, each time: no rule, form or policy may."""
        history = self.log.history(ConversationId(self.talk.conversation))
        kinds = {event["event"] for entry in history for event in entry.events}
        assert not kinds & {"rewind", "undo"}

    def the_shop_did_what_was_said_and_no_more(self) -> None:
        """Cancelled, sent back, sent elsewhere: of the orders that the script names."""
        said = Counter(RESPONSES.key_of(text) for text in self.told)
        cancelled, returns, moved = set(), 0, 0
        for before in self.mine.values():
            now = self.orders.shop.order(before.number)
            if now.state is OrderState.CANCELLED and now.state is not before.state:
                cancelled.add(str(now.number))
            returns += len(now.returns) - len(before.returns)
            moved += now.address != before.address
        assert cancelled == self.told_of("utter_cancelled_")
        assert returns == said["utter_return_registered"]
        assert moved == said["utter_address_changed"]

    def told_of(self, beginning: str) -> set[str]:
        """The orders that were named in responses whose key begins so."""
        texts = [text for text in self.told if RESPONSES.key_of(text).startswith(beginning)]
        return {number for text in texts for number in NUMBER.findall(text)}

    def names_another_order(self, wanted: str, came: str) -> bool:
        """Is an order in it of which nobody spoke? A pattern says itself what may be in it."""
        if not wanted.startswith("utter_"):
            return False
        typed = " ".join(line for line in self.so_far if not line.startswith("assistant:"))
        spoken = {f"HD-{digits}" for digits in re.findall(r"\d{6}", typed.replace("O", "0"))}
        ours = {str(order.number) for order in self.mine.values()}
        return bool(set(NUMBER.findall(came)) - ours - spoken - {EXAMPLE})

    def send(self, step: Step) -> None:
        text = self.orders.fill(step.said[0], self.mine)
        self.so_far.append(f"{step.kind}: {text}")
        said = self.talk.answer(**self.body(step, text))
        self.came = [message["text"] for message in said]
        self.told += self.came
        if self.talk.agreed:
            self.so_far.append("(asked, and agreed to by itself: may order data be used?)")
        self.so_far += [f"assistant: {_shown(message)}" for message in said]

    def body(self, step: Step, text: str) -> dict[str, str]:
        if step.kind == "customer":
            return {"text": text}
        for choice in self.talk.choices:
            if text in choice["title"]:
                return {"choice": choice["choice"]}
        return self.fail(step, [f"a button {text}"])

    def expect(self, step: Step) -> None:
        wanted = [self.orders.fill(each, self.mine) for each in step.said]
        for position, each in enumerate(wanted):
            if each == REST:
                return
            came = self.came[position] if position < len(self.came) else ""
            right = came and RESPONSES.matches(each, came, self.language)
            if not right or self.names_another_order(each, came):
                self.fail(step, wanted)
        if len(self.came) > len(wanted):
            self.fail(step, wanted)

    def fail(self, step: Step, wanted: list[str]) -> Any:
        failure = Failure(
            f"tests/dialogues/{self.script.topic}.yml:{step.line}",
            self.script.name,
            wanted,
            self.came,
            self.last_events(),
            self.so_far,
        )
        report = account(
            failure,
            lambda key: RESPONSES.text(key, self.language),
            RESPONSES.key_of,
            lambda want, text: RESPONSES.matches(want, text, self.language),
        )
        pytest.fail(report, pytrace=False)

    def last_events(self) -> list[dict[str, Any]]:
        """What happened in the last turn, from the log itself."""
        history = self.log.history(ConversationId(self.talk.conversation))
        turns = [entry for entry in history if entry.kind is Kind.TURN]
        return list(turns[-1].events) if turns else []


def _expects_question(step: Step | None) -> bool:
    """Is the question about order data, or whatever comes, this script's own affair?"""
    return step is not None and any("utter_consent_question" in each for each in step.said)


def _least(step: Step | None) -> int:
    """How many messages to wait for: after `utter_no_ai` the system says more by itself."""
    return len(step.said) if step is not None and "utter_no_ai" in step.said else 1


def _shown(message: dict[str, Any]) -> str:
    buttons = "".join(f" [{choice['title']}]" for choice in message["choices"])
    return str(message["text"]) + buttons


def test_every_topic_has_three_scripts_in_each_language() -> None:
    data = Path(__file__).parents[2] / "data"
    topics = {path.stem for path in (data / "rules").glob("*.yml")}
    for topic in topics:
        for language in ("nl", "en"):
            mine = [s for s in SCRIPTS if (s.topic, s.language) == (topic, language)]
            assert len(mine) >= 3, f"{topic} has {len(mine)} scripts in {language}"


def test_no_two_scripts_have_the_same_name() -> None:
    ids = [script.id for script in SCRIPTS]
    assert sorted(ids) == sorted(set(ids))


def test_a_script_that_fails_tells_what_was_understood_and_why(
    stack: Running, orders: Orders, log: ConversationLog
) -> None:
    steps = (Step("customer", ("hallo",), 3), Step("assistant", ("utter_goodbye",), 4))
    wrong = Script("smalltalk", "wrong", "nl", steps)
    with pytest.raises(pytest.fail.Exception) as failure:
        Performance(wrong, stack, orders, log).play()
    report = str(failure.value)
    for part in (
        "tests/dialogues/smalltalk.yml:4: wrong",
        "✗ expected  utter_goodbye",
        "  came      utter_greet Hallo!",
        "understood  greet ",
        "utter_greet: the rule “hello” (data/rules/smalltalk.yml:",
        "instead     utter_goodbye is said by the rule “bye” (data/rules/smalltalk.yml:",
        "so far      customer: hallo",
    ):
        assert part in report, report


def test_a_script_fails_when_the_shop_did_what_was_not_said_or_told_of_another_order(
    stack: Running, orders: Orders, log: ConversationLog
) -> None:
    steps = (
        Step("customer", ("annuleer {paid.number}, postcode {paid.postcode}",), 1),
        Step("assistant", ("utter_ask_cancel_confirmed",), 2),
        Step("customer", ("ja graag",), 3),
        Step("assistant", ("utter_cancelled_refund",), 4),
    )
    played = Performance(Script("orders", "cancelled", "nl", steps), stack, orders, log)
    played.play()
    told = played.told.pop()
    with pytest.raises(AssertionError):
        played.the_shop_did_what_was_said_and_no_more()
    number = str(played.mine["paid"].number)
    assert not played.names_another_order("utter_cancelled_refund", told)
    assert played.names_another_order("utter_cancelled_refund", told.replace(number, "HD-999998"))
