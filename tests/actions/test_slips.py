"""What people do in forms: slips in numbers, silence, stopping, counts, a colleague's order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.corrections import Stop
from actions.counts import count_in
from actions.orders import CancelForm, TrackForm
from actions.person import LeaveMessage
from actions.stopping import stops
from actions.turn import Turn
from actions.typed import nearly
from helder.shop.model import Order
from helder.vocabulary.model import Vocabulary
from tests.actions.conftest import Clock
from tests.actions.play import Event, Play

Get = Callable[[str], Order]


@pytest.mark.parametrize(
    ("text", "read", "number"),
    [
        ("HD-2O4817", "HD-2O4817", "HD-204817"),
        ("waar is hd2048l7 gebleven", "hd2048l7", "HD-204817"),
        ("HD-20481", "HD-20481", None),
        ("HD-2048177", "HD-2048177", None),
        ("#20481", "#20481", None),
        ("20481", "20481", None),
    ],
)
def test_only_letters_that_look_like_digits_are_put_right(
    text: str, read: str, number: str | None
) -> None:
    assert nearly(text) == (read, number)


@pytest.mark.parametrize("text", ["op 12 november", "ik heb er 2", "geen idee", "in maat 42"])
def test_other_numbers_are_no_order_numbers(text: str) -> None:
    assert nearly(text) is None


@pytest.fixture
def track(play: Play) -> Play:
    play.form = "track_order_form"
    play.slots |= {"requested_slot": "order_number"}
    return play


def test_the_second_slip_in_a_row_offers_a_person(track: Play) -> None:
    assert track.do(TrackForm, "HD-2048").said == ["utter_order_number_read"]
    track.events = [said("HD-2048"), uttered("utter_order_number_read")]
    assert track.do(TrackForm, "HD-20481").said == ["utter_order_number_read_again"]


def test_what_is_not_looked_at_is_not_asked_for(track: Play, order: Get) -> None:
    mine = order("on_its_way")
    track.slots |= {"order_number": mine.number, "requested_slot": "order_proof"}
    for _ in range(5):
        track.do(TrackForm, "9999 ZZ", postcode="9999ZZ")
    begun: list[Event] = [{"event": "active_loop", "name": "cancel_order_form"}]
    did = track.do(CancelForm, "annuleer", "cancel_order", order_number=mine.number, after=begun)
    assert did.said == ["utter_too_many_attempts"]
    assert all(track.slots.get(name) for name in CancelForm.slots), "the form must end"


@pytest.mark.parametrize(("minutes", "reminded"), [(2, False), (11, True)])
def test_after_a_long_silence_a_form_tells_what_it_was_about(
    track: Play, clock: Clock, minutes: int, reminded: bool
) -> None:
    track.events = [{**said("waar is het"), "timestamp": clock.seconds()}]
    clock.move(minutes=minutes)
    did = track.do(TrackForm, "HD-204817", order_number="HD-204817")
    assert (did.said[:1] == ["utter_form_resumed"]) is reminded


@pytest.mark.parametrize(
    "text",
    [
        "no, never mind",
        "nee laat maar",
        "laat maar zitten",
        "forget it",
        "nvm",
        "stop maar",
        "nee stop",
    ],
)
def test_these_words_end_a_form_whatever_they_are_read_as(track: Play, text: str) -> None:
    did = track.do(TrackForm, text, "deny")
    assert did.said == ["utter_stopped"]
    assert all(track.slots.get(name) for name in TrackForm.slots)


@pytest.mark.parametrize("text", ["no", "nee", "stop de bestelling", "never", "laat het bezorgen"])
def test_these_do_not(text: str, vocabulary: Vocabulary) -> None:
    assert not stops(text.split(), vocabulary)


@pytest.mark.parametrize(
    ("text", "asked", "count"),
    [
        ("2", True, 2),
        ("eentje maar", True, 1),
        ("een", True, 1),
        ("een lamp", False, None),
        ("allebei", True, 3),
        ("twee van de drie", False, 2),
        ("weet ik niet", True, None),
    ],
)
def test_a_count_is_read_in_words_and_digits(
    play: Play, text: str, asked: bool, count: int | None
) -> None:
    class Plain(Turn):
        def __init__(self) -> None:
            self.text, self.entities = text, []
            self.vocabulary = play.services.vocabulary

    assert count_in(Plain(), 3, asked=asked) == count


def test_what_was_done_cannot_be_undone_and_a_colleague_is_offered(play: Play) -> None:
    play.slots["task"] = "cancel_order"
    assert play.do(Stop, "maak dat ongedaan", "stop").said == ["utter_cannot_undo"]
    assert play.do(Stop, "laat maar", "stop").said == ["utter_nothing_to_stop"]


def test_a_left_message_carries_the_order_that_it_was_about(play: Play) -> None:
    play.slots |= {
        "message_text": "het is kapot",
        "contact": "a@example.nl",
        "order_number": "HD-204817",
    }
    did = play.do(LeaveMessage, "a@example.nl")
    assert did.messages[0]["message"] == "het is kapot"
    [left] = play.services.messages.waiting()
    assert "HD-204817" in play.services.messages.read(left.reference).text


def said(text: str) -> Event:
    return {"event": "user", "text": text, "parse_data": {}}


def uttered(response: str) -> Event:
    return {"event": "bot", "text": "x", "metadata": {"utter_action": response}}
