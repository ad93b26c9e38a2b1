"""The dialogue scripts of tests/dialogues, read without playing them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from helder.content.code import texts
from helder.content.reading import Finding, Named, Place, load
from helder.content.sources import LANGUAGES

_KINDS = ("customer", "choice", "assistant", "language")
_KEYS = re.compile(r"utter_\w+( or utter_\w+)*")
_ORDER = re.compile(r"\{(\w*)(?:\.(\w*))?\}")
_DATA = ("number", "postcode", "email")


def check(project: Path, keys: Collection[str] | None) -> Iterator[Finding]:
    """What is wrong in the scripts. `keys`: the responses that there are, or None if not known."""
    # Orders of the demo page, and those of the scripts alone.
    kinds = texts(project, "helder/shop", "tests/dialogues/orders.py")
    for path in sorted((project / "tests" / "dialogues").glob("*.yml")):
        top = Place(str(path.relative_to(project)), 1)
        data, finding = load(project, path)
        if finding:
            yield finding
        elif not isinstance(data or [], list):
            yield top.says("This file must be a list of scripts.")
        else:
            seen: dict[tuple[str, str], Place] = {}
            for script in data or ():
                yield from _script(top, script, keys)
                yield from _orders(top, script, kinds)
                yield from _twice(top, script, seen)


def _orders(top: Place, script: Any, kinds: set[str]) -> Iterator[Finding]:
    """`{paid.number}` is an order that there is."""
    steps = script.get("steps") if isinstance(script, Mapping) else None
    for step in steps if isinstance(steps, list) else ():
        for said in step.values() if isinstance(step, Mapping) else ():
            for each in said if isinstance(said, list) else [said]:
                # A pattern has braces of its own.
                pattern = str(each).startswith("/") and str(each).endswith("/")
                for match in () if pattern else _ORDER.finditer(str(each)):
                    where = _place(each, _place(step, top))
                    if kinds and match[1] not in kinds:
                        yield where.says(f"There is no order {match[1]} for scripts.")
                    elif match[2] not in _DATA:
                        known = ", ".join(_DATA)
                        yield where.says(f"Of an order scripts know {known}; not {match[0]}.")


def _twice(top: Place, script: Any, seen: dict[tuple[str, str], Place]) -> Iterator[Finding]:
    if isinstance(script, Mapping) and isinstance(script.get("name"), str):
        place = _place(script, top)
        first = seen.setdefault((str(script["name"]), str(script.get("language"))), place)
        if first is not place:
            yield place.says(f"A script in this language is called so already ({first}).")


def _script(top: Place, script: Any, keys: Collection[str] | None) -> Iterator[Finding]:
    place = _place(script, top)
    whole = isinstance(script, Mapping) and set(script) == {"name", "language", "steps"}
    if not whole or script["language"] not in LANGUAGES or not isinstance(script["steps"], list):
        yield place.says("A script has a name, a language (nl or en) and steps.")
        return
    if not any(isinstance(step, Mapping) and "assistant" in step for step in script["steps"]):
        yield place.says("This script expects nothing.")
    first = script["steps"][0]
    if isinstance(first, Mapping) and not {"customer", "language"} & set(first):
        yield _place(first, place).says("A script begins with what the customer types.")
    for step in script["steps"]:
        yield from _step(place, step, keys)


def _step(above: Place, step: Any, keys: Collection[str] | None) -> Iterator[Finding]:
    place = _place(step, above)
    if not isinstance(step, Mapping) or len(step) != 1 or next(iter(step)) not in _KINDS:
        yield place.says("A step is customer, choice, assistant or language.")
        return
    kind, said = next(iter(step.items()))
    if said is None or said == [] or said == "":
        yield place.says(f"This step says nothing after {kind}:.")
        return
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
