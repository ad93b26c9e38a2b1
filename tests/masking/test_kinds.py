"""Codes and citizen numbers always; accounts, addresses and telephone numbers where it is asked."""

from __future__ import annotations

import random

import pytest
from stdnum.nl import bsn

from bench.masking.numbers import citizen, iban_of
from helder.masking.kinds import EVERYTHING, Kind
from helder.masking.masker import Masker, mask, mask_all

ALL = Masker(EVERYTHING)


@pytest.mark.parametrize(
    "text",
    [
        "cvc 123",
        "my CVV is 1234",
        "CVV2=987",
        "de beveiligingscode van mijn kaart is 1 2 3",
        "123 is the cvc",
        "the three digits on the back are 123",
        "de laatste drie cijfers achterop zijn 123",
        "cvc: één twee drie",
        "cvc １２３",
        "4111 1111 1111 1111 123",
        "4111 1111 1111 1111, exp 12/28, cvc 123",
        "3782 822463 10005 12/28 1234",
        "4111 1111 1111 1111 1228 123",
        "mijn kaart: 4111-1111-1111-1111, de code is 123",
        "4111 1111 1111 1111 and the code is 123",
        "4111 1111 1111 1111 and the code is 1234",
        "4111 1111 1111 1111 J. Jansen 12/28 123",
        "4111 1111 1111 1111 123 en snel graag",
        "de code van mijn kaart is 123",
        "the code of my card is 123",
        "dat is 123 achterop",
        "pincode 1234",
        "my PIN is 1234",
        "1234 is de pin van mijn pas",
        "mijn pincode is 123456",
    ],
)
def test_a_code_is_masked_where_it_is_called_so_or_stands_behind_a_card(text: str) -> None:
    masked = ALL.mask(text)
    assert Kind.CODE in masked.kinds
    assert "123" not in masked.text.replace(" ", "")
    assert "12/28" not in text or "12/28" in masked.text


@pytest.mark.parametrize(
    "text",
    [
        "what is a cvc? my order is HD-204817",
        "cvc? nee, bestelling 204817",
        "order 123 of 2026",
        "I want 123 pieces",
        "betaald met pin, 204 817",
        "paid by pin 204817",
        "ik wilde pinnen 4821",
        "pinpas geweigerd: 204817",
        "paid by pin on 12-11-2026",
        "betaald met pin: € 1234",
        "do you take pin? 1015 CJ 12",
        "the gift card code is 1234",
    ],
)
def test_other_short_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_a_citizen_number_is_masked_in_every_way_of_writing() -> None:
    rng = random.Random(5)
    for _ in range(300):
        number = citizen(rng)
        assert bsn.is_valid(number)
        a, b, c = number[:3], number[3:6], number[6:]
        for written in (
            number,
            f"{a} {b} {c}",
            f"{a}.{b}.{c}",
            f"{a}\u200b{b}-{c}",
            " ".join(number),
        ):
            for sentence in ("mijn bsn is {}", "{}", "it is {}, ok?"):
                assert not any(d.isdigit() for d in mask(sentence.format(written))), written


def test_a_citizen_number_that_is_called_so_is_masked_with_its_zero_or_a_slip() -> None:
    assert mask("bsn 010000015") == "bsn •••••••••"
    assert mask("burgerservicenummer: 111222334") == "burgerservicenummer: •••••••••"


@pytest.mark.parametrize("label", ["klantnummer", "customer number", "ticket", "factuur", "tel."])
def test_nine_digits_that_are_called_something_else_stay(label: str) -> None:
    assert mask(f"{label} 111222333") == f"{label} 111222333"


def test_an_account_is_masked_only_with_its_right_check_digits() -> None:
    rng = random.Random(6)
    for _ in range(300):
        number = iban_of(rng)
        spaced = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
        for written in (number, number.lower(), spaced):
            assert ALL.mask(f"naar {written}, graag").text == "naar [iban], graag"
            assert mask(f"naar {written}, graag") == f"naar {written}, graag"
    assert ALL.mask("NL91ABNA0417164301").kinds == frozenset()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail jan.de-vries+x@voorbeeld.co.uk even", "mail [email] even"),
        ("jan (at) voorbeeld.nl", "[email]"),
        ("anna at example dot com", "[email]"),
        ("bel 06-12345678.", "bel [phone]."),
        ("+31 (0)6 1234 5678", "[phone]"),
        ("0470/12.34.56 graag", "[phone] graag"),
        ("1015 CJ 12", "[postcode]"),
        ("1015cj, huisnummer 12a", "[postcode]"),
        ("12 Church Lane, SW1A 2AA", "[street], [postcode]"),
        ("Kerkstraat 12, 9000 Gent", "[street], [postcode] Gent"),
        ("HD-204817 van 12-11-2026 voor € 49,95", "HD-204817 van 12-11-2026 voor € 49,95"),
        ("in 2026 is er 1000 en meer", "in 2026 is er 1000 en meer"),
    ],
)
def test_contact_details_are_masked_where_everything_is(text: str, masked: str) -> None:
    assert ALL.mask(text).text == masked
    assert mask_all(text) == masked
    assert mask(text) == text


def test_a_policy_adds_to_what_is_always_masked_and_takes_nothing_away() -> None:
    masked = Masker({Kind.EMAIL}).mask("4111111111111111 a@b.nl 06-12345678")
    assert masked.text == "•••••••••••••••• [email] 06-12345678"
    assert masked.kinds == {Kind.CARD, Kind.EMAIL}


def test_what_is_exported_is_masked_within_and_keeps_its_shape() -> None:
    body = {
        "event": "user",
        "text": "mail a@b.nl",
        "n": 3,
        "more": [{"value": "06-12345678"}, None],
    }
    assert ALL.mask_within(body) == {
        "event": "user",
        "text": "mail [email]",
        "n": 3,
        "more": [{"value": "[phone]"}, None],
    }
