"""Language and skills say who can help, and never who goes first."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from helder.handoff.able import Agent, able, ahead, next_for, taken
from helder.handoff.factors import Safety
from tests.handoff.queued import NOW, WEIGHTS, asks
from tests.handoff.test_order import some

BOTH = Agent("Anna", frozenset({"en", "nl"}), frozenset({"returns"}))
DUTCH = Agent("Bram", frozenset({"nl"}))


@pytest.mark.parametrize(
    ("agent", "language", "skill", "can"),
    [
        (BOTH, "nl", "returns", True),
        (BOTH, "en", "", True),
        (BOTH, "en", "invoices", False),
        (DUTCH, "nl", "", True),
        (DUTCH, "en", "", False),
        (DUTCH, "nl", "returns", False),
    ],
)
def test_an_agent_can_take_what_they_speak_and_know(agent, language, skill, can) -> None:
    assert able(agent, asks(1, 1, language, skill)) is can


def test_an_agent_takes_the_first_of_those_they_can_help() -> None:
    queue = [asks(1, 9, "en"), asks(2, 5, "nl", "returns"), asks(3, 4, "nl"), asks(4, 3, "nl")]
    assert next_for(BOTH, queue, NOW, WEIGHTS).number == 1
    assert next_for(DUTCH, queue, NOW, WEIGHTS).number == 3
    assert next_for(DUTCH, queue[:2], NOW, WEIGHTS) is None


def test_whoever_can_help_all_takes_them_in_the_same_order_whatever_they_speak() -> None:
    dice = random.Random(2)
    for _ in range(100):
        queue = [replace(asks(n, 0), waiting=some(n, dice)) for n in range(10)]
        other = [
            replace(each, language=dice.choice(["en", "nl"]), skill=dice.choice(["", "returns"]))
            for each in queue
        ]
        assert next_for(BOTH, queue, NOW, WEIGHTS) == next_for(BOTH, other, NOW, WEIGHTS)


def test_only_those_whom_the_agent_could_have_taken_count_as_overtaken() -> None:
    danger = asks(3, 1, "nl", safety=Safety.DANGER)
    queue = (asks(1, 9, "en"), asks(2, 5, "nl"), danger, asks(4, 1, "nl"))
    left = taken(DUTCH, queue, danger.waiting)
    assert [(each.waiting.number, each.waiting.overtaken) for each in left] == [
        (1, 0),
        (2, 1),
        (4, 0),
    ]
    assert [each.language for each in left] == ["en", "nl", "nl"]


def test_ahead_are_all_whom_somebody_takes_who_could_take_you() -> None:
    line = [asks(1, 9, "en"), asks(2, 5, "nl", "returns"), asks(3, 4, "nl"), asks(4, 3, "nl")]
    numbers = [each.waiting.number for each in ahead(line[3], line, [DUTCH])]
    assert numbers == [3]
    assert len(ahead(line[3], line, [DUTCH, BOTH])) == 3
    assert len(ahead(line[3], line, [])) == 3
    assert ahead(line[0], line, [BOTH]) == ()


def test_room_is_what_is_left_of_the_capacity() -> None:
    assert replace(BOTH, capacity=3, busy=(NOW,)).room == 2
    assert replace(BOTH, capacity=1, busy=(NOW, NOW)).room == 0
