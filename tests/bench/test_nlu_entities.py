"""Sentences drawn with a value in them, and how many of the values are found."""

import random
from datetime import date
from itertools import product

import pytest

from bench.nlu.entities import Found, measure, score
from bench.nlu.written import KINDS, LANGUAGES, TODAY, Written, sentences
from bench.nlu.written_dates import a_date

MEASURED = measure(seed=7, each=300)


@pytest.mark.parametrize(("language", "kind"), product(LANGUAGES, KINDS))
def test_what_customers_write_is_found_and_nothing_else(language, kind):
    found = MEASURED[language][kind]
    assert found.asked == 300
    assert found.recall >= 0.98, found.slips[:10]
    assert found.precision >= 0.98, found.slips[:10]


def test_the_same_seed_gives_the_same_sentences():
    assert list(sentences(3, 5)) == list(sentences(3, 5))
    assert list(sentences(3, 5)) != list(sentences(4, 5))


def test_no_frame_is_left_unfilled():
    assert not [s.text for s in sentences(1, 50) if "{" in s.text]


def test_a_value_that_is_missed_and_one_too_many_count_against_it():
    missed = Written("order_number", "en", "no number here", "order_number", "HD-100200")
    extra = Written("order_number", "en", "HD-100200, a@b.nl", "order_number", "HD-100200")
    found = score([missed, extra])
    assert (found.asked, found.hits, found.wrong) == (2, 1, 1)
    assert (found.recall, found.precision) == (0.5, 0.5)
    assert (Found().recall, Found().precision) == (0, 0)


def test_dates_are_written_in_many_shapes():
    rng = random.Random(1)
    written = {a_date(rng, language, TODAY)[1] for language in LANGUAGES for _ in range(400)}
    assert len(written) > 500
    assert all(date.fromisoformat(a_date(rng, "nl", TODAY)[0]) for _ in range(50))
