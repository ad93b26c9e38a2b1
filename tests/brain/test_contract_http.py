"""Rasa's HTTP API on our store: what it does to conversations holds, or is refused and says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rasa.core.agent import Agent

from helder.conversation.entries import Author, Kind, Message, Owner
from helder.conversation.log import ConversationLog
from tests.aio import run
from tests.brain.examples import EMOJI, every_kind
from tests.brain.keeping import plain
from tests.brain.rasa_http import RasaHttp, serving
from tests.brain.talk import NOW, Talk

SLOT = {"event": "slot", "name": "number", "value": "777"}
SAID = {"event": "bot", "text": "A word from elsewhere.", "data": {}}
HEARD = {"event": "user", "text": "hours", "parse_data": {"intent": {"name": "hours"}}}


@pytest.fixture
def talk(agent: Agent, log: ConversationLog) -> Talk:
    talk = Talk.begin(agent, log)
    talk.say("hello")
    return talk


@pytest.fixture
def rasa(agent: Agent) -> Iterator[RasaHttp]:
    with serving(agent) as running:
        yield running


def events(rasa: RasaHttp, talk: Talk, **params: str) -> list[dict[str, Any]]:
    """The tracker's events, as Rasa tells them."""
    path = f"/conversations/{talk.conversation}/tracker"
    answer = rasa.call("GET", path, include_events="ALL", **params)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["events"]
    return told


def change(rasa: RasaHttp, method: str, talk: Talk, body: Any, **params: str) -> Any:
    """POST adds events, PUT replaces them all."""
    path = f"/conversations/{talk.conversation}/tracker/events"
    return rasa.call(method, path, body, include_events="ALL", **params)


def turns(log: ConversationLog, talk: Talk) -> int:
    return sum(entry.kind is Kind.TURN for entry in log.history(talk.conversation))


def refused(answer: Any, why: str) -> bool:
    """Did Rasa answer with an error that says this?"""
    assert answer.status_code == 500
    return why in answer.json()["message"]


def test_posted_events_are_added_and_change_the_next_answer(
    rasa: RasaHttp, talk: Talk, log: ConversationLog
) -> None:
    for body in (SLOT, [SAID, {"event": "pause"}]):
        answer = change(rasa, "POST", talk, body)
        assert answer.status_code == 200, answer.text
    assert answer.json()["slots"]["number"] == "777"
    assert answer.json()["paused"]
    assert [event["event"] for event in events(rasa, talk)][-3:] == ["slot", "bot", "pause"]
    assert turns(log, talk) == 3
    assert talk.post("hours") == (422, {"error": "silent"})
    # As Rasa's users know it: what resumes must listen, too.
    change(rasa, "POST", talk, [{"event": "resume"}, {"event": "action", "name": "action_listen"}])
    assert talk.say("hours") == ["From nine to five."]


def test_what_is_posted_as_said_is_shown_to_the_customer(rasa: RasaHttp, talk: Talk) -> None:
    change(rasa, "POST", talk, SAID)
    shown = talk.log.shown(talk.conversation, 0)[1]
    assert [each.message.text for each in shown] == ["hello", "Hello!", SAID["text"]]


@pytest.mark.parametrize("number", range(len(every_kind())), ids=lambda n: str(every_kind()[n]))
def test_an_event_of_every_kind_can_be_posted_if_rasa_takes_it(
    rasa: RasaHttp, agent: Agent, log: ConversationLog, number: int
) -> None:
    talk = Talk.begin(agent, log)
    (event,) = plain([every_kind()[number]])
    answer = change(rasa, "POST", talk, event)
    if answer.status_code == 400:  # by Rasa's own schema of events
        assert "Failed to validate the events format" in answer.json()["message"]
        assert turns(log, talk) == 0
        return
    assert answer.status_code == 200, answer.text
    (told,) = events(rasa, talk)[4:]
    added = {"model_id", "assistant_id"}
    assert added <= set(told["metadata"])
    told["metadata"] = {k: v for k, v in told["metadata"].items() if k not in added}
    assert told == {"metadata": {}, **event}


def test_a_text_with_anything_in_it_can_be_posted(rasa: RasaHttp, talk: Talk) -> None:
    assert change(rasa, "POST", talk, {**HEARD, "text": EMOJI}).status_code == 200
    assert events(rasa, talk)[-1]["text"] == EMOJI


def test_events_posted_for_a_conversation_that_a_person_has_are_refused(
    rasa: RasaHttp, talk: Talk, log: ConversationLog
) -> None:
    for owner in (Owner.WAITING, Owner.EMPLOYEE):
        position = log.head(talk.conversation).position
        log.change_owner(position, owner, Message(Author.SYSTEM, "Anna", NOW))
        known = events(rasa, talk)
        for method, body in (("POST", SAID), ("PUT", [*known, SAID])):
            answer = change(rasa, method, talk, body)
            assert refused(answer, "A person has this conversation"), answer.text
    assert turns(log, talk) == 1


