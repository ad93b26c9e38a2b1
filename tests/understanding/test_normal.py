"""Whose address and which order stands in a message, and how loud, does not change its reading."""

from __future__ import annotations

import numpy as np
import pytest

from helder.understanding import universal
from helder.understanding.ngrams import words_of
from helder.understanding.normal import normal

SAME = [
    ("my email is jo@example.nl", "my email is p.de-vries+shop@mail.example.co.uk"),
    ("Waar blijft HD-204817, 3511 AB?", "Waar blijft HD-913350, 9000 AB?"),
    ("WAAR BLIJFT MIJN PAKKET VERDOMME", "waar blijft mijn pakket Verdomme"),
    ("(stuur het naar <anna@web.be>)", "(stuur het naar <kees.jansen@kantoor.nl>)"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_another_customer_who_wants_the_same_is_read_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert words_of(one) == words_of(other)
    np.testing.assert_array_equal(universal.encode([one]), universal.encode([other]))


@pytest.mark.parametrize(
    "text", ["meet me @ noon", "@helder where is it", "a @ b", "naar den haag, tweede @", "@"]
)
def test_an_at_sign_alone_makes_no_address(text: str) -> None:
    assert normal(text) == text


@pytest.mark.parametrize("piece", ["a", "a@", "@", "a@a", "a.", "\u0660"])
def test_a_megabyte_of_anything_is_made_normal(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert normal(text) == normal(normal(text))
