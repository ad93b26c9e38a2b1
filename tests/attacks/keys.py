"""Data keys are exchanged: with another conversation's, with an earlier one, or with none."""

from __future__ import annotations

from random import Random

from helder.conversation.errors import ChainBroken, EntryTampered, HeadTampered, WrongKey
from tests.attacks.catalogue import Expected, attack
from tests.attacks.scene import ROW, Scene
from tests.attacks.stored import Stored

KEY = ("key_version", "wrapped_key", "commitment")


@attack
def the_data_key_is_another_conversations(scene: Scene, stored: Stored, chance: Random) -> Expected:
    foreign = stored.row(chance.choice([scene.other, scene.bystander]))
    what = chance.choice([KEY, (*KEY, "head"), ("wrapped_key",), ("commitment",)])
    stored.row(scene.victim).update({name: foreign[name] for name in what})
    return Expected(WrongKey, ROW)


@attack
def the_data_key_is_an_earlier_one(scene: Scene, stored: Stored, chance: Random) -> Expected:
    row = stored.row(scene.victim)
    earlier = [was.row(scene.victim) for was in scene.past]
    was = chance.choice([each for each in earlier if each["generation"] < row["generation"]])
    what = chance.choice([KEY, (*KEY, "head", "generation", "since"), KEY[:2]])
    row.update({name: was[name] for name in what})
    return Expected(HeadTampered if "commitment" in what else WrongKey, ROW)


@attack
def a_former_key_is_removed(scene: Scene, stored: Stored, chance: Random) -> Expected:
    keys = stored.of("former_key", scene.victim)
    stored.remove("former_key", *chance.sample(keys, chance.randint(1, len(keys))))
    return Expected(ChainBroken, ("history", "choice"))


@attack
def former_keys_are_exchanged(scene: Scene, stored: Stored, chance: Random) -> Expected:
    mine, others = stored.of("former_key", scene.victim), stored.of("former_key", scene.other)
    one = chance.choice(mine)
    two = chance.choice([key for key in (*mine, *others) if key is not one])
    one["sealed"], two["sealed"] = two["sealed"], one["sealed"]
    return Expected(EntryTampered, ("history", "choice"))
