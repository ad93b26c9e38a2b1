"""An address as people type it: "naar Beukenlaan 12a, 3511 AB Utrecht", "1 Mill St, Leeds LS1 4AP".

Rules, not statistics. What is found is read back to the customer, who corrects it; so a part that
is not there is missing, and nothing is guessed but where one part ends and the next begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

from .model import Address
from .towns import COMPLETE, like_a_town, town

COUNTRIES = ("NL", "GB", "BE")
PARTS = ("street", "house", "postcode", "city")
_LONGEST = 80  # characters of a part
_LONGEST_LINE = 200  # characters before a house number: nobody says more, and it would take long

_POSTCODES = {
    # The letters SA, SD and SS are never given out.
    "NL": re.compile(r"(?<![\w-])([1-9]\d{3})[ -]?((?!s[ads])[a-z]{2})(?!\w)", re.I),
    "GB": re.compile(r"(?<![\w-])([a-z]{1,2}\d[a-z\d]?) ?(\d[abd-hjlnp-uw-z]{2})(?!\w)", re.I),
    "BE": re.compile(r"(?<![\w-])(?:b ?-? ?)?([1-9]\d{3})()(?![\w-])", re.I),
}
_DIGITS = re.compile(r"(?<![\w-])(\d{4,6})()(?![\w-])")  # in most other countries
_HOUSE = (
    r"\d{1,5}(?: ?[a-z](?![a-z]))?"
    r"(?: ?(?:[-/] ?\w{1,4}|bis|hs|huis|[ivx]{1,4}|(?:bus|box|bte|app?\.?|apt\.?|kamer) ?\w{1,4}))?"
)
_HOUSE_ONLY = re.compile(_HOUSE, re.I)
_STREET_FIRST = re.compile(rf"(?P<street>.*?[^\W\d_].*?)\W? (?P<house>{_HOUSE})", re.I)
_HOUSE_FIRST = re.compile(
    r"(?P<house>\d{1,5} ?(?:[a-z]|bis)?(?:[-/]\d+)?),? (?P<street>[^\d]+)", re.I
)
_FLAT = re.compile(r"(?:flat|apartment|apt|unit|suite|room) ?\w{1,4}", re.I)
# "Nummer 14", when the rest is already known.
_NUMBER = re.compile(
    r"\b(?:(?:huis)?(?:nummer|number|nr|no)\b\.?(?: (?:is|moet zijn|should be|wordt))?"
    rf"|it'?s|it is|is) ?(?P<house>{_HOUSE})(?!\w)",
    re.I,
)
_CITY = re.compile(
    r"(?:woonplaats|plaats|stad|town|city)(?: (?:is|moet zijn|should be))?:? (?P<city>[^\d,]+)",
    re.I,
)
_FOR = re.compile(r"(?:t\.?a\.?v\.?|attn\.?:?|c/o|naam:?|name:?) (?P<name>[^\d,]{2,60})", re.I)
# A British town after the street, without a comma: "12 High Street Leeds".
_KINDS = (
    "street|st|road|rd|lane|ln|avenue|ave|close|drive|way|place|gardens|terrace|court|crescent|"
    "square|grove|hill|row|mews|park|walk|green|rise|view"
)
_THEN_CITY = re.compile(rf"(?P<street>.+? (?:{_KINDS})\.?) (?P<city>[^\d]+)", re.I)
# The last of these words, and what is before it, is no part of the street.
_LEADS = re.compile(
    r"^.*(?:\b(?:is|naar|to|adres|address|bezorgadres|afleveradres|leveradres|wordt|worden|be|at|in"
    r"|nu|now|send|stuur|bezorg|deliver|zijn|nee|no|sorry|oh|oeps|oops|nieuwe|new)\b|:)[ :]*"
    r"(?:(?-i:\b(?:de|het|the)\b) )?",
    re.I,
)
# "It's 21" and "number 5" name no street.
_NO_STREET = re.compile(
    r"(?:it'?s?|is|het|'t|dat|the|number|nummer|huisnummer|nr|no|my|mijn|\W)+", re.I
)
_AFTER = re.compile(
    r"\b(?:please|pls|graag|aub|alsjeblieft|alstublieft|svp|thanks|thank you|bedankt|dank|nederland"
    r"|the netherlands|netherlands|belgi[eë]|belgium|united kingdom|uk|england)\b.*$",
    re.I,
)


@dataclass(frozen=True)
class Parts:
    """What is known of an address; empty where nothing is. `country` is what the postcode says."""

    name: str = ""
    street: str = ""
    house: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the parts that are not there."""
        return tuple(part for part in PARTS if not getattr(self, part))

    def and_then(self, later: Parts) -> Parts:
        """These parts, with those that came later in their place."""
        newer = {f.name: getattr(later, f.name) for f in fields(later) if getattr(later, f.name)}
        return replace(self, **newer)

    def address(self, old: Address) -> Address:
        """The whole address; the name and the country stay when nothing else was said."""
        return Address(
            name=self.name or old.name,
            street=self.street,
            house=self.house,
            postcode=self.postcode,
            city=self.city,
            country=old.country,
        )


def read(text: str, country: str | None = None) -> Parts:
    """What the text says of an address. Without a country, the postcode tells which."""
    text = " ".join(re.sub(r"[\n;]+", ", ", text).split())
    found = _anywhere(text, country) or _without_postcode(text, country or "")
    if name := _FOR.search(text):
        found = replace(found, name=name["name"].strip())
    return found if all(len(getattr(found, f.name)) <= _LONGEST for f in fields(found)) else Parts()


