"""Ten thousand ways in which customer, assistant, colleagues and crashes can come in between.

Each is a list of steps. Most are drawn from a seed, which is quick; hypothesis draws some more, and
makes shorter what breaks something.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from helder.conversation.keyring import FileKeyring, create_missing
from helder.database import connect, metadata
from tests.conversation.conftest import MovedClock
from tests.handoff.house import BRAM, House
from tests.handoff.interleaving import Street

PARTS, EACH = 4, 2_500
DRAWN_BY_HYPOTHESIS = 300
_MEMORY = Path("/dev/shm")
STEPS = st.lists(st.integers(0, 19), min_size=8, max_size=18)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        engine = connect(f"sqlite:///{folder}/helder.db")
        metadata.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def house(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> House:
    keys = tmp_path_factory.mktemp("street") / "keys"
    create_missing(keys)
    built = House(engine, FileKeyring(keys), MovedClock())
    built.here(BRAM)
    return built


@pytest.mark.parametrize("part", range(PARTS))
def test_one_speaks_at_a_time_and_nothing_is_lost_doubled_or_out_of_order(
    house: House, part: int
) -> None:
    dice = random.Random(part)
    for _ in range(EACH):
        steps = [dice.randrange(20) for _ in range(dice.randint(8, 18))]
        try:
            walk(house, steps)
        except AssertionError as error:
            raise AssertionError(f"{error} in {steps}") from error


@settings(
    max_examples=DRAWN_BY_HYPOTHESIS,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_no_list_of_steps_that_hypothesis_draws_breaks_it(house: House, steps: list[int]) -> None:
    walk(house, steps)


def walk(house: House, steps: list[int]) -> None:
    street = Street(house)
    for number in steps:
        street.step(number)
    street.settle()
    street.check()
    street.check_answered()
    street.end()
