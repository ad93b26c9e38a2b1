from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helder.shop.errors import NotAnOrderNumber
from helder.shop.numbers import NumberFormat, normalise_order_number


@pytest.mark.parametrize(
    "typed",
    [
        "HD-204817", "hd-204817", "hd 204817", "HD204817", "#204817", "204817", " 204 817. ",
        "HD–204817", "HD—204817", "HD−204817", "HD‑204817", "ＨＤ－２０４８１７", "２０４８１７",
        "٢٠٤٨١٧", "२०४८१७", "\u200e204817\u200f", "HD-\u200b204817", "#HD-204.817", "(204817)",
        '"204817"', "\u00a0hd\u202f204817",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert normalise_order_number(typed) == "HD-204817"


@pytest.mark.parametrize(
    "typed",
    [
        "", "HD-", "20481", "2048177", "XX-204817", "HD-20481a", "HD-2048l7", "204817 204818",
        "-", "HDHD204817", "2" * 10_000, "\0", "null", "1e5", "½04817", "\ud800", "-204817x",
    ],
)  # fmt: skip
def test_what_cannot_be_a_number_is_refused(typed: str) -> None:
    with pytest.raises(NotAnOrderNumber):
        normalise_order_number(typed)


@settings(deadline=None)  # a busy machine is no failure
@given(st.text())
def test_any_text_is_a_number_of_the_one_form_or_refused(text: str) -> None:
    try:
        number = normalise_order_number(text)
    except NotAnOrderNumber:
        return
    assert len(number) == 9
    assert number.isascii()
    assert normalise_order_number(number) == number


_PREFIX = st.sampled_from(["", "HD", "hd", "Hd"])
_NOISE = st.sampled_from(["", " ", "-", "–", "#", ".", "\u200b", "\u00a0", "/"])


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 999_999), _PREFIX, st.lists(_NOISE, min_size=7, max_size=7))
def test_what_separates_means_nothing(number: int, prefix: str, noise: list[str]) -> None:
    digits = f"{number:06}"
    typed = prefix + "".join(between + digit for between, digit in zip(noise, digits, strict=False))
    assert normalise_order_number(typed + noise[6]) == f"HD-{digits}"


def test_another_shop_has_another_format() -> None:
    own = NumberFormat(prefix="", digits=10)
    assert normalise_order_number("12 3456 7890", own) == "1234567890"
    with pytest.raises(NotAnOrderNumber):
        normalise_order_number("204817", own)
