"""Messages for colleagues: a changed one is refused, and nobody is told another's reference."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helder.conversation.errors import EntryTampered, KeyringError, Tampered, WrongKey
from helder.conversation.keyring import FileKeyring, create_missing
from helder.database import connect, metadata
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import Messages
from tests.attacks.columns import flipped, strange_for
from tests.attacks.stored import Attacker, Stored

SEEDS = 300
# Whether somebody has answered it, and what a repeated request is recognised by.
UNSEALED = {"handled", "request"}
ERRORS: dict[str, type[Exception]] = {
    "reference": UnknownReference,
    "wrapped_key": WrongKey,
    "commitment": WrongKey,
    "key_version": KeyringError,
}


class Desk:
    """Two messages, of two customers."""

    def __init__(self, folder: Path) -> None:
        create_missing(folder / "keys")
        self.engine = connect(f"sqlite:///{folder / 'helder.db'}")
        metadata.create_all(self.engine)
        self.messages = Messages(self.engine, FileKeyring(folder / "keys"))
        self.references = [self.leave(one) for one in ("anna", "bram")]
        self.attacker = Attacker(self.engine)
        self.now = self.attacker.read()

    def leave(self, who: str) -> str:
        return self.messages.leave(
            who * 8, f"{who}@example.com", f"Ik ben {who}.", "nl", "ask", who
        )

    def mine(self, stored: Stored) -> dict[str, Any]:
        (row,) = (r for r in stored["left_message"] if r["reference"] == self.references[0])
        return row

    def other(self, stored: Stored) -> dict[str, Any]:
        (row,) = (r for r in stored["left_message"] if r["reference"] == self.references[1])
        return row


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.attacker.close()
    desk.engine.dispose()


@pytest.mark.parametrize("change", ["a flipped bit", "another type"])
def test_a_changed_value_is_refused(desk: Desk, change: str) -> None:
    played = 0
    for seed in range(SEEDS):
        chance, stored = Random(seed), desk.now.copy()
        row = desk.mine(stored)
        column = chance.choice(sorted(row.keys() - UNSEALED))
        was = row[column]
        row[column] = flipped(was, chance) if "bit" in change else chance.choice(strange_for(was))
        try:
            desk.attacker.write(stored)
        except sqlite3.IntegrityError:
            continue  # the database itself takes no such value
        if desk.attacker.read() == desk.now:
            continue  # SQLite made the same of it: nothing was changed
        played += 1
        error = ERRORS.get(column, EntryTampered)
        if "type" in change and column != "reference":
            error = EntryTampered
        with pytest.raises(error):
            desk.messages.read(desk.references[0])
        assert desk.messages.read(desk.references[1]).contact == "bram@example.com"
    assert played > SEEDS // 2


def test_whoever_repeats_a_request_is_not_given_another_customers_reference(desk: Desk) -> None:
    stored = desk.now.copy()
    mine, other = desk.mine(stored), desk.other(stored)
    mine["request"], other["request"] = other["request"], mine["request"]
    desk.attacker.write(stored)
    for who, another in zip(("anna", "bram"), reversed(desk.references), strict=True):
        given = desk.leave(who)
        assert given != another
        assert desk.messages.read(given).contact == f"{who}@example.com"
        assert desk.leave(who) == given


@pytest.mark.parametrize("column", ["body", "commitment", "key_version", "minute", "language"])
def test_a_damaged_message_is_left_again_and_keeps_no_conversation_back(
    desk: Desk, column: str
) -> None:
    stored = desk.now.copy()
    row = desk.mine(stored)
    row[column] = flipped(row[column], Random(1))
    desk.attacker.write(stored)
    again = desk.leave("anna")
    assert again not in desk.references
    assert desk.leave("anna") == again
    assert desk.messages.is_there(desk.references[0])  # for who looks at what is damaged


@pytest.mark.parametrize("seed", range(20))
def test_two_messages_cannot_exchange_anything(desk: Desk, seed: int) -> None:
    chance, stored = Random(seed), desk.now.copy()
    mine, other = desk.mine(stored), desk.other(stored)
    columns = ["wrapped_key", "commitment", "body"]
    for column in chance.sample(columns, chance.randint(1, 3)):
        mine[column], other[column] = other[column], mine[column]
    desk.attacker.write(stored)
    for reference in desk.references:
        with pytest.raises(Tampered):
            desk.messages.read(reference)


def test_unharmed_a_repeated_request_gives_the_same_reference(desk: Desk) -> None:
    assert [desk.leave(who) for who in ("anna", "bram")] == desk.references
