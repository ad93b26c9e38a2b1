"""Countries as customers name them."""

from __future__ import annotations

import pytest

from helder.understanding.countries import find
from helder.understanding.patterns import find as everything


def codes(text: str) -> list[str]:
    return [code for code, _, _ in find(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bezorgen jullie in Portugal?", "PT"),
        ("leveren jullie ook in de VS", "US"),
        ("do you deliver to Denmark", "DK"),
        ("bezorgen jullie in het VK?", "GB"),
        ("do you ship to Northern Ireland?", "GB"),
        ("naar ierland", "IE"),
        ("België", "BE"),
        ("belgie", "BE"),
        ("to the UK", "GB"),
        ("Polen", "PL"),
        ("Zweden", "SE"),
        ("curacao", "CW"),
        ("do you ship to Jersey", "JE"),
    ],
)
def test_a_country_is_known_by_its_names_in_both_languages(text: str, code: str) -> None:
    assert codes(text) == [code]
    assert ("country", code) in [(match.entity, match.value) for match in everything(text)]


@pytest.mark.parametrize(
    "text", ["tell us more", "the jersey is torn", "small vs large", "Nederlanders", "de ierse zee"]
)
def test_another_word_is_no_country(text: str) -> None:
    assert codes(text) == []
