"""A street with its number is found as people write it; what only looks like one stays."""

from __future__ import annotations

import pytest

from helder.masking.kinds import Kind
from helder.masking.masker import Masker, mask, mask_all

MASKER = Masker({Kind.STREET, Kind.POSTCODE})


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ik woon op Kerkstraat 12a in Utrecht", "Ik woon op [street] in Utrecht"),
        ("Jan van Galenstraat 5", "[street]"),
        ("mijn adres is Prinses Beatrixlaan 101-2", "mijn adres is [street]"),
        ("veldstraat 8 bus 3", "[street]"),
        ("naar Korte Nieuwstraat 4, 2000 Antwerpen", "naar [street], [postcode] Antwerpen"),
        ("keizersgracht nr. 201", "[street]"),
        ("bezorg maar op parkweg 9", "bezorg maar op [street]"),
        ("12 High Street, Leeds", "[street], Leeds"),
        ("flat 3, 12 mill road", "[street]"),
        ("send it to 4b baker st please", "send it to [street] please"),
        ("it is 21 Acacia Close", "it is [street]"),
        ("10 Downing Street, SW1A 2AA", "[street], [postcode]"),
    ],
)
def test_a_street_and_its_number_are_one(text: str, left: str) -> None:
    masked = MASKER.mask(text)
    assert masked.text == left
    assert Kind.STREET in masked.kinds


@pytest.mark.parametrize(
    "text",
    [
        "al 3 dagen onderweg, 2 dagen te laat",
        "ik ben weg 3 weken",
        "op het plein 3 keer gebeld",
        "supermarkt 4 doosjes",
        "it's 2 days on the way",
        "5 items in the row",
        "I have 2 lamps on the way and 1 place",
        "order HD-204817 on the road",
        "straatlamp 3",
        "a 40 watt street lamp",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert MASKER.mask(text).text == text


def test_a_conversation_keeps_it_and_a_log_file_never_does() -> None:
    assert mask("naar Kerkstraat 12") == "naar Kerkstraat 12"
    assert mask_all("naar Kerkstraat 12") == "naar [street]"


def test_a_long_message_is_read_at_once() -> None:
    assert MASKER.mask("a" * 4000 + " 1").text.endswith(" 1")
    assert MASKER.mask("a-" * 2000 + " 1").text.endswith(" 1")
    assert MASKER.mask("straat " * 600 + " 1").text.endswith("[street]")
