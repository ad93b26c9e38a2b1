"""What the bench of the desk calls lost, doubled and out of order; and that it really talks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.desk.ends import Customer, Seen
from bench.desk.figures import DeskFigures, Faulty, judged
from bench.desk.house import House
from bench.desk.talk import ROUNDS, Pair, Times, street
from bench.failure import BenchFailed
from helder.conversation.entries import Author, ConversationId
from helder.conversation.keyring import FileKeyring, create_missing
from helder.conversation.log import ConversationLog
from helder.database import connect, metadata
from tests.aio import run
from tests.conversation.conftest import MovedClock
from tests.handoff.house import House as Handoff
from tests.running import Running


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ConversationLog]:
    create_missing(tmp_path / "keys")
    engine = connect(f"sqlite:///{tmp_path / 'helder.db'}")
    metadata.create_all(engine)
    yield Handoff(engine, FileKeyring(tmp_path / "keys"), MovedClock()).log
    engine.dispose()


def talked(log: ConversationLog, *said: tuple[Author, str]) -> Pair:
    """A conversation in which this was said, and both ends saw it."""
    conversation = log.open("en", timedelta(hours=1)).conversation
    customer = Customer(None, conversation, "token")  # type: ignore[arg-type]  # nothing is sent
    held = Customer(None, conversation, "token")  # type: ignore[arg-type]  # nothing is sent
    for author, text in said:
        log.say(ConversationId(conversation), author, text)
    pair = Pair(customer, held, ["ask 0", "ask 1"], ["reply 0"])  # type: ignore[arg-type]  # an end
    _, shown = log.shown(conversation, 0)
    for end in (customer, held):
        for each in shown:
            end.seen.note(each.number, each.message.text)
    return pair


ASK_0, ASK_1 = (Author.CUSTOMER, "ask 0"), (Author.CUSTOMER, "ask 1")
REPLY = (Author.EMPLOYEE, "reply 0")


def test_what_arrived_once_and_in_order_is_no_fault(log: ConversationLog) -> None:
    assert judged(log, [talked(log, ASK_0, REPLY, ASK_1)]) == Faulty(messages=3)


@pytest.mark.parametrize(
    ("said", "fault", "count"),
    [
        ((ASK_0, REPLY), "lost", 3),  # in the log, and at each end
        ((ASK_0, ASK_0, REPLY, ASK_1), "doubled", 1),
        ((ASK_1, REPLY, ASK_0), "out_of_order", 2),
        ((ASK_0, REPLY, (Author.ASSISTANT, "me too"), ASK_1), "by_the_assistant", 1),
    ],
)
def test_each_fault_is_counted(
    log: ConversationLog, said: tuple[tuple[Author, str], ...], fault: str, count: int
) -> None:
    found = judged(log, [talked(log, *said)])
    assert found == Faulty(messages=3, **{fault: count})


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [((1, 2), "lost"), ((1, 2, 2, 3), "doubled"), ((2, 1, 3), "out_of_order")],
)
def test_what_one_end_saw_counts_too(
    log: ConversationLog, numbers: tuple[int, ...], fault: str
) -> None:
    pair = talked(log, ASK_0, REPLY, ASK_1)
    texts = {number: text for number, text, _ in pair.customer.seen.all}
    pair.customer.seen = Seen()
    for number in numbers:
        pair.customer.seen.note(number, texts[number])
    assert getattr(judged(log, [pair]), fault) == 1


def test_a_bar_is_missed_by_one_message_and_open_where_nothing_was_measured() -> None:
    figures = DeskFigures({}, {})
    assert {bar.met for bar in figures.bars()} == {None}
    figures.timed(Times(there=[0.1], back=[0.15], both=[0.25]))
    figures.faulty = Faulty(messages=9, doubled=1)
    missed = [bar.what for bar in figures.bars() if bar.met is False]
    assert missed == ["messages doubled"]
    assert figures.as_json()["both"] == {"median": 250.0, "p95": 250.0}


def test_conversations_with_faults_really_go_through_gateway_and_desk(stack: Running) -> None:
    house = House(stack.settings, stack.stack)

    async def talk() -> tuple[list[Pair], Times]:
        async with street(house, 4, seed=1) as made:
            pairs = await asyncio.gather(*(made.whole(lambda: None) for _ in range(4)))
            return pairs, made.times

    pairs, times = run(talk())
    found = judged(house.log(), pairs)
    assert found == Faulty(messages=4 * 2 * ROUNDS)
    assert times.caught_up
    assert all(seconds >= 0 for seconds in times.caught_up)


def test_a_message_that_never_comes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.desk.ends.PATIENCE", 0.05)

    async def wait() -> None:
        await Seen().when("hello")

    with pytest.raises(BenchFailed, match="“hello” never arrived"):
        run(wait())
