"""A card over several messages: never more of it is kept than its first eight digits and four."""

from __future__ import annotations

import pytest

from helder.masking.across import may_go_on, tail_of
from helder.masking.kinds import Kind
from helder.masking.masker import Masker

MASKER = Masker()


def kept(*messages: str) -> list[str]:
    """What is kept of a customer's messages, one after the other."""
    found: list[str] = []
    for text in messages:
        masked = MASKER.mask(text, goes_on=True).text
        found.append(MASKER.mask_next(masked, reversed(found)).text)
    return found


@pytest.mark.parametrize(
    "messages",
    [
        ("4111 1111", "1111 1111"),
        ("my card starts with 4111 1111", "and the rest is 1111 1111"),
        ("4111", "1111", "1111", "1111"),
        ("4111 1111 1111", "1111"),
        ("4111", "111111111111"),
        ("4111-1111-1", "111-1111"),
        ("3782", "822463 10005"),
        ("411111", "1111111111"),
        ("４１１１ １１１１", "1111\u200b1111"),
        ("4111 1111 ...", "1111 1111."),
        ("mijn kaart: 5500 0000", "0000 0004"),
        tuple("4111111111111111"),
    ],
)
def test_of_a_card_over_messages_at_most_twelve_digits_are_kept(messages: tuple[str, ...]) -> None:
    shown = sum(c.isdigit() for text in kept(*messages) for c in text)
    assert shown <= 12
    assert kept(*messages)[-1] != messages[-1] or shown <= 4


def test_the_first_eight_digits_of_a_short_beginning_stay_and_the_rest_goes() -> None:
    assert kept("4111 1111", "1111 1111") == ["4111 1111", "•••• ••••"]


def test_a_beginning_of_nine_digits_or_more_is_masked_at_once() -> None:
    assert kept("it is 4111 1111 1") == ["it is •••• •••• •"]
    assert kept("it is 411111111111") == ["it is ••••••••••••"]


@pytest.mark.parametrize(
    "messages",
    [
        ("412345", "9000"),
        ("HD-411111", "111111"),
        ("412345", "523456"),
        ("412345", "0612345678"),
        ("4111 1111", "waar is mijn pakket?"),
        ("4111", "HD-204817"),
        ("4111 1111 1111 1111", "9000"),
        ("my postcode is 4111", "12"),
        ("+31 6 41111111", "1111"),
        ("0612345678",),
        ("+44 7911 123456",),
        ("klantnummer 411111111111",),
        ("EAN 4006381333931",),
        ("4006381333931",),
        ("2",),
    ],
)
def test_what_is_no_card_over_messages_stays(messages: tuple[str, ...]) -> None:
    expected = [MASKER.mask(text).text for text in messages]
    assert kept(*messages) == expected


def test_three_digits_alone_behind_a_card_are_its_code() -> None:
    assert kept("4111 1111 1111 1111", "123") == ["•••• •••• •••• ••••", "•••"]
    assert kept("378282246310005", "1234")[-1] == "••••"
    assert kept("4111 1111 1111 1111", "1234")[-1] == "1234"
    assert kept("4111 1111 1111 1111", "order HD-204817", "123")[-1] == "123"
    assert MASKER.mask_next("123", ["•••• •••• •••• ••••"]).kinds == {Kind.CODE}


def test_only_as_much_is_looked_back_at_as_may_belong_together() -> None:
    asked: list[str] = []

    def before() -> object:
        for text in ("4111", "hello", "4111"):
            asked.append(text)
            yield text

    assert tail_of(before()).groups == ["4111"]  # type: ignore[arg-type]  # a generator
    assert asked == ["4111", "hello"]


@pytest.mark.parametrize(
    ("text", "may"),
    [("1111", True), (" en 1111", True), ("where is it?", False), ("HD-204817", False)],
)
def test_only_a_message_that_begins_with_digits_may_go_on(text: str, may: bool) -> None:
    assert may_go_on(text) is may
