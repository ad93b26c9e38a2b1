"""Whatever is done to what is stored is noticed, by the exception that says what it is."""

from __future__ import annotations

import pytest

from tests.attacks.catalogue import load
from tests.attacks.judge import Judge

SEEDS = 60


@pytest.mark.parametrize("attack", load())
def test_it_is_noticed_each_time_when(attack: str, judge: Judge) -> None:
    for seed in range(SEEDS):
        judge.play(load()[attack], seed)
