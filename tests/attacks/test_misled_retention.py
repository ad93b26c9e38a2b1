"""Nobody makes Helder itself destroy a conversation, or keep one for ever, by editing its times."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog.testing

from helder.conversation import tables
from helder.conversation.clock import minute
from helder.conversation.errors import Locked, UnknownConversation
from helder.conversation.retention import LONGEST_WAIT_MINUTES, Retention
from tests.attacks.scene import Scene, build
from tests.attacks.stored import PARTS, Stored

MINUTES = 30
Change = Callable[[Scene, Stored], None]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Scene]:
    """In each conversation messages wait, so that none of them is over within a day."""
    scene = build(tmp_path, f"sqlite:///{tmp_path / 'helder.db'}")
    yield scene
    scene.attacker.close()
    scene.engine.dispose()


def retention(house: Scene) -> Retention:
    return Retention(house.engine, house.keyring, MINUTES, house.clock, house.anchor)


def there(house: Scene) -> set[str]:
    with house.engine.connect() as connection:
        return {row.id for row in connection.execute(sa.select(tables.conversation.c.id))}


def long_ago(house: Scene, stored: Stored) -> None:
    stored.row(house.victim)["touched"] = 1


def long_ago_and_nothing_waits(house: Scene, stored: Stored) -> None:
    row = stored.row(house.victim)
    row |= {"touched": row["touched"] - MINUTES - 1, "pending": ""}


def in_a_hundred_years(house: Scene, stored: Stored) -> None:
    stored.row(house.victim)["touched"] += 100 * 365 * 24 * 60


def as_an_earlier_row_had_it(house: Scene, stored: Stored) -> None:
    """It is authentic, and it was over by now."""
    was = house.past[4]
    for table in PARTS:
        stored.give(table, house.victim, was.of(table, house.victim))


CHANGES: dict[Change, str] = {
    long_ago: "HeadTampered",
    long_ago_and_nothing_waits: "HeadTampered",
    in_a_hundred_years: "HeadTampered",
    as_an_earlier_row_had_it: "RolledBack",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_conversation_is_locked_instead_whose_last_message_seems_to_be(
    house: Scene, change: Change
) -> None:
    stored = house.now.copy()
    change(house, stored)
    house.attacker.write(stored)
    house.clock.move(minutes=MINUTES + 1)
    before = there(house)
    with structlog.testing.capture_logs() as logs:
        assert retention(house).expire() == 0
        assert retention(house).expire() == 0
    assert there(house) == before
    assert house.anchor.locks() == [(house.victim, CHANGES[change])]
    assert [line["event"] for line in logs] == ["conversation_locked"]
    with pytest.raises(Locked):
        house.log.head(house.victim)


def test_what_is_damaged_goes_too_when_nobody_mended_it_in_time(house: Scene) -> None:
    stored = house.now.copy()
    in_a_hundred_years(house, stored)
    house.attacker.write(stored)
    retention(house).expire()
    _locked_at(house, minute(house.clock()))
    house.clock.move(minutes=MINUTES + LONGEST_WAIT_MINUTES)
    retention(house).expire()
    assert house.victim in there(house)
    house.clock.move(minutes=1)
    retention(house).expire()
    assert house.victim not in there(house)
    assert house.anchor.locks() == []
    with pytest.raises(UnknownConversation):
        house.log.head(house.victim)


def test_damaged_entries_keep_a_conversation_that_is_over_until_somebody_had_time_to_look(
    house: Scene,
) -> None:
    stored = house.now.copy()
    stored.remove("entry", stored.of("entry", house.victim)[3])
    house.attacker.write(stored)
    house.clock.move(minutes=MINUTES + LONGEST_WAIT_MINUTES + 1)
    with pytest.raises(Exception, match="An entry is missing"):
        house.log.history(house.victim)
    assert retention(house).expire() == 2
    assert there(house) == {house.victim}
    _locked_at(house, minute(house.clock()))
    house.clock.move(minutes=MINUTES + LONGEST_WAIT_MINUTES + 1)
    assert retention(house).expire() == 1
    assert there(house) == set()


def test_without_its_master_key_nothing_is_destroyed_on_an_unverified_word(house: Scene) -> None:
    stored = house.now.copy()
    stored.row(house.victim)["key_version"] = 9
    house.attacker.write(stored)
    house.clock.now += timedelta(days=30)
    with structlog.testing.capture_logs() as logs:
        assert retention(house).expire() == 2
    assert there(house) == {house.victim}
    assert house.anchor.locks() == []
    assert [line["event"] for line in logs if line["log_level"] == "error"] == [
        "expiry_without_key"
    ]


def test_what_names_a_key_that_nobody_puts_back_goes_too(house: Scene) -> None:
    stored = house.now.copy()
    stored.row(house.victim)["key_version"] = 9
    house.attacker.write(stored)
    house.clock.move(minutes=MINUTES + LONGEST_WAIT_MINUTES + 1)
    forgetting = retention(house)
    with structlog.testing.capture_logs() as logs:
        assert forgetting.expire() == 2
        house.clock.move(minutes=MINUTES + LONGEST_WAIT_MINUTES)
        assert forgetting.expire() == 0
        assert there(house) == {house.victim}
        house.clock.move(minutes=1)
        assert forgetting.expire() == 1
    assert there(house) == set()
    assert house.anchor.erased([house.victim]) == {house.victim}
    assert [line["event"] for line in logs].count("expiry_without_key") == 1


def test_the_time_without_a_key_begins_again_when_the_key_was_back(house: Scene) -> None:
    stored, forgetting = house.now.copy(), retention(house)
    stored.row(house.victim).update(key_version=9, touched=1)
    house.attacker.write(stored)
    assert forgetting.expire() == 0
    house.attacker.write(house.now)
    assert forgetting.expire() == 0
    assert house.log.head(house.victim)
    house.clock.move(minutes=MINUTES + LONGEST_WAIT_MINUTES + 1)
    house.attacker.write(stored)
    forgetting.expire()
    assert house.victim in there(house)


def _locked_at(house: Scene, when: int) -> None:
    """As if it had been found at that time (the anchor has the machine's own)."""
    with sqlite3.connect(house.anchor.path) as connection:
        connection.execute("UPDATE lock SET minute = ?", (when,))
