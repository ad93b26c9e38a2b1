"""Entities in examples, and the words with a fixed meaning: lookups and synonyms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from helder.content.reading import Finding, Named
from helder.content.sources import ANNOTATED, LANGUAGES, NAMES, Content, Words

_BRACKET = re.compile(r"[\[\]]|\]\(|\]\{")


# A lookup that is no entity: words that exist, for the speller (helder/understanding/speller.py).
WORDS = "words_of_the_shop"


def check(content: Content) -> Iterator[Finding]:
    """Annotations, lookups and synonyms, one by one and beside each other."""
    known = {str(e) if isinstance(e, str) else str(next(iter(e)))
             for e in content.domain.get("entities") or ()}  # fmt: skip
    for _, _, text in content.examples:
        yield from _annotations(text, known)
    for each in content.words:
        if each.kind == "regex":
            yield each.name.place.says("Helder reads no regex; patterns of numbers are code.")
        elif each.kind == "lookup" and each.name not in {*known, WORDS}:
            yield each.name.place.says(f"There is no entity {each.name} for this lookup.")
    yield from _meanings(content)
    yield from _lookups(content)
    yield from _both_languages(content)


def _annotations(text: Named, known: set[str]) -> Iterator[Finding]:
    for match in ANNOTATED.finditer(text):
        name = match[2]
        if not name:
            try:
                name = json.loads(match[3])["entity"]
            except (ValueError, LookupError, TypeError):
                sentence = f"What stands in braces here cannot be read: {match[3]}"
                yield text.place.says(f'{sentence}; it is written {{"entity": "…"}}.')
                continue
        if name not in known:
            yield text.place.says(f"There is no entity {name}.")
    if _BRACKET.search(ANNOTATED.sub("", text)):
        yield text.place.says("A bracket here marks no entity; it is written [words](entity).")


def _of(content: Content, kind: str) -> Iterator[tuple[Words, Named]]:
    for each in content.words:
        if each.kind == kind:
            for word in each.words:
                yield each, word


def _meanings(content: Content) -> Iterator[Finding]:
    """No word with two meanings, and none that nothing finds."""
    found = {word.casefold() for _, word in _of(content, "lookup")}
    found |= {m[1].casefold() for _, _, text in content.examples for m in ANNOTATED.finditer(text)}
    seen: dict[str, tuple[Words, Named]] = {}
    for each, word in _of(content, "synonym"):
        first, other = seen.setdefault(word.casefold(), (each, word))
        if str(first.name) != str(each.name):
            sentence = f"{word} means {each.name} here and {first.name} elsewhere ({other.place})."
            yield word.place.says(sentence)
        if word.casefold() not in found:
            yield word.place.says(f"{word} stands in no lookup, so nothing finds it in a message.")


def _lookups(content: Content) -> Iterator[Finding]:
    """No word in two lookups, and none without a meaning where its neighbours have one."""
    meanings = {word.casefold() for _, word in _of(content, "synonym")}
    meanings |= {str(each.name).casefold() for each, _ in _of(content, "synonym")}
    meant = {str(each.name) for each, word in _of(content, "lookup") if word.casefold() in meanings}
    seen: dict[str, tuple[Words, Named]] = {}
    for each, word in _of(content, "lookup"):
        first, other = seen.setdefault(word.casefold(), (each, word))
        if str(first.name) != str(each.name):
            yield word.place.says(f"{word} is a {first.name} too ({other.place}).")
        elif other is not word and first.language == each.language:
            yield word.place.says(f"{word} is there already ({other.place}).")
        if str(each.name) in meant and word.casefold() not in meanings:
            yield word.place.says(f"No synonym says what the {each.name} {word} means.")


def _both_languages(content: Content) -> Iterator[Finding]:
    for kind in ("lookup", "synonym"):
        there: dict[str, dict[str, Named]] = {}
        for each in content.words:
            if each.kind == kind:
                there.setdefault(str(each.name), {}).setdefault(each.language, each.name)
        for name, places in there.items():
            for language in LANGUAGES:
                if language not in places:
                    place = next(iter(places.values())).place
                    yield place.says(f"The {kind} {name} has no {NAMES[language]} words.")
