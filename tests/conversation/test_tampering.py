"""What is in the file is sealed, and what was changed is shown to nobody. See tests/attacks too."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables, window
from helder.conversation.entries import Author, ConversationId
from helder.conversation.errors import ChainBroken, Tampered
from helder.conversation.log import ConversationLog
from tests.conversation.test_log import opened, save, turn

ENTRY = tables.entry


@pytest.fixture
def talk(log: ConversationLog) -> ConversationId:
    conversation = opened(log)
    for i in range(5):
        save(log, conversation, turn(f"vraag {i}", f"antwoord {i}"))
    return conversation


def edit(engine: Engine, seq: int, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(ENTRY).where(ENTRY.c.seq == seq).values(**values))


@pytest.mark.parametrize("seq", [3, 6], ids=["in the middle", "the last"])
def test_a_message_cannot_be_hidden_from_a_reader_who_asks_for_what_is_new(
    log: ConversationLog, engine: Engine, talk: ConversationId, seq: int
) -> None:
    _, shown = log.shown(talk, 0)
    before = sum(1 for s in shown if s.number <= 2 * (seq - 2))
    edit(engine, seq, number=0)
    with pytest.raises(ChainBroken):
        log.shown(talk, before)


def test_a_damaged_conversation_does_not_touch_another(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    other = opened(log)
    edit(engine, 6, body=b"rubbish" * 9)
    with pytest.raises(Tampered):
        log.window(talk)
    save(log, other, turn("hoi", "dag"))
    assert log.head(other).number == 2


def test_nothing_that_was_said_can_be_read_in_the_file(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    files = Path(str(engine.url.database)).parent.glob("helder.db*")
    content = b"".join(path.read_bytes() for path in files)
    assert talk.encode() in content
    assert b"vraag" not in content
    assert b"antwoord" not in content


@pytest.mark.parametrize("amiss", [-2, -1, 1, 2])
def test_a_window_that_begins_where_it_should_not_is_refused(
    log: ConversationLog, monkeypatch: pytest.MonkeyPatch, amiss: int
) -> None:
    """Where it begins is looked up; in a damaged file an index may not lead there."""
    talk = opened(log)
    for i in range(8):
        save(log, talk, turn(f"vraag {i}", f"antwoord {i}"))
        if i > 5:
            log.say(talk, Author.SYSTEM, "Even geduld.")
    right = log.window(talk, turns=3)
    assert len(right.turns) == 3
    real = window.first_of_window
    monkeypatch.setattr(window, "first_of_window", lambda *of: real(*of) + amiss)
    with pytest.raises(ChainBroken, match="begin where they should"):
        log.window(talk, turns=3)
