"""Entries are moved, copied, left out, made up, or taken from another past."""

from __future__ import annotations

from random import Random
from typing import Any

from helder.conversation.errors import ChainBroken, EntryTampered, ForeignFormat
from tests.attacks.catalogue import Expected, attack
from tests.attacks.scene import Scene
from tests.attacks.stored import Row, Rows, Stored

HISTORY = ("history",)
# What is changed at the end is seen by whoever looks at the end.
END = ("history", "window", "language", "shown")
PLACE = ("conversation", "seq")


def contents(row: Row, *but: str) -> dict[str, Any]:
    """Everything of a row but where it stands."""
    return {name: value for name, value in row.items() if name not in (*PLACE, *but)}


@attack
def two_entries_change_places(scene: Scene, stored: Stored, chance: Random) -> Expected:
    one, two = chance.sample(stored.of("entry", scene.victim), 2)
    what = chance.choice([("body",), tuple(contents(one)), ("generation", "body")])
    for name in what:
        one[name], two[name] = two[name], one[name]
    if what == tuple(contents(one)):
        return Expected(EntryTampered, HISTORY)
    later = _generation_missing(scene, one) or _generation_missing(scene, two)
    return Expected(ChainBroken if later else EntryTampered, HISTORY)


@attack
def entries_of_two_conversations_are_exchanged(
    scene: Scene, stored: Stored, chance: Random
) -> Expected:
    mine, others = stored.of("entry", scene.victim), stored.of("entry", scene.other)
    first = chance.randrange(len(mine))
    for at in range(first, chance.randint(first + 1, len(mine))):
        one, two = contents(mine[at]), contents(others[at])
        mine[at].update(two)
        others[at].update(one)
    return Expected(EntryTampered, HISTORY)


@attack
def entries_are_put_in_another_order(scene: Scene, stored: Stored, chance: Random) -> Expected:
    entries = stored.of("entry", scene.victim)
    some = sorted(chance.sample(range(len(entries)), chance.randint(3, len(entries))))
    moved = [contents(entries[at]) for at in some]
    by = chance.randrange(1, len(some))
    for at, content in zip(some, moved[by:] + moved[:by], strict=True):
        entries[at].update(content)
    return Expected(EntryTampered, HISTORY)


@attack
def an_entry_is_doubled(scene: Scene, stored: Stored, chance: Random) -> Expected:
    entries = stored.of("entry", scene.victim)
    at = chance.randrange(len(entries))
    twice = [*entries[: at + 1], dict(entries[at]), *entries[at + 1 :]]
    _number(stored, scene, twice)
    return Expected(EntryTampered, HISTORY)


@attack
def the_last_entry_is_said_again(scene: Scene, stored: Stored, chance: Random) -> Expected:
    entries = stored.of("entry", scene.victim)
    again = dict(chance.choice(entries))
    again["seq"] = entries[-1]["seq"] + 1
    stored["entry"].append(again)
    return Expected(EntryTampered, END)


@attack
def an_entry_is_left_out(scene: Scene, stored: Stored, chance: Random) -> Expected:
    stored.remove("entry", chance.choice(stored.of("entry", scene.victim)[:-1]))
    return Expected(ChainBroken, HISTORY)


@attack
def an_entry_is_left_out_and_the_gap_closed(
    scene: Scene, stored: Stored, chance: Random
) -> Expected:
    entries = stored.of("entry", scene.victim)
    entries.remove(chance.choice(entries[:-1]))
    _number(stored, scene, entries)
    return Expected(EntryTampered, HISTORY)


@attack
def the_end_is_cut_off(scene: Scene, stored: Stored, chance: Random) -> Expected:
    entries = stored.of("entry", scene.victim)
    stored.remove("entry", *entries[-chance.randint(1, len(entries)) :])
    return Expected(ChainBroken, ("history", "window", "shown", "news"))


@attack
def an_entry_is_made_up(scene: Scene, stored: Stored, chance: Random) -> Expected:
    made = dict(chance.choice(stored.of("entry", scene.victim)))
    made["body"] = chance.randbytes(chance.randint(0, 400))
    if chance.random() < 0.5:
        stored.remove("entry", *(r for r in stored.of("entry", scene.victim) if _same(r, made)))
    else:
        made["seq"] = stored.row(scene.victim)["seq"] + 1
    stored["entry"].append(made)
    return Expected(EntryTampered, HISTORY)


@attack
def an_entry_comes_from_another_past(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """Sealed with the same key, for the same place: from before a backup was put back."""
    mine, was = (each.of("entry", scene.victim)[-1] for each in (stored, scene.branch))
    assert contents(mine, "body") == contents(was, "body")
    mine["body"] = was["body"]
    return Expected(ChainBroken, END)


@attack
def an_entry_is_of_a_kind_that_there_is_not(
    scene: Scene, stored: Stored, chance: Random
) -> Expected:
    row = chance.choice(stored.of("entry", scene.victim))
    row["kind"] = chance.choice(["note", "TURN", "turn ", "", "0", "closed"])
    return Expected(ForeignFormat, HISTORY)


@attack
def an_entry_names_another_generation(scene: Scene, stored: Stored, chance: Random) -> Expected:
    row = chance.choice(stored.of("entry", scene.victim))
    row["generation"] = chance.choice([g for g in range(-1, 7) if g != row["generation"]])
    return Expected(ChainBroken if _generation_missing(scene, row) else EntryTampered, HISTORY)


def _number(stored: Stored, scene: Scene, entries: Rows) -> None:
    stored.give("entry", scene.victim, [{**row, "seq": n} for n, row in enumerate(entries, 1)])


def _same(one: Row, two: Row) -> bool:
    return all(one[name] == two[name] for name in PLACE)


def _generation_missing(scene: Scene, row: Row) -> bool:
    return not 0 < row["generation"] <= scene.now.row(scene.victim)["generation"]
