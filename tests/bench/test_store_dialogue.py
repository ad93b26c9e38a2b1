"""The dialogue is repeated as it was recorded, with new times."""

from __future__ import annotations

import re
import time

import pytest
from rasa.shared.core.events import UserUttered

from bench.store.dialogue import Timeline, divide, happening
from bench.store.recording import BUTTON, filled
from bench.store.script import SCRIPT
from helder.shop.stories import DEMO
from tests.bench.recorded import bot, dialogue, did, user


def test_a_turn_begins_with_the_customers_message_and_ends_before_the_next() -> None:
    recorded = dialogue()
    assert [event["event"] for event in recorded.opening] == ["action", "session_started", "action"]
    kinds = [[event["event"] for event in turn.events] for turn in recorded.turns]
    assert kinds == [["user", "action", "bot", "action"], ["user", "slot", "bot", "action"]]
    assert [turn.said for turn in recorded.turns] == ["Hello", "I am Sanne"]


def test_after_the_last_turn_comes_the_first_again() -> None:
    recorded = dialogue()
    assert recorded.turn(2) is recorded.turn(0)
    assert recorded.turn(1001) is recorded.turn(1)


@pytest.mark.parametrize("said", [[], ["Hello"], ["Hello", "bye", "bye"]])
def test_more_or_fewer_messages_than_were_said_are_refused(said: list[str]) -> None:
    with pytest.raises(ValueError, match="messages stored"):
        divide([user("Hello", "greet"), bot("Hello!"), user("bye", "greet")], said)


def test_what_happens_is_what_was_recorded_but_for_the_times() -> None:
    recorded = dialogue().turn(1).events
    happened = [event.as_dict() for event in happening(recorded, 5000.0)]
    assert [event["timestamp"] for event in happened] == [5000.0, 5000.25, 5000.5, 5000.75]
    for now, then in zip(happened, recorded, strict=True):
        assert {**then, "timestamp": now["timestamp"]} == now


def test_a_channel_adds_its_own_to_the_customers_message_alone() -> None:
    events = happening(dialogue().turn(0).events, 1.0, {"helder_shown": "Hello"})
    assert isinstance(events[0], UserUttered)
    assert events[0].metadata["helder_shown"] == "Hello"
    assert events[0].metadata["model_id"]
    assert events[0].parse_data["metadata"] == {"helder_shown": "Hello"}
    assert all("helder_shown" not in event.metadata for event in events[1:])


def test_no_event_is_shared_between_two_turns() -> None:
    recorded = dialogue().turn(0).events
    first, second = happening(recorded, 1.0, {"a": 1}), happening(recorded, 2.0)
    assert first[0] is not second[0]
    assert "a" not in second[0].metadata
    assert recorded[0]["timestamp"] not in (1.0, 2.0)


def test_time_does_not_go_back_when_turns_follow_each_other_quickly() -> None:
    timeline = Timeline()
    times = [e.timestamp for n in range(3) for e in timeline.happening(dialogue().turn(n).events)]
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(3 * 0.75)
    assert abs(times[0] - time.time()) < 60


def test_the_script_names_orders_that_the_example_shop_has() -> None:
    named = {name for line in SCRIPT for name in re.findall(r"\{(\w+)\.", line)}
    assert named <= {story.name for story, _ in DEMO}


def test_the_script_is_a_dialogue_with_forms_buttons_and_both_languages() -> None:
    assert len(SCRIPT) >= 25
    assert sum(line.startswith(BUTTON) for line in SCRIPT) >= 3
    assert any("bestelling" in line for line in SCRIPT)


def test_an_order_of_the_shop_is_filled_in() -> None:
    class Order:
        number, postcode, email = "HD-123456", "1011 AB", "a@example.org"

    line = "where is {late.number}, {late.email}?"
    assert filled(line, {"late": Order()}) == "where is HD-123456, a@example.org?"
    assert filled("no order", {}) == "no order"


def test_an_action_is_no_message() -> None:
    with pytest.raises(ValueError, match="0 messages"):
        divide([did("action_listen")], ["Hello"])
