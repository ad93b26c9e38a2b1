"""Whatever is done to what is stored is noticed, by the exception that says what it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.catalogue import load
from tests.attacks.judge import Judge
from tests.attacks.scene import build
from tests.postgres import Server

SEEDS = 40
SEEDS_ON_POSTGRES = 5
# PostgreSQL holds no value of another type than the column's, whoever writes it.
ONLY_SQLITE = {"a_value_gets_another_type", "the_id_of_a_waiting_message_becomes_bytes"}


@pytest.mark.parametrize("attack", load())
def test_it_is_noticed_each_time_when(attack: str, judge: Judge) -> None:
    for seed in range(SEEDS):
        assert judge.play(load()[attack], seed) is not None


@pytest.fixture(scope="module")
def judge_on_postgres(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Judge]:
    url = postgres.empty()
    scene = build(tmp_path_factory.mktemp("postgres"), url)
    yield Judge(scene)
    scene.attacker.close()
    scene.engine.dispose()
    postgres.give_back(url)


@pytest.mark.parametrize("attack", sorted(load().keys() - ONLY_SQLITE))
def test_on_postgresql_too_it_is_noticed_when(attack: str, judge_on_postgres: Judge) -> None:
    for seed in range(SEEDS_ON_POSTGRES):
        assert judge_on_postgres.play(load()[attack], seed) is not None
