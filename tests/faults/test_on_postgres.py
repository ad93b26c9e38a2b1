"""The same on PostgreSQL: its connection is lost, it refuses, or its answer to a commit is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import psycopg2
import pytest
from psycopg2 import errors
from rasa.core.agent import Agent

from helder import migrate
from helder.settings import Settings
from tests.aio import run
from tests.faults import scenes
from tests.faults.injector import Fault, Kind
from tests.faults.test_every_statement import play_all


def _says(error: type[psycopg2.Error], sentence: str) -> Callable[[], Exception]:
    return lambda: error(sentence)


WRITES, COMMITS = frozenset({Kind.WRITE}), frozenset({Kind.COMMIT})
FAULTS = (
    Fault("the connection is lost", WRITES | COMMITS, breaks=True),
    Fault("the disk is full", WRITES, _says(errors.DiskFull, "could not extend file")),
    Fault("a lock is held", frozenset({Kind.READ}), _says(errors.LockNotAvailable, "timeout")),
    Fault(
        "the commit is not heard of",
        COMMITS,
        _says(psycopg2.OperationalError, "server closed the connection unexpectedly"),
        late=True,
        breaks=True,
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whatever_fails_once_anywhere_the_turn_ends_as_if_nothing_had(
    settings: Settings, empty: str, agent: Agent, fault: Fault
) -> None:
    migrate.upgrade(empty)
    run(play_all(replace(settings, database_url=empty), agent, scenes.TURN, fault))
