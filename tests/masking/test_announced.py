"""What one message announces and the next one has: a code, the rest of a BSN."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helder.masking.announced import recent
from helder.masking.kinds import Kind
from helder.masking.masker import MASKER, mask
from tests.masking.test_across import kept


@pytest.mark.parametrize(
    "messages",
    [
        ("bsn 1234", "56782"),
        ("mijn bsn is", "1234", "56782"),
        ("mijn bsn: 1234 567", "82"),
        ("bsn 123456", "782"),
        ("Burgerservicenummer:", "１２３４", "en dan 56782, klopt dat?"),
        ("mijn bsn is", *"123456782"),
    ],
)
def test_of_a_citizen_number_over_messages_nothing_is_kept(messages: tuple[str, ...]) -> None:
    assert not any(c.isdigit() for text in kept(*messages) for c in text)
    assert MASKER.mask(messages[0], goes_on=True).kinds <= {Kind.BSN}


@pytest.mark.parametrize(
    "messages",
    [
        ("my cvv is", "123"),
        ("mijn cvc code is", "737"),
        ("cvv?", "it's on the back", "456"),
        ("cvc", "die staat achterop", "dat is 4 5 6"),
        ("mijn pincode is", "4821"),
        ("4111 1111 1111 1111", "de code is 737"),
        ("4111 1111 1111 1111", "12/27", "en 737"),
    ],
)
def test_a_code_that_was_announced_is_masked(messages: tuple[str, ...]) -> None:
    *before, last = kept(*messages)
    assert not any(c.isdigit() for c in last)
    assert MASKER.mask_next(messages[-1], reversed(before)).kinds == {Kind.CODE}


@pytest.mark.parametrize(
    "messages",
    [
        ("do you need my bsn?", "204817"),
        ("mijn bsn is", "HD-204817"),
        ("bsn 1234", "204817"),
        ("bsn 111222333", "204817"),
        ("mijn bsn is", "waar is mijn pakket?", "204817"),
        ("my cvv is", "HD-204817"),
        ("mijn cvv is", "204 817"),
        ("cvc?", "1015 CJ 12"),
        ("what is a cvv for?", "204817"),
        ("4111 1111 1111 1111", "123 euro"),
        ("4111 1111 1111 1111", "12/27", "1234"),
        ("paid by pin?", "123 euro"),
    ],
)
def test_other_digits_after_such_words_stay(messages: tuple[str, ...]) -> None:
    assert kept(*messages)[-1] == messages[-1]


def test_what_is_shown_of_a_text_that_nothing_follows_stays_as_it_is() -> None:
    assert mask("bsn 1234") == "bsn 1234"


def test_no_more_is_read_than_may_belong_together() -> None:
    asked: list[str] = []

    def before() -> Iterator[str]:
        for text in ("1234", "it's on the back", "my cvv is", "hello"):
            asked.append(text)
            yield text

    assert recent(before()) == ["1234", "it's on the back", "my cvv is"]
    assert asked == ["1234", "it's on the back", "my cvv is"]
    assert len(recent(["1"] * 100)) == 20
