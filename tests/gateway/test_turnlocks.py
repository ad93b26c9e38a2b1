"""Turn locks: one gateway at a time, for as long as its session lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from helder.conversation.entries import ConversationId
from helder.database import connect
from helder.gateway.turnlocks import AdvisoryLocks, NoOtherGateway, turn_locks
from tests.aio import run
from tests.postgres import Server

ONE, OTHER = ConversationId("1" * 32), ConversationId("2" * 32)


@pytest.fixture
def engine(empty: str) -> Iterator[Engine]:
    engine = connect(empty)
    yield engine
    engine.dispose()


async def is_free(locks: AdvisoryLocks, conversation: ConversationId) -> bool:
    async with locks.holding(conversation) as held:
        return held


def test_a_conversation_is_one_gateways_until_it_lets_go(engine: Engine) -> None:
    async def scenario() -> list[bool]:
        ours, theirs = AdvisoryLocks(engine, 60), AdvisoryLocks(engine, 60)
        async with ours.holding(ONE) as held:
            seen = [held, await is_free(theirs, ONE), await is_free(theirs, OTHER)]
        seen.append(await is_free(theirs, ONE))
        await asyncio.gather(ours.close(), theirs.close())
        return seen

    assert run(scenario()) == [True, False, True, True]


def test_a_turn_that_breaks_lets_go(engine: Engine) -> None:
    async def breaks(locks: AdvisoryLocks) -> None:
        async with locks.holding(ONE):
            raise RuntimeError

    async def scenario() -> bool:
        ours, theirs = AdvisoryLocks(engine, 60), AdvisoryLocks(engine, 60)
        with pytest.raises(RuntimeError):
            await breaks(ours)
        free = await is_free(theirs, ONE)
        await asyncio.gather(ours.close(), theirs.close())
        return free

    assert run(scenario())


def test_the_locks_of_a_lost_session_are_free_and_it_takes_none_with_it_later(
    engine: Engine, postgres: Server
) -> None:
    terminate = "SELECT pg_terminate_backend({})"

    async def scenario() -> list[bool]:
        ours, theirs = AdvisoryLocks(engine, 60), AdvisoryLocks(engine, 60)
        async with ours.holding(ONE):
            postgres.ask(terminate.format(ours._session.info.backend_pid))
            while not await is_free(theirs, ONE):
                pass  # the server is still ending the session
            async with theirs.holding(ONE) as held:
                seen = [held]
                seen += [await is_free(ours, OTHER), await is_free(ours, ONE)]
        async with theirs.holding(ONE) as held:  # what was let go just now was not theirs
            seen += [held, await is_free(ours, ONE)]
        await asyncio.gather(ours.close(), theirs.close())
        return seen

    assert run(scenario()) == [True, True, False, True, False]


def test_a_gateway_that_hangs_loses_its_locks_and_goes_on_when_it_wakes(engine: Engine) -> None:
    async def scenario() -> list[bool]:
        hanging, other = AdvisoryLocks(engine, 0.05), AdvisoryLocks(engine, 60)
        async with hanging.holding(ONE) as held:
            while not await is_free(other, ONE):
                pass  # it says nothing, and the server has not lost its patience yet
            seen = [held]
            async with other.holding(ONE) as held:
                seen += [held, await is_free(hanging, OTHER)]
        await asyncio.gather(hanging.close(), other.close())
        return seen

    assert run(scenario()) == [True, True, True]


def test_a_server_that_is_away_is_an_error_not_a_lock(engine: Engine) -> None:
    nowhere = connect(engine.url.set(port=1))

    async def scenario() -> None:
        with pytest.raises(OperationalError):
            await is_free(AdvisoryLocks(nowhere, 60), ONE)

    run(scenario())


def test_without_another_gateway_there_is_nothing_to_lock(tmp_path: Path) -> None:
    async def scenario() -> bool:
        locks = turn_locks(connect(f"sqlite:///{tmp_path}/helder.db"), 15)
        assert isinstance(locks, NoOtherGateway)
        async with locks.holding(ONE) as held:
            return held

    assert run(scenario())
