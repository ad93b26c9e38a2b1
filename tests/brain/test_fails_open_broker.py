"""Rasa's event broker hears what was never saved, and a broker that fails takes the conversation
with it. Each beside what Helder does instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore
from rasa.utils.endpoints import EndpointConfig
from structlog.testing import capture_logs

from helder.conversation.entries import Author, Message, Owner
from helder.conversation.log import ConversationLog
from tests.aio import run
from tests.brain.stock import Publications, breaking, take_guards_off
from tests.brain.talk import NOW, Talk


@dataclass
class Broken(Publications):
    """A broker whose server is away for so many events."""

    away: int = 1000

    def publish(self, event: dict[str, Any]) -> None:
        self.away -= 1
        if self.away >= 0:
            raise ConnectionError("not sent")
        super().publish(event)


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tmp_path: Path) -> Agent:
    """The same assistant on stock Rasa, with a broker."""
    take_guards_off(monkeypatch)
    store = SQLTrackerStore(db=str(tmp_path / "stock.db"), event_broker=Publications())
    return Agent.load(tiny_model, tracker_store=store, action_endpoint=EndpointConfig("http://x"))


def test_stock_rasa_publishes_what_it_then_does_not_save(stock: Agent) -> None:
    store = stock.tracker_store._tracker_store
    mend = breaking(store.engine, "INSERT")
    run(stock.handle_text("hours", sender_id="ann"))
    mend()
    assert "hours" in store.event_broker.texts()
    assert run(store.retrieve("ann")) is None


def test_helder_publishes_nothing_that_it_does_not_save(agent: Agent, log: ConversationLog) -> None:
    broker = agent.tracker_store.event_broker = Publications()
    talk = Talk.begin(agent, log)
    body = talk.receive("hours")
    mend = breaking(log.engine, "INSERT")
    assert talk.send(body)[0] == 503
    mend()
    assert broker.heard == []
    assert talk.send(body)[0] == 200
    assert broker.texts() == ["hours"]


def test_helder_publishes_nothing_of_a_turn_that_came_too_late(
    agent: Agent, log: ConversationLog
) -> None:
    broker = agent.tracker_store.event_broker = Publications()
    talk = Talk.begin(agent, log)
    body = talk.receive("hours")
    position = log.head(talk.conversation).position
    log.change_owner(position, Owner.EMPLOYEE, Message(Author.SYSTEM, "Anna", NOW))
    assert talk.send(body) == (409, {"error": "conflict"})
    assert broker.heard == []


def test_stock_rasa_has_answered_and_not_saved_when_the_broker_fails_once(stock: Agent) -> None:
    store = stock.tracker_store._tracker_store
    run(stock.handle_text("hello", sender_id="ann"))
    store.event_broker = Broken(away=1)
    (answer,) = run(stock.handle_text("hours", sender_id="ann"))
    assert answer["text"] == "From nine to five."
    held = run(store.retrieve("ann"))
    assert [e.text for e in held.events if e.type_name == "user"] == ["hello"]
    assert '"hours"' in stock.tracker_store.fallback_tracker_store.store["ann"]


def test_helder_saves_and_answers_when_the_broker_fails_and_tells_the_operator(
    agent: Agent, log: ConversationLog
) -> None:
    agent.tracker_store.event_broker = Broken()
    talk = Talk.begin(agent, log)
    with capture_logs() as logged:
        assert talk.say("hours") == ["From nine to five."]
    (told,) = (line for line in logged if line["event"] == "events_not_published")
    assert told["broker"] == "Broken"
    assert told["log_level"] == "error"
