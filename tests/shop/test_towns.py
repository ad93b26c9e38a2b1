"""Which names are towns."""

from __future__ import annotations

import pytest

from helder.shop.towns import like_a_town, town


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("den haag", "Den Haag"),
        ("The Hague", "The Hague"),
        ("alphen a/d rijn", "Alphen aan den Rijn"),
        ("sint niklaas", "Sint-Niklaas"),
        ("liege", "Liège"),
        ("milton keynes", "Milton Keynes"),
        ("s-hertogenbosch", "'s-Hertogenbosch"),
    ],
)
def test_a_town_is_known_however_it_is_typed(text: str, written: str) -> None:
    assert town(text) == written


@pytest.mark.parametrize("text", ["amersfort", "Utrcht", "Rotterdm", "Antwerpn"])
def test_a_slip_of_the_keyboard_is_still_a_town(text: str) -> None:
    assert not town(text)
    assert like_a_town(text)


NO_TOWN = ["is goed", "klopt", "geen idee", "hoezo", "ja", "nee", "super", "hallo", "waarom", ""]


@pytest.mark.parametrize("text", [*NO_TOWN, "x" * 2000])
def test_what_people_say_is_no_town(text: str) -> None:
    assert not town(text)
    assert not like_a_town(text)
