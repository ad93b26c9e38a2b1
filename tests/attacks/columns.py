"""One value in one column is changed, to anything that the database will hold."""

from __future__ import annotations

from random import Random
from typing import Any

from helder.conversation.entries import Kind, Owner
from helder.conversation.errors import (
    ChainBroken,
    EntryTampered,
    ForeignFormat,
    HeadTampered,
    KeyringError,
    Vanished,
    WrongKey,
)
from helder.conversation.keyring import MASTER
from tests.attacks.catalogue import Expected, attack
from tests.attacks.scene import ROW, Scene
from tests.attacks.stored import PARTS, RawText, Row, Stored

# What is not in this table is answered with the table's own error, the last of these three.
_ERRORS: dict[str, type[Exception]] = {
    "conversation.id": Vanished,
    "conversation.format": ForeignFormat,
    "conversation.wrapped_key": WrongKey,
    "conversation.commitment": WrongKey,
    "entry.conversation": ChainBroken,
    "entry.seq": ChainBroken,
    "former_key.conversation": ChainBroken,
    "former_key.generation": ChainBroken,
    "inbox.conversation": ChainBroken,
    "inbox.place": ChainBroken,
    "proof.conversation": ChainBroken,
    "proof.place": ChainBroken,
    "conversation": HeadTampered,
}
_READERS = {
    "conversation": ROW,
    "entry": ("history",),
    "former_key": ("history", "choice"),
    "inbox": ("waiting", "next"),
    "proof": ("proven",),
}
# The order of a table, in which nothing is read that has a place of its own.
_MEANINGLESS = {"inbox.number", "proof.number"}


@attack
def a_bit_is_flipped(scene: Scene, stored: Stored, chance: Random) -> Expected:
    table, row, column = _anywhere(scene, stored, chance)
    row[column] = flipped(row[column], chance)
    return _noticed(scene, table, row, column)


@attack
def a_column_is_edited(scene: Scene, stored: Stored, chance: Random) -> Expected:
    table, row, column = _anywhere(scene, stored, chance)
    row[column] = _plausible(table, column, row[column], chance)
    return _noticed(scene, table, row, column)


@attack
def a_value_gets_another_type(scene: Scene, stored: Stored, chance: Random) -> Expected:
    table, row, column = _anywhere(scene, stored, chance)
    row[column] = chance.choice(strange_for(row[column]))
    return _noticed(scene, table, row, column, strange=True)


@attack
def bytes_are_cut_or_added(scene: Scene, stored: Stored, chance: Random) -> Expected:
    while True:
        table, row, column = _anywhere(scene, stored, chance)
        if isinstance(row[column], bytes):
            break
    content = row[column]
    more = content + chance.randbytes(chance.randint(1, 40))
    row[column] = chance.choice([more, content[: chance.randrange(len(content))]])
    return _noticed(scene, table, row, column)


@attack
def the_list_of_what_waits_is_edited(scene: Scene, stored: Stored, chance: Random) -> Expected:
    row = stored.row(scene.victim)
    places = row["pending"].split(",")
    others = [
        ",".join(reversed(places)),
        ",".join(places[1:]),
        "",
        row["pending"].replace(",", ",,"),
    ]
    others += [f"{row['pending']},", f" {row['pending']}", f"0{row['pending']}", f"{places[0]}_0"]
    others += [row["pending"].replace("1", "١"), row["pending"] + ",16", "9" * 5000, "-1", "x"]
    row["pending"] = chance.choice(others)
    return Expected(HeadTampered, ROW)


@attack
def a_token_is_planted(scene: Scene, stored: Stored, chance: Random) -> Expected:
    """The attacker is a customer too, and would like their own token to open another's talk."""
    row = stored.row(scene.victim)
    row["token_hash"] = stored.row(chance.choice([scene.other, scene.bystander]))["token_hash"]
    if chance.random() < 0.5:
        row["token_expires"] += chance.randint(1, 10**6)
    return Expected(HeadTampered, ROW)


def _anywhere(scene: Scene, stored: Stored, chance: Random) -> tuple[str, Row, str]:
    """A value of the victim: each column of each table is as likely as any other."""
    columns = [f"{table}.{column}" for table in PARTS for column in stored[table][0]]
    table, _, column = chance.choice(sorted(set(columns) - _MEANINGLESS)).partition(".")
    rows = stored.of(table, scene.victim)
    if table == "inbox":  # of those that were answered only the id is left
        rows = [row for row in rows if row["body"] is not None]
    return table, chance.choice(rows), column


def _noticed(scene: Scene, table: str, row: Row, column: str, strange: bool = False) -> Expected:
    name, value = f"{table}.{column}", row[column]
    default = HeadTampered if table == "conversation" else EntryTampered
    error = _ERRORS.get(name, default)
    if strange and table == "conversation" and column != "id":
        error = HeadTampered
    elif name == "conversation.key_version":
        error = WrongKey if value in scene.keyring.versions(MASTER) else KeyringError
    elif name == "inbox.body" and value is None:  # as if it had been answered
        error = ChainBroken
    elif name == "entry.kind" and value not in set(Kind):
        # (A number becomes text in a column of texts.)
        error = EntryTampered if value is None or isinstance(value, bytes) else ForeignFormat
    elif column == "generation" and table != "conversation" and error is EntryTampered:
        newest = scene.now.row(scene.victim)["generation"]
        known = isinstance(value, int) and 0 < value <= newest
        error = EntryTampered if known or (strange and table == "entry") else ChainBroken
    return Expected(error, _READERS[table])


def flipped(value: Any, chance: Random) -> Any:
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(31)
    content = bytearray(value.encode() if isinstance(value, str) else value)
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if isinstance(value, bytes):
        return bytes(content)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return RawText(bytes(content))


def _plausible(table: str, column: str, value: Any, chance: Random) -> Any:
    """Another value, of a kind that could well stand there."""
    if column == "owner":
        return chance.choice([owner.value for owner in Owner if owner.value != value])
    if column == "kind":
        return chance.choice([kind.value for kind in Kind if kind.value != value])
    if column in ("id", "conversation"):
        return chance.randbytes(16).hex()
    if column == "message":
        return f"00000000-0000-4000-8000-{chance.randrange(10**11):012}"
    if isinstance(value, int):
        return chance.choice([value + 1, value + chance.randint(2, 90), max(value - 1, 0), 0, 1])
    if isinstance(value, str):
        return f"{value},{chance.randint(1, 99)}"
    return chance.randbytes(len(value))


def strange_for(value: Any) -> list[Any]:
    """Values of other types, some of them with the very same content."""
    found: list[Any] = [None, 1.5, -0.5, 2**40, 9e99, b"", "", "x", RawText(b"\xff\xfe")]
    if isinstance(value, bytes):
        return [each for each in found if not isinstance(each, bytes)] + [RawText(value)]
    if isinstance(value, str):
        same = [value.encode(), value.encode("utf-16-le")]
        return [each for each in found if not isinstance(each, (str, RawText))] + same
    return [each for each in found if each != 2**40] + [str(value).encode(), f"{value}x"]
