"""What is good once is good once over all processes, and only as long as it must be remembered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from helder.database import connect
from helder.shop.errors import IdentityRefused
from helder.shop.identity import IdentityVerifier, mint
from helder.spent import SpentTokens
from tests.conversation.conftest import MovedClock
from tests.conversation.conftest import clock as clock
from tests.conversation.conftest import engine as engine
from tests.databases import both as database  # noqa: F401 - a fixture

SECRET = "a shared secret of at least 32 bytes"


def verifier(engine: Engine, clock: MovedClock) -> IdentityVerifier:
    """As another process on the same database has it."""
    own = connect(engine.url.render_as_string(hide_password=False))

    def seconds() -> float:
        return clock().timestamp()

    spent = SpentTokens(own, clock)
    return IdentityVerifier("helder", secret=SECRET, clock=seconds, spent=spent)


def test_a_token_that_one_process_took_is_refused_by_the_next(
    engine: Engine, clock: MovedClock
) -> None:
    token = mint("c-1", "helder", SECRET, now=clock().timestamp())  # type: ignore[arg-type]  # any number will do as a time
    assert verifier(engine, clock).verify(token) == "c-1"
    with pytest.raises(IdentityRefused) as refused:
        verifier(engine, clock).verify(token)
    assert refused.value.code == "replayed"


def test_of_many_who_are_shown_a_token_at_once_one_takes_it(
    engine: Engine, clock: MovedClock
) -> None:
    now = clock().timestamp()
    many = [SpentTokens(connect(engine.url), clock) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda each: each.spend(b"m" * 32, now + 60), many))
    assert sorted(taken) == [False] * 7 + [True]


def test_it_is_forgotten_when_the_token_is_too_old_anyway_and_not_before(
    engine: Engine, clock: MovedClock
) -> None:
    spent = SpentTokens(engine, clock)
    until = clock().timestamp() + 90
    assert spent.spend(b"m" * 32, until)
    clock.move(seconds=90)
    assert spent.expire() == 0
    assert not spent.spend(b"m" * 32, until)
    clock.move(minutes=2)
    assert spent.expire() == 1
