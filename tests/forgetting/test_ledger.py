"""What was destroyed stays destroyed: whatever dies, and whenever, and on every machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from helder.conversation import tables
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.errors import AnchorError, UnknownConversation
from helder.conversation.inbox import Received
from helder.conversation.rollback import refuse_older
from helder.forgetting import Forgetting
from helder.handoff.messages import Messages
from tests.conversation.test_log import NOW, save, turn
from tests.forgetting.house import KEPT, House, new_house
from tests.forgetting.test_messages import WHAT

ROOT = Path(__file__).parents[2]


class Died(BaseException):
    """As if the process had ended here."""


def talked(house: House) -> ConversationId:
    """A conversation with something in every table."""
    conversation = house.start_conversation()
    save(house.log, conversation, turn("Ik heet Anna Jansen.", "Dag Anna!"))
    house.inbox.put(conversation, Received(MessageId("m1"), "Hallo?", NOW))
    house.proofs.record(conversation, "order", "HD-123456")
    return conversation


def is_gone(house: House, conversation: ConversationId) -> bool:
    """To everybody who asks, whether there are rows or not."""
    asked: tuple[Callable[[], object], ...] = (
        lambda: house.log.history(conversation),
        lambda: house.log.say(conversation, turn("", "").messages[1].author, "Nog iets?"),
        lambda: house.log.window(conversation),
        lambda: house.log.shown(conversation, 0),
        lambda: house.inbox.next(conversation),
        lambda: house.inbox.put(conversation, Received(MessageId("m2"), "Hallo?", NOW)),
        lambda: house.proofs.record(conversation, "order", "HD-654321"),
    )
    for ask in asked:
        with pytest.raises(UnknownConversation):
            ask()
    return not house.log.admits(conversation, "a token")


def statements_of_shredding(folder: Path) -> int:
    """How many statements it takes; one may fail before each, and one at the commit."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    with new_house(folder / "counted") as house:
        conversation = talked(house)
        event.listen(house.engine, "before_cursor_execute", counted)
        house.shredder.shred(conversation, "request")
    return count


def test_whatever_it_dies_at_a_conversation_is_whole_or_gone_and_then_destroyed(
    folder: Path,
) -> None:
    count = statements_of_shredding(folder)
    assert count >= 8
    outcomes = []
    with new_house(folder / "dying") as house:
        for last in range(1, count + 2):
            conversation, other = talked(house), talked(house)
            _die_at(house, last, partial(house.shredder.shred, conversation, "request"))
            erased, rows = bool(house.anchor.erased([conversation])), house.rows_of(conversation)
            outcomes.append((erased, rows == 0))
            assert is_gone(house, conversation) if erased else house.log.history(conversation)
            assert rows in (0, house.rows_of(other))
            assert refuse_older(house.engine, house.keyring, house.anchor) == []
            assert house.forgetting.once()
            assert house.rows_of(conversation) == (0 if erased else house.rows_of(other))
            assert house.log.history(other)
    # At first nothing has happened; then it is in the ledger, and gone; then its rows are, too.
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {(False, False), (True, False), (True, True)}


def _die_at(house: House, last: int, work: Callable[[], object]) -> None:
    """Die before the statement of this number, or before the commit."""
    count = 0

    def before(*_: object) -> None:
        nonlocal count
        count += 1
        if count == last:
            raise Died

    hooks = [("before_cursor_execute", before), ("commit", before)]
    for name, hook in hooks:
        event.listen(house.engine, name, hook)
    with pytest.raises(Died):
        work()
    for name, hook in hooks:
        event.remove(house.engine, name, hook)


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.forgetting.house import House
from tests.running import settings_in
house = House(settings_in(Path(sys.argv[1])))
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
event.listen(house.engine, "commit", die)
house.shredder.shred(sys.argv[2], "request")
"""


def test_a_process_killed_between_ledger_and_database_leaves_nothing_for_long(
    house: House,
) -> None:
    conversation = talked(house)
    sealed = house.sealed([conversation])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(house.settings.var), conversation],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert is_gone(house, conversation)
    assert house.rows_of(conversation) > 4
    house.close()
    house.prepare()
    assert house.said[-1].startswith("✓ destroyed 1 conversations")
    house.open()
    assert house.rows_of(conversation) == 0
    assert house.forgetting.once()
    files = b"".join(path.read_bytes() for path in house.settings.var.glob("helder.db*"))
    assert not [piece for piece in sealed if piece in files]


def test_without_its_ledger_nothing_is_destroyed_and_the_operator_sees_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = talked(house)

    def broken(*_: object) -> None:
        raise AnchorError("The anchor cannot be used.")

    monkeypatch.setattr(house.anchor, "erase", broken)
    with pytest.raises(AnchorError):
        house.shredder.shred(conversation, "request")
    assert house.log.history(conversation)
    house.clock.move(days=2)
    assert not house.forgetting.once()


def test_what_fails_does_not_keep_the_rest_from_being_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = talked(house)
    reference = house.messages.leave(**WHAT, key="1")

    def broken(*_: object) -> None:
        raise sa.exc.OperationalError("DELETE", {}, Exception("database is locked"))

    house.clock.move(days=KEPT.message_days + 1)
    with monkeypatch.context() as failing:
        failing.setattr("helder.conversation.retention.Retention.expire", broken)
        assert not house.forgetting.once()
    assert house.log.history(conversation)
    assert house.messages.waiting() == ()
    assert house.forgetting.once()
    assert house.rows_of(conversation) == 0
    assert house.message_shredder.shred(reference, "request") is False


def test_the_ledger_itself_is_forgotten_when_no_backup_is_that_old(house: House) -> None:
    old = talked(house)
    house.shredder.shred(old, "request")
    house.clock.move(days=KEPT.ledger_days)
    new = talked(house)
    house.shredder.shred(new, "request")
    assert house.forgetting.once()
    assert house.anchor.erased([old, new]) == {old, new}
    house.clock.move(days=1)
    assert house.forgetting.once()
    assert house.anchor.erased([old, new]) == {new}
    with house.engine.connect() as connection:
        marks = connection.execute(sa.select(tables.erasure.c.conversation)).scalars().all()
    assert marks == [new]
    assert refuse_older(house.engine, house.keyring, house.anchor) == []


def test_the_ledger_is_shortened_once_a_day_and_after_a_restart(house: House) -> None:
    conversation = talked(house)
    house.shredder.shred(conversation, "request")
    assert house.forgetting.once()
    house.clock.move(days=KEPT.ledger_days + 1)
    fresh = Forgetting(house.engine, house.keyring, house.anchor, KEPT, house.clock)
    assert fresh.once()
    assert house.anchor.erased([conversation]) == set()


def test_messages_are_left_again_after_all_of_them_were_destroyed(house: House) -> None:
    for key in "123":
        house.messages.leave(**WHAT, key=key)
    house.clock.move(days=KEPT.message_days + 1)
    assert house.forgetting.once()
    again = Messages(house.engine, house.keyring, house.clock)
    assert again.read(again.leave(**WHAT, key="1")).text == WHAT["text"]
