"""Contact details become links that can do nothing but mail or call."""

from __future__ import annotations

import pytest

from helder.desk.contact import way_to, ways_given, ways_in


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("anna@example.com", "mailto:anna@example.com?subject=Hi%20%26%20you"),
        ("o'neil+x@example.co.uk", "mailto:o%27neil%2Bx@example.co.uk?subject=Hi%20%26%20you"),
        ("a?bcc=all@example.com", "mailto:a%3Fbcc%3Dall@example.com?subject=Hi%20%26%20you"),
        ("06-12345678", "tel:+31612345678"),
        ("+31 (0)6 1234 5678", "tel:+31612345678"),
        ("+44 20 7946 0018", "tel:+442079460018"),
        ("javascript:alert(1)", None),
        ("anna@example.com\nBcc: all@example.com", None),
        ("ask my neighbour", None),
        ("12", None),
    ],
)
def test_only_addresses_and_numbers_become_links(contact: str, link: str | None) -> None:
    way = way_to(contact, "Hi & you", "NL")
    assert (way.text, way.link) == (contact, link)


def test_an_address_and_a_number_that_were_both_given_are_both_links() -> None:
    ways = ways_given("a@example.com, +31612345678", "Hi", "NL")
    assert [way.link for way in ways] == ["mailto:a@example.com?subject=Hi", "tel:+31612345678"]


def test_what_stands_in_a_message_is_found_once_and_in_order() -> None:
    text = "Call 06-12345678, or a@example.com, or 0612345678. Order HD-204817 of 20 November."
    links = [way.link for way in ways_in(text, "Hi", "NL")]
    assert links == ["tel:+31612345678", "mailto:a@example.com?subject=Hi"]
