"""Many conversations at once, in one process and in two: each keeps its own and loses no turn."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import SlotSet, UserUttered

from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId
from helder.conversation.errors import StaleSequence
from helder.conversation.log import ConversationLog
from tests.aio import run
from tests.brain.examples import DOMAIN
from tests.brain.talk import Talk
from tests.databases import both as database  # noqa: F401 - a fixture

PROJECT = Path(__file__).parents[2]

# A second Rasa, as far as its tracker store goes.
ANOTHER = """
import asyncio, json, sys
from helder.brain import lightly
lightly.install()
from tests.brain.test_contract_concurrent import add_all
print(json.dumps(asyncio.run(add_all(*json.loads(sys.argv[1])))))
"""


async def add_one(store: EncryptedTrackerStore, conversation: str, text: str) -> int:
    """One turn, tried until nobody else was quicker; how often somebody was."""
    refused = 0
    while True:
        tracker = await store.retrieve(conversation)
        tracker.update(UserUttered(text))
        tracker.update(SlotSet("text", text))
        try:
            await store.save(tracker)
        except StaleSequence:
            refused += 1
        else:
            return refused


async def add_all(url: str, keys: str, who: str, conversations: list[str], turns: int) -> int:
    """So many turns in each conversation, all at once, from a process of its own."""
    from helder.conversation.keyring import FileKeyring
    from helder.database import connect

    log = ConversationLog(connect(url), FileKeyring(Path(keys)))
    store = EncryptedTrackerStore(DOMAIN, log=log)

    async def talk(conversation: str) -> int:
        return sum([await add_one(store, conversation, f"{who} {n}") for n in range(turns)])

    return sum(await asyncio.gather(*map(talk, conversations)))


def texts(store: EncryptedTrackerStore, conversation: str) -> list[str]:
    tracker = run(store.retrieve_full_tracker(conversation))
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_a_hundred_conversations_at_once_keep_their_own(
    store: EncryptedTrackerStore, log: ConversationLog
) -> None:
    opened = [log.open("en", timedelta(hours=1)).conversation for _ in range(100)]

    async def all_at_once() -> None:
        for number in range(3):
            await asyncio.gather(*(add_one(store, each, f"{each} {number}") for each in opened))

    run(all_at_once())
    for each in opened:
        assert texts(store, each) == [f"{each} {number}" for number in range(3)]


def test_many_turns_of_one_conversation_at_once_are_saved_one_after_the_other(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    async def all_at_once() -> list[int]:
        return await asyncio.gather(
            *(add_one(store, conversation, str(number)) for number in range(12))
        )

    assert sum(run(all_at_once())) > 0  # some were too late, and were told so
    assert sorted(texts(store, conversation), key=int) == [str(number) for number in range(12)]


def test_two_processes_on_one_log_lose_and_double_nothing(
    store: EncryptedTrackerStore, log: ConversationLog, tmp_path: Path
) -> None:
    opened = [log.open("en", timedelta(hours=1)).conversation for _ in range(8)]
    url = log.engine.url.render_as_string(hide_password=False)
    keys = str(tmp_path / "keys")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ANOTHER, json.dumps([url, keys, who, opened, 6])],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
        )
        for who in ("left", "right")
    ]
    for process in processes:
        assert process.wait(120) == 0
    expected = [f"{who} {number}" for who in ("left", "right") for number in range(6)]
    for each in opened:
        found = texts(store, each)
        assert sorted(found) == expected
        for who in ("left", "right"):  # each in its own order
            assert [text for text in found if text.startswith(who)] == [
                f"{who} {number}" for number in range(6)
            ]


def test_whole_turns_of_many_customers_at_once_are_answered_each_to_their_own(
    agent: Agent, log: ConversationLog
) -> None:
    from helder.brain import channel

    talks = [Talk.begin(agent, log, language) for language in ("en", "nl") * 10]
    bodies = [talk.receive("hello") for talk in talks]

    async def all_at_once() -> list[int]:
        answers = await asyncio.gather(
            *(channel._run(body, agent.handle_message) for body in bodies)
        )
        return [answer.status for answer in answers]

    assert run(all_at_once()) == [200] * len(talks)
    for talk, greeting in zip(talks, ("Hello!", "Dag!") * 10, strict=True):
        shown = log.shown(talk.conversation, 0)[1]
        assert [each.message.text for each in shown] == ["hello", greeting]


@pytest.mark.parametrize("first", ["left", "right"])
def test_of_two_stores_that_saw_the_same_one_saves_and_the_other_is_told(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId, first: str
) -> None:
    stores = {"left": store, "right": EncryptedTrackerStore(DOMAIN, log=log)}
    trackers = {name: run(each.retrieve(conversation)) for name, each in stores.items()}
    for name in sorted(stores, key=lambda name: name != first):
        trackers[name].update(UserUttered(name))
        if name == first:
            run(stores[name].save(trackers[name]))
        else:
            with pytest.raises(StaleSequence):
                run(stores[name].save(trackers[name]))
    assert texts(store, conversation) == [first]
