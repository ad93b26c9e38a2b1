"""Which turns stand for a point of a conversation."""

import pytest

from bench.numbers import percentile, spread
from bench.plan import FULL, QUICK, Plan, message, window


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_the_timed_turns_lie_around_their_point_and_never_include_the_first(plan: Plan) -> None:
    for point in plan.points:
        span = window(point, plan.samples)
        turns = range(span.first, span.first + span.width)
        assert point in turns
        assert span.first > 1
        assert abs((turns[0] + turns[-1]) / 2 - point) <= 0.5


@pytest.mark.parametrize("point", [1, 5, 10, 50, 500])
def test_there_are_conversations_enough_for_all_samples(point: int) -> None:
    span = window(point, 40)
    assert span.conversations * span.width >= 40
    assert (span.conversations - 1) * span.width < 40


def test_the_full_measurement_grows_a_conversation_to_520_turns() -> None:
    span = window(max(FULL.points), FULL.samples)
    assert span.first + span.width == 520


def test_what_the_customer_says_changes_from_turn_to_turn() -> None:
    assert message(0) != message(1)
    assert message(0) == message(2)


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert percentile(values, 0.95) == 95
    assert percentile(values, 0) == 1
    assert percentile(values, 1) == 100
    assert percentile([7.0], 0.95) == 7


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_spread_is_in_milliseconds() -> None:
    assert spread([0.001, 0.002, 0.009]).median == pytest.approx(2)
    assert spread([0.001, 0.002, 0.009]).p95 == pytest.approx(9)
