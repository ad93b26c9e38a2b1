"""The wait that is told: an interval from what is known, or that it is not known."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from helder.handoff.able import Agent
from helder.handoff.expected import (
    EVERY,
    FEWEST,
    TAIL,
    Expected,
    Staff,
    Stretch,
    Unknown,
    expected,
    is_due,
)
from tests.handoff.queued import NOW, asks

DUTCH = frozenset({"nl"})
ENGLISH = frozenset({"en"})
MINUTE = timedelta(minutes=1)
TENS = [10 * MINUTE] * FEWEST
MIXED = [MINUTE * n for n in range(1, 31)]


def agent(*minutes: float, languages=ENGLISH, capacity=1) -> Agent:
    busy = tuple(NOW - timedelta(minutes=each) for each in minutes)
    return Agent("Anna", languages, capacity=capacity, busy=busy)


def wait(agents, served=TENS, before=(), language="en", seed=1, stretch=None):
    me = asks(99, 0, language)
    staff = Staff(agents, served)
    return expected(me, before, staff, NOW, random.Random(seed), stretch or Stretch())


def test_it_is_unknown_when_nobody_is_present_who_can_help() -> None:
    assert wait([]) is Unknown.NOBODY
    assert wait([agent(languages=DUTCH)]) is Unknown.NOBODY
    assert wait([agent(capacity=0)]) is Unknown.NOBODY  # on the way home


def test_it_is_unknown_when_too_few_conversations_were_seen() -> None:
    assert wait([agent(1)], TENS[1:]) is Unknown.TOO_FEW
    assert isinstance(wait([agent(1)], TENS), Expected)


def test_with_an_agent_free_and_nobody_ahead_there_is_no_wait() -> None:
    assert wait([agent(1), agent()]) == Expected(timedelta(), timedelta())


def test_what_a_conversation_has_lasted_already_is_taken_off() -> None:
    assert wait([agent(4)]) == Expected(6 * MINUTE, 6 * MINUTE)
    assert wait([agent(4), agent(9)]) == Expected(MINUTE, MINUTE)


def test_one_that_lasts_longer_than_any_seen_is_as_if_it_began_now() -> None:
    assert wait([agent(25)]) == Expected(10 * MINUTE, 10 * MINUTE)


def test_everybody_ahead_and_every_place_of_every_agent_counts() -> None:
    ahead = [asks(n, 5) for n in range(3)]
    assert wait([agent(4)], before=ahead) == Expected(36 * MINUTE, 36 * MINUTE)
    assert wait([agent(4, 2, capacity=2)], before=ahead) == Expected(18 * MINUTE, 18 * MINUTE)
    assert wait([agent(4, capacity=2)], before=ahead) == Expected(16 * MINUTE, 16 * MINUTE)


def test_who_is_ahead_but_for_other_agents_costs_no_time() -> None:
    ahead = [asks(n, 5, "nl") for n in range(3)]
    staff = [agent(4), agent(2, languages=DUTCH)]
    assert wait(staff, before=ahead) == Expected(6 * MINUTE, 6 * MINUTE)
    assert wait(staff, before=ahead, language="nl").low == 38 * MINUTE


def test_an_interval_covers_four_of_five_where_the_world_is_as_it_was_seen() -> None:
    dice, inside, count = random.Random(4), 0, 1_000
    for _ in range(count):
        ages = [dice.uniform(0, 10) for _ in range(2)]
        ahead = [asks(n, 5) for n in range(2)]
        told = wait([agent(*ages, capacity=2)], MIXED, ahead, seed=dice.random())
        # What really happens, drawn here by hand.
        ends = sorted(
            dice.choice([s.seconds / 60 for s in MIXED if s.seconds / 60 >= age]) - age
            for age in ages
        )
        for _ in ahead:
            ends = sorted([ends[0] + dice.choice(MIXED).seconds / 60, *ends[1:]])
        inside += told.low <= timedelta(minutes=ends[0]) <= told.high
    assert 0.75 <= inside / count <= 0.85


def test_the_same_dice_tell_the_same() -> None:
    ahead = [asks(n, 5) for n in range(4)]
    assert wait([agent(3)], MIXED, ahead, seed=8) == wait([agent(3)], MIXED, ahead, seed=8)


def test_waits_outside_what_was_told_move_that_end() -> None:
    told, plain = Expected(5 * MINUTE, 10 * MINUTE), Stretch()
    above, below = plain.after(told, 12 * MINUTE), plain.after(told, 3 * MINUTE)
    within = plain.after(told, 5 * MINUTE)
    assert above.high > plain.high > within.high == below.high
    assert below.low < plain.low < within.low == above.low
    short = wait([agent(1)], MIXED, stretch=Stretch(0.5, 0.5))
    whole = wait([agent(1)], MIXED)
    assert (2 * short.low, 2 * short.high) == (whole.low, whole.high)


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.5])
def test_in_the_long_run_four_of_five_are_within_though_the_model_is_wrong(factor: float) -> None:
    """Real waits are shorter or longer than drawn by a factor that nobody tells it."""
    dice, stretch, outside, count = random.Random(6), Stretch(), [0, 0], 1_500
    for _ in range(count):
        told = wait([agent(1)], MIXED, [asks(1, 1)], seed=dice.random(), stretch=stretch)
        real = factor * (dice.choice(MIXED[1:]) - MINUTE + dice.choice(MIXED))
        outside[0] += real < told.low
        outside[1] += real > told.high
        stretch = stretch.after(told, real)
    assert abs(outside[0] / count - TAIL) < 0.03
    assert abs(outside[1] / count - TAIL) < 0.03


def test_what_is_told_stays_within_reason_and_its_ends_in_order() -> None:
    told, short, long = Expected(5 * MINUTE, 10 * MINUTE), Stretch(), Stretch()
    for _ in range(2_000):
        short, long = short.after(told, MINUTE), long.after(told, 60 * MINUTE)
    assert (short.low, short.high) == (0.1, 0.1)
    assert (long.low, long.high) == (10.0, 10.0)
    crossed = wait([agent(1)], MIXED, stretch=Stretch(10.0, 0.1))
    assert crossed.low == crossed.high


def test_a_wait_is_told_anew_every_five_seconds_at_most() -> None:
    assert is_due(None, NOW)
    assert not is_due(NOW, NOW + timedelta(seconds=4.9))
    assert is_due(NOW, NOW + EVERY)
