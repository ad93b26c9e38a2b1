"""Rasa's tracker store fails open: a misspelt one is memory, a failed read is a new customer, a
failed save is plaintext. Each beside what Helder does instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent, load_agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

from helder.brain import store as store_module
from helder.brain.errors import UnsafeStore
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.log import ConversationLog
from tests.aio import run
from tests.brain.rasa_http import serving
from tests.brain.stock import breaking, take_guards_off
from tests.brain.talk import Talk

# What a person could write into endpoints.yml, or a programmer into a store.
MISTAKES = {
    "misspelt class": "helder.brain.store.Misspelt",
    "misspelt module": "helder.brain.shop.EncryptedTrackerStore",
    "broken constructor": "tests.brain.stock.BreaksWhenMade",
}


def loaded(model: Path, store: str) -> Agent:
    """What `rasa run` does with an endpoints.yml that names this store."""
    endpoints = AvailableEndpoints(tracker_store=EndpointConfig(type=store))
    return run(load_agent(str(model), endpoints=endpoints))


@pytest.fixture
def stock(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tmp_path: Path, action_server: Any
) -> Agent:
    """The same assistant on stock Rasa, with its SQL store on a database of its own."""
    take_guards_off(monkeypatch)
    store = SQLTrackerStore(db=str(tmp_path / "stock.db"))
    endpoint = EndpointConfig(action_server.url)
    return Agent.load(tiny_model, tracker_store=store, action_endpoint=endpoint)


def said(agent: Agent, text: str) -> list[str]:
    """What stock Rasa answers to Ann."""
    return [message["text"] for message in run(agent.handle_text(text, sender_id="ann"))]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_stock_rasa_keeps_conversations_in_plaintext_memory_after_a_mistake_in_the_store(
    mistake: str, monkeypatch: pytest.MonkeyPatch, tiny_model: Path
) -> None:
    take_guards_off(monkeypatch)
    with pytest.warns(UserWarning, match="Using `InMemoryTrackerStore` instead"):
        agent = loaded(tiny_model, MISTAKES[mistake])
    assert said(agent, "hello") == ["Hello!"]
    memory = agent.tracker_store._tracker_store
    assert isinstance(memory, InMemoryTrackerStore)
    assert '"hello"' in memory.store["ann"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_helder_does_not_start_after_a_mistake_in_the_store(mistake: str, tiny_model: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Using `InMemoryTrackerStore` instead"),
        pytest.raises(UnsafeStore, match=r"endpoints\.yml"),
    ):
        loaded(tiny_model, MISTAKES[mistake])


def test_helder_does_not_start_without_any_store() -> None:
    with pytest.raises(UnsafeStore):
        Agent()


def test_stock_rasa_takes_a_customer_for_a_new_one_when_reading_fails(stock: Agent) -> None:
    assert said(stock, "order") == ["Which number?"]
    mend = breaking(stock.tracker_store._tracker_store.engine, "SELECT")
    assert said(stock, '/number{"number": "777"}') == ["Sorry?"]  # which form?
    mend()


def test_helder_says_nothing_when_reading_fails_and_goes_on_where_it_was(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    assert talk.say("order") == ["Which number?"]
    body = talk.receive("Seven", '/number{"number": "777"}')
    mend = breaking(log.engine, "SELECT")
    assert talk.send(body) == (503, {"error": "database"})
    mend()
    assert talk.waiting() == ["Seven"]
    assert talk.send(body)[1]["said"] == 1
    assert texts(talk)[-1] == "Which colour?"


def test_stock_rasa_keeps_a_turn_in_plaintext_memory_when_saving_fails(stock: Agent) -> None:
    said(stock, "hello")
    mend = breaking(stock.tracker_store._tracker_store.engine, "INSERT")
    assert said(stock, "hours") == ["From nine to five."]  # as if nothing was wrong
    mend()
    assert '"hours"' in stock.tracker_store.fallback_tracker_store.store["ann"]
    held = run(stock.tracker_store._tracker_store.retrieve("ann"))
    assert [e.text for e in held.events if e.type_name == "user"] == ["hello"]


def test_helder_keeps_and_says_nothing_when_saving_fails_and_the_message_waits(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    talk.say("hello")
    body = talk.receive("hours")
    mend = breaking(log.engine, "INSERT")
    assert talk.send(body) == (503, {"error": "database"})
    mend()
    assert agent.tracker_store is agent.processor.tracker_store
    assert not hasattr(agent.tracker_store, "fallback_tracker_store")
    assert talk.waiting() == ["hours"]
    assert texts(talk) == ["hello", "Hello!"]
    assert talk.send(body)[0] == 200
    assert texts(talk) == ["hello", "Hello!", "hours", "From nine to five."]


def test_stock_rasa_wraps_the_store_anew_when_the_model_is_replaced(
    stock: Agent, tiny_model: Path, tmp_path: Path
) -> None:
    named = EndpointConfig(type="SQL", db=str(tmp_path / "stock.db"))
    with serving(stock, AvailableEndpoints(tracker_store=named)) as rasa:
        replaced = rasa.call("PUT", "/model", {"model_file": str(tiny_model)})
        assert replaced.status_code == 204, replaced.text
        assert rasa.agent is not stock
        assert isinstance(rasa.agent.tracker_store, FailSafeTrackerStore)
        assert isinstance(rasa.agent.processor.tracker_store, FailSafeTrackerStore)


def test_helder_has_its_own_store_bare_when_the_model_is_replaced(
    agent: Agent, log: ConversationLog, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_log_of_this_installation", lambda: log)
    talk = Talk.begin(agent, log)
    assert talk.say("order") == ["Which number?"]
    named = EndpointConfig(type="helder.brain.store.EncryptedTrackerStore")
    with serving(agent, AvailableEndpoints(tracker_store=named)) as rasa:
        replaced = rasa.call("PUT", "/model", {"model_file": str(tiny_model)})
        assert replaced.status_code == 204, replaced.text
        assert rasa.agent is not agent
        for store in (rasa.agent.tracker_store, rasa.agent.processor.tracker_store):
            assert type(store) is EncryptedTrackerStore
        talk.agent = rasa.agent
        assert talk.say("Seven", '/number{"number": "777"}') == ["Which colour?"]


def test_helder_keeps_its_old_model_when_the_store_was_misspelt_in_the_meantime(
    agent: Agent, tiny_model: Path
) -> None:
    named = EndpointConfig(type=MISTAKES["misspelt class"])
    with serving(agent, AvailableEndpoints(tracker_store=named)) as rasa:
        refused = rasa.call("PUT", "/model", {"model_file": str(tiny_model)})
        assert refused.status_code == 500
        assert "would not keep conversations in the encrypted log" in refused.json()["message"]
        assert rasa.agent is agent


def texts(talk: Talk) -> list[str]:
    """What was said, by both."""
    return [shown.message.text for shown in talk.log.shown(talk.conversation, 0)[1]]
