"""Files: their names, their places, and what may stand in which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from helder.content.reading import Finding, Named, Place, load
from helder.content.sources import LANGUAGES, NAMES, Content

# Files that belong to no topic of their own.
SHARED = {"words", "numbers"}
VERSION = "3.1"
_SPLIT = re.compile(r"[._-](en|nl)$|^(en|nl)[._-]")
# Where the things of a file under data/ belong.
_HOMES = {
    "nlu": ("data/nlu/en", "data/nlu/nl"),
    "rules": ("data/rules",),
    "stories": ("data/stories",),
    "responses": ("data/responses",),
}
_DOMAIN = {"version", "session_config", "intents", "entities", "slots", "forms", "actions"}
_READ = {".yml", ".yaml", ".json", ".md", ".txt"}  # by Rasa, or by somebody who expects it


def check(project: Path) -> Iterator[Finding]:
    """Files of data/, one by one, and the topics that they make up."""
    for path in sorted((project / "data").rglob("*")):
        if path.is_file():
            yield from _file(project, path)
    yield from _topics(project)


def _file(project: Path, path: Path) -> Iterator[Finding]:
    place = Place(str(path.relative_to(project)), 1)
    if path.suffix in _READ - {".yml"}:
        yield place.says("A file of data/ is YAML, and its name ends in .yml.")
    if path.name.startswith("test_"):
        yield place.says("Rasa would train on a test file; scripts go to tests/dialogues.")
    if path.parent.name == "responses" and _SPLIT.search(path.stem):
        yield place.says("Both languages of a response belong in one file.")


def parts(project: Path) -> Iterator[Finding]:
    """What stands at the left margin of each file that can be read."""
    for path in [project / "domain.yml", *sorted((project / "data").rglob("*.yml"))]:
        data, finding = load(project, path)
        if finding is None and isinstance(data, Mapping):
            yield from _parts(str(path.relative_to(project)), data)


def _parts(path: str, data: Mapping[Any, Any]) -> Iterator[Finding]:
    top = Place(path, 1)
    if data.get("version") != VERSION:
        where = next((key.place for key in data if key == "version"), top)
        yield where.says(f'This file must say version: "{VERSION}"; Rasa may leave out others.')
    for key in data:
        homes = _HOMES.get(key, ())
        if path == "domain.yml":
            if key not in _DOMAIN:
                known = "intents, entities, slots, forms and actions"
                yield key.place.says(f"{key} is not known here; domain.yml has {known}.")
        elif not homes and key != "version":
            yield key.place.says(f"{key} is not known here; it is {', '.join(_HOMES)}.")
        elif homes and str(Path(path).parent) not in homes:
            yield key.place.says(f"{key} belongs in {' or '.join(homes)}.")


def _topics(project: Path) -> Iterator[Finding]:
    """One topic has one name, everywhere."""
    data = project / "data"
    stems = {
        folder: {
            path.stem for path in (data / folder).glob("*.yml") if not _SPLIT.search(path.stem)
        }
        - SHARED
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
    for topic in sorted(played - set().union(*stems.values())):
        place = Place(f"tests/dialogues/{topic}.yml", 1)
        yield place.says(f"There is no topic {topic}, of which these are the scripts.")


def homes(content: Content) -> Iterator[Finding]:
    """An intent has its examples in the topic of the same name in both languages."""
    found: dict[str, dict[str, Named]] = {}
    for language, intent, example in content.examples:
        topic = Path(example.place.path).stem
        if topic not in SHARED and language in LANGUAGES:
            found.setdefault(str(intent), {}).setdefault(f"{topic} {language}", intent)
    for name, places in found.items():
        topics = {home.split()[0] for home in places}
        if len(topics) > 1:
            for home, where in list(places.items())[1:]:
                topic, language = home.split()
                first = next(iter(places)).split()[0]
                if topic != first:
                    sentence = f"{name} has its {NAMES[language]} examples here, and others in"
                    yield where.place.says(f"{sentence} the topic {first}; it has one topic.")
