"""Streams wake when something happens, whoever wrote it, and only those that it concerns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from helder.conversation.entries import Author, ConversationId
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.database import connect, metadata
from helder.live.changes import Changes
from tests.aio import run
from tests.conversation.conftest import *  # noqa: F403 - a log of one's own


def test_another_processs_write_wakes_the_watch_of_that_conversation_only(
    log: ConversationLog,
) -> None:
    mine = log.open("en", timedelta(hours=1)).conversation
    other = log.open("en", timedelta(hours=1)).conversation
    elsewhere = ConversationLog(connect(str(log.engine.url)), log.keyring)

    async def scenario() -> tuple[bool, bool]:
        changes = Changes(log)
        polling = asyncio.create_task(changes.follow())
        with changes.watch(mine) as watch, changes.watch(other) as quiet:
            await watch.wait(1)  # the first look finds both
            await quiet.wait(1)
            await asyncio.to_thread(elsewhere.say, mine, Author.SYSTEM, "hoi")
            woken = (await watch.wait(5), await quiet.wait(0.2))
        polling.cancel()
        return woken

    assert run(scenario()) == (True, False)


def test_typing_is_told_to_those_who_watch_and_to_those_who_come_later(
    log: ConversationLog,
) -> None:
    conversation = ConversationId("c")

    async def scenario() -> list[bool]:
        changes = Changes(log)
        with changes.watch(conversation) as first:
            changes.typing(conversation, True)
            seen = [first.typing]
            with changes.watch(conversation) as second:
                seen.append(second.typing)
                changes.typing(conversation, False)
                seen += [first.typing, second.typing]
        return seen

    assert run(scenario()) == [True, True, False, False]


def test_the_database_may_lie_in_a_folder_of_any_name(tmp_path: Path, keyring: FileKeyring) -> None:
    folder = tmp_path / "50% C# & co"
    folder.mkdir()
    engine = connect(f"sqlite:///{folder / 'helder.db'}")
    metadata.create_all(engine)
    log = ConversationLog(engine, keyring)
    elsewhere = ConversationLog(connect(str(engine.url)), keyring)
    conversation = log.open("en", timedelta(hours=1)).conversation

    async def scenario() -> bool:
        changes = Changes(log)
        polling = asyncio.create_task(changes.follow())
        with changes.watch(conversation) as watch:
            await watch.wait(1)  # the first look finds it
            await asyncio.to_thread(elsewhere.say, conversation, Author.SYSTEM, "hoi")
            woken = await watch.wait(2)
        polling.cancel()
        return woken

    assert run(scenario())
