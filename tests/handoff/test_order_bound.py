"""Waiting wins in the end, whoever comes and whichever agents take: the bound of order.py."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from helder.handoff.able import Agent, Asked, able, next_for, taken
from helder.handoff.factors import OPTIONS, Factor, Kind, Promise, Safety, Weights
from helder.handoff.order import Waiting
from tests.handoff.queued import NOW, WEIGHTS

AGENTS = [
    Agent("both", frozenset({"en", "nl"}), frozenset({"returns"})),
    Agent("Dutch", frozenset({"nl"})),
    Agent("English", frozenset({"en"}), frozenset({"returns"})),
]
points = some.integers(0, 60)
weights = some.builds(
    lambda minute, kinds, promises, safeties, most: Weights(
        minute,
        {
            **dict(zip(Kind, kinds, strict=True)),
            **dict(zip(Promise, promises, strict=True)),
            **dict(zip(Safety, safeties, strict=True)),
        },
        most,
    ),
    some.integers(1, 3),
    *(some.lists(points, min_size=len(each), max_size=len(each)) for each in OPTIONS.values()),
    some.integers(0, 6),
)
comes = some.tuples(
    *(some.sampled_from(each) for each in (Kind, Promise, Safety)),
    some.sampled_from(["en", "nl"]),
    some.sampled_from(["", "returns"]),
)
# Who comes; an agent who takes; time that passes, in seconds; or one of those who wait gives up.
steps = some.lists(
    some.one_of(
        some.tuples(some.just("comes"), comes),
        some.tuples(some.just("takes"), some.sampled_from(AGENTS)),
        some.tuples(some.just("passes"), some.floats(0, 900)),
        some.tuples(some.just("leaves"), some.integers(0, 50)),
    ),
    max_size=120,
)


class Queue:
    """Everything that happens, and who was really overtaken, counted apart from the queue."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.now = NOW
        self.came = 0
        self.left: tuple[Asked, ...] = ()
        self.overtaken: Counter[int] = Counter()
        self.leads = [0.0]

    def do(self, what: str, given: object) -> None:
        getattr(self, what)(given)

    def comes(self, given: tuple[Kind, Promise, Safety, str, str]) -> None:
        kind, promise, safety, language, skill = given
        waiting = Waiting(f"{self.came}", self.now, self.came, kind, promise, safety)
        self.left += (Asked(waiting, language, skill),)
        self.came += 1

    def takes(self, agent: Agent) -> None:
        one = next_for(agent, self.left, self.now, self.weights)
        if one is None:
            assert not any(able(agent, asked) for asked in self.left)
            return
        for asked in self.left:
            if able(agent, asked) and asked.waiting.number < one.number:
                self.overtaken[asked.waiting.number] += 1
                self.leads.append((one.since - asked.waiting.since).total_seconds())
        self.left = taken(agent, self.left, one)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def leaves(self, index: int) -> None:
        self.left = tuple(each for n, each in enumerate(self.left) if n != index)


@settings(max_examples=600, deadline=None)
@given(weights, steps)
def test_nobody_is_overtaken_more_often_or_by_later_ones_than_the_bound(weights, steps) -> None:
    queue = Queue(weights)
    for what, given_ in steps:
        queue.do(what, given_)
        assert max(queue.overtaken.values(), default=0) <= weights.most
        assert max(queue.leads) < 60 * weights.longest_lead + 1
        for asked in queue.left:
            assert asked.waiting.overtaken == queue.overtaken[asked.waiting.number]


def test_the_bound_is_reached_by_a_flood_of_emergencies_and_not_passed() -> None:
    queue = Queue(WEIGHTS)
    queue.comes((Kind.QUESTION, Promise.NONE, Safety.NONE, "en", ""))
    for _ in range(40):
        queue.passes(20)
        queue.comes((Kind.IN_MOTION, Promise.OVERDUE, Safety.DANGER, "en", ""))
        queue.takes(AGENTS[0])
    assert queue.overtaken[0] == WEIGHTS.most
    assert all(asked.waiting.number for asked in queue.left)  # the first was taken


def test_with_agents_who_cannot_take_it_a_case_is_not_overtaken() -> None:
    queue = Queue(WEIGHTS)
    queue.comes((Kind.QUESTION, Promise.NONE, Safety.NONE, "en", ""))
    for _ in range(20):
        queue.comes((Kind.QUESTION, Promise.NONE, Safety.DANGER, "nl", ""))
        queue.takes(AGENTS[1])
    assert queue.overtaken[0] == 0 == queue.left[0].waiting.overtaken


def test_time_is_a_factor_that_no_policy_can_leave_out() -> None:
    assert set(OPTIONS) | {Factor.TIME} == set(Factor)
