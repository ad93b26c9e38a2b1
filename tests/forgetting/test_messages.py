"""Left messages are forgotten in time and on request, and stay forgotten."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from helder.conversation import tables
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import Messages
from helder.handoff.tables import left_message
from tests.forgetting.house import KEPT, House, vacuumed

WHAT = {
    "conversation": "0" * 32,
    "contact": "anna@example.nl",
    "text": "De doos was leeg.",
    "language": "nl",
    "reason": "asked",
}


def test_a_message_is_destroyed_after_its_days_handled_or_not(house: House) -> None:
    old = house.messages.leave(**WHAT, key="1")
    house.messages.mark_handled(old)
    house.clock.move(days=89)
    new = house.messages.leave(**WHAT, key="2")
    assert house.message_shredder.expire(KEPT.message_days) == 0
    house.clock.move(days=1, minutes=1)
    assert house.message_shredder.expire(KEPT.message_days) == 1
    with pytest.raises(UnknownReference):
        house.messages.read(old)
    assert house.messages.read(new).text == WHAT["text"]


@pytest.mark.parametrize("seems", [1, 2**31 - 1])
def test_a_message_whose_time_was_changed_is_not_destroyed_on_its_word(
    house: House, seems: int
) -> None:
    fresh = house.messages.leave(**WHAT, key="1")
    old = sa.update(left_message).values(minute=seems)
    with house.engine.begin() as connection:
        connection.execute(old)
    assert house.message_shredder.expire(KEPT.message_days) == 0
    house.clock.move(days=1)
    assert house.message_shredder.expire(KEPT.message_days) == 0
    assert house.messages.is_there(fresh)
    house.clock.move(minutes=1)  # nobody has mended it: then it is not kept for ever
    assert house.message_shredder.expire(KEPT.message_days) == 1
    assert not house.messages.is_there(fresh)


def test_a_message_is_destroyed_on_request_however_its_reference_is_typed(house: House) -> None:
    one, other = (house.messages.leave(**WHAT, key=key) for key in "12")
    assert house.message_shredder.shred(one.lower().replace("-", " "), "request")
    with pytest.raises(UnknownReference):
        house.messages.read(one)
    assert house.messages.read(other).text == WHAT["text"]
    assert not house.message_shredder.shred(one, "request")
    assert not house.message_shredder.shred("nothing", "request")


def test_of_a_destroyed_message_only_its_name_in_the_ledger_is_left(house: House) -> None:
    one = house.messages.leave(**WHAT, key="1")
    left = house.messages.read(one).about.left
    sealed = house.sealed_message(one)
    house.message_shredder.shred(one, "request")
    assert house.forgetting.once()
    files = b"".join(path.read_bytes() for path in house.settings.var.glob("helder.db*"))
    assert not [piece for piece in sealed if piece in files]
    with house.engine.connect() as connection:
        marks = connection.execute(sa.select(tables.erasure)).all()
    assert [(row.conversation, row.reason) for row in marks] == [(f"{one}/{left}", "request")]
    assert house.anchor.erased([f"{one}/{left}"]) == {f"{one}/{left}"}


def test_a_destroyed_message_does_not_come_back_with_a_backup(house: House) -> None:
    asked, over, kept = (house.messages.leave(**WHAT, key=key) for key in "123")
    backup = house.settings.var / "backup.db"
    vacuumed(house.file, backup)
    house.message_shredder.shred(asked, "request")
    house.message_shredder.shred(over, "expired")
    house.restore(backup)
    house.prepare()
    assert house.said[-1] == "✓ destroyed 0 conversations and 2 left messages that were back"
    house.open()
    assert [each.reference for each in house.messages.waiting()] == [kept]


def test_a_reference_that_is_given_again_is_another_message(house: House) -> None:
    again = Messages(house.engine, house.keyring, house.clock, references=lambda: "KD-3333-33")
    again.leave(**WHAT, key="1")
    house.message_shredder.shred("KD-3333-33", "request")
    house.clock.move(days=1)
    again.leave(**WHAT, key="2")
    assert house.message_shredder.reapply() == 0
    assert house.messages.read("KD-3333-33").text == WHAT["text"]


def test_a_message_that_could_not_be_deleted_is_destroyed_a_minute_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house.messages.leave(**WHAT, key="1")

    def full(*_: object) -> None:
        raise OSError("no space left on the device")

    with monkeypatch.context() as broken:
        broken.setattr("helder.handoff.forgetting.record", full)
        with pytest.raises(OSError):
            house.message_shredder.shred(one, "request")
    assert house.messages.read(one).text == WHAT["text"]
    assert house.forgetting.once()
    with pytest.raises(UnknownReference):
        house.messages.read(one)
