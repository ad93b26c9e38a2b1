"""Another order, stop, and a datum that nobody asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rasa_sdk import Tracker

from actions.corrections import Inform, OtherOrder, Stop
from actions.turn import Turn
from tests.actions.play import Play


def test_another_order_in_a_form_forgets_the_first_and_its_answers(play: Play) -> None:
    play.form = "cancel_order_form"
    play.slots |= {"order_number": "HD-1", "order_proof": "proven", "cancel_confirmed": "yes"}
    did = play.do(OtherOrder, "nee, de andere", "other_order")
    assert did.said == []
    for name in ("order_number", "order_proof", "cancel_confirmed"):
        assert play.slots[name] is None


def test_another_order_after_a_task_starts_the_task_again(play: Play) -> None:
    play.slots |= {"task": "return_item", "order_number": "HD-1"}
    did = play.do(OtherOrder, "en de andere HD-222222", "other_order", order_number="HD-222222")
    assert play.slots["order_number"] == "HD-222222"
    assert [e["name"] for e in did.events if e["event"] == "followup"] == ["return_item_form"]


def test_another_order_without_a_task_is_asked_what_for(play: Play) -> None:
    assert play.do(OtherOrder, "de andere", "other_order").said == ["utter_other_order_for_what"]


def test_stop_closes_the_form_and_forgets_its_answers(play: Play) -> None:
    play.form = "message_form"
    play.slots |= {"requested_slot": "contact", "message_text": "secret", "contact": None}
    did = play.do(Stop, "stop", "stop")
    assert did.said == ["utter_stopped"]
    assert {"event": "active_loop", "timestamp": None, "name": None} in did.events
    assert (play.slots["message_text"], play.slots["requested_slot"]) == (None, None)
    assert replace(play, form=None).do(Stop, "stop", "stop").said == ["utter_nothing_to_stop"]


def test_a_number_with_a_question_in_it_is_the_question(play: Play) -> None:
    ranking = [{"name": "inform", "confidence": 0.6}, {"name": "track_order", "confidence": 0.3}]
    text = "waar is toch HD-123456"
    did = play.do(Inform, text, ranking=ranking, order_number="HD-123456")
    assert [e["name"] for e in did.events] == ["track_order_form"]
    did = play.do(Inform, "HD-123456", ranking=ranking, order_number="HD-123456")
    assert did.said == ["utter_order_number_noted"]
    assert play.do(Inform, "piet@example.nl", email="piet@example.nl").said == [
        "utter_datum_for_what"
    ]


def test_a_message_without_an_id_changes_nothing_by_the_key_of_another(play: Play) -> None:
    turn = Turn(
        Tracker("c", {}, {"text": "ja"}, [], False, None, {}, "action_listen"),
        play.services.vocabulary,
    )
    with pytest.raises(ValueError, match="without an id"):
        assert turn.key
