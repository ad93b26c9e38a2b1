"""Messages for a colleague: kept, found again, kept secret, and forgotten."""

from __future__ import annotations

import re
import threading
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation.errors import Tampered
from helder.conversation.keyring import FileKeyring
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import Messages, as_written, new_reference
from helder.handoff.tables import left_message
from tests.conversation.conftest import MovedClock

WHAT = {
    "conversation": "c0ffee",
    "contact": "sanne.de.vries@example.nl",
    "text": "De lamp heeft een andere stekker 🪔",
    "language": "nl",
    "reason": "asked_for_a_person",
}


def test_a_message_is_read_as_it_was_left(messages: Messages) -> None:
    opened = messages.read(messages.leave(**WHAT, key="c0ffee:1"))
    assert (opened.contact, opened.text) == (WHAT["contact"], WHAT["text"])
    assert (opened.conversation, opened.about.language) == ("c0ffee", "nl")
    assert opened.about.reason == "asked_for_a_person"


def test_a_reference_can_be_read_aloud() -> None:
    for _ in range(500):
        assert re.fullmatch(
            r"KD-[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{2}", new_reference()
        )


@pytest.mark.parametrize("typed", ["kd 7f3k9q", "KD7F3K9Q", " Kd-7f3k-9q ", "kd.7f3k.9q"])
def test_a_reference_may_be_typed_in_many_ways(typed: str) -> None:
    assert as_written(typed) == "KD-7F3K-9Q"


def test_what_is_no_reference_is_unknown(messages: Messages) -> None:
    for typed in ("", "KD-7F3K-9Q", "hello", "KD" * 500, "\ud800"):
        with pytest.raises(UnknownReference):
            messages.read(typed)


def test_the_same_request_leaves_one_message(messages: Messages) -> None:
    first = messages.leave(**WHAT, key="c0ffee:1")
    assert messages.leave(**WHAT, key="c0ffee:1") == first
    assert messages.leave(**WHAT, key="c0ffee:2") != first
    assert len(messages.waiting()) == 2


def test_the_same_request_at_the_same_time_leaves_one_message(messages: Messages) -> None:
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(messages.leave(**WHAT, key="c0ffee:1")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len(Counter(got)) == 1


def test_a_reference_that_is_taken_is_not_given_out_again(
    engine: Engine, keyring: FileKeyring, clock: MovedClock
) -> None:
    draws = iter(["KD-AAAA-AA", "KD-AAAA-AA", "KD-CCCC-CC"])
    messages = Messages(engine, keyring, clock, references=lambda: next(draws))
    assert messages.leave(**WHAT, key="1") == "KD-AAAA-AA"
    assert messages.leave(**WHAT, key="2") == "KD-CCCC-CC"


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
def test_nothing_personal_is_in_the_file(
    messages: Messages, engine: Engine, tmp_path: Path
) -> None:
    messages.leave(**WHAT, key="c0ffee:message-1")
    engine.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("helder.db*"))
    for secret in ("sanne", "lamp", "c0ffee", "message-1"):
        assert secret.encode() not in stored


@pytest.mark.parametrize(
    "change",
    [
        {"language": "en"},
        {"reason": "complaint"},
        {"minute": 1},
        {"reference": "KD-CCCC-CC"},
    ],
)
def test_a_changed_row_is_an_error(
    messages: Messages, engine: Engine, change: dict[str, object]
) -> None:
    reference = messages.leave(**WHAT, key="1")
    with engine.begin() as connection:
        connection.execute(sa.update(left_message).values(**change))
    with pytest.raises(Tampered):
        messages.read(str(change.get("reference", reference)))


def test_two_messages_cannot_be_swapped(messages: Messages, engine: Engine) -> None:
    one, two = (messages.leave(**WHAT, key=key) for key in "12")
    with engine.begin() as connection:
        body = sa.select(left_message.c.body).where(left_message.c.reference == two)
        swapped = connection.execute(body).scalar_one()
        mine = left_message.c.reference == one
        connection.execute(sa.update(left_message).where(mine).values(body=swapped))
    with pytest.raises(Tampered):
        messages.read(one)


def test_the_oldest_message_waits_first_and_a_handled_one_no_more(
    messages: Messages, clock: MovedClock
) -> None:
    first = messages.leave(**WHAT, key="1")
    clock.move(minutes=5)
    second = messages.leave(**WHAT, key="2")
    assert [each.reference for each in messages.waiting()] == [first, second]
    messages.mark_handled(first)
    assert [each.reference for each in messages.waiting()] == [second]
    handled = messages.read(first).about.handled
    clock.move(minutes=5)
    messages.mark_handled(first)
    assert messages.read(first).about.handled == handled is not None
    with pytest.raises(UnknownReference):
        messages.mark_handled("KD-3333-33")
