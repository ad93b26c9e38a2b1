"""Several requests in one message: "cancel HD-204817 and what are your opening hours?"

A classifier gives a message one intent, and the other requests would be lost. Where a sentence
ends, at a comma or at "and", a message may be cut; it is, when all its parts are read with
confidence as requests, for things that do not go together anyhow. Most cuts are wrong ("I ordered
shoes and they do not fit"), so the bar is high: 1 in 100 single requests at most is cut
(tests/understanding/test_halves.py measures it on examples that the model has not seen).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

Ranking = list[tuple[str, float]]

# Every part is read with this confidence at least, with more of it at a mere comma, and with more
# when the whole is read as something else; and so many words are in each.
SURE, SURER = 0.7, 0.9
# Less is enough where each has an order number of its own: then they are several for certain.
OWN = 0.45
_NUMBER = re.compile(r"(?<!\d)\d{3}[ .]?\d{3}(?!\d)")
SHORTEST = 2
_MOST = 6  # cuts that are tried: every way to make some of them
_CUT = re.compile(
    r"[.?!;]+[)\"']?\s+(?:(?:and|also|en|ook|oh|o)\s+)*"
    r"|\s*\n\s*"
    r"|[,.]?\s+(?:and also|and then|but also|as well as|oh and|and|also|plus|then|btw|by the way"
    r"|en ook|en dan|maar ook|oh en|o en|en|ook|plus|trouwens|daarna|daarnaast|verder"
    r"|&|\+)[,:]?\s+"
    r"|,\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# What is said around a request, or in the middle of one, is none by itself; and whoever is in
# distress, or threatens, or complains is answered about that alone.
NO_REQUESTS = frozenset(
    {
        *("greet", "goodbye", "thanks", "affirm", "deny", "insult", "small_talk", "nlu_fallback"),
        *("stop", "ask_why", "other_order", "inform", "no_order_number", "switch_language"),
        *("complaint", "distress", "legal_threat", "discrimination", "what_can_you_do"),
    }
)


@dataclass(frozen=True)
class Part:
    """One request of several: text[start:end], and how it is read."""

    start: int
    end: int
    ranking: tuple[tuple[str, float], ...]

    @property
    def intent(self) -> str:
        """The likeliest reading."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """That of the likeliest reading."""
        return self.ranking[0][1]


Rank = Callable[[Sequence[str]], Sequence[Ranking]]
Span = tuple[int, int]
# Of each, one intent is the way to the other or a part of it: "I want to return it and get my money
# back". The first answer says what is to be said about both. `together` in config.yml.
Families = Sequence[Collection[str]]


def find(
    text: str,
    whole: Ranking,
    rank: Rank,
    written: str | None = None,
    together: Families = (),
) -> tuple[Part, ...] | None:
    """The requests of a message, in their order, or None if it is one. `rank` reads texts.

    The spans are of the text as it was `written`, before its spelling was corrected. `whole` is how
    `rank` reads all of it: as one of the requests, or else they may belong together. As many are
    found as there can be; of as many, those that are read most surely. Neighbours that belong
    `together` are one.
    """
    gaps = cuts(text)
    places = cuts(written) if written else gaps
    if not gaps or not whole or len(places) != len(gaps):
        return None
    ways = list(_ways(len(gaps)))
    spans = sorted({span for way in ways for span in _spans(way, gaps, len(text))})
    spans = [span for span in spans if len(_WORD.findall(text[slice(*span)])) >= SHORTEST]
    readings = rank([text[start:end] for start, end in spans])
    read = {span: tuple(found) for span, found in zip(spans, readings, strict=True) if found}
    best: tuple[Part, ...] = ()
    for way in ways:
        mine = _spans(way, gaps, len(text))
        if not all(span in read for span in mine):
            continue
        theirs = _spans(way, places, len(written or text))
        parts = [Part(*place, read[span]) for place, span in zip(theirs, mine, strict=True)]
        commas = [text[slice(*gaps[cut])].strip() == "," for cut in way]
        texts = [text[start:end] for start, end in mine]
        several = _several(parts, texts, commas, whole, together)
        if several and _rank_of(several) > _rank_of(best):
            best = several
    return best or None


def cuts(text: str) -> list[Span]:
    """Where a message may be cut: what falls away, with some words on both sides."""
    found = []
    for cut in list(_CUT.finditer(text))[:_MOST]:
        halves = text[: cut.start()], text[cut.end() :]
        if all(len(_WORD.findall(half)) >= SHORTEST for half in halves):
            found.append(cut.span())
    return found


def _ways(gaps: int) -> Iterator[tuple[int, ...]]:
    """Every choice of some of the gaps."""
    for count in range(1, gaps + 1):
        yield from combinations(range(gaps), count)


def _spans(way: Sequence[int], gaps: Sequence[Span], length: int) -> list[Span]:
    """What is left between the gaps of a way."""
    starts = [0, *(gaps[cut][1] for cut in way)]
    ends = [*(gaps[cut][0] for cut in way), length]
    return list(zip(starts, ends, strict=True))


def _several(
    parts: Sequence[Part],
    texts: Sequence[str],
    commas: Sequence[bool],
    whole: Ranking,
    together: Families,
) -> tuple[Part, ...]:
    """The requests that these parts are, if they are all sure; what goes together is one."""
    intents = {part.intent for part in parts}
    third = whole[0][0] not in intents
    numbers = [set(_NUMBER.findall(text)) for text in texts]
    if intents & NO_REQUESTS:
        return ()
    for n, part in enumerate(parts):
        beside = [m for m in (n - 1, n + 1) if 0 <= m < len(parts)]
        own = all(_differ(numbers[n], numbers[m]) for m in beside)
        comma = any(commas[min(n, m)] for m in beside)
        if part.confidence < (OWN if own else SURER if comma or third else SURE):
            return ()
    found: list[Part] = []
    orders: list[set[str]] = []
    for part, mine in zip(parts, numbers, strict=True):
        if found and _go_together(found[-1], part, together) and not _differ(orders[-1], mine):
            found[-1] = replace(found[-1], end=part.end)
            orders[-1] |= mine
        else:
            found.append(part)
            orders.append(mine)
    different = len({part.intent for part in found}) == len(found)
    return tuple(found) if different and len(found) > 1 else ()


def _differ(one: set[str], other: set[str]) -> bool:
    """Is each about orders of its own?"""
    return bool(one and other) and not one & other


def _go_together(one: Part, other: Part, together: Families) -> bool:
    same = one.intent == other.intent
    return same or any({one.intent, other.intent} <= set(family) for family in together)


def _rank_of(parts: Sequence[Part]) -> tuple[int, float]:
    return len(parts), min((part.confidence for part in parts), default=0.0)
