"""Which lines of an order a customer means, in their own words: never more than they named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.counts import count_said
from actions.products import ENDINGS
from actions.turn import Turn
from helder.shop.model import LineId, Order, OrderLine, ReturnLine
from helder.vocabulary.model import Returns

ALL = "all"
_SHORTEST = 3  # letters of a word that names a product
_PART = 4  # letters of a word that may be only its beginning or end
_COMMAS = re.compile(r"[,;&+]")


def chosen_in(turn: Turn, order: Order, lines: Sequence[ReturnLine]) -> Sequence[ReturnLine]:
    """Of what can come back, what was pressed or named; nothing if that is not clear."""
    pressed, words = turn.entity("return_line"), set(turn.words())
    if pressed:
        return [line for line in lines if pressed in (ALL, line.line)]
    named = _named_in(turn, order, lines)
    if named is None:
        return ()
    common, said = turn.vocabulary.common, turn.vocabulary.returns
    negation = common.no | common.negation
    if words & common.everything:
        if words & said.but_for and named:
            kept = {line.line for line in named}
            return [line for line in lines if line.line not in kept]
        if words & (negation | said.only):
            return named
        return lines if words <= common.everything | said.around_everything else ()
    return () if words & (said.but_for | said.kept | negation) else named


def names_any(turn: Turn, order: Order) -> bool:
    """Is there a word that names something in the order?"""
    return bool(_line_of(turn.words(), order, turn.vocabulary.returns))


def _named_in(turn: Turn, order: Order, lines: Sequence[ReturnLine]) -> Sequence[ReturnLine] | None:
    """The lines that are named, with how many of each if there are several of them; None if
    something was named that is not among them, or may be one as well as another."""
    said = turn.vocabulary.returns
    left = {line.line: line for line in lines}
    chosen: dict[LineId, ReturnLine] = {}
    for part in _parts(turn):
        words = re.findall(r"[^\W\d_]+", part)
        ids = _line_of(words, order, said)
        if len(ids) > 1 or (ids and ids[0] not in left):
            return None
        if not ids:
            if len(words) > 1 and words[0] in said.articles and words[1] not in said.verbs:
                return None  # "the bird house": something, but none of these
            continue
        line = left[ids[0]]
        count = count_said(part, turn.vocabulary.counts)
        if count is not None and not 1 <= count <= line.quantity:
            return None
        named = next(each for each in order.lines if each.id == line.line)
        plural = any(_names(word, named, said) and _is_plural(word, named) for word in words)
        chosen[line.line] = ReturnLine(line.line, count or (line.quantity if plural else 1))
    if len(chosen) == 1:
        return [left[each] for each in chosen]  # how many of it is asked, or said
    return list(chosen.values())


def _parts(turn: Turn) -> list[str]:
    """The message, cut at commas and at every "and"."""
    joining = "|".join(sorted(turn.vocabulary.common.joining))
    cut = re.sub(rf"\b(?:{joining})\b", ",", turn.plain().casefold())
    return _COMMAS.split(cut)


def _line_of(words: Sequence[str], order: Order, said: Returns) -> list[LineId]:
    """The line that most of the words name; several, if they name them equally."""
    counted = {
        line.id: sum(_names(word, line, said) for word in dict.fromkeys(words))
        for line in order.lines
    }
    most = max(counted.values(), default=0)
    return [each for each, count in counted.items() if most and count == most]


def _is_plural(word: str, line: OrderLine) -> bool:
    """Is it more than the shop writes: "grinders" for a grinder?"""
    return word not in _words(line) and word.endswith(("s", "en"))


def _stems(word: str) -> list[str]:
    """The word without each ending that it has: messen, mess, mes."""
    stems = [word.removesuffix(each) for each in ENDINGS if word.endswith(each)]
    doubled = [stem[:-1] for stem in stems[1:] if stem[-1:] == stem[-2:-1]]
    return stems + doubled


def _names(word: str, line: OrderLine, said: Returns) -> bool:
    if len(word) < _SHORTEST or word in said.no_names:
        return False
    names = _words(line)
    for stem in _stems(word):
        if len(stem) >= _SHORTEST and stem in names:
            return True
        if len(stem) >= _PART and any(n.startswith(stem) or n.endswith(stem) for n in names):
            return True
    return any(name.endswith(word) and len(name) > len(word) + 1 for name in names)


def _words(line: OrderLine) -> set[str]:
    text = f"{line.name.nl} {line.name.en}".casefold()
    return {word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= _SHORTEST}
