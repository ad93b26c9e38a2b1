"""Which keys are here, and what each is still needed for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from helder.commands.opened import HOLDERS, Opened
from helder.content.policies import load_retention
from helder.conversation import tables
from helder.conversation.keyring import INDEX, MASTER, PURPOSES
from helder.conversation.retention import LONGEST_WAIT_MINUTES
from helder.database import reading
from helder.handoff.messages import Messages
from helder.handoff.tables import left_message
from helder.optout.tables import opted_out
from helder.preparation import near as near_project
from helder.settings import Settings
from helder.staff.tables import employee

_PLACES = {
    "files": "files in {keys}",
    "environment": "HELDER_KEY_MATERIAL",
    "command": "what HELDER_KEYS_COMMAND prints",
}
_LOST = 100  # so many keys in a row may have been lost
# Left so lately that a repeated request would be looked for.
_SOON_OVER = "left messages that may be left again"
_NO_AI = "customers who want no AI"
_FOR = {MASTER: "wraps the data keys", INDEX: "makes blind indexes"}


@dataclass
class Overview:
    """The lines of it, and the keys that are needed but not here."""

    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def overview(here: Opened) -> Overview:
    """Count what every key is needed for."""
    shown = Overview()
    place = _PLACES[here.settings.keys_from]
    shown.lines.append(f"keys: {place.format(keys=near(here.settings, here.settings.keys))}")
    uses = {MASTER: _wrapped(here), INDEX: _marked(here)}
    for purpose in PURPOSES:
        current = here.keyring.current(purpose).version
        there = here.keyring.versions(purpose)
        shown.lines.append(f"{purpose} ({_FOR[purpose]})")
        for version in sorted({*there, *uses[purpose]}, reverse=True):
            what = ", ".join(f"{n:,} {name}" for name, n in uses[purpose].get(version, {}).items())
            state = _state(purpose, version, current, what, here=version in there)
            shown.lines.append(f"  version {version}: {state}")
        shown.missing += [f"{purpose}.{n}" for n in sorted({*uses[purpose]} - {*there})]
        if purpose == MASTER:
            shown.lines += _progress(uses[MASTER], current)
    old = sum(h.count(here.engine, ~h.ready) for h in HOLDERS)
    if old:
        shown.lines.append(f"{old:,} conversations are of an older format; `helder migrate`")
    return shown


def highest(here: Opened, purpose: str) -> int:
    """The highest version that is here, or that anything was made with.

    Whoever can write the database can name any: one far from those that are here is made up.
    """
    there = here.keyring.versions(purpose)
    used = _wrapped(here) if purpose == MASTER else _marked(here)
    return max(*there, *(version for version in used if version <= max(there) + _LOST), 0)


def repeat_minutes(settings: Settings) -> int:
    """For how long a message may be left again under the same key: while its turn is repeated."""
    kept = load_retention(settings.project / "policies" / "retention.yml")
    return kept.conversation_minutes + LONGEST_WAIT_MINUTES


def near(settings: Settings, path: Path) -> str:
    """A path as a person in the project's folder would write it."""
    return near_project(path, settings.project)


def _state(purpose: str, version: int, current: int, what: str, *, here: bool) -> str:
    if not here:
        return f"MISSING, though needed for {what}"
    if version == current:
        return f"current; {what or 'nothing yet'}"
    if what.endswith((_SOON_OVER, _NO_AI)):
        return f"{what}; that is over by itself"
    if what:
        return f"{what}; `helder keys rewrap`"
    option = "" if purpose == MASTER else f" --purpose {purpose}"
    return f"not needed any more; `helder keys retire {version}{option}`"


def _progress(wrapped: dict[int, dict[str, int]], current: int) -> list[str]:
    total = sum(sum(each.values()) for each in wrapped.values())
    done = sum(wrapped.get(current, {}).values())
    if not total or done == total:
        return []
    return [f"  {100 * done // total} % of {total:,} data keys are wrapped with version {current}"]


def _wrapped(here: Opened) -> dict[int, dict[str, int]]:
    """How many of what are wrapped with each version of the master key."""
    found: dict[int, dict[str, int]] = {}
    for holders in HOLDERS:
        for version, count in holders.versions(here.engine).items():
            if isinstance(version, int):  # what was changed into another type is no version
                found.setdefault(version, {})[f"{holders.what}s"] = count
    return found


def _marked(here: Opened) -> dict[int, dict[str, int]]:
    """How many blind indexes of what are made with each version of the index key.

    Those of old left messages are not counted: nobody looks for them any more.
    """
    found: dict[int, dict[str, int]] = {}
    messages, minutes = Messages(here.engine, here.keyring), repeat_minutes(here.settings)
    for version in {*here.keyring.versions(INDEX), *_versions(here, left_message.c.request)}:
        if count := messages.requested_with(version, minutes):
            found.setdefault(version, {})[_SOON_OVER] = count
    indexes = (
        ("erasures", tables.erasure.c.proof),
        (_NO_AI, opted_out.c.customer),
        ("employees", employee.c.name),
    )
    for name, index in indexes:
        for version, count in _versions(here, index).items():
            found[version] = {**found.get(version, {}), name: count}
    return found


def _versions(here: Opened, index: Any) -> dict[int, int]:
    """How many blind indexes of a column are made with each version: `<version>.<64 digits>`."""
    version = sa.func.substr(index, 1, sa.func.length(index) - 65).label("version")
    query = sa.select(version, sa.func.count()).where(sa.func.length(index) > 65).group_by(version)
    with reading(here.engine).connect() as connection:
        rows = connection.execute(query).all()
    return {int(row[0]): int(row[1]) for row in rows if re.fullmatch("[1-9][0-9]{0,8}", row[0])}
