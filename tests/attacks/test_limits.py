"""Where the guarantees end (docs/encryption.md): what is not noticed changes nothing read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from helder.conversation.cipher import DataKey, WrappedKey
from helder.conversation.errors import ChainBroken
from helder.conversation.log import ConversationLog
from tests.attacks.judge import found
from tests.attacks.scene import READERS, Scene
from tests.attacks.stored import PARTS, Row, Rows, Stored

Change = Callable[[Scene, Stored, Random], None]


@pytest.fixture(autouse=True)
def _as_it_was(scene: Scene) -> Iterator[None]:
    yield
    scene.restore()


def the_order_of_tables(scene: Scene, stored: Stored, chance: Random) -> None:
    chance.shuffle(stored["inbox"])
    numbers = [row["number"] for row in stored["proof"]]
    chance.shuffle(numbers)
    for row, number in zip(stored["proof"], numbers, strict=True):
        row["number"] = number + 1000


def the_memory_of_answered_messages(scene: Scene, stored: Stored, chance: Random) -> None:
    for row in _answered(stored, scene):
        if chance.random() < 0.5:
            stored.remove("inbox", row)
        else:
            row |= {"message": chance.randbytes(18).hex(), "generation": chance.randrange(9)}


def another_wrapping_of_the_same_key(scene: Scene, stored: Stored, chance: Random) -> None:
    row = stored.row(scene.bystander)
    key = DataKey.open(
        scene.keyring,
        scene.bystander,
        WrappedKey(row["key_version"], row["wrapped_key"], row["commitment"]),
    )
    anew = key.wrap(scene.keyring, scene.bystander)
    row |= {"key_version": anew.version, "wrapped_key": anew.wrapped}


def what_erasures_say_of_themselves(scene: Scene, stored: Stored, chance: Random) -> None:
    for row in stored["erasure"]:
        row |= {"minute": chance.randrange(10**6), "reason": chance.choice(["other", "expired"])}


CHANGES = (
    the_order_of_tables,
    the_memory_of_answered_messages,
    another_wrapping_of_the_same_key,
    what_erasures_say_of_themselves,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("seed", range(5))
def test_nothing_else_is_read_after_a_change_of(scene: Scene, change: Change, seed: int) -> None:
    readers = [*READERS.values(), lambda s: s.log.history(s.bystander)]
    right = [found(scene, read) for read in readers]
    stored = scene.now.copy()
    change(scene, stored, Random(seed))
    scene.attacker.write(stored)
    assert scene.attacker.read() != scene.now
    assert [found(scene, read) for read in readers] == right


def test_without_an_anchor_an_old_row_is_noticed_by_its_entries(scene: Scene) -> None:
    log = ConversationLog(scene.engine, scene.keyring, scene.clock)
    for was in scene.past[:-1]:
        stored = scene.now.copy()
        stored.give("conversation", scene.victim, was.of("conversation", scene.victim))
        scene.attacker.write(stored)
        with pytest.raises(ChainBroken):
            log.history(scene.victim)


def test_without_an_anchor_nothing_tells_that_all_of_it_was_put_back(scene: Scene) -> None:
    log = ConversationLog(scene.engine, scene.keyring, scene.clock)
    stored, was = scene.now.copy(), scene.past[3]
    for table in PARTS:
        stored.give(table, scene.victim, was.of(table, scene.victim))
    scene.attacker.write(stored)
    assert len(log.history(scene.victim)) == was.row(scene.victim)["seq"]


def _answered(stored: Stored, scene: Scene) -> Rows:
    rows: list[Row] = stored.of("inbox", scene.victim)
    return [row for row in rows if row["body"] is None]
