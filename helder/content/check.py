"""The content checks of `make check`: seconds, no training, no Rasa."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from helder.content import refusals, scripts
from helder.content.policies import wrong_braces
from helder.content.sources import LANGUAGES, Content, Finding, Named, Place, Variation, bare, read

FEWEST = 30  # examples of an intent, in each language
# Filled by Rasa, never by an example.
_WITHOUT_EXAMPLES = {"nlu_fallback"}
# Rasa asks for a slot with the response of this name, if there is no action of it.
_ASKS = ("utter_ask_", "utter_why_", "utter_reading_")
_VARIABLE = re.compile(r"\{(\w+)\}")
_SPLIT = re.compile(r"[._-](en|nl)$|^(en|nl)[._-]")
# Files that belong to no topic of their own.
_SHARED = {"words", "numbers"}
# Files whose intents are no topics, so that Helder never asks whether one of them was meant.
_NO_TOPIC = _SHARED | {"smalltalk", "form"}


def run(project: Path) -> list[Finding]:
    """Everything that is wrong, in order of file and line."""
    content = read(project)
    found = list(content.findings)
    for check in (_files, _topics, _policies):
        found += check(project)
    for look, needs in _LOOKS.items():
        # From what cannot be read, nothing follows but that.
        if not content.broken & set(needs.split()):
            found += look(content)
    keys = None if "responses" in content.broken else {str(key) for key, _ in content.responses}
    found += scripts.check(project, keys)
    return sorted(set(found), key=_order)


def _order(finding: Finding) -> tuple[str, int, str]:
    path, line, sentence = finding.split(":", 2)
    return path, int(line), sentence


def _policies(project: Path) -> Iterator[Finding]:
    """What the start would refuse."""
    for name, line, sentence in refusals.problems(project / "policies"):
        yield Place(f"policies/{name}", line).says(sentence)


def _files(project: Path) -> Iterator[Finding]:
    for path in sorted((project / "data").rglob("*.yml")):
        place = Place(str(path.relative_to(project)), 1)
        if path.name.startswith("test_"):
            yield place.says("Rasa would train on a test file; scripts go to tests/dialogues.")
        if path.parent.name == "responses" and _SPLIT.search(path.stem):
            yield place.says("Both languages of a response belong in one file.")


def _topics(project: Path) -> Iterator[Finding]:
    """One topic has one name, everywhere."""
    data = project / "data"
    stems = {
        folder: {path.stem for path in (data / folder).glob("*.yml")} - _SHARED
        for folder in ("nlu/en", "nlu/nl", "rules", "responses")
    }
    played = {path.stem for path in (project / "tests" / "dialogues").glob("*.yml")}
    for topic in sorted(set().union(*stems.values())):
        for folder, names in stems.items():
            spoken = topic in stems["nlu/en"] | stems["nlu/nl"]
            if topic not in names and (spoken or folder in ("rules", "responses")):
                place = Place(f"data/{folder}/{topic}.yml", 1)
                yield place.says(f"The topic {topic} has a file elsewhere, but not here.")
        if topic in stems["rules"] and topic not in played:
            place = Place(f"tests/dialogues/{topic}.yml", 1)
            yield place.says(f"The topic {topic} has no dialogue script.")


def _languages(content: Content) -> Iterator[Finding]:
    """Every response in both languages, with the same variables and buttons."""
    slots = set(content.domain.get("slots") or {})
    for key, variations in content.responses:
        for each in variations:
            if each.slot is not None and each.slot not in slots:
                yield each.slot.place.says(f"There is no slot {each.slot}.")
            if not each.text.strip():
                yield each.place.says(f"{key} has an empty text.")
        dutch = [v for v in variations if (v.slot, v.value) == ("language", "nl")]
        default = [v for v in variations if v.slot is None]
        if not dutch:
            yield key.place.says(f"{key} has no Dutch text (condition: language is nl).")
        if not default:
            yield key.place.says(f"{key} has no English text without a condition.")
        if dutch and default:
            yield from _alike(key, dutch[0], default[0])


def _alike(key: Named, dutch: Variation, english: Variation) -> Iterator[Finding]:
    one, two = (set(_VARIABLE.findall(each.text)) for each in (dutch, english))
    for name in sorted(one ^ two):
        where = dutch if name in two else english
        yield where.place.says(f"{key} lacks {{{name}}} in this language.")
    if [p for _, p in dutch.buttons] != [p for _, p in english.buttons]:
        yield dutch.place.says(f"{key} does not have the same buttons in both languages.")


def _responses_used(content: Content) -> Iterator[Finding]:
    """No response that is missing, none that nobody says, none that is there twice."""
    there = {str(key) for key, _ in content.responses}
    in_rules = {str(name) for kind, name in content.steps if kind == "action"}
    for _, said in content.steps:
        if said.startswith("utter_") and said not in there:
            yield said.place.says(f"There is no response {said}.")
    for name in sorted(content.called - there):
        yield Place("actions", 1).says(f"An action says {name}, and there is no such response.")
    for key, count in Counter(str(key) for key, _ in content.responses).items():
        if count > 1:
            last = [k for k, _ in content.responses if k == key][-1]
            yield last.place.says(f"{key} is there {count} times; only one of them is said.")
    wanted = content.called | in_rules | _asked(content)
    for key, _ in content.responses:
        made = any(key.startswith(prefix) for prefix in content.prefixes)
        if key not in wanted and not made:
            yield key.place.says(f"Nobody says {key}.")


def _asked(content: Content) -> set[str]:
    """What Rasa and the actions look up by a slot's or an intent's name."""
    forms = content.domain.get("forms") or {}
    slots = {str(slot) for form in forms.values() for slot in form.get("required_slots") or ()}
    intents = {str(intent) for intent in content.domain.get("intents") or ()}
    names = {f"{prefix}{slot}" for prefix in _ASKS[:2] for slot in slots}
    return names | {f"{_ASKS[2]}{intent}" for intent in intents}


def _readings(content: Content) -> Iterator[Finding]:
    """Every topic has the button that is shown when it is not sure that it was meant."""
    there = {str(key) for key, _ in content.responses}
    topics = {
        str(intent)
        for _, intent, text in content.examples
        if Path(text.place.path).stem not in _NO_TOPIC
    }
    for intent in content.domain.get("intents") or ():
        key = f"{_ASKS[2]}{intent}"
        if intent in topics and key not in there:
            yield intent.place.says(f"There is no response {key}, the button of this topic.")


def _braces(content: Content) -> Iterator[Finding]:
    """What stands in braces can be filled in; else the customer reads that something went wrong."""
    for key, variations in content.responses:
        for each in variations:
            wrong = wrong_braces(each.text)
            if wrong:
                yield each.place.says(f"{key} {wrong}.")
            for part in (part for button in each.buttons for part in button):
                wrong = wrong_braces(part)
                if wrong:
                    place = part.place if isinstance(part, Named) else key.place
                    yield place.says(f"A button of {key} {wrong}.")


def _names(content: Content) -> Iterator[Finding]:
    """Intents, actions, forms and slots of rules and stories are declared, and spoken."""
    domain = content.domain
    declared = {
        "intent": set(domain.get("intents") or ()),
        "action": {*(domain.get("actions") or ()), *(domain.get("forms") or ())},
        "active_loop": set(domain.get("forms") or ()),
        "slot": {*(domain.get("slots") or ()), "requested_slot"},
    }
    for kind, name in content.steps:
        default = name.startswith(("utter_", "action_listen", "action_deactivate_loop"))
        if name not in declared[kind] and not default:
            yield name.place.says(f"domain.yml has no {kind.replace('_', ' ')} {name}.")
    handled = {str(name) for kind, name in content.steps if kind == "intent"}
    for intent in domain.get("intents") or ():
        if intent not in handled:
            yield intent.place.says(f"No rule or story does anything with {intent}.")


def _buttons(content: Content) -> Iterator[Finding]:
    """What a button sends is an intent, with entities that exist."""
    intents = set(content.domain.get("intents") or ())
    entities = {str(e) if isinstance(e, str) else next(iter(e))
                for e in content.domain.get("entities") or ()}  # fmt: skip
    for key, variations in content.responses:
        for each in variations:
            for title, payload in each.buttons:
                place = payload.place if isinstance(payload, Named) else key.place
                # Rasa fills in what stands in braces; doubled, they stay braces.
                match = re.fullmatch(r"/(\w+)(?:\{(\{.*\})\})?", payload)
                if not title or not match:
                    shape = 'such as /intent or /intent{{"entity": "value"}}'
                    yield place.says(f"A button of {key} needs a title and a payload {shape}.")
                elif match[1] not in intents:
                    yield place.says(f"A button of {key} sends {match[1]}, which is no intent.")
                else:
                    yield from _entities(place, key, match[2], entities)


def _entities(place: Place, key: str, text: str | None, known: set[str]) -> Iterator[Finding]:
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        yield place.says(f"A button of {key} sends entities that cannot be read.")
        return
    for name in given:
        if name not in known:
            yield place.says(f"A button of {key} sends {name}, which is no entity.")


def _examples(content: Content) -> Iterator[Finding]:
    """Enough examples in both languages, none under two intents, none of an unknown intent."""
    intents = {str(i): i for i in content.domain.get("intents") or ()}
    counted = Counter((str(intent), language) for language, intent, _ in content.examples)
    for name, intent in intents.items():
        for language in LANGUAGES if name not in _WITHOUT_EXAMPLES else ():
            count = counted[name, language]
            if count < FEWEST:
                sentence = f"{name} has {count} examples in {language}; it needs {FEWEST}."
                yield intent.place.says(sentence)
    seen: dict[str, tuple[str, Place]] = {}
    for _, intent, text in content.examples:
        if intent not in intents:
            yield intent.place.says(f"domain.yml has no intent {intent}.")
        first, place = seen.setdefault(bare(text), (str(intent), text.place))
        if first != intent:
            where = f"{place.path}:{place.line}"
            yield text.place.says(f"This is an example of {first} too ({where}).")


# Each check, and what it cannot do without.
_LOOKS: dict[Callable[[Content], Iterator[Finding]], str] = {
    _braces: "",
    _languages: "domain",
    _responses_used: "domain rules stories responses",
    _readings: "domain nlu responses",
    _names: "domain rules stories",
    _buttons: "domain",
    _examples: "domain nlu",
}
