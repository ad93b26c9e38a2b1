"""Backups are made while people talk, and put back: what was destroyed since stays destroyed."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.entries import ConversationId, Entry, MessageId
from helder.conversation.errors import RolledBack, Tampered, UnknownConversation
from helder.conversation.inbox import Received
from helder.conversation.rollback import DatabaseOlder, accept_restored, behind
from helder.database import connect
from helder.handoff.errors import UnknownReference
from helder.handoff.tables import left_message
from tests.conversation.test_log import NOW, save, turn
from tests.forgetting.house import BACKUPS, KEPT, House, new_house
from tests.forgetting.search import Needles
from tests.forgetting.test_messages import WHAT

ROUNDS = 50


@dataclass
class Life:
    """What happened in a house, and must be so again after its backup was put back."""

    house: House
    dice: random.Random
    live: list[ConversationId] = field(default_factory=list)
    gone: set[ConversationId] = field(default_factory=set)
    sealed: list[bytes] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    gone_messages: set[str] = field(default_factory=set)

    def go_on(self, steps: int) -> None:
        """Turns, waiting messages, proofs, left messages, new conversations."""
        for _ in range(steps):
            conversation, what = self.dice.choice(self.live), self.dice.random()
            if what < 0.6:
                text = self.dice.randbytes(self.dice.choice((8, 200, 3_000))).hex()
                save(self.house.log, conversation, turn(text, "Goed."))
            elif what < 0.7:
                id_ = MessageId(self.dice.randbytes(8).hex())
                self.house.inbox.put(conversation, Received(id_, "Hallo?", NOW))
            elif what < 0.8:
                number = f"HD-{self.dice.randrange(10**6)}"
                self.house.proofs.record(conversation, "order", number)
            elif what < 0.9:
                key = self.dice.randbytes(8).hex()
                self.messages.append(self.house.messages.leave(**WHAT, key=key))
            else:
                self.live.append(self.house.start_conversation())

    def forget_some(self) -> None:
        """On request, and because their time is over."""
        for conversation in self.dice.sample(self.live, self.dice.randrange(1, 4)):
            self.note(conversation)
            self.house.shredder.shred(conversation, "request")
        for reference in self.dice.sample(self.messages, min(2, len(self.messages))):
            self.messages.remove(reference)
            self.gone_messages.add(reference)
            self.sealed += self.house.sealed_message(reference)
            self.house.message_shredder.shred(reference, "request")
        self.house.clock.move(minutes=KEPT.conversation_minutes - 5)
        for conversation in self.dice.sample(self.live, len(self.live) // 2):
            save(self.house.log, conversation, turn("Ben je er nog?", "Ja."))
        self.house.clock.move(minutes=6)
        before = list(self.live)
        over = {ConversationId(each) for each in self.over()}
        for conversation in before:
            if conversation in over:
                self.note(conversation)
        assert self.house.forgetting.once()
        assert set(self.live) == self.house.names()

    def over(self) -> list[str]:
        """Whose last message is too old, and answered."""
        mine = tables.conversation.c
        now = int(self.house.clock().timestamp() // 60)
        query = sa.select(mine.id).where(
            mine.touched < now - KEPT.conversation_minutes, mine.pending == ""
        )
        with self.house.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def note(self, conversation: ConversationId) -> None:
        """It is about to be destroyed."""
        self.live.remove(conversation)
        self.gone.add(conversation)
        self.sealed += self.house.sealed([conversation])

    @contextmanager
    def others_talking(self) -> Iterator[None]:
        """Somebody else goes on with a conversation until this ends."""
        conversation, stop = self.live[0], threading.Event()

        def talk() -> None:
            while not stop.is_set():
                save(self.house.log, conversation, turn("En nu?", "Nog even."))

        talking = threading.Thread(target=talk)
        talking.start()
        try:
            yield
        finally:
            stop.set()
            talking.join()


@dataclass(frozen=True)
class Backup:
    """What is in a backup, by its own rows."""

    path: Path
    revisions: dict[str, int]
    references: set[str]


def backed_up(life: Life, seed: int) -> Backup:
    """A backup made in one of three ways, in the middle of things."""
    path = life.house.settings.var.parent / "backup.db"
    with life.others_talking():
        BACKUPS[seed % len(BACKUPS)](life.house.file, path)
    engine = connect(f"sqlite:///{path}")
    with engine.connect() as connection:
        rows = connection.execute(sa.select(tables.conversation)).all()
        references = set(connection.execute(sa.select(left_message.c.reference)).scalars())
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return Backup(path, {row.id: row.revision for row in rows}, references)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_backup_is_put_back_and_nothing_of_what_was_destroyed_since_comes_back(
    folder: Path, seed: int
) -> None:
    with new_house(folder) as house:
        life = Life(house, random.Random(seed), [house.start_conversation() for _ in range(6)])
        life.go_on(15)
        backup = backed_up(life, seed)
        life.go_on(8)
        life.forget_some()
        # What the backup holds of what is destroyed by now was stored in other bytes, perhaps.
        house.restore(backup.path)
        life.sealed += stored_in(house, life)
        _accept(house, backup)
        _nothing_came_back(life, backup)
        _the_others_go_on(life, backup)
        if seed % 10 == 0:
            house.close()
            house.prepare()
            assert not [line for line in house.said if "destroyed" in line or "locked" in line]
            house.open()


def stored_in(house: House, life: Life) -> list[bytes]:
    """The bytes in the restored file, before anything of ours has touched it."""
    house.engine = connect(house.settings.database_url)
    found = house.sealed(life.gone)
    for reference in life.gone_messages & set(_references(house)):
        found += house.sealed_message(reference)
    house.engine.dispose()
    return found


def _references(house: House) -> list[str]:
    with house.engine.connect() as connection:
        return list(connection.execute(sa.select(left_message.c.reference)).scalars())


def _accept(house: House, backup: Backup) -> None:
    """A start refuses the older database, until the operator says why it is older."""
    with pytest.raises(DatabaseOlder):
        house.prepare()
    house.open()
    missed = set(behind(house.engine, house.keyring, house.anchor))
    assert missed
    for conversation in missed & set(backup.revisions):
        with pytest.raises(RolledBack):
            house.log.history(ConversationId(conversation))
    assert accept_restored(house.engine, house.keyring, house.anchor) == len(missed)
    house.close()
    house.prepare()
    house.open()


def _nothing_came_back(life: Life, backup: Backup) -> None:
    house = life.house
    assert house.names() == set(backup.revisions) - life.gone
    for conversation in life.gone:
        with pytest.raises(UnknownConversation):
            house.log.history(conversation)
        assert house.rows_of(conversation) == 0
    for reference in life.gone_messages:
        with pytest.raises(UnknownReference):
            house.messages.read(reference)
    assert house.forgetting.once()
    needles = Needles((each.hex(), each) for each in life.sealed)
    assert len(needles) > 3
    files = list(house.settings.var.glob("helder.db*"))
    assert needles.found_under(files) == {}
    assert needles.found_under([backup.path]) != {} or not life.gone & set(backup.revisions)


def _the_others_go_on(life: Life, backup: Backup) -> None:
    house = life.house
    over = set(life.over())
    for name in house.names() - over:
        conversation = ConversationId(name)
        before: list[Entry] = house.log.history(conversation)
        assert before
        save(house.log, conversation, turn("Daar ben ik weer.", "Welkom terug."))
        house.inbox.put(conversation, Received(MessageId(name[:8]), "Hallo?", NOW))
        assert house.log.history(conversation)[:-1] == before
    for reference in backup.references - life.gone_messages:
        assert house.messages.read(reference).text == WHAT["text"]


def test_one_conversation_that_was_turned_back_is_locked_and_the_others_go_on(
    house: House,
) -> None:
    one, other = house.start_conversation(), house.start_conversation()
    with house.engine.connect() as connection:
        mine = tables.conversation.c.id == one
        old = dict(connection.execute(sa.select(tables.conversation).where(mine)).mappings().one())
    for conversation in (one, other):
        save(house.log, conversation, turn("Hoi", "Dag"))
    with house.engine.begin() as connection:
        connection.execute(sa.update(tables.conversation).where(mine).values(**old))
        entries = tables.entry
        later = (entries.c.conversation == one) & (entries.c.seq > 1)
        connection.execute(sa.delete(entries).where(later))
    house.close()
    house.prepare()
    assert house.said[-1].startswith("! 1 conversations were turned back and are locked")
    house.open()
    with pytest.raises(Tampered):
        house.log.history(one)
    assert len(house.log.history(other)) == 2
