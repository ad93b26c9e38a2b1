"""Rasa's actions fail open: one that crashes was executed all the same, and slots that nobody could
validate are valid. Each beside what Helder does instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from helder.brain.errors import TurnFailed
from helder.conversation.log import ConversationLog
from tests.aio import run
from tests.brain.stock import take_guards_off
from tests.brain.talk import Talk

SHOUTED = [{"event": "bot", "text": "HELLO"}]
NOBODY = "http://127.0.0.1:9/webhook"
VALIDATE = "action_validate_slot_mappings"
REJECTED = {"action_name": VALIDATE, "error": "no such number"}
NUMBER = '/number{"number": "777"}'


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch, tiny_model: Path, action_server: Any) -> Agent:
    """The same assistant on stock Rasa."""
    take_guards_off(monkeypatch)
    endpoint = EndpointConfig(action_server.url)
    store = InMemoryTrackerStore(None)
    return Agent.load(tiny_model, tracker_store=store, action_endpoint=endpoint)


def after(stock: Agent, text: str) -> DialogueStateTracker:
    """What stock Rasa has saved after Ann said this."""
    run(stock.handle_text(text, sender_id="ann"))
    return run(stock.tracker_store.retrieve("ann"))


def fail(agent: Agent, action_server: Any, action: str, how: object) -> None:
    """Let an action fail: by a status, by an answer to it, or since nobody listens."""
    if how is None:
        agent.processor.action_endpoint = EndpointConfig(NOBODY)
    else:
        action_server.answers[action] = how


@pytest.mark.parametrize("how", [500, 404, None], ids=str)
def test_stock_rasa_logs_an_action_that_crashed_as_executed(
    stock: Agent, action_server: Any, how: object
) -> None:
    fail(stock, action_server, "action_shout", how)
    executed = [e.action_name for e in after(stock, "shout").events if e.type_name == "action"]
    assert "action_shout" in executed


@pytest.mark.parametrize("how", [500, 404, None], ids=str)
def test_helder_logs_nothing_of_a_turn_whose_action_crashed(
    agent: Agent, log: ConversationLog, action_server: Any, how: object
) -> None:
    working = agent.processor.action_endpoint
    fail(agent, action_server, "action_shout", how)
    talk = Talk.begin(agent, log)
    body = talk.receive("shout")
    refused = (503, {"error": "actions"}) if how is None else (502, {"error": "action"})
    assert talk.send(body) == refused
    assert [entry.seq for entry in log.history(talk.conversation)] == [1]
    assert talk.waiting() == ["shout"]
    agent.processor.action_endpoint = working
    action_server.answers["action_shout"] = SHOUTED
    assert talk.send(body)[1]["said"] == 1


def test_helder_saves_nothing_of_a_crashed_action_outside_a_turn_either(
    agent: Agent, log: ConversationLog, action_server: Any
) -> None:
    action_server.answers["action_shout"] = 500
    talk = Talk.begin(agent, log)
    with pytest.raises(TurnFailed, match="action_shout"):
        run(agent.handle_text("shout", sender_id=talk.conversation))
    assert [entry.seq for entry in log.history(talk.conversation)] == [1]


def test_what_failed_in_one_turn_does_not_hang_over_the_next(
    agent: Agent, log: ConversationLog, action_server: Any
) -> None:
    action_server.answers["action_shout"] = 500
    conversation = Talk.begin(agent, log).conversation

    async def both_in_one_task() -> str:  # as a kept connection has them
        with pytest.raises(TurnFailed):
            await agent.handle_text("shout", sender_id=conversation)
        (answer,) = await agent.handle_text("hours", sender_id=conversation)
        return str(answer["text"])

    assert run(both_in_one_task()) == "From nine to five."


class NoWords(NaturalLanguageGenerator):  # type: ignore[misc]  # a base class without types
    """The server that makes the assistant's sentences is away."""

    async def generate(self, *_: Any, **__: Any) -> None:
        raise aiohttp.ClientError("no answer")


def test_stock_rasa_logs_a_sentence_that_could_not_be_made_as_said(stock: Agent) -> None:
    stock.processor.nlg = NoWords()
    events = after(stock, "hours").events
    assert "utter_hours" in [e.action_name for e in events if e.type_name == "action"]
    assert not [e for e in events if e.type_name == "bot"]


def test_helder_logs_nothing_of_a_turn_whose_sentence_could_not_be_made(
    agent: Agent, log: ConversationLog
) -> None:
    agent.processor.nlg = NoWords()
    talk = Talk.begin(agent, log)
    assert talk.post("hours") == (502, {"error": "action"})
    assert [entry.seq for entry in log.history(talk.conversation)] == [1]
    assert talk.waiting() == ["hours"]


@pytest.fixture
def validating(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes an assistant ask `action_validate_slot_mappings` about every slot that it fills."""

    def ask(agent: Agent) -> None:
        domain = agent.processor.domain
        monkeypatch.setattr(domain, "user_actions", [*domain.user_actions, VALIDATE])

    return ask


# It crashes, is not there, says no with a 400, or does not answer at all.
FAILURES = [500, 404, REJECTED, None]


@pytest.mark.parametrize("how", FAILURES, ids=str)
def test_stock_rasa_takes_slots_unvalidated_when_the_validation_fails(
    stock: Agent, action_server: Any, validating: Any, how: object
) -> None:
    validating(stock)
    fail(stock, action_server, VALIDATE, how)
    assert after(stock, NUMBER).get_slot("number") == "777"


@pytest.mark.parametrize("how", FAILURES, ids=str)
def test_helder_takes_no_slot_when_the_validation_fails(
    agent: Agent, log: ConversationLog, action_server: Any, validating: Any, how: object
) -> None:
    validating(agent)
    fail(agent, action_server, VALIDATE, how)
    talk = Talk.begin(agent, log)
    refused = (503, {"error": "actions"}) if how is None else (502, {"error": "action"})
    assert talk.post("Seven", NUMBER) == refused
    assert talk.waiting() == ["Seven"]
    assert run(agent.tracker_store.retrieve(talk.conversation)).get_slot("number") is None


def test_helder_takes_what_the_validation_makes_of_a_slot(
    agent: Agent, log: ConversationLog, action_server: Any, validating: Any
) -> None:
    validating(agent)
    action_server.answers[VALIDATE] = [{"event": "slot", "name": "number", "value": None}]
    talk = Talk.begin(agent, log)
    assert talk.post("Seven", NUMBER)[0] == 200
    assert run(agent.tracker_store.retrieve(talk.conversation)).get_slot("number") is None


def test_stock_rasa_writes_a_conversation_into_a_file_when_an_action_says_so(
    stock: Agent, action_server: Any, tmp_path: Path
) -> None:
    path = tmp_path / "story.yml"
    action_server.answers["action_shout"] = [*SHOUTED, {"event": "export", "path": str(path)}]
    after(stock, "shout")
    assert "shout" in path.read_text()


def test_helder_writes_no_conversation_into_a_file(
    agent: Agent, log: ConversationLog, action_server: Any, tmp_path: Path
) -> None:
    path = tmp_path / "story.yml"
    action_server.answers["action_shout"] = [*SHOUTED, {"event": "export", "path": str(path)}]
    talk = Talk.begin(agent, log)
    assert talk.post("shout") == (500, {"error": "refused"})
    assert not path.exists()
    assert talk.waiting() == ["shout"]
