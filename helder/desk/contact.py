"""How a customer can be answered: an e-mail address or telephone number as a link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

import phonenumbers

_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"


@dataclass(frozen=True)
class Way:
    """What the customer wrote, and the link it makes: `mailto:`, `tel:`, or None."""

    text: str
    link: str | None


def way_to(contact: str, subject: str, region: str) -> Way:
    """The contact details that were asked for. `region` is the country of our own number."""
    text = contact.strip()
    if re.fullmatch(_ADDRESS, text):
        return _mail(text, subject)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Way(text, None)
    return _call(text, number) if phonenumbers.is_possible_number(number) else Way(text, None)


def ways_given(contact: str, subject: str, region: str) -> list[Way]:
    """The contact details that were given: one, or an address and a number with a comma between."""
    return [way_to(each, subject, region) for each in contact.split(", ")]


def ways_in(text: str, subject: str, region: str) -> list[Way]:
    """Addresses and numbers that stand in a message, each once, in their order."""
    found = [(match.start(), _mail(match[0], subject)) for match in re.finditer(_ADDRESS, text)]
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        found.append((match.start, _call(match.raw_string, match.number)))
    ways = [way for _start, way in sorted(found, key=lambda each: each[0])]
    return list({way.link: way for way in ways}.values())


def _mail(address: str, subject: str) -> Way:
    # Quoted whole, or `a@b.nl?bcc=…` would add a header (RFC 6068 §7).
    return Way(address, f"mailto:{quote(address, safe='@')}?subject={quote(subject)}")


def _call(text: str, number: phonenumbers.PhoneNumber) -> Way:
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Way(text, f"tel:{written}")  # RFC 3966
