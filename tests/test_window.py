from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helder.window import SlidingWindow, WindowFull
from tests.shop.conftest import Clock


def test_the_limit_slides() -> None:
    clock = Clock()
    window = SlidingWindow(2, 60, clock.seconds)
    window.take(b"a")
    clock.move(seconds=30)
    window.take(b"a")
    with pytest.raises(WindowFull) as full:
        window.take(b"a")
    assert full.value.retry_after == pytest.approx(30)
    clock.move(seconds=30)
    window.take(b"a")
    with pytest.raises(WindowFull):
        window.take(b"a")


def test_keys_do_not_share_a_limit() -> None:
    window = SlidingWindow(1, 60, Clock().seconds)
    window.take(b"a")
    window.take(b"b")
    with pytest.raises(WindowFull):
        window.take(b"a")


def test_what_is_given_back_does_not_count() -> None:
    window = SlidingWindow(1, 60, Clock().seconds)
    for _ in range(5):
        window.take(b"a")
        window.give_back(b"a")
    window.take(b"a")
    window.give_back(b"never taken")


def test_memory_follows_the_traffic() -> None:
    clock = Clock()
    window = SlidingWindow(5, 60, clock.seconds)
    for index in range(1000):
        window.take(str(index).encode())
    clock.move(seconds=61)
    window.take(b"a")
    assert len(window) == 1


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.floats(0, 40), min_size=1, max_size=80))
def test_never_more_than_the_limit_in_any_window(waits: list[float]) -> None:
    clock = Clock()
    taken: list[float] = []
    told: list[float] = []
    window = SlidingWindow(3, 60, clock.seconds)
    for wait in waits:
        clock.move(seconds=wait)
        try:
            window.take(b"a")
            taken.append(clock.seconds())
        except WindowFull as full:
            told.append(full.retry_after)
    assert all(0 < seconds <= 60 for seconds in told)
    for index in range(len(taken) - 3):
        assert taken[index + 3] - taken[index] >= 60 - 1e-3
