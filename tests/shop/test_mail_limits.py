"""Nobody is flooded with mails that others ask for."""

from __future__ import annotations

import re

import pytest

from helder.shop.errors import TooManyAttempts
from helder.shop.mail_limits import MailLimits, MailNumbers

from .conftest import Clock
from .test_docs import PAGE


@pytest.fixture
def limits(clock: Clock) -> MailLimits:
    return MailLimits(clock.seconds)


def test_one_address_gets_three_mails_an_hour_whoever_asks(
    limits: MailLimits, clock: Clock
) -> None:
    for number, email in enumerate(("a@example.org", "A@example.org ", "a@EXAMPLE.org")):
        limits.take(f"c{number}", email, f"k{number}")
    with pytest.raises(TooManyAttempts) as limited:
        limits.take("c9", "a@example.org", "k9")
    assert limited.value.retry_after == 3601
    limits.take("c9", "b@example.org", "k9")
    clock.move(seconds=3601)
    limits.take("c9", "a@example.org", "k10")


def test_one_conversation_has_five_mails_sent_in_a_quarter_of_an_hour(
    limits: MailLimits, clock: Clock
) -> None:
    for number in range(5):
        limits.take("c", f"{number}@example.org", f"k{number}")
    with pytest.raises(TooManyAttempts):
        limits.take("c", "9@example.org", "k9")
    clock.move(seconds=901)
    limits.take("c", "9@example.org", "k9")


def test_a_mail_that_is_asked_for_again_with_the_same_key_is_not_counted(
    limits: MailLimits,
) -> None:
    for _ in range(9):
        limits.take("c", "a@example.org", "k")
    limits.take("c", "a@example.org", "k2")
    limits.take("c", "a@example.org", "k3")
    for _ in range(2):  # refused is not known: it is refused again
        with pytest.raises(TooManyAttempts):
            limits.take("c", "a@example.org", "k4")


def test_the_numbers_in_the_page_are_those_in_the_code() -> None:
    numbers = MailNumbers()
    assert (numbers.per_address, numbers.address_seconds) == (3, 60 * 60)
    assert (numbers.per_conversation, numbers.conversation_seconds) == (5, 15 * 60)
    page = re.sub(r"\s+", " ", PAGE)
    assert "at most three such mails an hour to one address" in page
    assert "five per conversation in 15 minutes" in page
