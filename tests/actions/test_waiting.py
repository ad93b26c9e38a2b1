"""Asking for a moment ends no form, and is no answer to it either."""

from __future__ import annotations

import pytest

from actions.orders import CancelForm
from actions.person import MessageForm
from tests.actions.play import Play


def asked(play: Play, form: str, slot: str) -> Play:
    play.form = form
    play.slots |= {"requested_slot": slot}
    return play


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("ok wait", "goodbye"),
        ("hold on", "stop"),
        ("just a sec", "nlu_fallback"),
        ("oh wacht even", "stop"),
        ("Momentje!", "goodbye"),
        ("oké, wacht…", "affirm"),
    ],
)
def test_a_form_that_has_to_wait_asks_again(play: Play, said: str, intent: str) -> None:
    did = asked(play, "cancel_order_form", "cancel_confirmed").do(CancelForm, said, intent)
    assert did.said == ["utter_take_your_time"]
    assert did.slots == {"cancel_confirmed": None}
    assert not did.rejected


@pytest.mark.parametrize(
    ("said", "intent"),
    [("wacht, laat maar", "stop"), ("wait, bye", "goodbye"), ("ok doei", "goodbye")],
)
def test_whoever_says_more_than_wait_is_heard(play: Play, said: str, intent: str) -> None:
    did = asked(play, "cancel_order_form", "cancel_confirmed").do(CancelForm, said, intent)
    assert did.said == []
    assert did.rejected


def test_a_moment_is_no_message_to_a_colleague(play: Play) -> None:
    did = asked(play, "message_form", "message_text").do(MessageForm, "wacht even", "nlu_fallback")
    assert did.slots == {"message_text": None}
