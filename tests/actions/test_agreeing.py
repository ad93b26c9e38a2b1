"""A yes is one in all its words: what it allows cannot be undone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from actions.account import DeleteForm
from actions.agreeing import is_yes
from actions.forms import FormAction
from actions.orders import CancelForm
from actions.returns import ReturnForm
from helder.vocabulary.model import Vocabulary
from tests.actions.play import Did, Play

DATA = Path(__file__).parents[2] / "data" / "nlu"
FORMS: list[tuple[type[FormAction], str]] = [
    (CancelForm, "cancel_confirmed"),
    (ReturnForm, "return_confirmed"),
    (DeleteForm, "delete_confirmed"),
]


def answer(
    play: Play, text: str, intent: str, confidence: float, form: type[FormAction], slot: str
) -> Did:
    play.form = form.form
    play.slots |= {"order_number": "HD-123456", "order_proof": "proven", "requested_slot": slot}
    return play.do(form, text, intent, confidence)


@pytest.mark.parametrize(("form", "slot"), FORMS)
@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("yes, except the blanket", "affirm", 0.9),
        ("yes except the knife please", "nlu_fallback", 0.5),
        ("sure, minus the throw", "affirm", 0.8),
        ("ja graag, behalve het koksmes", "nlu_fallback", 0.5),
        ("ja, zonder de plaid", "affirm", 0.9),
        ("yes tomorrow", "nlu_fallback", 0.5),
        ("ja?", "affirm", 1.0),
        ("ja maar", "affirm", 1.0),
        ("ja, 1 ervan", "affirm", 0.9),
        ("oke, en het mes houd ik", "affirm", 0.8),
        ("hmm", "affirm", 0.62),
        ("k", "affirm", 0.65),
        ("tja", "affirm", 0.84),
        ("so", "affirm", 0.92),
        ("oh ok", "affirm", 0.9),
        ("I'm good", "affirm", 0.9),
        ("yes I want my order", "affirm", 0.9),
        ("no problem", "affirm", 0.9),
        ("nee hoor is prima zo, annuleren maar", "cancel_order", 0.94),
    ],
)
def test_what_is_no_yes_in_all_its_words_is_asked_again(
    play: Play, form: type[FormAction], slot: str, text: str, intent: str, confidence: float
) -> None:
    assert answer(play, text, intent, confidence, form, slot).slots.get(slot) is None


@pytest.mark.parametrize(("form", "slot"), FORMS)
@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("jaaa", "affirm", "yes"),
        ("ja graag, dank je wel", "affirm", "yes"),
        ("prima, doe dat dan maar", "nlu_fallback", "yes"),
        ("no problem, go ahead", "nlu_fallback", "yes"),
        ("yes, that's fine", "affirm", "yes"),
        ("nee hoor", "deny", "no"),
        ("no, don't", "deny", "no"),
        ("doe maar niet", "deny", "no"),
    ],
)
def test_yes_and_no_are_heard_in_every_form(
    play: Play, form: type[FormAction], slot: str, text: str, intent: str, said: str
) -> None:
    assert answer(play, text, intent, 0.9, form, slot).slots == {slot: said}


@pytest.mark.parametrize(
    ("text", "own", "agrees"),
    [
        ("annuleer de bestelling maar", "cancel_order", True),
        ("yes please cancel my order", "cancel_order", True),
        ("cancel", "cancel_order", False),  # the order, or this?
        ("ja, stuur maar terug", "return_item", True),
        ("yes, close my account", "delete_account", True),
        ("ja, annuleer mijn account", "cancel_order", False),
        ("yes, back to my order", "cancel_order", False),
    ],
)
def test_the_deed_may_be_named(vocabulary: Vocabulary, text: str, own: str, agrees: bool) -> None:
    assert is_yes(words(text), vocabulary, own) is agrees


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_the_assistant_learned_as_yes_is_one_and_no_learned_no_is(
    vocabulary: Vocabulary, language: str
) -> None:
    learned = yaml.safe_load((DATA / language / "smalltalk.yml").read_text(encoding="utf-8"))
    said = {each["intent"]: each["examples"].splitlines() for each in learned["nlu"]}
    agree = [is_yes(words(line), vocabulary) for line in said["affirm"]]
    assert sum(agree) >= 0.9 * len(agree)
    assert not [line for line in said["deny"] if is_yes(words(line), vocabulary, "cancel_order")]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())
