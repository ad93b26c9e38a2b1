"""Format 2 stays what it is: two decoders agree on it, and today's code writes the frozen bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from helder import migrate
from helder.conversation import cipher, erasure, packing
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Kind,
    Message,
    Owner,
)
from helder.database import connect, metadata
from helder.handoff.going_on import pass_on
from tests.vectors.decoder import FORMULAS, Decoder, Wrong, token_hash
from tests.vectors.fixed import FixedKeyring
from tests.vectors.frozen import FOLDER, Frozen, Row, Rows, insert, rows_of
from tests.vectors.replay import replay
from tests.vectors.scenario import House, turns

FROZEN = Frozen.load("format2.json")
NAMES = FROZEN.decoded["names"]
Packing = Callable[[bytes], bytes]
NOW = "2026-11-22T09:00:00.000Z"


def told() -> Row:
    """What the frozen database stands for."""
    return {name: value for name, value in FROZEN.decoded.items() if name != "names"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The frozen database, opened by today's code."""
    url = f"sqlite:///{tmp_path / 'helder.db'}"
    migrate.upgrade(url)
    engine = connect(url)
    with engine.begin() as connection:
        insert(connection, FROZEN.rows)
    yield House.on(engine, FixedKeyring.of_hex(FROZEN.keys))
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("format1.json", "3b94264149f01eb7a219592861d791372c534d9576c52a414d60ffa6ba8541d6"),
        ("format2.json", "e7f099ae4400dda0d0d35a97d8d7a60f6a732b2027bdc45b869b522017d0b8d6"),
    ],
)
def test_what_is_frozen_is_never_made_anew(name: str, digest: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


def test_helder_reads_in_the_frozen_database_what_it_stands_for(house: House) -> None:
    assert house.view.everything() == told()


def test_the_second_decoder_reads_the_same_in_it() -> None:
    assert Decoder(FROZEN.keys, FROZEN.rows).everything() == told()


def test_everything_that_the_format_has_is_in_the_frozen_database() -> None:
    rows = FROZEN.rows
    assert all(rows[table] for table in rows)
    assert {row["owner"] for row in rows["conversation"]} == {owner.value for owner in Owner}
    assert {row["kind"] for row in rows["entry"]} == {kind.value for kind in Kind}
    assert {row["generation"] for row in rows["entry"]} == {1, 2, 3}
    assert {row["key_version"] for row in rows["conversation"]} == {1, 2}
    assert {row["generation"] for row in rows["inbox"] if row["body"]} == {1, 2}
    assert any(row["body"] is None for row in rows["inbox"])
    assert {row["generation"] for row in rows["proof"]} == {1, 2}
    assert any(each["choices"] for each in told()["conversations"].values())


def test_tokens_marks_and_fingerprints_are_what_both_make_of_them(house: House) -> None:
    decoder = Decoder(FROZEN.keys, FROZEN.rows)
    hashes = {row["id"]: row["token_hash"] for row in FROZEN.rows["conversation"]}
    for name, opened in NAMES.items():
        id_, token = opened["conversation"], opened["token"]
        assert house.log.admits(id_, token) == (name != "erased")
        assert hashes.get(id_, token_hash(token)) == token_hash(token)
    for row in FROZEN.rows["erasure"]:
        assert decoder.erased_by_a_holder_of_the_keys(row)
        assert erasure.is_authentic(house.keyring, row["conversation"], row["proof"])
        other = {**row, "conversation": NAMES["parcel"]["conversation"]}
        assert not decoder.erased_by_a_holder_of_the_keys(other)
        assert not erasure.is_authentic(house.keyring, other["conversation"], row["proof"])
    versions = {"key-0": 1, "key-1": 2, "key-2": 2}
    made = {decoder.blind_index("left message", key, v) for key, v in versions.items()}
    assert made == {row["request"] for row in FROZEN.rows["left_message"]}


def test_the_same_is_still_written_byte_for_byte(house: House, tmp_path: Path) -> None:
    with packed_as_in(house):
        written = replay(tmp_path)
    assert written.decoded == FROZEN.decoded
    for table, rows in FROZEN.rows.items():
        # A later version may have more columns; these must be in them, as they are.
        names = set(rows[0]) - UNNUMBERED.get(table, set())
        assert _in_order(written.rows[table], names) == _in_order(rows, names), table


# Of this column there was never anything but the order of the table, and it is no more.
UNNUMBERED = {"inbox": {"number"}}


def _in_order(rows: list[Row], names: set[str]) -> list[str]:
    return sorted(repr([(name, row[name]) for name in sorted(names)]) for row in rows)


def packed_as_in(house: House) -> AbstractContextManager[object]:
    """The frozen texts packed as they were: another build of zlib may pack them otherwise."""
    entries: dict[bytes, bytes] = {}
    others: dict[bytes, bytes] = {}

    def noting(known: dict[bytes, bytes], unpack: Packing) -> Packing:
        def unpacked(packed: bytes) -> bytes:
            plain = unpack(packed)
            known[plain] = packed
            return plain

        return unpacked

    unpack, unsqueeze = noting(entries, packing.unpack), noting(others, packing.unsqueeze)
    with mock.patch.multiple(cipher, unpack=unpack, unsqueeze=unsqueeze):
        house.view.everything()
    assert entries
    assert others
    return mock.patch.multiple(
        cipher,
        pack=lambda plain: entries.get(plain) or packing.pack(plain),
        squeeze=lambda plain: others.get(plain) or packing.squeeze(plain),
    )


class Scribe:
    """Writes whatever it is told into a database of its own, at random moments and with keys."""

    def __init__(self, engine: Engine) -> None:
        keys = {
            purpose: {v: bytes([v]) * 32 for v in range(1, 50)} for purpose in ("master", "index")
        }
        self.house = House.on(engine, FixedKeyring(keys))
        self.conversation = self.house.open("talk", "nl")
        self.done = 0

    def do(self, what: str, text: str) -> None:
        """One step; what cannot be done now is left out."""
        self.done += 1
        house, mine = self.house, self.conversation
        house.clock.move(len(text))
        waiting = house.inbox.next(mine)
        if what == "put" and len(house.inbox.pending(mine)) < 20:
            house.put(mine, f"m{self.done}", text)
        elif what == "answer" and waiting:
            message = Message(Author.ASSISTANT, text, NOW, (Choice(text, "/affirm"),) * 2)
            house.turn(mine, Draft(Kind.TURN, (message,) * 2, state={"slots": {}}), waiting.id)
        elif what == "say":
            house.log.say(mine, Author.EMPLOYEE, text, name="Anna")
        elif what == "own":
            house.own(mine, list(Owner)[self.done % 4], text)
        elif what == "prove":
            house.proofs.record(mine, ("order", "customer")[self.done % 2], text)
        elif what == "open":
            self.conversation = house.open("talk", "en")
        elif what == "leave":
            self._leave(mine, text)
        elif what == "rotate":
            house.keyring.rotate()
        elif what == "shred":
            house.retention.shred(mine, "request")
            self.conversation = house.open("talk", "nl")

    def _leave(self, mine: ConversationId, text: str) -> None:
        messages = self.house.messages
        if self.done % 2:
            messages.leave(mine, text, text, "en", "other", key=f"{mine}:{text}")
        else:  # one that grows
            pass_on(messages, mine, text, "nl", "no_ai", str(self.done))


STEPS = ("put", "answer", "say", "own", "prove", "open", "leave", "rotate", "shred")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.text(max_size=40)), max_size=25))
def test_both_read_the_same_in_whatever_is_written_today(steps: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder, mock.patch.object(cipher, "ENTRIES_PER_KEY", 4):
        engine = connect(f"sqlite:///{folder}/helder.db")
        metadata.create_all(engine)
        scribe = Scribe(engine)
        for what, text in steps:
            scribe.do(what, text)
        with engine.connect() as connection:
            rows = rows_of(connection)
        keyring = scribe.house.keyring
        keys = {
            purpose: {str(v): key.hex() for v, key in versions.items()}
            for purpose, versions in keyring.keys.items()
        }
        decoder = Decoder(keys, rows)
        assert decoder.everything() == scribe.house.view.everything()
        assert all(decoder.erased_by_a_holder_of_the_keys(row) for row in rows["erasure"])
        engine.dispose()


def test_a_real_turn_is_read_alike_in_every_position(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'helder.db'}")
    metadata.create_all(engine)
    house = House.on(engine, FixedKeyring.of_hex(FROZEN.keys))
    conversation = house.open("talk", "en")
    with mock.patch.object(cipher, "ENTRIES_PER_KEY", 5):
        for draft in [*turns("cancel"), *turns("person"), *turns("parcel")] * 2:
            house.turn(conversation, draft)
    with engine.connect() as connection:
        decoder = Decoder(FROZEN.keys, rows_of(connection))
    assert decoder.everything() == house.view.everything()
    engine.dispose()


COVERED = {
    "conversation": {*FORMULAS["helder head"], "head", "wrapped_key", "format"} - {"2"},
    "entry": {*FORMULAS["helder entry"], "body"} - {"2", "previous"},
    "former_key": {*FORMULAS["helder former key"], "sealed"} - {"2"},
    "inbox": {*FORMULAS["helder inbox"], "body"} - {"2"},
    "proof": {*FORMULAS["helder proof"], "body"} - {"2"},
    "left_message": {*FORMULAS["helder left message"], "wrapped_key", "commitment", "body"} - {"1"},
}


@pytest.mark.parametrize(
    ("table", "column"), [(table, each) for table in COVERED for each in sorted(COVERED[table])]
)
def test_the_second_decoder_believes_nothing_that_was_changed(table: str, column: str) -> None:
    conversation = NAMES["renewed"]["conversation"]
    for number, row in enumerate(FROZEN.rows[table]):
        mine = row.get("conversation", row.get("id", conversation)) == conversation
        if mine and row.get("body", b"") is not None:  # an answered message is only remembered
            rows: Rows = {
                name: [dict(each) for each in stored] for name, stored in FROZEN.rows.items()
            }
            rows[table][number][column] = changed(row[column])
            with pytest.raises((Wrong, KeyError)):
                Decoder(FROZEN.keys, rows).everything()


def changed(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return value + 1 if isinstance(value, int) else value + "x"


def test_the_page_tells_everything_that_is_bound() -> None:
    assert len(FORMULAS) == 17
    assert all(parts for label, parts in FORMULAS.items() if label != "helder canary")
