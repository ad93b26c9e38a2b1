"""Phrases are found in what customers type: capitals, commas and apostrophes are no difference."""

from __future__ import annotations

import time

import pytest

from helder.vocabulary.lists import Phrases


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("that's fine", "Yes, That’s fine!", True),
        ("that's fine", "that s fine", True),
        ("don't want...", "i don't wanted it", True),
        ("af", "af", True),
        ("af", "aftrek", False),
        ("subscrib...", "resubscribe", False),
        ("...subscrib...", "resubscribing now", True),
        ("meld... ... af", "meld me nu maar AF", True),
        ("meld... ... af", "meld af", True),
        ("meld... ... af", "ik val af, dat meld ik", False),
        ("sign up", "the sign-up page", False),
        ("sign up", "sign  up\nplease", True),
    ],
)
def test_a_phrase_is_found_as_whole_words(phrase: str, text: str, found: bool) -> None:
    assert Phrases([phrase]).are_in(text) is found


def test_of_two_phrases_that_begin_alike_the_longer_one_is_taken_out() -> None:
    phrases = Phrases(["doe", "doe dat maar", "ga je gang"])
    assert phrases.without("Doe dat maar, hoor") == "hoor"
    assert phrases.without("ga je mee") == "ga je mee"


def test_a_text_begins_with_a_phrase_or_has_it_further_on() -> None:
    phrases = Phrases(["hold on"])
    assert phrases.begin("Hold on, why?")
    assert not phrases.begin("why hold on")


def test_a_long_message_takes_no_time() -> None:
    phrases = Phrases(["...meld... ... af", "van ... ...lijst..."])
    begun = time.process_time()
    assert not phrases.are_in("meld van " * 250)  # longer than a customer can send
    assert time.process_time() - begun < 1
