"""Streets with a house number, as written in the Netherlands, Belgium and Great Britain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helder.masking.plain import Plain

# What a street ends with; with the second list other words end, too ("onderweg").
_ENDS = (
    "straat|str|laan|plein|gracht|kade|kaai|dijk|singel|dreef|steenweg|steeg|plantsoen|boulevard|"
    "allee|stationsweg|lei|burgwal|oever|brink"
)
_ENDS_MAYBE = "weg|hof|markt|pad|park|berg|veld|wal|haven|hoek|kamp|akker|baan|heuvel|burg|kant"
_NOT = frozenset({"onderweg", "supermarkt", "vakantiepark", "zandbak", "achterkant", "voorkant"})
_HOUSE = (
    r"(?:nr|nummer|huisnummer|no)?[ .]{0,2}\d{1,5}(?:[ \-/]?[a-z](?![a-z])|[\-/]\d{1,3}(?!\d)"
    r"|[ ,]{1,2}(?:bus|bis|hs|bte|box)[ ]?\d{0,4})?(?![\w@%€])(?![.,:]\d)"
)
_UNIT = (
    r"(?![ ]?(?:dag|week|weken|maand|uur|uren|min|jaar|euro|stuk|keer|maal|x\b|cm|mm|m\b|kg|km))"
)
_DUTCH = re.compile(
    rf"(?<![\w@.'\-])(?P<name>[a-z'\-]{{0,40}}(?:(?:{_ENDS})|(?<=[a-z]{{3}})(?P<maybe>{_ENDS_MAYBE})))"
    rf"[ .,]{{1,3}}{_HOUSE}{_UNIT}"
)
# With the second list, sentences end as well ("on the way"): those are streets in capitals only.
_SURE = "street|st|road|rd|lane|ln|avenue|ave|gardens|terrace|crescent|mews"
_MAYBE = "square|grove|close|drive|way|place|court|hill|row|walk|green|rise|view"
_BRITISH = re.compile(
    r"(?<![\w@.,£€$\-])(?:flat[ ]\w{1,4},?[ ])?\d{1,4}[a-z]?(?:\-\d{1,4})?,?[ ]"
    r"(?P<name>[a-z'\-]{1,30}"
    rf"(?:[ ][a-z'\-]{{1,30}}){{0,2}})[ ](?:(?P<sure>{_SURE})|(?P<maybe>{_MAYBE}))(?!\w)"
)
_LITTLE = frozenset(
    ("van", "de", "der", "den", "het", "'t", "te", "ter", "ten", "la", "st", "sint")
)
_WORD = re.compile(r"(?<![a-z'.\-])[a-z'.\-]+(?= )")
_BEFORE = 60  # characters in which the first words of a name are looked for
_NO_NAME = re.compile(
    r"\b(?:on|in|at|the|to|of|a|days?|weeks?|items?|times?|hours?|is|by|for|watt|inch)\b"
)


def find_streets(plain: Plain, original: str) -> Iterator[tuple[int, int]]:
    """Where a street stands with its number."""
    for match in _DUTCH.finditer(plain.text):
        capital = _is_capital(plain, original, match.start())
        if match["name"] in _NOT or (match["maybe"] and not capital and len(match["name"]) < 7):
            continue
        yield _first_name(plain, original, match.start()), match.end()
    for match in _BRITISH.finditer(plain.text):
        sure = match["sure"] and not _NO_NAME.search(match["name"])
        names = (match.start("name"), match.end("name") + 1)
        if sure or all(_is_capital(plain, original, at) for at in names):
            yield match.span()


def _first_name(plain: Plain, original: str, start: int) -> int:
    """Where the name begins: "Jan van Galenstraat" has two words before its last."""
    first, before = start, max(0, start - _BEFORE)
    for word in reversed(list(_WORD.finditer(plain.text, before, start))[-4:]):
        if word.end() + 1 != start:
            break
        if _is_capital(plain, original, word.start()):
            first = word.start()
        elif word.group() not in _LITTLE:
            break
        start = word.start()
    return first


def _is_capital(plain: Plain, original: str, at: int) -> bool:
    return original[plain.starts[at]].isupper()
