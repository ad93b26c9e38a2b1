"""A request for a person is heard by its words, and only that; despair goes before everything."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from helder.understanding.asking import WORDS, AskedForPerson
from helder.vocabulary.reading import load_vocabulary


@pytest.fixture(scope="module")
def component() -> AskedForPerson:
    return AskedForPerson(load_vocabulary(WORDS).person)


def read(component: AskedForPerson, text: str, name: str, confidence: float) -> dict[str, Any]:
    intent = {"name": name, "confidence": confidence}
    later = {"entity": "next_request", "value": "[]"}
    message = Message(
        {"text": text, "intent": intent, "intent_ranking": [intent], "entities": [later]}
    )
    component.process([message])
    return message.data


@pytest.mark.parametrize(
    "text",
    ["my parcel is lost and I want to talk to a human", "mijn pakket is weg, verbind me door"],
)
def test_a_request_goes_before_its_topic(component: AskedForPerson, text: str) -> None:
    found = read(component, text, "track_order", 1.0)
    assert found["intent"]["name"] == "contact_human_agent"
    names = [each["name"] for each in found["intent_ranking"]]
    assert names == ["contact_human_agent", "track_order"]
    assert found["entities"] == []


def test_what_was_not_understood_may_be_one(component: AskedForPerson) -> None:
    assert read(component, "bel me terug", "nlu_fallback", 0.5)["intent"]["name"] == (
        "contact_human_agent"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("who is the person on the invoice?", "check_invoice"),
        ("kan iemand anders het pakket aannemen?", "delivery_options"),
        ("a human? or not", "are_you_human"),
        ("I want a person, you discriminate me", "discrimination"),
    ],
)
def test_other_readings_stay(component: AskedForPerson, text: str, name: str) -> None:
    assert read(component, text, name, 0.95)["intent"]["name"] == name


@pytest.mark.parametrize("text", ["I want to kill myself", "ik wil dood", "mijn vader ademt niet"])
def test_despair_goes_before_everything(component: AskedForPerson, text: str) -> None:
    assert read(component, text, "track_order", 1.0)["intent"]["name"] == "distress"


@pytest.mark.parametrize(
    "text", ["this kettle kills me", "ik ga dood van het lachen", "my dead battery"]
)
def test_a_way_of_speaking_is_no_despair(component: AskedForPerson, text: str) -> None:
    assert read(component, text, "small_talk", 0.8)["intent"]["name"] == "small_talk"
