"""Turns are timed at the right place of a conversation, and both systems alternate."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bench import talk as talks
from bench.failure import BenchFailed
from bench.measure import first_answer, throughput, turn_times, turns_to_grow
from bench.plan import QUICK
from helder.child import Child, Process
from tests.aio import run

PLAN = replace(QUICK, points=(5, 50), samples=10, rounds=2, customers=3, turns=4)


class FakeTalk:
    """A turn takes as many seconds as there were turns."""

    def __init__(self, line: FakeLine) -> None:
        self.line = line
        self.laid: list[str] = []
        self.turns = 0

    async def lay(self, text: str) -> None:
        self.laid.append(text)

    async def turn(self) -> float:
        assert self.turns < len(self.laid), "a turn without a message"
        self.turns += 1
        self.line.heard.append(self.line.name)
        return float(self.turns)

    async def aclose(self) -> None:
        self.line.closed += 1


class FakeLine:
    def __init__(self, name: str, heard: list[str]) -> None:
        self.name = name
        self.heard = heard
        self.opened = self.closed = 0

    async def open(self) -> FakeTalk:
        self.opened += 1
        return FakeTalk(self)

    async def aclose(self) -> None:
        raise AssertionError("whoever opened the line closes it")


def nothing() -> None:
    """No progress to show."""


def test_a_turn_is_timed_where_the_conversation_has_grown_to_its_point() -> None:
    line = FakeLine("helder", [])
    found = run(turn_times([line], PLAN, nothing, nothing))
    assert found["helder"][5].median == 5_000
    assert found["helder"][50].median == pytest.approx(49_500)
    assert found["helder"][50].p95 == 54_000


def test_all_conversations_are_closed_and_all_turns_counted() -> None:
    line, grown, timed = FakeLine("helder", []), [], []
    run(turn_times([line], PLAN, lambda: grown.append(1), lambda: timed.append(1)))
    assert len(grown) == turns_to_grow(PLAN) == 2 * 2 + 44
    assert len(timed) == 10 * 2
    assert line.opened == line.closed == 3
    assert len(line.heard) == len(grown) + len(timed)


def test_the_systems_alternate_while_turns_are_timed() -> None:
    heard: list[str] = []
    lines = [FakeLine("stock", heard), FakeLine("helder", heard)]
    run(turn_times(lines, PLAN, nothing, nothing))
    assert heard[-40:] == ["stock", "helder"] * 20


def test_every_customer_has_all_turns_in_every_round() -> None:
    heard: list[str] = []
    lines = [FakeLine("stock", heard), FakeLine("helder", heard)]
    rates = run(throughput(lines, PLAN, nothing))
    assert set(rates) == {"stock", "helder"}
    assert all(rate > 0 for rate in rates.values())
    assert heard == (["stock"] * 12 + ["helder"] * 12) * 2
    assert [line.opened for line in lines] == [line.closed for line in lines] == [6, 6]


class DeafTalk(FakeTalk):
    async def turn(self) -> float:
        raise httpx.ConnectError("nobody listens")


def test_a_server_that_ends_at_its_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no model here')")
    child = Child(Process("stock Rasa", command, 0, "/", ""), tmp_path / "log")
    child.start(tmp_path, {})
    try:
        with pytest.raises(BenchFailed, match=r"stock Rasa ended by itself .*: no model here"):
            run(first_answer(DeafTalk(FakeLine("stock", [])), child))
    finally:
        child.bury()


def test_events_are_read_from_a_stream() -> None:
    text = (
        "retry: 1000\n\n"
        'event: owner\ndata: {"owner": "assistant"}\n\n'
        ": still here\n\n"
        'id: 3\nevent: message\ndata: {"author": "assistant", "text": "data: event: x"}\n\n'
    )

    async def read() -> list[tuple[str, dict[str, str]]]:
        response = httpx.Response(200, text=text)
        return [found async for found in talks.server_sent(response)]

    assert run(read()) == [
        ("owner", {"owner": "assistant"}),
        ("message", {"author": "assistant", "text": "data: event: x"}),
    ]


@pytest.mark.parametrize("answer", [httpx.Response(200, json=[]), httpx.Response(500)])
def test_silence_is_no_answer(answer: httpx.Response) -> None:
    async def turn() -> float:
        transport = httpx.MockTransport(lambda _: answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            talk = talks.StockTalk(http)
            await talk.lay("bye")
            return await talk.turn()

    with pytest.raises(talks.NotAnswered, match="Stock Rasa has no answer to “bye”"):
        run(turn())
