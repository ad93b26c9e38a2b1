"""Responses: in both languages, with words, buttons that lead somewhere, braces that are filled."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from helder.content.files import SHARED
from helder.content.policies import wrong_braces
from helder.content.reading import Finding, Named
from helder.content.sources import NAMES, Button, Content, Variation
from helder.conversation.entries import ERASE
from helder.understanding.language_model import shipped

# Files whose intents are no topics, so that Helder never asks whether one of them was meant.
NO_TOPIC = SHARED | {"smalltalk", "form"}
# Rasa asks for a slot with the response of this name, if there is no action of it.
ASKS = ("utter_ask_", "utter_why_", "utter_reading_")
# So many words of the other language, and of this one fewer, and it is the other.
FOREIGN = 2
_VARIABLE = re.compile(r"\{(\w+)\}")


def languages(content: Content) -> Iterator[Finding]:
    """Every response in both languages, with the same variables and buttons."""
    slots = set(content.domain.get("slots") or {})
    for key, variations in content.responses:
        for each in variations:
            if each.slot is not None and each.slot not in slots:
                yield each.slot.place.says(f"There is no slot {each.slot}.")
            if each.slot == "language" and each.value != "nl":
                sentence = f"{key} is never said for language {each.value}; the value is nl"
                yield each.place.says(f"{sentence}, and English has no condition.")
            if not each.text.strip():
                yield each.place.says(f"{key} has an empty text.")
        dutch = [v for v in variations if v.language == "nl"]
        default = [v for v in variations if v.language == "en"]
        unusual = any(v.slot == "language" and v.value != "nl" for v in variations)
        if not dutch and not unusual:
            yield key.place.says(f"{key} has no Dutch text (condition: language is nl).")
        if not default:
            yield key.place.says(f"{key} has no English text without a condition.")
        for one in dutch:
            for other in default:
                yield from _alike(key, one, other)


def _alike(key: Named, dutch: Variation, english: Variation) -> Iterator[Finding]:
    one, two = (set(_VARIABLE.findall(each.text)) for each in (dutch, english))
    for name in sorted(one ^ two):
        where = dutch if name in two else english
        yield where.place.says(f"{key} lacks {{{name}}} in this language.")
    if [b.payload for b in dutch.buttons] != [b.payload for b in english.buttons]:
        yield dutch.place.says(f"{key} does not have the same buttons in both languages.")


def tongue(content: Content) -> Iterator[Finding]:
    """A Dutch text is Dutch, and an English one English, as far as its words tell."""
    for key, variations in content.responses:
        for each in variations:
            if each.language is not None:
                other = foreign(_VARIABLE.sub(" ", each.text), each.language)
                if other:
                    said = f"The {NAMES[each.language]} text of {key} reads as {NAMES[other]}"
                    yield each.place.says(f"{said}; is it copied, or under the other language?")


@lru_cache(maxsize=32_768)
def foreign(text: str, language: str) -> str | None:
    """The other language, if a text is clearly in it."""
    guess = shipped().guess(text)
    clear = guess.listed >= FOREIGN and guess.probability > 0.98
    return guess.language if clear and guess.language != language else None


def used(content: Content) -> Iterator[Finding]:
    """No response that is missing, none that nobody says, none that is there twice."""
    code = content.code
    there = {str(key) for key, _ in content.responses}
    actions = [
        step["action"] for flow in content.flows for step in flow.steps if step.get("action")
    ]
    for said in actions:
        if said.startswith("utter_") and said not in there:
            yield said.place.says(f"There is no response {said}.")
    for name, place in code.said.items():
        if name not in there:
            yield place.says(f"An action says {name}, and there is no such response.")
    for name, count in Counter(str(key) for key, _ in content.responses).items():
        if count > 1:
            last = [k for k, _ in content.responses if k == name][-1]
            yield last.place.says(f"{name} is there {count} times; only one of them is said.")
    wanted = {*code.said, *(str(said) for said in actions), *_asked(content)}
    for key, _ in content.responses:
        made = any(key.startswith(prefix) for prefix in code.prefixes)
        if key not in wanted and not made:
            yield key.place.says(f"Nobody says {key}.")


def _asked(content: Content) -> set[str]:
    """What Rasa and the actions look up by a slot's or an intent's name."""
    forms = content.domain.get("forms") or {}
    slots = {str(slot) for form in forms.values() for slot in form.get("required_slots") or ()}
    intents = {str(intent) for intent in content.domain.get("intents") or ()}
    names = {f"{prefix}{slot}" for prefix in ASKS[:2] for slot in slots}
    return names | {f"{ASKS[2]}{intent}" for intent in intents}


def readings(content: Content) -> Iterator[Finding]:
    """Every topic has the button that is shown when it is not sure that it was meant."""
    there = {str(key) for key, _ in content.responses}
    topics = {
        str(intent)
        for _, intent, text in content.examples
        if Path(text.place.path).stem not in NO_TOPIC
    }
    for intent in content.domain.get("intents") or ():
        key = f"{ASKS[2]}{intent}"
        if intent in topics and key not in there:
            yield intent.place.says(f"There is no response {key}, the button of this topic.")


def braces(content: Content) -> Iterator[Finding]:
    """What stands in braces can be read; else the customer reads that something went wrong."""
    for key, variations in content.responses:
        for each in variations:
            wrong = wrong_braces(each.text)
            if wrong:
                yield each.place.says(f"{key} {wrong}.")
            for button in each.buttons:
                for part in (button.title, button.payload):
                    wrong = wrong_braces(part)
                    if wrong:
                        yield button.place.says(f"A button of {key} {wrong}.")


def filled(content: Content) -> Iterator[Finding]:
    """A variable has something that fills it in: who says it, or a slot of that name."""
    slots = {str(name) for name in content.domain.get("slots") or ()}
    for key, variations in content.responses:
        known = slots | content.code.given.get(str(key), content.code.filled)
        for each in variations:
            if not wrong_braces(each.text):
                for name in sorted(set(_VARIABLE.findall(each.text)) - known):
                    yield each.place.says(f"{key} has {{{name}}}, which no action fills in.")


def buttons(content: Content) -> Iterator[Finding]:
    """What a button sends is an intent, with entities that exist; no two are the same."""
    intents = set(content.domain.get("intents") or ())
    entities = {str(e) if isinstance(e, str) else next(iter(e))
                for e in content.domain.get("entities") or ()}  # fmt: skip
    values = _values(content)
    for key, variations in content.responses:
        for each in variations:
            for name, number in Counter(b.title for b in each.buttons).items():
                if number > 1:
                    last = [b for b in each.buttons if b.title == name][-1]
                    yield last.place.says(f"{key} has the button {name!r} {number} times.")
            for button in each.buttons:
                if button.payload == ERASE:
                    continue
                # Rasa fills in what stands in braces; doubled, they stay braces.
                match = re.fullmatch(r"/(\w+)(?:\{(\{.*\})\})?", button.payload)
                if not button.title.strip() or not match:
                    shape = 'such as /intent or /intent{{"entity": "value"}}'
                    sentence = f"A button of {key} needs a title and a payload {shape}."
                    yield button.place.says(sentence)
                elif match[1] not in intents:
                    sentence = f"A button of {key} sends {match[1]}, which is no intent."
                    yield button.place.says(sentence)
                else:
                    yield from _entities(button, key, match[2], entities, values)


def _values(content: Content) -> dict[str, set[str]]:
    """Of each entity with a lookup, what its words can mean, or what an action knows."""
    meaning = {
        word.casefold(): str(each.name)
        for each in content.words
        if each.kind == "synonym"
        for word in each.words
    }
    found: dict[str, set[str]] = {}
    for each in content.words:
        if each.kind == "lookup":
            meant = {meaning.get(word.casefold(), str(word)) for word in each.words}
            found.setdefault(each.name, set()).update(meant | content.code.mentioned)
    return found


def _entities(
    button: Button, key: str, text: str | None, known: set[str], values: dict[str, set[str]]
) -> Iterator[Finding]:
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        yield button.place.says(f"A button of {key} sends entities that cannot be read.")
        return
    for name, value in given.items():
        if name not in known:
            yield button.place.says(f"A button of {key} sends {name}, which is no entity.")
        elif value not in values.get(name, {value}):
            sentence = f"A button of {key} sends the {name} {value}, which words.yml does not know."
            yield button.place.says(sentence)
