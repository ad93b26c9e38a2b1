"""Which words of a message made it read as it was: each is left out, and the rest is read again.

The regression is linear in its features, and its features are not words: an n-gram spans several,
and the sentence vector and the likeness to examples come from an encoder that is not linear; nor is
the network beside it. Shares of a sum would therefore be exact for the regression's n-grams and
invented for the rest. So a word's weight is what its absence really does: the whole of the rest is
read again, n-grams, vector, likeness, network, calibration and all (leave-one-out; Li, Monroe,
Jurafsky 2016, "Understanding Neural Networks through Representation Erasure"). That holds for one
word at a time: of two words that say the same, neither may weigh much.

Reading again costs time for each word. Of a long message only those words are left out that the
n-grams, which are exact, say the most about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import log
from typing import NamedTuple

from helder.understanding.hybrid import HybridModel
from helder.understanding.ngrams import words_of

Rank = Callable[[Sequence[str]], Sequence[Sequence[tuple[str, float]]]]

# As people see a word: "HD-204817", "e-mail" and an address are one.
_WORD = re.compile(r"\w(?:[\w.@'’-]*\w)?")
MOST = 16  # words that are left out, each by itself
_LEAST = 1e-6  # no confidence is taken for less than this, or for more than 1 less this


class Counted(NamedTuple):
    """A word as it was written, where, and by how much the log-odds of the intent fall without it.

    In nats, calibrated: the odds are those of the intent against all else, no intent included.
    A word that speaks against the intent has a weight below zero.
    """

    start: int
    end: int
    word: str
    weight: float


def counted(
    written: str,
    read: str,
    intent: str,
    model: HybridModel,
    rank: Rank,
    part: tuple[int, int] | None = None,
) -> list[Counted]:
    """The words of a message by what they did for an intent, the most first.

    `read` is the text that was read in place of what was `written`: with its slips undone. `part`
    is the span of the written text that was read, if it was not all. `rank` reads texts. Nothing is
    told if the words of the two texts do not stand beside each other one by one.
    """
    places, heard = list(_WORD.finditer(written)), list(_WORD.finditer(read))
    if len(places) != len(heard):
        return []
    start, end = part or (0, len(written))
    mine = [n for n, place in enumerate(places) if start <= place.start() and place.end() <= end]
    if not mine:
        return []
    offset, last = heard[mine[0]].start(), heard[mine[-1]].end()
    # Nothing but the words is cut off: "?" at the end is read too.
    text = read if len(mine) == len(places) else read[offset:last]
    shift = 0 if text is read else offset
    tried = _telling([(n, heard[n].group()) for n in mine], text, intent, model)
    spans = [(heard[n].start() - shift, heard[n].end() - shift) for n in tried]
    rankings = rank([text, *(text[:one] + text[other:] for one, other in spans)])
    whole, *without = (_log_odds(dict(ranking).get(intent, 0.0)) for ranking in rankings)
    found = [
        Counted(places[n].start(), places[n].end(), places[n].group(), whole - left)
        for n, left in zip(tried, without, strict=True)
    ]
    return sorted(found, key=lambda each: (-each.weight, each.start))


def _telling(
    words: Sequence[tuple[int, str]], text: str, intent: str, model: HybridModel
) -> list[int]:
    """The words that are tried, in their order: all, or those that the n-grams say most about."""
    if len(words) <= MOST or intent not in model.intents:
        return [n for n, _ in words][:MOST]
    shares = shares_of_ngrams(text, intent, model)
    worth = {n: sum(shares.get(each, 0.0) for each in words_of(word)) for n, word in words}
    return sorted(sorted(worth, key=lambda n: (-worth[n], n))[:MOST])


def shares_of_ngrams(text: str, intent: str, model: HybridModel) -> dict[str, float]:
    """What each word's n-grams add to an intent's score, above their mean over all intents.

    Exact for the regression, whose score is their sum; one of several words is shared alike among
    them.
    """
    words, column = words_of(text), model.intents.index(intent)
    shares = dict.fromkeys(words, 0.0)
    for ngrams, weights in (
        (model.words, model.weights_words),
        (model.characters, model.weights_characters),
    ):
        values = ngrams.weigh(words)
        seen: dict[int, list[tuple[int, ...]]] = {}
        for ngram, positions in ngrams.analyse(words):
            if (n := ngrams.place(ngram)) is not None:
                seen.setdefault(n, []).append(positions)
        for n, occurrences in seen.items():
            speaks = values[n] * float(weights[n, column] - weights[n].mean())
            of = [words[position] for positions in occurrences for position in positions]
            for word in of:
                shares[word] += speaks / len(of)
    return shares


def _log_odds(confidence: float) -> float:
    bounded = min(max(confidence, _LEAST), 1 - _LEAST)
    return log(bounded / (1 - bounded))
