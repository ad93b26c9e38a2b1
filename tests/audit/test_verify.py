"""Whatever is done to the audit behind Helder's back is found, and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.audit import verify as verifying
from helder.audit.acts import Act
from helder.audit.audit import Audit
from helder.audit.errors import AuditDamaged, AuditTurnedBack
from helder.audit.sighting import FileAuditAnchor
from helder.audit.tables import audit as table
from helder.audit.tables import audit_head
from helder.conversation.errors import KeyringError
from helder.conversation.keyring import FileKeyring

ENTRIES = 6
mine = table.c
Rows = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_AT_ONCE", 2)


@pytest.fixture
def written(unanchored: Audit) -> Audit:
    """Some entries, no two alike."""
    record(unanchored, ENTRIES)
    return unanchored


def record(audit: Audit, count: int) -> None:
    for number in range(count):
        audit.record(list(Act)[number], f"employee {number}", f"conversation {number}", n=number)


def copied(connection: Connection, source: sa.Table = table) -> Rows:
    rows = connection.execute(sa.select(source)).mappings().all()
    return sorted((dict(row) for row in rows), key=lambda row: row.get("number", 0))


def put_back(connection: Connection, rows: Rows, source: sa.Table = table) -> None:
    connection.execute(sa.delete(source))
    if rows:
        connection.execute(sa.insert(source), rows)


def changed(engine: Engine, change: Callable[[Rows], object]) -> None:
    """The entries as somebody makes them who can write the database and has no key."""
    with engine.begin() as connection:
        rows = copied(connection)
        change(rows)
        put_back(connection, rows)


def said(audit: Audit, number: int | None) -> str:
    """The one sentence about what is damaged, and at which entry."""
    found = audit.verify()
    assert not found.whole
    assert found.number == number
    return found.sentence


def test_an_audit_of_which_nothing_was_touched_is_whole(written: Audit) -> None:
    found = written.verify()
    assert (found.whole, found.count, found.number) == (True, ENTRIES, None)
    assert found.sentence == "The audit is whole: 6 entries, each as it was written."


def test_an_audit_in_which_nothing_was_recorded_is_whole(unanchored: Audit) -> None:
    assert unanchored.verify().whole


OTHER = {
    "minute": lambda row: row["minute"] + 1,
    "act": lambda row: "export" if row["act"] != "export" else "view",
    "actor": lambda row: row["subject"],
    "subject": lambda row: row["actor"],
    "body": lambda row: row["body"][:-1] + bytes([row["body"][-1] ^ 1]),
    "tag": lambda row: bytes([row["tag"][0] ^ 1]) + row["tag"][1:],
}


@pytest.mark.parametrize("number", [1, 4, ENTRIES])
@pytest.mark.parametrize("column", OTHER)
def test_a_column_that_is_edited_is_found(
    written: Audit, engine: Engine, column: str, number: int
) -> None:
    assert {*OTHER} == {each.name for each in table.c} - {"number"}

    def edit(rows: Rows) -> None:
        rows[number - 1][column] = OTHER[column](rows[number - 1])

    changed(engine, edit)
    assert said(written, number).startswith(f"Entry {number} was changed")


@pytest.mark.parametrize("column", ["minute", "act", "actor", "subject", "body", "tag"])
def test_a_column_that_is_another_entrys_is_found(
    written: Audit, engine: Engine, clock: Any, column: str
) -> None:
    clock.move(minutes=5)
    record(written, 1)

    def exchange(rows: Rows) -> None:
        rows[1][column] = rows[-1][column]

    changed(engine, exchange)
    assert said(written, 2).startswith("Entry 2 was ")


def test_an_entry_that_is_deleted_is_found(written: Audit, engine: Engine) -> None:
    changed(engine, lambda rows: rows.pop(0))
    assert said(written, 1) == "Entry 1 was deleted."
    changed(engine, lambda rows: rows.__delitem__(slice(1, 3)))
    assert said(written, 1) == "Entry 1 was deleted."


def test_several_entries_that_are_deleted_are_all_named(written: Audit, engine: Engine) -> None:
    changed(engine, lambda rows: rows.__delitem__(slice(1, 4)))
    assert said(written, 2) == "Entries 2 to 4 were deleted."


def test_an_entry_that_is_deleted_is_found_though_the_others_close_the_gap(
    written: Audit, engine: Engine
) -> None:
    def close_up(rows: Rows) -> None:
        del rows[2]
        for number, row in enumerate(rows, start=1):
            row["number"] = number

    changed(engine, close_up)
    assert said(written, 3) == "Entry 3 was moved: it was written as number 4."


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        (ENTRIES - 1, "Entry 6 was cut off the end."),
        (2, "Entries 3 to 6 were cut off the end."),
        (0, "Entries 1 to 6 were cut off the end."),
    ],
)
def test_a_cut_off_end_is_found(written: Audit, engine: Engine, left: int, sentence: str) -> None:
    changed(engine, lambda rows: rows.__delitem__(slice(left, None)))
    assert said(written, left + 1) == sentence


def test_entries_that_change_places_are_found(written: Audit, engine: Engine) -> None:
    def swap(rows: Rows) -> None:
        rows[1]["number"], rows[3]["number"] = rows[3]["number"], rows[1]["number"]

    changed(engine, swap)
    assert said(written, 2) == "Entry 2 was moved: it was written as number 4."


@pytest.mark.parametrize("number", [0, -1, ENTRIES + 1, ENTRIES + 5])
def test_an_entry_that_is_put_in_outside_is_found(
    written: Audit, engine: Engine, number: int
) -> None:
    changed(engine, lambda rows: rows.append({**rows[2], "number": number}))
    assert said(written, number) == (
        f"Entry {number} was put in: the entries that were written are 1 to 6."
    )


def test_an_entry_that_is_put_in_between_is_found(written: Audit, engine: Engine) -> None:
    def squeeze_in(rows: Rows) -> None:
        for row in rows[3:]:
            row["number"] += 1
        rows.append({**rows[0], "number": 4, "body": bytes(80)})

    changed(engine, squeeze_in)
    assert said(written, 4) == "Entry 4 was changed, or put in: nobody with the keys wrote it."


def test_an_entry_of_another_audit_with_the_same_number_is_found(
    written: Audit, engine: Engine
) -> None:
    """Written with the same key in a past that was given up."""
    with engine.begin() as connection:
        entries, head = copied(connection), copied(connection, audit_head)
    written.record(Act.EXPORT, "employee 9")
    with engine.begin() as connection:
        given_up = copied(connection)
        put_back(connection, entries)
        put_back(connection, head, audit_head)
    written.record(Act.VIEW, "employee 1")
    written.record(Act.VIEW, "employee 1")

    changed(engine, lambda rows: rows.__setitem__(ENTRIES, given_up[ENTRIES]))
    assert said(written, 8) == (
        "Entry 8 was changed, or the one before it exchanged: it does not follow it."
    )


_HEAD = {
    "count": (lambda row: row["count"] - 1, "The head of the audit was changed"),
    "tag": (lambda row: bytes(32), "The head of the audit was changed"),
    "head": (lambda row: bytes(32), "The head of the audit was changed"),
    "wrapped_key": (lambda row: bytes(60), "The head of the audit was changed"),
    "commitment": (lambda row: bytes(32), "The head of the audit was changed"),
    "id": (lambda row: "other", "The head of the audit is missing"),
}


@pytest.mark.parametrize("column", _HEAD)
def test_a_head_that_is_edited_is_found_and_nothing_is_recorded_under_it(
    written: Audit, engine: Engine, column: str
) -> None:
    assert {*_HEAD, "key_version"} == {each.name for each in audit_head.c}
    edit, sentence = _HEAD[column]
    with engine.begin() as connection:
        row = copied(connection, audit_head)[0]
        put_back(connection, [{**row, column: edit(row)}], audit_head)
    assert said(written, None).startswith(sentence)
    with pytest.raises(AuditDamaged):
        written.record(Act.VIEW, "employee 1")
    with pytest.raises(AuditDamaged):
        written.entries()
    with engine.connect() as connection:
        assert len(copied(connection)) == ENTRIES


def test_a_head_that_names_a_key_that_is_not_here_cannot_be_judged(
    written: Audit, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(audit_head).values(key_version=7))
    with pytest.raises(KeyringError, match="version 7 is missing"):
        written.verify()


def test_a_head_that_is_gone_is_found_and_none_is_made_anew(written: Audit, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.delete(audit_head))
    assert said(written, None) == ("The head of the audit is missing, though there are entries.")
    with pytest.raises(AuditDamaged):
        written.record(Act.VIEW, "employee 1")


def test_a_column_that_is_edited_is_not_shown(written: Audit, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(table).where(mine.number == 2).values(act="export"))
    with pytest.raises(AuditDamaged, match="Entry 2 was changed: its act is another"):
        written.entries()


def test_what_was_put_back_as_a_whole_is_found_by_the_anchor(
    audit: Audit, unanchored: Audit, engine: Engine, anchor: FileAuditAnchor
) -> None:
    record(audit, 3)
    with engine.begin() as connection:
        entries, head = copied(connection), copied(connection, audit_head)
    record(audit, 2)
    with engine.begin() as connection:
        put_back(connection, entries)
        put_back(connection, head, audit_head)
    assert unanchored.verify().whole  # nothing in the database can tell
    sentence = "The audit was turned back: it ends with entry 3, and the anchor has seen entry 5."
    assert said(audit, 4) == sentence
    for refused in (lambda: audit.record(Act.VIEW, "employee 1"), audit.settle):
        with pytest.raises(AuditTurnedBack):
            refused()
    # Nor is it forgotten when others, who do not ask the anchor, go on from there.
    record(unanchored, 4)
    assert said(audit, 5) == "Entry 5 is not the one that the anchor has seen."
    anchor.forget()
    assert audit.verify().whole


def test_an_audit_that_was_emptied_is_found_by_the_anchor(audit: Audit, engine: Engine) -> None:
    record(audit, 3)
    with engine.begin() as connection:
        put_back(connection, [])
        put_back(connection, [], audit_head)
    assert said(audit, 1) == (
        "The audit was turned back: it ends with entry 0, and the anchor has seen entry 3."
    )
    with pytest.raises(AuditTurnedBack):
        audit.record(Act.VIEW, "employee 1")


def test_an_entry_that_the_anchor_has_not_heard_of_is_no_damage(
    audit: Audit, unanchored: Audit, anchor: FileAuditAnchor
) -> None:
    record(audit, 2)
    record(unanchored, 1)  # as if its process had died right after the commit
    assert audit.verify().whole
    audit.settle()
    seen = anchor.seen()
    assert seen is not None
    assert seen.number == 3


def test_an_older_anchor_is_less_exact_and_never_wrong(
    audit: Audit, anchor: FileAuditAnchor, keyring: FileKeyring, engine: Engine
) -> None:
    record(audit, 3)
    anchor.saw(2, bytes(32))  # of two that arrive in the wrong order the higher one stays
    assert audit.verify().whole
    anchor.forget()
    record(audit, 1)
    assert audit.verify().count == 4
