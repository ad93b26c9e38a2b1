"""Examples: enough of them, none twice, none that pulls two intents together."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from helder.content.reading import Finding, Named, Place
from helder.content.sources import ANNOTATED, LANGUAGES, NAMES, Content, bare
from helder.content.words import foreign
from helder.understanding.ngrams import words_of
from helder.understanding.spelling import one_slip

FEWEST = 30  # examples of an intent, in each language
LONG = 8  # words, of which one other word makes no other example
SHORT = 5  # words, of which one other word makes none if it is nothing new to the intent
KNOWN = 4  # examples of an intent with a word that is nothing new to it
# Filled by Rasa, never by an example.
WITHOUT = {"nlu_fallback"}
_SLIP = 4  # letters of a word that may be another one's slip
_ENOUGH = 3  # words of a message in which one slip changes nothing; alone, "help" is no "helo"
# Said with anything; a message means the same without.
_POLITE = {"please", "pls", "plz", "hi", "hello", "hey", "thanks", "alsjeblieft", "alstublieft",
           "aub", "svp", "hoi", "hallo", "bedankt"}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Seen by nobody: blanks that do not break, joiners, marks of order. They come with pasted text.
_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def check(content: Content) -> Iterator[Finding]:
    """One by one, then beside each other."""
    yield from _enough(content)
    for language, intent, text in content.examples:
        yield from _one(language, intent, text)
    yield from _twice(content)
    yield from _nearly_twice(content)
    yield from _slips(content)


@lru_cache(maxsize=32_768)
def _words(text: str) -> tuple[str, ...]:
    """An example's words as the model reads them."""
    return tuple(words_of(bare(text)))


def _enough(content: Content) -> Iterator[Finding]:
    """Enough examples in both languages, none of an unknown intent."""
    intents = {str(i): i for i in content.domain.get("intents") or ()}
    counted = Counter((str(intent), language) for language, intent, _ in content.examples)
    where: dict[tuple[str, str | None], Place] = {}
    for language, intent, text in content.examples:
        where.setdefault((str(intent), language), text.place)
    for name, intent in intents.items():
        if not _NAME.fullmatch(name):
            sentence = f"{name} is no name for an intent: small letters, digits and _ alone."
            yield intent.place.says(sentence)
        for language in LANGUAGES if name not in WITHOUT else ():
            count = counted[name, language]
            if count < FEWEST:
                sentence = f"{name} has {count} examples in {NAMES[language]}"
                place = where.get((name, language), intent.place)
                yield place.says(f"{sentence}; it needs {FEWEST}.")
    for _, intent, _ in content.examples:
        if intent not in intents:
            yield intent.place.says(f"domain.yml has no intent {intent}.")


def _one(language: str, intent: Named, text: Named) -> Iterator[Finding]:
    if not any(character.isalnum() for character in text):
        yield text.place.says(f"This example of {intent} has no letter or digit.")
    if text.startswith("/"):
        yield text.place.says("A message that begins with / is a command to Rasa, no example.")
    hidden = _INVISIBLE.search(text)
    if hidden:
        name = unicodedata.name(hidden[0], "control character").lower()
        yield text.place.says(f"This example has a character that nobody sees ({name}).")
    other = foreign(ANNOTATED.sub(r"\1", text), language) if language else None
    if other:
        sentence = f"This example stands under {NAMES[language]} and reads as {NAMES[other]}."
        yield text.place.says(sentence)


def _twice(content: Content) -> Iterator[Finding]:
    """The same words, to the model: capitals, commas and other digits are no difference."""
    across: dict[str, tuple[str, Place]] = {}
    within: dict[tuple[str, ...], Place] = {}
    for language, intent, text in content.examples:
        words = _words(text)
        first, place = across.setdefault(_squeezed(words), (str(intent), text.place))
        if first != intent:
            yield text.place.says(f"This is an example of {first} too ({place}).")
        elif _spoken(words):
            place = within.setdefault((language, intent, *words), text.place)
            if place is not text.place:
                yield text.place.says(f"This example is there already ({place}).")


def _squeezed(words: Sequence[str]) -> str:
    """Without blanks and courtesies, unless little is left: "ok, thanks" is more than "ok"."""
    rest = [word for word in words if word not in _POLITE]
    return "".join(rest if len(rest) > 1 else words)


def _spoken(words: Sequence[str]) -> bool:
    """Is it more than a number? Those are written in many ways, which are worth an example."""
    letters = [word for word in words if word not in ("hd", "nr") and not re.search(r"\d", word)]
    return len(letters) > 1 or len(letters) == len(words)


def _nearly_twice(content: Content) -> Iterator[Finding]:
    """Within an intent: the same words in another order, or all but one of them."""
    seen: dict[tuple[str, str, tuple[str, ...]], Named] = {}
    known = Counter(
        (language, str(intent), word)
        for language, intent, text in content.examples
        for word in set(_words(text))
    )
    for language, intent, text in content.examples:
        words = _words(text)
        if len(words) < SHORT:
            continue
        keys = [
            tuple(sorted(words)),
            *((*words[:n], "", *words[n + 1 :]) for n in range(len(words))),
        ]
        for key in keys:
            first = seen.setdefault((language, str(intent), key), text)
            other = set(_words(first)) ^ set(words)
            # A short sentence is worth its place for a word: "can I pay with Klarna".
            new = any(known[language, str(intent), word] < KNOWN for word in other)
            if first is not text and _words(first) != words and (len(words) >= LONG or not new):
                sentence = f"This is nearly the same as {first.place}; write what others would"
                yield text.place.says(f"{sentence} say, or leave it out.")
                break


def _slips(content: Content) -> Iterator[Finding]:
    """Across intents: one slip of the finger makes it an example of another."""
    counts = Counter(word for _, _, text in content.examples for word in _words(text))
    seen: dict[tuple[str, ...], list[tuple[str, str, Named]]] = {}
    for _, intent, text in content.examples:
        words = _words(text)
        for n, word in enumerate(words if len(words) >= _ENOUGH else ()):
            if len(word) < _SLIP:
                continue
            others = seen.setdefault((*words[:n], "", *words[n + 1 :]), [])
            for other, name, first in others:
                # A word that stands in many examples is meant so: "change" is no slip of "charge".
                rare = min(counts[word], counts[other]) == 1
                if name != intent and rare and one_slip(word, other):
                    sentence = f"Beside one slip of the finger this is an example of {name} too"
                    yield text.place.says(f"{sentence} ({first.place}).")
            others.append((word, str(intent), text))
