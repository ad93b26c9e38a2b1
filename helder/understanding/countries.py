"""The countries of the world as customers name them, in both languages.

The names are those of the Unicode CLDR, through Babel. Whether we deliver there, the shop says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale

_LANGUAGES = ("en", "nl")
# Said as often as the official names, or more.
_ALSO = {
    "uk": "GB", "u.k.": "GB", "gb": "GB", "vk": "GB", "v.k.": "GB", "britain": "GB",
    "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "engeland": "GB", "groot-brittannië": "GB", "schotland": "GB",
    "noord-ierland": "GB", "noord ierland": "GB", "holland": "NL", "the netherlands": "NL",
    "flanders": "BE", "vlaanderen": "BE", "wallonia": "BE", "wallonië": "BE",
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "v.s.": "US", "america": "US", "amerika": "US",
    "uae": "AE", "czech republic": "CZ", "tsjechische republiek": "CZ", "turkey": "TR",
    "canary islands": "ES", "canarische eilanden": "ES", "republic of ireland": "IE",
}  # fmt: skip
# Words of their own as well: a country only where somebody or something goes.
_AMBIGUOUS = {
    "china", "chad", "georgia", "guinea", "jersey", "jordan", "mali", "niger", "oman", "turkey",
}  # fmt: skip
_CAPITALS = {"US": "US", "VS": "US"}  # small letters are the words "us" and "vs"
_WHERE = r"(?:in|to|into|from|naar|uit)"
_CODE = re.compile(r"[A-Z]{2}")


def find(text: str) -> Iterator[tuple[str, int, int]]:
    """The ISO 3166-1 codes of the countries that are named, each with its start and end."""
    for found in _pattern().finditer(text):
        name = _plain(found.group("name"))
        code = _CAPITALS.get(found.group("name")) or _names().get(name)
        if code and (name not in _AMBIGUOUS or found.group("where")):
            yield code, *found.span("name")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    return "".join(each for each in letters if not unicodedata.combining(each))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = {
        _plain(name): code
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if _CODE.fullmatch(code) and code not in ("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO")
    }
    return names | {_plain(name): code for name, code in _ALSO.items()}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    spelt = {n for language in _LANGUAGES for n in Locale(language).territories.values()}
    names = {*_names(), *map(str.casefold, {*spelt, *_ALSO, *_CAPITALS})}
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?:\b(?P<where>{_WHERE}) )?(?<![\w-])(?P<name>{either})(?![\w-])", re.I)
