"""Where Rasa would carry on unsafely, it stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from helder.brain.errors import UnsafeStore
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from tests.brain.talk import Talk


def test_a_store_that_cannot_be_imported_does_not_become_plaintext_in_memory() -> None:
    with pytest.warns(UserWarning, match="Using `InMemoryTrackerStore` instead"):
        store = TrackerStore.create(EndpointConfig(type="helder.brain.store.Misspelt"))
    assert isinstance(store, InMemoryTrackerStore)
    with pytest.raises(UnsafeStore, match=r"endpoints\.yml"):
        Agent(tracker_store=store)


def test_no_store_at_all_does_not_become_plaintext_in_memory() -> None:
    with pytest.raises(UnsafeStore):
        Agent()


def test_the_store_is_ours_bare_before_and_after_the_model_is_replaced(
    agent: Agent, tiny_model: Path
) -> None:
    store = agent.tracker_store
    assert type(store).__name__ == "EncryptedTrackerStore"
    agent.load_model(tiny_model)
    assert agent.tracker_store is store
    assert agent.processor.tracker_store is store


@pytest.mark.parametrize("status", [500, 404, 400])
def test_a_turn_whose_action_broke_is_not_saved_and_its_message_waits(
    agent: Agent, log: ConversationLog, action_server, status: int
) -> None:
    action_server.answers["action_shout"] = status
    talk = Talk.begin(agent, log)
    assert talk.post("shout") == (502, {"error": "action"})
    assert log.head(talk.conversation).number == 0
    assert Inbox(log.engine, log.keyring).next(talk.conversation) is not None


def test_the_same_message_succeeds_once_the_action_works_again(
    agent: Agent, log: ConversationLog, action_server
) -> None:
    action_server.answers["action_shout"] = 500
    talk = Talk.begin(agent, log)
    assert talk.post("shout", message="m1")[0] == 502
    action_server.answers["action_shout"] = [{"event": "bot", "text": "HELLO"}]
    assert talk.post("shout", message="m1")[1]["said"] == 1


def test_an_action_server_that_is_gone_is_told_from_an_action_that_breaks(
    agent: Agent, log: ConversationLog
) -> None:
    agent.processor.action_endpoint = EndpointConfig("http://127.0.0.1:9/webhook")
    talk = Talk.begin(agent, log)
    assert talk.post("shout") == (503, {"error": "actions"})
    assert log.head(talk.conversation).number == 0
