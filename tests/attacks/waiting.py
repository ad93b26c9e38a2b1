"""Messages that wait, and proofs: removed, brought back, moved, exchanged, or made up."""

from __future__ import annotations

from random import Random

from helder.conversation.errors import ChainBroken, EntryTampered
from tests.attacks.catalogue import Expected, attack
from tests.attacks.scene import Scene
from tests.attacks.stored import Rows, Stored

WAITING = ("waiting", "next")
PROVEN = ("proven",)


@attack
def a_waiting_message_is_removed(scene: Scene, stored: Stored, chance: Random) -> Expected:
    rows = _waiting(stored, scene.victim)
    some = chance.sample(rows, chance.randint(1, len(rows)))
    if chance.random() < 0.5:
        stored.remove("inbox", *some)
    else:  # as if it had been answered
        for row in some:
            row["body"] = None
    return Expected(ChainBroken, WAITING)


@attack
def an_answered_message_waits_again(scene: Scene, stored: Stored, chance: Random) -> Expected:
    answered = [r for r in stored.of("inbox", scene.victim) if r["body"] is None]
    for row in chance.sample(answered, chance.randint(1, 3)):
        was = chance.choice([r["body"] for r in _waiting(stored, scene.victim)])
        row["body"] = chance.choice([was, b"", chance.randbytes(60)])
    return Expected(ChainBroken, WAITING)


@attack
def a_waiting_message_is_moved(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """To the other conversation, where its place is perhaps free."""
    row = chance.choice(_waiting(stored, scene.victim))
    there = [r for r in stored.of("inbox", scene.other) if r["message"] == row["message"]]
    stored.remove("inbox", *there)
    row["conversation"] = scene.other
    return Expected(ChainBroken, WAITING)


@attack
def waiting_messages_are_exchanged(scene: Scene, stored: Stored, chance: Random) -> Expected:
    mine = _waiting(stored, scene.victim)
    one = chance.choice(mine)
    others = _waiting(stored, scene.other)
    two = chance.choice([row for row in (*mine, *others) if row is not one])
    what = chance.choice([("body",), ("message", "body")])
    if two in mine:
        what = chance.choice([what, ("place",), ("message",)])
    for name in what:
        one[name], two[name] = two[name], one[name]
    return Expected(EntryTampered, WAITING)


@attack
def a_waiting_message_is_made_up(scene: Scene, stored: Stored, chance: Random) -> Expected:
    made = dict(chance.choice(_waiting(stored, scene.victim)))
    made["message"] = f"00000000-0000-4000-8000-{chance.randrange(10**11):012}"
    made["place"] = chance.choice([0, made["place"], made["place"] + 5])
    made["body"] = chance.choice([made["body"], chance.randbytes(90)])
    stored["inbox"].append(made)
    return Expected(ChainBroken, WAITING)


@attack
def the_id_of_a_waiting_message_becomes_bytes(
    scene: Scene, stored: Stored, chance: Random
) -> Expected:
    """The very same id: it is bound alike, but no search by it would find the message."""
    row = chance.choice(_waiting(stored, scene.victim))
    row["message"] = row["message"].encode()
    return Expected(EntryTampered, WAITING)


@attack
def a_proof_is_removed(scene: Scene, stored: Stored, chance: Random) -> Expected:
    rows = stored.of("proof", scene.victim)
    stored.remove("proof", *chance.sample(rows, chance.randint(1, len(rows))))
    return Expected(ChainBroken, PROVEN)


@attack
def a_proof_is_added(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """The other customer's, or the same once more: who has proven much may see much."""
    made = dict(chance.choice(stored.of("proof", chance.choice([scene.victim, scene.other]))))
    made["number"] = max(row["number"] for row in stored["proof"]) + 1
    made["conversation"] = scene.victim
    made["place"] = stored.row(scene.victim)["proofs"] + chance.randint(0, 1)
    stored["proof"].append(made)
    return Expected(ChainBroken, PROVEN)


@attack
def proofs_are_exchanged(scene: Scene, stored: Stored, chance: Random) -> Expected:
    mine, others = stored.of("proof", scene.victim), stored.of("proof", scene.other)
    one = chance.choice(mine)
    two = chance.choice([row for row in (*mine, *others) if row is not one])
    one["body"], two["body"] = two["body"], one["body"]
    one["generation"], two["generation"] = two["generation"], one["generation"]
    return Expected(EntryTampered, PROVEN)


def _waiting(stored: Stored, conversation: str) -> Rows:
    return [row for row in stored.of("inbox", conversation) if row["body"] is not None]
