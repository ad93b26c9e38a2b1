"""Addresses as people type them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helder.shop.address_text import PARTS, Parts, answer, read
from helder.shop.model import Address
from helder.shop.people import invent_people
from tests.shop.conftest import NOW

WHOLE = [
    ("Beukenlaan 12a, 3511 AB Utrecht", "NL", "Beukenlaan|12a|3511 AB|Utrecht"),
    ("beukenlaan 12 3511ab utrecht", "NL", "Beukenlaan|12|3511 AB|Utrecht"),
    ("Kerkstraat 5\n1011 AB Amsterdam", "NL", "Kerkstraat|5|1011 AB|Amsterdam"),
    ("mijn nieuwe adres is Het Wed 3, 1011 AB Amsterdam", "NL", "Het Wed|3|1011 AB|Amsterdam"),
    ("naar Op de Hoogte 3, 1011AB Amsterdam graag", "NL", "Op de Hoogte|3|1011 AB|Amsterdam"),
    ("Plein 1944 nr 5, 6511 JB Nijmegen", "NL", "Plein 1944|5|6511 JB|Nijmegen"),
    ("2e Helmersstraat 14 hs, 1054 CH Amsterdam", "NL", "2e Helmersstraat|14 hs|1054 CH|Amsterdam"),
    ("Keizersgracht 123 III 1015 CJ Amsterdam", "NL", "Keizersgracht|123 III|1015 CJ|Amsterdam"),
    ("'s-Gravenweg 4, 3062 AA Rotterdam", "NL", "'s-Gravenweg|4|3062 AA|Rotterdam"),
    ("Kerkstraat 5, Amsterdam, 1011 AB", "NL", "Kerkstraat|5|1011 AB|Amsterdam"),
    ("Meir 12 bus 4, 2000 Antwerpen", "BE", "Meir|12 bus 4|2000|Antwerpen"),
    ("Rue Neuve, 5, 1000 Bruxelles", "BE", "Rue Neuve|5|1000|Bruxelles"),
    ("Kerkstraat 1234, 3000 Leuven", "BE", "Kerkstraat|1234|3000|Leuven"),
    ("12 High Street, Leeds, LS1 4AP", "GB", "High Street|12|LS1 4AP|Leeds"),
    ("12 High Street Leeds LS1 4AP", "GB", "High Street|12|LS1 4AP|Leeds"),
    ("Flat 3, 12 Mill Lane, Leeds ls14ap", "GB", "Mill Lane|Flat 3, 12|LS1 4AP|Leeds"),
    ("please send it to 5 Park Road, LS1 4AP Leeds", "GB", "Park Road|5|LS1 4AP|Leeds"),
    ("Rose Cottage, Mill Lane, Diss NR21 0AA", "GB", "Mill Lane|Rose Cottage|NR21 0AA|Diss"),
    ("I moved, send it to Kerkstraat 5, 1011 AB Ede", None, "Kerkstraat|5|1011 AB|Ede"),
    ("Kerkstraat 5, 3000 Leuven", None, "Kerkstraat|5|3000|Leuven"),
]


def written(parts: Parts) -> str:
    return "|".join(getattr(parts, name) for name in PARTS)


@pytest.mark.parametrize(("text", "country", "wanted"), WHOLE)
def test_a_whole_address_is_read(text: str, country: str | None, wanted: str) -> None:
    found = read(text, country)
    assert written(found) == wanted
    assert found.missing == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Kerkstraat 12", ("postcode", "city")),
        ("Kerkstraat 12, Utrecht", ("postcode",)),
        ("3512 JE", ("street", "house", "city")),
        ("3512 JE Utrecht", ("street", "house")),
        ("", PARTS),
        ("waarom moet je dat weten?", PARTS),
        ("ja", PARTS),
    ],
)
def test_what_is_not_there_is_missing(text: str, missing: tuple[str, ...]) -> None:
    assert read(text, "NL").missing == missing


KNOWN = Parts("", "Kerkstraat", "12", "3512 JE", "Utrecht", "NL")


@pytest.mark.parametrize(
    ("text", "known", "part", "value"),
    [
        ("nee, nummer 14", KNOWN, "house", "14"),
        ("number should be 12", KNOWN, "house", "12"),
        ("no it's 21", KNOWN, "house", "21"),
        ("naar nummer 12 in plaats van 21", KNOWN, "house", "12"),
        ("de plaats is Amersfoort", KNOWN, "city", "Amersfoort"),
        ("1011 AB", KNOWN, "postcode", "1011 AB"),
        ("Utrecht", Parts("", "Kerkstraat", "12", "3512 JE"), "city", "Utrecht"),
        ("in utrecht graag", Parts("", "Kerkstraat", "12", "3512 JE"), "city", "Utrecht"),
        ("12a", Parts("", "Kerkstraat", "", "3512 JE", "Utrecht"), "house", "12a"),
    ],
)
def test_one_part_is_added_or_corrected(text: str, known: Parts, part: str, value: str) -> None:
    found = answer(text, known, "NL")
    assert getattr(found, part) == value
    assert known.and_then(found).missing == ()


@pytest.mark.parametrize("text", ["waarom?", "is dat 2 dagen?", "stop", "ja, graag", "nee"])
def test_what_is_no_part_of_an_address_adds_none(text: str) -> None:
    assert answer(text, KNOWN, "NL") == Parts()


def test_who_it_is_for_may_stand_before_or_behind() -> None:
    before = read("Jan de Vries, Kerkstraat 5, 1011 AB Amsterdam", "NL")
    behind = read("Kerkstraat 5, 1011 AB Amsterdam, t.a.v. Jan de Vries", "NL")
    assert before.name == behind.name == "Jan de Vries"


def test_an_address_of_another_country_says_so() -> None:
    assert read("12 High Street, Leeds, LS1 4AP", "NL").country == "GB"
    assert read("Meir 12, 2000 Antwerpen", "NL").country == "BE"


def test_the_name_and_the_country_stay_when_nothing_else_is_said() -> None:
    old = Address("A. Bakker", "Lindelaan", "4", "3511 AB", "Utrecht", "NL")
    new = KNOWN.address(old)
    assert (new.name, new.country) == ("A. Bakker", "NL")
    assert (new.street, new.house, new.postcode) == ("Kerkstraat", "12", "3512 JE")


def test_the_addresses_of_all_customers_are_read() -> None:
    for person in invent_people(7, NOW.date()):
        a = person.customer.address
        text = f"{a.street} {a.house}, {a.postcode} {a.city}"
        if a.country == "GB":
            text = f"{a.house} {a.street}, {a.city} {a.postcode}"
        found = read(text, a.country)
        assert (found.street, found.postcode, found.city) == (a.street, a.postcode, a.city), text
        assert found.house.replace(" ", "") == a.house.replace(" ", ""), text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["NL", "BE", "GB", "DE", None]))
def test_no_text_is_too_strange(text: str, country: str | None) -> None:
    found = read(text, country)
    assert all(len(value) <= 80 for value in vars(found).values())
    answer(text, KNOWN, country or "NL")


@pytest.mark.parametrize("text", ["a " * 1000, "1 " * 1000, "a1 " * 700, "is " * 700 + "1011 AB"])
def test_a_long_text_takes_no_longer_than_it_should(text: str) -> None:
    began = time.process_time()
    read(text, "NL")
    assert time.process_time() - began < 1
