from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helder.shop.breaker import Circuit, CircuitBreaker, CircuitOpen

from .conftest import Clock


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = CircuitBreaker(Clock().seconds, failures=3)
    for failed in (True, True, False, True, True):
        breaker.enter()
        breaker.failed() if failed else breaker.succeeded()
    assert breaker.state is Circuit.CLOSED
    breaker.failed()
    with pytest.raises(CircuitOpen):
        breaker.enter()


def test_after_a_rest_one_may_try_and_the_others_wait() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock.seconds, failures=1, rest=20)
    breaker.failed()
    clock.move(seconds=19.9)
    with pytest.raises(CircuitOpen):
        breaker.enter()
    clock.move(seconds=0.2)
    breaker.enter()
    with pytest.raises(CircuitOpen):
        breaker.enter()
    breaker.succeeded()
    breaker.enter()
    assert breaker.state is Circuit.CLOSED


def test_a_try_that_fails_opens_it_for_another_rest() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock.seconds, failures=1, rest=20)
    breaker.failed()
    clock.move(seconds=21)
    breaker.enter()
    breaker.failed()
    clock.move(seconds=19)
    with pytest.raises(CircuitOpen):
        breaker.enter()


def test_a_try_that_never_reports_does_not_keep_it_open_for_ever() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock.seconds, failures=1, rest=20)
    breaker.failed()
    clock.move(seconds=21)
    breaker.enter()
    clock.move(seconds=21)
    breaker.enter()


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.sampled_from(["fail", "succeed", "wait"]), max_size=60))
def test_it_always_lets_somebody_try_after_a_rest(steps: list[str]) -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock.seconds, failures=2, rest=20)
    for step in steps:
        if step == "wait":
            clock.move(seconds=7)
            continue
        try:
            breaker.enter()
        except CircuitOpen:
            continue
        breaker.failed() if step == "fail" else breaker.succeeded()
    clock.move(seconds=20.01)
    breaker.enter()
