"""config.yml: the requests that belong together are intents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from helder.content.reading import Finding, Place, ShapeError, listed, load, mapping, place_of
from helder.content.sources import Content

_FILE = "config.yml"


def check(project: Path, content: Content) -> Iterator[Finding]:
    """`together` of the classifier; the rest is Rasa's own, which refuses what it does not know."""
    data, finding = load(project, project / _FILE)
    if finding is not None:
        yield finding
        return
    top = Place(_FILE, 1)
    try:
        for each in listed(mapping(data, top, "This file").get("pipeline"), top, "pipeline"):
            yield from _unknown(mapping(each, place_of(each, top), "A component"), content, top)
    except ShapeError as error:
        yield error.finding


def _unknown(component: object, content: Content, top: Place) -> Iterator[Finding]:
    names = mapping(component, top, "A component")
    intents = {str(intent) for intent in content.domain.get("intents") or ()}
    for family in listed(names.get("together"), place_of(component, top), "together"):
        where = place_of(family, top)
        family = listed(family, where, "What belongs together")
        for intent in family:
            if str(intent) not in intents and "domain" not in content.broken:
                yield place_of(intent, where).says(f"domain.yml has no intent {intent}.")
        if len(set(family)) < 2:
            yield where.says("Two different intents or more belong together.")
