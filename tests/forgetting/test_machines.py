"""Several machines on one database, each with its own anchor: one learns what another destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.errors import KeyringError, UnknownConversation
from helder.conversation.keyring import FileKeyring, HeldKeyring, write_new
from helder.conversation.ledger import Ledger
from helder.conversation.log import ConversationLog
from helder.conversation.rollback import fill, refuse_older
from tests.forgetting.house import House
from tests.forgetting.test_ledger import talked
from tests.forgetting.test_messages import WHAT


@pytest.fixture
def other_machine(house: House, folder: Path) -> FileAnchor:
    """Another anchor on the same database, which has seen what is there."""
    anchor = FileAnchor.create(folder / "other" / "anchor.db")
    with house.engine.connect() as connection:
        for row in connection.execute(sa.select(tables.conversation)):
            anchor.saw(row.id, row.revision, row.head)
    return anchor


def test_another_machine_learns_what_was_destroyed_and_keeps_it_so(
    house: House, other_machine: FileAnchor
) -> None:
    conversation = talked(house)
    reference = house.messages.leave(**WHAT, key="1")
    name = f"{reference}/{house.messages.read(reference).about.left}"
    house.shredder.shred(conversation, "request")
    house.message_shredder.shred(reference, "request")
    ledger = Ledger(house.engine, house.keyring, other_machine, house.clock)
    assert ledger.learn() == 2
    assert other_machine.erased([conversation, name]) == {conversation, name}
    assert ledger.learn() == 0
    later = talked(house)
    house.clock.move(minutes=5)
    house.shredder.shred(later, "request")
    assert ledger.learn() == 1


def test_a_mark_that_nobody_with_the_keys_made_is_not_learned(
    house: House, other_machine: FileAnchor
) -> None:
    conversation = talked(house)
    row = {"conversation": conversation, "minute": 1, "reason": "request", "proof": "1." + "0" * 64}
    with house.engine.begin() as connection:
        connection.execute(sa.insert(tables.erasure).values(**row))
    assert Ledger(house.engine, house.keyring, other_machine, house.clock).learn() == 0
    assert house.forgetting.once()
    assert house.log.history(conversation)


def test_a_mark_whose_key_was_not_read_yet_is_judged_with_that_key(
    house: House, other_machine: FileAnchor
) -> None:
    conversation = talked(house)
    fill(house.engine, other_machine)
    assert isinstance(house.keyring, FileKeyring)
    keys = FileKeyring(house.keyring.folder)
    late = HeldKeyring(lambda: {purpose: dict(k) for purpose, k in keys._keys.items()}, "memory")
    write_new(keys.folder, "index")
    house.shredder.shred(conversation, "request")
    ledger = Ledger(house.engine, late, other_machine, house.clock)
    log = ConversationLog(house.engine, late, house.clock, other_machine)
    with pytest.raises(KeyringError, match="index key of version 2 is missing"):
        log.history(conversation)
    assert other_machine.locks() == []
    assert refuse_older(house.engine, late, other_machine) == []
    assert ledger.learn() == 0
    house.clock.move(days=1)
    assert ledger.learn() == 0
    keys.refresh()  # what `late` reads from
    assert ledger.learn() == 1
    with pytest.raises(UnknownConversation):
        log.history(conversation)


def test_many_erasures_of_one_minute_are_all_learned(
    house: House, other_machine: FileAnchor
) -> None:
    names = {house.start_conversation() for _ in range(30)}
    house.clock.move(minutes=31)
    assert house.forgetting.once()
    some = Ledger(house.engine, house.keyring, other_machine, house.clock)
    assert some.learn() == 30
    assert other_machine.erased(sorted(names)) == names
