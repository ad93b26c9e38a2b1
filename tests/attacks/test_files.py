"""The database's file itself: put back as a whole, or with bits of it flipped."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import SQLAlchemyError

from helder.conversation.anchor import FileAnchor
from helder.conversation.errors import KeyringError, Locked, RolledBack, Tampered, Vanished
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.conversation.rollback import DatabaseOlder, refuse_older
from helder.database import connect
from tests.attacks.judge import found
from tests.attacks.scene import READERS, Read, Scene, build
from tests.conversation.test_log import opened, save, turn

SEEDS = 225  # most flips hit pages of tables that no reader of the log reads


@pytest.fixture
def house(tmp_path: Path) -> Scene:
    return build(tmp_path, f"sqlite:///{tmp_path / 'helder.db'}")


def copy(source: Path, target: Path) -> None:
    """A whole copy, as a backup makes it; nothing is left of what was there."""
    target.unlink(missing_ok=True)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    with sqlite3.connect(source) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def on(scene: Scene, path: Path, anchor: FileAnchor) -> Scene:
    """The same installation, on another file."""
    engine = connect(f"sqlite:///{path}")
    log = ConversationLog(engine, scene.keyring, scene.clock, anchor)
    inbox, proofs = Inbox(engine, scene.keyring, anchor), Proofs(engine, scene.keyring, anchor)
    made = replace(scene, engine=engine, anchor=anchor, log=log, inbox=inbox, proofs=proofs)
    made.victim, made.other, made.bystander = scene.victim, scene.other, scene.bystander
    return made


def test_a_file_that_was_put_back_is_noticed_for_each_conversation_and_at_the_start(
    house: Scene, tmp_path: Path
) -> None:
    copy(tmp_path / "helder.db", tmp_path / "copy.db")
    before = house.log.history(house.bystander)
    save(house.log, house.victim, turn("nog iets?", "nee"))
    newer = opened(house.log)
    house.engine.dispose()
    house.attacker.close()
    copy(tmp_path / "copy.db", tmp_path / "helder.db")
    after = on(house, tmp_path / "helder.db", house.anchor)
    with pytest.raises(DatabaseOlder):
        refuse_older(after.engine, after.keyring, after.anchor)
    with pytest.raises(RolledBack):
        after.log.history(house.victim)
    with pytest.raises(Vanished):
        after.log.history(newer)
    for conversation in (house.victim, newer):
        with pytest.raises(Locked):
            after.log.head(conversation)
    assert after.log.history(house.bystander) == before
    after.engine.dispose()


def test_flipped_bits_of_the_file_are_never_read_as_something_else(
    house: Scene, tmp_path: Path
) -> None:
    """They are refused by the log, or by SQLite, or they are where nothing is read."""
    copy(tmp_path / "helder.db", tmp_path / "copy.db")
    right = [found(house, read) for read in READERS.values()]
    house.anchor.close()
    content, verdicts = (tmp_path / "copy.db").read_bytes(), Counter[str]()
    for seed in range(SEEDS):
        chance, changed = Random(seed), bytearray(content)
        for _ in range(chance.choice([1, 4, 16])):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        (tmp_path / "flipped.db").write_bytes(changed)
        shutil.copy(tmp_path / "anchor.db", tmp_path / "other.db")
        anchor = FileAnchor(tmp_path / "other.db")
        scene = on(house, tmp_path / "flipped.db", anchor)
        for read, was in zip(READERS.values(), right, strict=True):
            verdicts[_verdict(scene, read, was, seed)] += 1
        scene.engine.dispose()
        anchor.close()
        for path in tmp_path.glob("flipped.db*"):
            path.unlink()
    assert verdicts["refused"] > 50
    assert verdicts["the same"] > 100


def _verdict(scene: Scene, read: Read, was: object, seed: int) -> str:
    scene.unlock()
    try:
        got = found(scene, read)
    except SQLAlchemyError:
        return "refused by the database"
    if isinstance(got, type) and issubclass(got, (Tampered, KeyringError)):
        return "refused"
    assert got == was, f"seed {seed}"
    return "the same"
