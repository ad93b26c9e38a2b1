"""The dialogue scripts of tests/dialogues, read without playing them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from helder.content.sources import LANGUAGES, Finding, Named, Place, load

_KINDS = ("customer", "choice", "assistant", "language")
_KEYS = re.compile(r"utter_\w+( or utter_\w+)*")


def check(project: Path, keys: Collection[str] | None) -> Iterator[Finding]:
    """What is wrong in the scripts. `keys`: the responses that there are, or None if not known."""
    for path in sorted((project / "tests" / "dialogues").glob("*.yml")):
        top = Place(str(path.relative_to(project)), 1)
        data, finding = load(project, path)
        if finding:
            yield finding
        elif not isinstance(data or [], list):
            yield top.says("This file must be a list of scripts.")
        else:
            for script in data or ():
                yield from _script(top, script, keys)


def _script(top: Place, script: Any, keys: Collection[str] | None) -> Iterator[Finding]:
    place = _place(script, top)
    whole = isinstance(script, Mapping) and set(script) == {"name", "language", "steps"}
    if not whole or script["language"] not in LANGUAGES or not isinstance(script["steps"], list):
        yield place.says("A script has a name, a language (nl or en) and steps.")
        return
    if not any(isinstance(step, Mapping) and "assistant" in step for step in script["steps"]):
        yield place.says("This script expects nothing.")
    for step in script["steps"]:
        yield from _step(place, step, keys)


def _step(above: Place, step: Any, keys: Collection[str] | None) -> Iterator[Finding]:
    place = _place(step, above)
    if not isinstance(step, Mapping) or len(step) != 1 or next(iter(step)) not in _KINDS:
        yield place.says("A step is customer, choice, assistant or language.")
        return
    kind, said = next(iter(step.items()))
    for each in said if isinstance(said, list) else [said]:
        where = each.place if isinstance(each, Named) else place
        if kind == "language" and each not in LANGUAGES:
            yield where.says("A language is nl or en.")
        if kind == "assistant":
            yield from _wanted(where, str(each), keys)


def _wanted(place: Place, wanted: str, keys: Collection[str] | None) -> Iterator[Finding]:
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        try:
            re.compile(wanted[1:-1])
        except re.error as error:
            yield place.says(f"This is no regular expression: {error}.")
    elif keys is not None and _KEYS.fullmatch(wanted):
        for key in wanted.split(" or "):
            if key not in keys:
                yield place.says(f"There is no response {key}.")


def _place(thing: Any, otherwise: Place) -> Place:
    first = next(iter(thing), None) if isinstance(thing, Mapping) else thing
    return first.place if isinstance(first, Named) else otherwise
