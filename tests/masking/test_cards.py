"""Cards: every issuer, however they are written; and what only looks like one."""

from __future__ import annotations

import random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from bench.masking.numbers import ISSUERS, card
from bench.masking.ways import WAYS
from helder.masking.issuers import Sure, holds_card, is_card, may_begin
from helder.masking.kinds import EVERYTHING
from helder.masking.masker import MASKER, Masker, mask

LIVE = Masker()
CERTAIN = ("Visa", "Mastercard", "American Express", "Discover")


def digits_in(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


@pytest.mark.parametrize("issuer", ISSUERS)
def test_a_card_of_every_issuer_is_masked(issuer: str) -> None:
    rng = random.Random(issuer)
    for _ in range(50):
        number = card(rng, issuer)
        assert digits_in(mask(f"betaald met {number} vandaag")) == "", number


@pytest.mark.parametrize("way", WAYS)
def test_a_card_is_masked_in_every_way_of_writing_and_its_sentence_stays(way: str) -> None:
    rng = random.Random(way)
    for _ in range(30):
        number = "4111111111111111" if "letters" in way else card(rng, rng.choice(CERTAIN))
        written = WAYS[way](number, rng)
        masked = mask(f"I paid with {written} and it failed")
        assert masked.startswith("I paid with ")
        assert masked.endswith(" and it failed")
        assert digits_in(masked.replace("%20", " ")) == "", written


@given(st.integers(0, 10**15 - 1), st.lists(st.sampled_from(" -./_ ,"), max_size=2))
def test_any_visa_is_masked_with_any_signs_between_its_groups(body: int, signs: list[str]) -> None:
    number = f"4{body:014}"[:15]
    number += luhn.calc_check_digit(number)
    groups = [number[i : i + 4] for i in range(0, 16, 4)]
    assert digits_in(mask("".join(signs).join(groups))) == ""


@given(st.text(alphabet="0123456789 -.,/+()€cvbsnhdOl•\n", max_size=80))
def test_masking_again_changes_nothing(text: str) -> None:
    once = LIVE.mask(text, goes_on=True).text
    assert LIVE.mask(once, goes_on=True).text == once


@given(st.text(max_size=200))
def test_nothing_but_letters_and_digits_is_changed(text: str) -> None:
    masked = mask(text)
    kept = "".join(c for c in masked if c != "•")
    assert all(c in text for c in kept)


@pytest.mark.parametrize(
    "text",
    [
        "HD-411111, HD-522222 and 604817",
        "601234, 712345, 612346",
        "412345, 9000",
        "412345\n06-12345678",
        "barcode 5012345678900",
        "track & trace 3232100858000012345678",
        "€ 4.111,11 en € 1.111,11",
        "12-11-2026 14:30 tot 13-11-2026",
        "my customer number is 411111111111",
        "DE89 3704 0044 0532 0130 00",
        "id 4111aaaa-1111-4111-8111-bbbb11111111",
        "bel +49 4111 1111 1111",
        "204817x2, 204818x3, 412345x1",
        "een kleed van 1200x1800 of 1400 x 2000",
    ],
)
def test_what_is_something_else_stays(text: str) -> None:
    assert LIVE.mask(text, goes_on=True).text == text


@pytest.mark.parametrize("sign", [" " * 7, " " * 30, "-" * 9, " \t\n" * 3, "x", "X", " x "])
def test_a_card_with_wide_gaps_or_an_x_between_its_groups_is_masked(sign: str) -> None:
    for groups in (["4111", "1111", "1111", "1111"], ["3782", "822463", "10005"]):
        if sign != " x " or len(groups) == 4:
            dots = sign.join("•" * len(group) for group in groups)
            assert mask(f"met {sign.join(groups)}, ja") == f"met {dots}, ja"


def test_a_mistyped_card_is_masked_where_it_is_called_one() -> None:
    assert digits_in(mask("my visa card 4111 1111 1111 1112")) == ""


def test_a_card_with_its_date_and_code_in_one_is_masked_as_a_whole() -> None:
    assert digits_in(mask("41111111111111111228123")) == ""


def test_how_sure_it_is_depends_on_issuer_length_and_check_digit() -> None:
    assert is_card("4111111111111111") is Sure.YES
    assert is_card("4111111111111112") is Sure.NO
    assert is_card("0000000000000000") is Sure.NO
    assert is_card("135410014004955") is Sure.PERHAPS  # UATP
    assert may_begin("411111111")
    assert not may_begin("061234567")
    assert not may_begin("871234567")
    assert holds_card("0000411111111111111100")
    assert not holds_card("00000000000000000001")


@pytest.mark.parametrize(
    "piece",
    ["4", "4 ", "4111 ", "4-1.", "o4l1", "een ", "&#52;", "<b>", "%34", "cvc 1 ", "a@", "1015 CJ ",
     "nl91 ", "06-", "0 1 2 ", "bsn ", "+31 ", "•4", "hd-", "1l", "o", "|", "0", "a1", "1-a", "(0",
     "a.", "@a.", "x at ", "12 a ", "\u200b4", "ik ben op 4 ", "at dot "],
)  # fmt: skip
def test_long_texts_take_time_in_proportion_to_their_length(piece: str) -> None:
    def taken(size: int) -> float:
        used = 0.0
        for end in ("", "x", " é@"):
            text = (piece * size)[:size] + end
            begun = process_time()
            Masker(EVERYTHING).mask(text, goes_on=True)
            MASKER.mask_next(text, [text, text])
            used += process_time() - begun
        return used

    taken(1_000)
    assert taken(20_000) < 12 * max(min(taken(5_000), taken(5_000)), 0.1)
