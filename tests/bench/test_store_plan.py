"""Which conversations stand for a length, and which databases may be named."""

from __future__ import annotations

import pytest

from bench.failure import BenchFailed
from bench.store.__main__ import databases
from bench.store.plan import DATABASES, FULL, LENGTHS, QUICK, Plan, group


@pytest.mark.parametrize("plan", [FULL, QUICK])
@pytest.mark.parametrize("length", LENGTHS)
def test_there_are_conversations_enough_for_all_samples(plan: Plan, length: int) -> None:
    span = group(length, plan)
    assert span.conversations * span.width >= plan.samples
    assert span.turns >= plan.grown


def test_there_are_no_more_conversations_than_that_takes() -> None:
    plan = Plan(samples=100, inside=0, grown=1000)
    made = {length: group(length, plan).conversations for length in LENGTHS}
    assert made == {1: 1000, 10: 100, 100: 20, 1000: 2}


@pytest.mark.parametrize("length", LENGTHS)
def test_a_conversation_hardly_grows_while_it_is_timed(length: int) -> None:
    assert group(length, FULL).width - 1 <= length / 20


def test_making_conversations_takes_their_turns() -> None:
    assert group(10, FULL).turns == 10 * 100
    assert group(1000, FULL).turns == 2 * 1000


def test_as_much_is_looked_into_as_was_timed_at_most() -> None:
    assert all(plan.inside <= plan.samples for plan in (FULL, QUICK))


def test_databases_may_be_chosen() -> None:
    assert databases(" postgresql , sqlite") == ("postgresql", "sqlite")
    assert databases(",".join(DATABASES)) == DATABASES


@pytest.mark.parametrize("only", ["", "mysql", "sqlite,mysql"])
def test_another_database_is_refused(only: str) -> None:
    with pytest.raises(BenchFailed, match="--only takes some of sqlite, postgresql"):
        databases(only)
