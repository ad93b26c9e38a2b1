"""A conversation is put back to what it was, removed, or exchanged with another."""

from __future__ import annotations

from random import Random

from helder.conversation.errors import (
    ForeignFormat,
    KeyringError,
    RolledBack,
    Vanished,
    WrongKey,
)
from tests.attacks.catalogue import Expected, attack
from tests.attacks.scene import ROW, Scene
from tests.attacks.stored import PARTS, Stored


@attack
def the_row_is_an_old_one(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """The entries are all there, but the row tells of fewer."""
    was = chance.choice(scene.past).of("conversation", scene.victim)
    stored.give("conversation", scene.victim, was)
    return Expected(RolledBack, ROW)


@attack
def the_conversation_is_rolled_back(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """Row, entries, keys, inbox and proofs, all as they were at one time."""
    was = chance.choice(scene.past)
    for table in PARTS:
        stored.give(table, scene.victim, was.of(table, scene.victim))
    return Expected(RolledBack, ROW)


@attack
def the_conversation_takes_another_way(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """As long as the real one, sealed by the same keys, but from another past."""
    for table in PARTS:
        stored.give(table, scene.victim, scene.branch.of(table, scene.victim))
    if chance.random() < 0.5:
        parts = chance.sample(PARTS[1:], chance.randint(1, 4))
        for table in parts:
            stored.give(table, scene.victim, scene.now.of(table, scene.victim))
    return Expected(RolledBack, ROW)


@attack
def the_whole_database_is_rolled_back(scene: Scene, stored: Stored, chance: Random) -> Expected:
    was = chance.choice(scene.past).copy()
    for table in stored:
        stored[table] = was[table]
    return Expected(RolledBack, ROW)


@attack
def the_conversation_is_removed(scene: Scene, stored: Stored, chance: Random) -> Expected:
    tables = chance.choice([("conversation",), PARTS])
    for table in tables:
        stored.remove(table, *stored.of(table, scene.victim))
    return Expected(Vanished, ROW)


@attack
def the_conversation_is_removed_as_if_it_had_been_destroyed(
    scene: Scene, stored: Stored, chance: Random
) -> Expected:
    for table in PARTS:
        stored.remove(table, *stored.of(table, scene.victim))
    made = {**chance.choice(stored["erasure"]), "conversation": scene.victim}
    made["proof"] = chance.choice([made["proof"], "", f"1.{chance.randbytes(32).hex()}"])
    stored["erasure"].append(made)
    return Expected(Vanished, ROW)


@attack
def the_proofs_of_two_erasures_are_exchanged(
    scene: Scene, stored: Stored, chance: Random
) -> Expected:
    one, two = (stored.of("erasure", each)[0] for each in scene.destroyed)
    one["proof"], two["proof"] = two["proof"], one["proof"]
    if chance.random() < 0.5:  # a mark of a key that is not here cannot be judged
        one["proof"] = f"{chance.randint(2, 9)}.{one['proof'].partition('.')[2]}"
        return Expected(KeyringError, ("destroyed",))
    return Expected(Vanished, ("destroyed",))


@attack
def two_conversations_change_their_names(scene: Scene, stored: Stored, chance: Random) -> Expected:
    names = {scene.victim: scene.other, scene.other: scene.victim}
    for table in chance.choice([PARTS, PARTS[:1], PARTS[:2]]):
        column = "id" if table == "conversation" else "conversation"
        for row in stored[table]:
            row[column] = names.get(row[column], row[column])
    return Expected(WrongKey, ROW)


@attack
def the_version_is_lowered(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """To a format that bound less, or to a master key that the attacker may have."""
    row = stored.row(scene.victim)
    if chance.random() < 0.5:
        row["format"] = 1
        return Expected(ForeignFormat, ROW)
    row["key_version"] -= 1
    return Expected(WrongKey, ROW)


@attack
def the_format_is_a_foreign_one(scene: Scene, stored: Stored, chance: Random) -> Expected:
    stored.row(scene.victim)["format"] = chance.choice([0, 1, 3, 4, 22, -2, 2**31 - 1])
    return Expected(ForeignFormat, ROW)
