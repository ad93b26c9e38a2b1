"""What may never be kept is gone; everything else stays as it was."""

from __future__ import annotations

import pytest

from helder.masking.masker import mask

CARDS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111  1111  1111  1111",
    "4111\n1111 1111 1111",
    "５５００ ００００ ００００ ０００４",
    "2223 0031 2200 3222",
    "3782 822463 10005",
    "6759 6498 2643 8453",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_masked_however_it_is_written(card: str) -> None:
    masked = mask(f"mijn kaart is {card}, klopt dat?")
    assert not any(c.isdigit() for c in masked)
    assert masked.startswith("mijn kaart is ")
    assert masked.endswith(", klopt dat?")


@pytest.mark.parametrize("words", ["cvv 123", "CVC: 1234", "beveiligingscode is 123", "cvv2=987"])
def test_a_verification_code_is_masked(words: str) -> None:
    assert not any(c.isdigit() for c in mask(words).replace("cvv2", ""))


@pytest.mark.parametrize("number", ["111222333", "1112.22.333", "111 222 333"])
def test_a_citizen_service_number_is_masked_called_one_or_not(number: str) -> None:
    for text in (f"mijn bsn is {number}", f"my number is {number}.", number):
        assert not any(c.isdigit() for c in mask(text))


@pytest.mark.parametrize(
    "text",
    [
        "HD-204817",
        "order 204817 van 12-11-2026",
        "bel me op 06 12345678",
        "1234 5678 9012 3456",
        "1015 CJ 12",
        "NL91ABNA0417164300",
        "3STEST123456789",
        "KD111222333NL",
        "+31111222333",
        "123456789",
        "0000 0000 0000 0000",
    ],
)
def test_what_is_no_card_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "number",
    [
        "+31 6 12{}",
        "+31 612{}",
        "+31-6-12{}",
        "0031 612{}",
        "+31 (0)6 12{}",
        "+31 (0)20 1{}",
        "+32 470 {}",
        "+44 7166 {}",
        "+447166{}",
        "+44 (0)7166 {}",
        "+49 151 12{}",
        "0044 7166 {}",
        "0032 4701{}",
        "02 1{}",
        "021{}",
        "06 12{}",
    ],
)
def test_a_telephone_number_stays_one_that_a_colleague_can_call(number: str) -> None:
    for rest in range(345_600, 345_678):
        text = f"bel {number.format(rest)}"
        assert mask(text) == text
