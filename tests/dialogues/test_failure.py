"""A failing script is told so that a designer sees at once what to change."""

from __future__ import annotations

from typing import Any

from tests.dialogues.failure import Failure, account, sayers, understood, why
from tests.dialogues.script import Responses

RESPONSES = Responses()
RULES, MEMORY = "policy_0_InterruptibleRulePolicy", "policy_1_AugmentedMemoizationPolicy"


def user(*ranking: tuple[str, float], **entities: str) -> dict[str, Any]:
    ranked = [{"name": name, "confidence": sure} for name, sure in ranking]
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    parsed = {"intent": ranked[0], "intent_ranking": ranked, "entities": found}
    return {"event": "user", "text": "x", "parse_data": parsed}


def did(action: str, policy: str = RULES) -> dict[str, Any]:
    return {"event": "action", "name": action, "policy": policy}


def told(wanted: list[str], came: list[str], *events: dict[str, Any]) -> list[str]:
    failure = Failure("tests/dialogues/x.yml:7", "a name", wanted, came, events, ["customer: hoi"])
    return account(
        failure,
        lambda key: RESPONSES.text(key, "nl"),
        RESPONSES.key_of,
        lambda want, text: RESPONSES.matches(want, text, "nl"),
    ).splitlines()


def test_each_answer_stands_under_the_one_that_was_expected() -> None:
    bye, menu = (RESPONSES.text(key, "nl") for key in ("utter_goodbye", "utter_menu"))
    lines = told(["utter_menu", "utter_goodbye"], [menu, menu, bye], user(("greet", 0.9)))
    assert lines[0] == "tests/dialogues/x.yml:7: a name"
    assert lines[2:8] == [
        f"✓ expected  utter_menu {menu}",
        f"  came      utter_menu {menu}",
        f"✗ expected  utter_goodbye {bye}",
        f"  came      utter_menu {menu}",
        "✗ expected  nothing more",
        f"  came      utter_goodbye {bye}",
    ]


def test_an_answer_that_did_not_come_is_told() -> None:
    lines = told(["/tot ziens/"], [], user(("greet", 0.9)))
    assert lines[2:4] == ["✗ expected  /tot ziens/", "  came      nothing"]


def test_the_reading_is_told_with_its_runners_up_and_what_was_found() -> None:
    event = user(("greet", 0.91), ("thanks", 0.04), ("deny", 0.01), order_number="HD-204817")
    assert understood([event]) == [
        "understood  greet 0.91, then thanks 0.04, then deny 0.01",
        "            found: order_number HD-204817",
    ]


def test_of_a_message_that_was_not_understood_it_is_told_what_came_nearest() -> None:
    event = user(("nlu_fallback", 0.5), ("track_order", 0.41), ("cancel_order", 0.38))
    (line,) = understood([event])
    assert line == (
        "understood  not surely enough, so Helder asks back: track_order 0.41, then "
        "cancel_order 0.38 (it takes 0.5, and 0.1 more than the next)"
    )


def test_what_was_done_is_told_with_the_rule_that_says_so() -> None:
    (line,) = why([user(("greet", 0.9)), did("utter_greet"), did("action_listen")])
    assert line.startswith("utter_greet: the rule “hello” (data/rules/smalltalk.yml:")
    assert line.endswith(") for greet")


def test_a_story_that_decided_is_named() -> None:
    (line,) = why([user(("deny", 0.9)), did("utter_goodbye", MEMORY)])
    assert "the story “anything else, no” (data/stories/smalltalk.yml:" in line


def test_forms_are_told_as_they_begin_go_on_and_end() -> None:
    slot = {"event": "slot", "name": "order_number", "value": "HD-204817"}
    begun = [did("track_order_form"), {"event": "active_loop", "name": "track_order_form"}, slot]
    lines = why([user(("track_order", 0.9)), *begun])
    assert "the rule “where is my order”" in lines[0]
    assert lines[1:] == ["  the form track_order_form begins", "  order_number = HD-204817"]
    lines = why([user(("inform", 0.9)), did("track_order_form")])
    assert lines == [
        "track_order_form: the form is open, and the message is its own or it asks again"
    ]
    ends = [{"event": "active_loop", "name": None}, did("action_track_order")]
    lines = why([user(("inform", 0.9)), *ends])
    assert lines[0] == "  the form ends"
    assert "the rule “the order is known and proven, tell where it is”" in lines[1]


def test_a_message_that_a_form_left_to_the_rules_is_told() -> None:
    event = {"event": "action_execution_rejected", "name": "track_order_form", "policy": RULES}
    assert why([event]) == [
        "track_order_form: the message was not for this form, so the rules had it"
    ]


def test_what_would_have_said_it_is_told() -> None:
    (line,) = sayers("utter_greet")
    assert line.startswith("utter_greet is said by the rule “hello” (data/rules/smalltalk.yml:")
    assert line.endswith(" after greet")
    assert sayers("/hallo/") == []
