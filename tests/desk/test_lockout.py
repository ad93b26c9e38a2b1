"""Guessing becomes slow, for the one who guesses."""

from __future__ import annotations

import pytest

from helder.desk.errors import DeskError
from helder.desk.lockout import LONGEST_WAIT, Lockout

from .conftest import MovedClock


def wait(lockout: Lockout, address: str) -> int:
    """Seconds that this address must wait."""
    try:
        lockout.refuse_if_locked(address)
    except DeskError as error:
        return error.retry_after or 0
    return 0


def test_each_failure_after_five_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    lockout, waits = Lockout(MovedClock()), []
    for _ in range(13):
        lockout.failed("192.0.2.1")
        waits.append(wait(lockout, "192.0.2.1"))
    assert waits[:7] == [0, 0, 0, 0, 31, 61, 121]
    assert waits[-1] == LONGEST_WAIT + 1


def test_an_hour_without_failures_is_forgotten() -> None:
    clock = MovedClock()
    lockout = Lockout(clock)
    for _ in range(9):
        lockout.failed("192.0.2.1")
    clock.move(minutes=61)
    lockout.failed("192.0.2.1")
    assert wait(lockout, "192.0.2.1") == 0


def test_the_right_key_makes_a_clean_slate() -> None:
    lockout = Lockout(MovedClock())
    for _ in range(4):
        lockout.failed("192.0.2.1")
    lockout.succeeded("192.0.2.1")
    lockout.failed("192.0.2.1")
    assert wait(lockout, "192.0.2.1") == 0


@pytest.mark.parametrize(
    ("other", "waits"), [("2001:db8::ffff", True), ("2001:db8:0:1::1", False), ("nonsense", False)]
)
def test_all_addresses_of_one_ipv6_subscriber_count_as_one(other: str, waits: bool) -> None:
    lockout = Lockout(MovedClock())
    for _ in range(5):
        lockout.failed("2001:db8::1")
    assert bool(wait(lockout, other)) is waits


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helder.desk.lockout.MOST_ADDRESSES", 20)
    lockout = Lockout(MovedClock())
    for _ in range(5):
        lockout.failed("192.0.2.1")
    for number in range(19):
        lockout.failed(f"198.51.100.{number}")
    assert wait(lockout, "192.0.2.1") > 0
    lockout.failed("198.51.100.99")
    assert wait(lockout, "192.0.2.1") == 0  # the oldest went