def test_nothing_is_begun_for_a_conversation_that_is_not_there(
    rasa: RasaHttp, talk: Talk, log: ConversationLog
) -> None:
    talk.conversation = "nobody"  # type: ignore[assignment]  # the id is a plain str here
    for method, body in (("POST", SLOT), ("PUT", [SLOT])):
        assert refused(change(rasa, method, talk, body), "There is no such conversation.")
    assert rasa.call("GET", "/conversations/nobody/tracker").status_code == 500
    for method, path in (("GET", "story"), ("POST", "execute"), ("POST", "predict")):
        assert rasa.call(method, f"/conversations/nobody/{path}", {}).status_code == 404
    assert len(log.ids()) == 1


def test_a_history_that_is_put_with_more_at_its_end_is_gone_on_with(
    rasa: RasaHttp, talk: Talk, log: ConversationLog
) -> None:
    known = events(rasa, talk)
    answer = change(rasa, "PUT", talk, [*known, SLOT, SAID])
    assert answer.status_code == 200, answer.text
    assert turns(log, talk) == 2
    assert [event["event"] for event in events(rasa, talk)][-2:] == ["slot", "bot"]
    assert run(talk.agent.tracker_store.retrieve(talk.conversation)).get_slot("number") == "777"
    again = change(rasa, "PUT", talk, events(rasa, talk))  # the same: nothing to do
    assert again.status_code == 200
    assert turns(log, talk) == 2


def test_a_history_can_be_put_into_a_conversation_that_has_none(
    rasa: RasaHttp, agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log, "nl")
    assert change(rasa, "PUT", talk, [HEARD, SLOT]).status_code == 200
    assert [event["event"] for event in events(rasa, talk)][-2:] == ["user", "slot"]
    assert talk.say("hello") == ["Dag!"]  # and it is still in Dutch


def test_the_beginning_that_rasa_tells_of_may_be_put_back_with_more(
    rasa: RasaHttp, agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log, "nl")
    begun = events(rasa, talk)
    assert change(rasa, "PUT", talk, [*begun, SLOT]).status_code == 200
    (turn,) = (entry for entry in log.history(talk.conversation) if entry.kind is Kind.TURN)
    assert [event["event"] for event in turn.events] == ["slot"]


@pytest.mark.parametrize("how", ["empty", "shorter", "changed", "other"])
def test_a_history_that_is_put_shorter_or_otherwise_is_refused(
    rasa: RasaHttp, talk: Talk, log: ConversationLog, how: str
) -> None:
    known = events(rasa, talk)
    changed = [dict(event, text="something else") if "text" in event else event for event in known]
    put = {"empty": [], "shorter": known[:-1], "changed": changed, "other": [SLOT] * len(known)}
    before = log.head(talk.conversation)
    answer = change(rasa, "PUT", talk, put[how])
    assert refused(answer, "history cannot be "), answer.text
    assert log.head(talk.conversation) == before
    assert events(rasa, talk) == known


def test_the_past_can_be_looked_at(rasa: RasaHttp, talk: Talk) -> None:
    first = next(e["timestamp"] for e in events(rasa, talk) if e["event"] == "user")
    talk.say("hours")
    then = events(rasa, talk, until=str(first + 0.0001))
    assert [event["text"] for event in then if event["event"] == "user"] == ["hello"]
    assert [event["event"] for event in then][:2] == ["action", "session_started"]


def test_a_conversation_can_be_told_as_a_story(rasa: RasaHttp, talk: Talk) -> None:
    talk.say("hours")
    path = f"/conversations/{talk.conversation}/story"
    for more in ({}, {"all_sessions": "true"}):
        told = rasa.call("GET", path, **more)
        assert told.status_code == 200
        assert told.text.index("intent: greet") < told.text.index("intent: hours")


def test_an_intent_that_is_triggered_is_a_turn_without_a_message(
    rasa: RasaHttp, talk: Talk, log: ConversationLog
) -> None:
    path = f"/conversations/{talk.conversation}/trigger_intent"
    answer = rasa.call("POST", path, {"name": "hours"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["messages"][0]["text"] == "From nine to five."
    assert turns(log, talk) == 2


def test_side_effects_are_not_sent_past_the_log(
    rasa: RasaHttp, talk: Talk, log: ConversationLog
) -> None:
    answer = change(rasa, "POST", talk, SAID, execute_side_effects="true", output_channel="latest")
    assert answer.status_code == 200, answer.text
    assert turns(log, talk) == 2