def answer(text: str, known: Parts, country: str) -> Parts:
    """What the text adds to an address that is known in part: "Utrecht" may be all it lacks."""
    found, plain = read(text, country), _tidy(text)
    if known.street and not found.postcode and (number := _NUMBER.search(text)):
        return Parts(house=_house(number["house"]))
    if found.missing != PARTS or not plain:
        return found
    if city := _CITY.search(text):
        return replace(found, city=_capital(_tidy(city["city"])))
    if "house" in known.missing and known.street and _HOUSE_ONLY.fullmatch(plain):
        return replace(found, house=_house(plain))
    if "city" in known.missing and not re.search(r"[\d?]", text):
        return replace(found, city=_town(_city(plain), known, country))
    return found


def _town(text: str, known: Parts, country: str) -> str:
    """A town, as it is written; or what may be one that we do not know, when only that lacks."""
    if name := town(text):
        return name
    may_be = country not in COMPLETE or like_a_town(text)
    last = known.missing == ("city",) and len(text.split()) <= 4
    return _capital(text) if last and may_be else ""


def _anywhere(text: str, country: str | None) -> Parts | None:
    """The parts around a postcode, of the country itself if there is one; else a whole address of
    another country."""
    if country and (mine := _with(text, country)):
        return mine
    for code in COUNTRIES:
        found = _with(text, code)
        if found and (country is None or not found.missing):
            return found
    return None


def _with(text: str, country: str) -> Parts | None:
    """The parts around a postcode of that country; None if there is none."""
    matches = list(_POSTCODES.get(country, _DIGITS).finditer(text))
    if country not in ("NL", "GB"):  # a house number may be all digits too: the last one counts
        matches = [m for m in matches if re.match(r" *,? *[^\W\d_]|[ ,.]*$", text[m.end() :])]
    if not matches:
        return None
    match = matches[-1]
    before, after = text[: match.start()].rstrip(" ,"), text[match.end() :].lstrip(" ,.")
    city = _city(after.split(",")[0])
    segments = [part.strip() for part in before.split(",") if part.strip()]
    if not city and len(segments) > 1 and not re.search(r"\d", segments[-1]):
        city = _city(segments.pop())
    parts = _street(segments, country)
    digits, letters = match[1].upper(), match[2].upper()
    postcode = f"{digits} {letters}".strip()
    return replace(parts, postcode=postcode, city=_capital(city) or parts.city, country=country)


def _without_postcode(text: str, country: str) -> Parts:
    segments = [part.strip() for part in text.split(",") if part.strip()]
    at = [n for n, segment in enumerate(segments) if re.search(r"\d", segment)]
    if not at:
        return Parts()
    parts = _street(segments[: at[-1] + 1], country)
    after = [_city(segment) for segment in segments[at[-1] + 1 :]]
    if parts.street and after and after[0] and len(after[0].split()) <= 4:
        return replace(parts, city=_capital(after[0]))
    return parts


def _street(segments: list[str], country: str) -> Parts:
    """Street, house and name out of what stands before the postcode."""
    flat = ""
    if len(segments) > 1 and (found := _FLAT.fullmatch(segments[-2])):
        flat, segments = f"{found[0]}, ", [*segments[:-2], segments[-1]]
    if len(segments) > 1 and _HOUSE_ONLY.fullmatch(segments[-1]):  # "Rue Neuve, 5"
        segments = [*segments[:-2], f"{segments[-2]} {segments[-1]}"]
    if not segments or not re.search(r"\d", segments[-1]):
        named = country == "GB" and len(segments) == 2  # "Rose Cottage, Mill Lane"
        return Parts(house=_LEADS.sub("", segments[0]), street=segments[1]) if named else Parts()
    line = _tidy(segments[-1])
    if len(line) > _LONGEST_LINE:
        return Parts()
    house_first = _HOUSE_FIRST.fullmatch(_LEADS.sub("", line))
    if country == "GB" and house_first:
        parts = _british(house_first["street"], flat + house_first["house"])
    elif match := _STREET_FIRST.fullmatch(line):
        parts = Parts(street=_LEADS.sub("", match["street"]), house=match["house"])
    elif house_first:
        parts = Parts(street=house_first["street"], house=house_first["house"])
    else:
        return Parts()
    name = _name(segments[:-1])
    street = re.sub(r" (?:nr|nummer|number|no)\.?$", "", parts.street, flags=re.I)
    street = _capital(street.strip(" ,.-"))
    if not re.search(r"[^\W\d_]{2}", street) or _NO_STREET.fullmatch(street):
        return Parts()
    return replace(parts, name=name, street=street, house=_house(parts.house))


def _british(street: str, house: str) -> Parts:
    match = _THEN_CITY.fullmatch(street)
    if match is None:
        return Parts(street=street, house=house)
    return Parts(street=match["street"], house=house, city=_capital(_city(match["city"])))


def _name(segments: list[str]) -> str:
    """Who it is for, if that stands before the street: "Jan de Vries, Beukenlaan 12"."""
    if len(segments) != 1 or re.search(r"[\d:]", segments[0]):
        return ""
    words = segments[0].split()
    capitals = [word for word in words if word[:1].isupper()]
    fits = 2 <= len(words) <= 5 and words[0] in capitals and words[-1] in capitals
    return segments[0] if fits else ""


def _city(text: str) -> str:
    text = _tidy(_AFTER.sub("", text))
    text = re.sub(r"^(?:in|te|at)\b ", "", text, flags=re.I)
    return "" if re.search(r"[\d?@]", text) or len(text.split()) > 5 else text


def _tidy(text: str) -> str:
    return text.strip(' ,.!?;-"')


def _house(text: str) -> str:
    return re.sub(r"^(\d+) ([a-z])$", r"\1\2", text.strip(), flags=re.I)


def _capital(text: str) -> str:
    """With a capital, if it was typed without any."""
    return text if text != text.lower() else " ".join(w[:1].upper() + w[1:] for w in text.split())
