"""The answer to "may I use your data?": which words allow it, refuse it, or do neither."""

from __future__ import annotations

import re

import pytest
from rasa_sdk import Tracker

from actions.about_consent import asks_about
from actions.permitting import allows, doubts, permits, refuses
from actions.turn import Turn
from helder.vocabulary.model import Vocabulary

YES = """
    Ja, zoek maar op · zoek maar op · ja zoek het maar op · ja kijk maar · kijk maar even · toe maar
    ja doe maar · ga je gang · prima · ja, ga maar kijken · ja natuurlijk mag dat · mag · mag wel
    ja tuurlijk, zoek mijn bestelling maar op · ja, gebruik ze maar · oke, voor deze keer
    ja voor dit gesprek mag het · geen probleem · vind ik goed · dat vind ik prima · u mag kijken
    ja, alleen voor dit gesprek · jazeker, zoek maar · daar heb ik geen bezwaar tegen · ja mag
    ja, bekijk mijn bestelling maar · van mij mag het · ja is goed zoek maar op aub
    ik geef toestemming · je hebt mijn toestemming · ja hoor, geen probleem · van mij mag je
    jullie mogen kijken
    yes, go ahead · Yes please, look it up · go ahead and look it up · sure, check it · you can
    yes, check my order · yes that's fine with me · no problem, go ahead · fine, look · sure why not
    yeah go on · yes, for this conversation · I don't mind · okay, find it · yes, please check
    yes, have a look · have a look · you have my permission · permission granted · no problem
    yes, just this once · you may use my order data · I give you permission · i consent
"""
NO = """
    dat mag je niet · doe maar niet · liever niet · ik heb liever van niet · ik weiger · niet doen
    you may not · please don't · don't · not my data · I refuse · I'd prefer not to · you can't
"""
# Part of a yes, another wish, or nothing at all. None of it is unambiguous.
NEITHER = """
    ja maar niet mijn adres · ja, behalve mijn adres · ja, alleen mijn postcode · annuleer hem maar
    mag ik eerst iets vragen · ja maar waarom · zoek mijn bestelling op · kijk naar mijn bestelling
    zoek maar iets anders · gebruik maar een ander adres · ja als je niets bewaart · bestelgegevens
    yes but not my address · yes, if you delete it · find my order · look at something else
    my order · you can stop · cancel it · use another address · only my postcode · yes, but what for
    no problem there
"""
UNSURE = (
    "hm · hmm · misschien · maybe · weet ik niet · ik weet het niet · I don't know · not sure · tja"
)


def listed(text: str) -> list[str]:
    return [each.strip() for line in text.strip().splitlines() for each in line.split("·")]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


@pytest.mark.parametrize("text", listed(YES))
def test_this_allows_it(vocabulary: Vocabulary, text: str) -> None:
    assert allows(words(text), vocabulary)
    assert not refuses(words(text))


@pytest.mark.parametrize("text", listed(NO))
def test_this_refuses_it(text: str) -> None:
    assert refuses(words(text))


@pytest.mark.parametrize("text", [*listed(NO), *listed(NEITHER), *listed(UNSURE)])
def test_this_allows_nothing(vocabulary: Vocabulary, text: str) -> None:
    assert not allows(words(text), vocabulary, "track_order")
    assert not allows(words(text), vocabulary, "cancel_order")


@pytest.mark.parametrize("text", listed(UNSURE))
def test_this_is_a_doubt(text: str) -> None:
    assert doubts(words(text))


@pytest.mark.parametrize("text", [*listed(YES), *listed(NO), *listed(NEITHER)])
def test_this_is_no_doubt(text: str) -> None:
    assert not doubts(words(text))


def read(vocabulary: Vocabulary, text: str, intent: str, confidence: float = 1.0) -> Turn:
    latest = {"text": text, "intent": {"name": intent, "confidence": confidence}}
    tracker = Tracker("c", {}, latest, [], False, None, {}, "action_listen")
    return Turn(tracker, vocabulary)


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("van mij mag het", "distress", "yes"),  # whatever the classifier makes of it
        ("dat mag je niet", "how_it_works", "no"),
        ("ja, ik wil weten waar mijn pakket blijft", "track_order", "yes"),
        ("ja, ik wil een mens spreken", "contact_human_agent", None),
        ("nee, ben je een mens", "are_you_human", None),
        ("ja?", "affirm", None),
        ("ik heb er geen moeite mee als het snel gaat", "deny", None),
        ("nee hoor", "deny", "no"),
    ],
)
def test_a_turn_is_read_by_its_words_first(
    vocabulary: Vocabulary, text: str, intent: str, answer: str | None
) -> None:
    assert permits(read(vocabulary, text, intent), "track_order") == answer


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "about"),
    [
        ("welke gegevens?", "my_data", 1.0, True),
        ("kan ik dat later terugdraaien?", "nlu_fallback", 0.3, True),
        ("wat als ik nee zeg?", "my_data", 0.9, True),
        ("deel je dat met anderen?", "are_you_human", 0.5, True),
        ("do I have to?", "nlu_fallback", 0.3, True),
        ("what does that mean?", "ask_why", 0.9, True),
        ("hoe lang duurt de bezorging?", "delivery_period", 0.9, False),
        ("ben je een mens?", "are_you_human", 0.9, False),
        ("ja, deel ze maar", "affirm", 0.9, False),
    ],
)
def test_a_question_about_the_question_is_known(
    vocabulary: Vocabulary, text: str, intent: str, confidence: float, about: bool
) -> None:
    assert asks_about(read(vocabulary, text, intent, confidence)) is about
