"""Waiting wins in the end, whoever comes and whichever agents take: the bound of order.py."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from helder.handoff.able import Agent, Asked, able, next_for, taken
from helder.handoff.factors import BEFORE_ALL, OPTIONS, Factor, Kind, Promise, Safety, Weights
from helder.handoff.order import Waiting
from tests.handoff.queued import NOW, WEIGHTS

AGENTS = [
    Agent("both", frozenset({"en", "nl"}), frozenset({"returns"})),
    Agent("Dutch", frozenset({"nl"})),
    Agent("English", frozenset({"en"}), frozenset({"returns"})),
]
SKILLS = ["", "returns"]
POLICIES, STEPS = 600, 120
WHAT = ("comes", "takes", "takes", "passes", "leaves", "drops")


def policy(dice: random.Random) -> Weights:
    """Any weights that a policy could have."""
    heads = {option: dice.randint(0, 60) for options in OPTIONS.values() for option in options}
    return Weights(dice.randint(1, 3), {**heads, BEFORE_ALL: 0}, dice.randint(0, 6))


def history(queue: Queue, dice: random.Random) -> Iterator[None]:
    """Who comes, takes, gives up, or loses their agent, and time that passes; step by step."""
    busy = dice.choice([1, 3, 8])  # how many come for each that is taken
    for _ in range(STEPS):
        what = dice.choice((*WHAT, *["comes"] * busy))
        if what == "comes":
            kind, safety = dice.choice(list(Kind)), dice.choice(list(Safety))
            promise = dice.choice([Promise.NONE, Promise.OVERDUE])
            queue.comes(kind, promise, safety, dice.choice(["en", "nl"]), dice.choice(SKILLS))
        elif what == "takes":
            queue.takes(dice.choice(AGENTS))
        elif what == "passes":
            queue.passes(dice.uniform(0, 900))
        elif what == "leaves" and queue.left:
            queue.leaves(dice.randrange(len(queue.left)))
        elif what == "drops" and queue.talking:
            queue.drops(dice.randrange(len(queue.talking)))
        yield


class Queue:
    """Everything that happens, and who was really overtaken, counted apart from the queue."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.now = NOW
        self.came = 0
        self.left: tuple[Asked, ...] = ()
        self.overtaken: Counter[int] = Counter()
        self.leads = [0.0]
        self.talking: list[Asked] = []

    def comes(
        self, kind: Kind, promise: Promise, safety: Safety, language: str = "en", skill: str = ""
    ) -> None:
        waiting = Waiting(f"{self.came}", self.now, self.came, kind, promise, safety)
        self.left += (Asked(waiting, language, skill),)
        self.came += 1

    def takes(self, agent: Agent) -> None:
        one = next_for(agent, self.left, self.now, self.weights)
        if one is None:
            assert not any(able(agent, asked) for asked in self.left)
            return
        back = [each for each in self.left if each.waiting.returned and able(agent, each)]
        assert one.returned or not back
        for asked in self.left:
            if able(agent, asked) and asked.waiting.number < one.number and not one.returned:
                self.overtaken[asked.waiting.number] += 1
                self.leads.append((one.since - asked.waiting.since).total_seconds())
        self.talking += [each for each in self.left if each.waiting.number == one.number]
        self.left = taken(agent, self.left, one)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def leaves(self, index: int) -> None:
        self.left = tuple(each for n, each in enumerate(self.left) if n != index)

    def drops(self, index: int) -> None:
        """The agent of somebody is lost."""
        asked = self.talking.pop(index)
        self.left += (replace(asked, waiting=replace(asked.waiting, promise=BEFORE_ALL)),)


@pytest.mark.parametrize("part", range(6))
def test_nobody_is_overtaken_more_often_or_by_later_ones_than_the_bound(part: int) -> None:
    reached = 0
    for seed in range(part, POLICIES, 6):
        dice = random.Random(seed)
        queue = Queue(policy(dice))
        for _ in history(queue, dice):
            assert max(queue.overtaken.values(), default=0) <= queue.weights.most, seed
            assert max(queue.leads) < 60 * queue.weights.longest_lead + 1, seed
            for asked in queue.left:
                assert asked.waiting.overtaken == queue.overtaken[asked.waiting.number], seed
        reached += max(queue.overtaken.values(), default=0) == queue.weights.most
    assert reached > POLICIES // 6 // 2  # most histories drive somebody to the bound


def test_the_bound_is_reached_by_a_flood_of_emergencies_and_not_passed() -> None:
    queue = Queue(WEIGHTS)
    queue.comes(Kind.QUESTION, Promise.NONE, Safety.NONE)
    for _ in range(40):
        queue.passes(20)
        queue.comes(Kind.IN_MOTION, Promise.OVERDUE, Safety.DANGER)
        queue.takes(AGENTS[0])
    assert queue.overtaken[0] == WEIGHTS.most
    assert all(asked.waiting.number for asked in queue.left)  # the first was taken


def test_with_agents_who_cannot_take_it_a_case_is_not_overtaken() -> None:
    queue = Queue(WEIGHTS)
    queue.comes(Kind.QUESTION, Promise.NONE, Safety.NONE)
    for _ in range(20):
        queue.comes(Kind.QUESTION, Promise.NONE, Safety.DANGER, "nl")
        queue.takes(AGENTS[1])
    assert queue.overtaken[0] == 0 == queue.left[0].waiting.overtaken


def test_time_is_a_factor_that_no_policy_can_leave_out() -> None:
    assert set(OPTIONS) | {Factor.TIME} == set(Factor)
