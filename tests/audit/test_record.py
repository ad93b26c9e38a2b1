"""What is recorded can be found again, and is in no plain column."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.audit.acts import SYSTEM, Act
from helder.audit.audit import LONGEST_NAME, Audit
from helder.audit.entry import AuditEntry
from helder.audit.sighting import FileAuditAnchor
from helder.audit.tables import audit as table
from helder.conversation.clock import minute
from helder.conversation.errors import AnchorError, TooLarge
from helder.conversation.keyring import FileKeyring
from tests.audit.conftest import MovedClock

ANNA, BRAM = "a" * 32, "b" * 32
TALK, OTHER = "c" * 32, "d" * 32


def numbers(entries: tuple[AuditEntry, ...]) -> list[int]:
    return [each.number for each in entries]


def last_seen(anchor: FileAuditAnchor) -> int:
    seen = anchor.seen()
    return 0 if seen is None else seen.number


def test_what_is_recorded_is_read_again_newest_first(audit: Audit, clock: MovedClock) -> None:
    assert audit.entries() == ()
    began = minute(clock())
    assert audit.record(Act.SIGN_IN, ANNA) == 1
    clock.move(minutes=2)
    assert audit.record(Act.TRANSFER, ANNA, TALK, to=BRAM, after=3) == 2
    assert audit.entries() == (
        AuditEntry(2, began + 2, Act.TRANSFER, ANNA, TALK, {"to": BRAM, "after": 3}),
        AuditEntry(1, began, Act.SIGN_IN, ANNA),
    )


def test_entries_are_found_by_act_actor_subject_and_time(audit: Audit, clock: MovedClock) -> None:
    began = minute(clock())
    for actor, act, subject in (
        (ANNA, Act.VIEW, TALK),
        (BRAM, Act.VIEW, TALK),
        (ANNA, Act.CLAIM, OTHER),
        (SYSTEM, Act.ROLE_CHANGE, ANNA),
    ):
        audit.record(act, actor, subject)
        clock.move(minutes=1)
    assert numbers(audit.entries(actor=ANNA)) == [3, 1]
    assert numbers(audit.entries(act=Act.VIEW)) == [2, 1]
    assert numbers(audit.entries(subject=TALK, actor=BRAM)) == [2]
    assert numbers(audit.entries(since=began + 1, until=began + 3)) == [3, 2]
    # An id is looked for as an actor or as a subject, and never found as the other.
    assert numbers(audit.entries(subject=ANNA)) == [4]


def test_a_long_audit_is_read_page_by_page(audit: Audit) -> None:
    for _ in range(5):
        audit.record(Act.VIEW, ANNA, TALK)
    assert numbers(audit.entries(limit=2)) == [5, 4]
    assert numbers(audit.entries(limit=2, before=4)) == [3, 2]
    assert numbers(audit.entries(limit=2, before=2)) == [1]


def test_no_column_tells_who_or_about_what(audit: Audit, engine: Engine) -> None:
    audit.record(Act.TRANSFER, ANNA, TALK, to=BRAM)
    with engine.connect() as connection:
        row = connection.execute(sa.select(table)).one()
    written = " ".join(str(value) for value in row) + row.body.hex() + row.tag.hex()
    for word in (ANNA, BRAM, TALK):
        assert word not in written
        assert word.encode().hex() not in written


@pytest.mark.parametrize(
    ("actor", "subject"),
    [("", TALK), ("x" * (LONGEST_NAME + 1), ""), (ANNA, "x" * (LONGEST_NAME + 1))],
)
def test_an_entry_that_names_nobody_or_too_much_is_refused(
    audit: Audit, actor: str, subject: str
) -> None:
    with pytest.raises(ValueError, match="names who acts"):
        audit.record(Act.VIEW, actor, subject)
    with pytest.raises(TooLarge):
        audit.record(Act.VIEW, ANNA, TALK, why="x" * 17_000_000)
    assert audit.entries() == ()


def test_an_entry_in_a_transaction_is_there_only_if_the_act_is(
    audit: Audit, engine: Engine, anchor: FileAuditAnchor
) -> None:
    audit.record(Act.SIGN_IN, ANNA)
    with engine.connect() as connection, connection.begin() as transaction:
        assert audit.record(Act.CLAIM, ANNA, TALK, connection=connection) == 2
        transaction.rollback()
    assert (numbers(audit.entries()), last_seen(anchor)) == ([1], 1)
    with engine.begin() as connection:
        audit.record(Act.CLAIM, ANNA, TALK, connection=connection)
        assert audit.record(Act.VIEW, ANNA, TALK, connection=connection) == 3
    assert last_seen(anchor) == 1
    audit.settle()
    assert (numbers(audit.entries()), last_seen(anchor)) == ([3, 2, 1], 3)
    assert audit.verify().whole


def test_the_first_entry_of_all_may_be_part_of_a_transaction(audit: Audit, engine: Engine) -> None:
    audit.settle()
    with engine.begin() as connection:
        assert audit.record(Act.CLAIM, ANNA, TALK, connection=connection) == 1
    assert audit.verify().whole


def test_without_its_anchor_nothing_is_recorded(
    engine: Engine, keyring: FileKeyring, tmp_path: Path
) -> None:
    lost = Audit(engine, keyring, anchor=FileAuditAnchor(tmp_path / "nowhere.db"))
    with pytest.raises(AnchorError, match="cannot be used"):
        lost.record(Act.VIEW, ANNA, TALK)
    assert lost.entries() == ()
    assert not (tmp_path / "nowhere.db").exists()
