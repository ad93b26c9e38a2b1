"""Rasa on the log: what is saved, what is given back, and what is refused."""

from __future__ import annotations

import uuid

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from helder.conversation.entries import Author, Kind, Message, Owner
from helder.conversation.errors import UnknownConversation
from helder.conversation.inbox import Inbox
from helder.conversation.log import WINDOW_TURNS, ConversationLog
from tests.aio import run
from tests.brain.conftest import ActionServer
from tests.brain.talk import NOW, Talk


def test_a_turn_is_one_entry_with_what_both_said(agent: Agent, log: ConversationLog) -> None:
    talk = Talk.begin(agent, log)
    assert talk.say("hello") == ["Hello!"]
    turns = [e for e in log.history(talk.conversation) if e.kind is Kind.TURN]
    assert [(m.author.value, m.text) for m in turns[0].messages] == [
        ("customer", "hello"),
        ("assistant", "Hello!"),
    ]
    assert len(turns) == 1


def test_the_language_of_the_opening_is_the_first_answers_language(
    agent: Agent, log: ConversationLog
) -> None:
    assert Talk.begin(agent, log, "nl").say("dag") == ["Dag!"]


def test_a_form_goes_on_over_turns_and_a_button_shows_its_title(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    assert talk.say("order") == ["Which number?"]
    assert talk.say("Seven", '/number{"number": "777"}') == ["Which colour?"]
    assert talk.say("dark green") == ["Ordered 777 in dark green."]
    texts = [s.message.text for s in log.shown(talk.conversation, 0)[1]]
    assert "Seven" in texts
    assert not any(text.startswith("/") for text in texts)


def test_the_full_tracker_has_every_turn_and_the_window_only_the_last(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    for _ in range(9):
        talk.say("hours")
    store = agent.tracker_store
    full = run(store.retrieve_full_tracker(talk.conversation))
    window = run(store.retrieve(talk.conversation))
    assert sum(isinstance(e, UserUttered) for e in full.events) == 9
    assert sum(isinstance(e, UserUttered) for e in window.events) == 6
    assert sum(isinstance(e, BotUttered) for e in full.events) == 9


def test_the_same_message_again_is_answered_once(agent: Agent, log: ConversationLog) -> None:
    talk, id_ = Talk.begin(agent, log), str(uuid.uuid4())
    assert talk.post("hours", message=id_)[1]["said"] == 1
    assert talk.post("hours", message=id_) == (200, {"error": "answered"})
    assert log.head(talk.conversation).number == 2


def test_a_turn_under_an_old_ownership_is_refused_before_anything_is_understood(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    position = log.head(talk.conversation).position
    log.change_owner(position, Owner.EMPLOYEE, Message(Author.SYSTEM, "Anna", NOW))
    assert talk.post("hours", epoch=0) == (409, {"error": "conflict"})
    assert Inbox(log.engine, log.keyring).next(talk.conversation) is not None
    assert log.head(talk.conversation).number == 1


def test_an_unknown_conversation_is_not_begun_anew(agent: Agent, log: ConversationLog) -> None:
    with pytest.raises(UnknownConversation):
        run(agent.handle_text("hello", sender_id="nobody"))
    assert log.ids() == []


def test_a_turn_without_a_word_to_the_customer_is_not_saved_and_its_message_waits(
    agent: Agent, log: ConversationLog, action_server: ActionServer
) -> None:
    action_server.answers["action_pause"] = [{"event": "pause"}]
    talk = Talk.begin(agent, log)
    assert talk.post("pause") == (422, {"error": "silent"})
    assert talk.waiting() == ["pause"]
    assert log.head(talk.conversation).number == 0
    assert talk.say("hours") == ["From nine to five."]


def test_a_pause_is_remembered_beyond_the_window(
    agent: Agent, log: ConversationLog, action_server: ActionServer
) -> None:
    action_server.answers["action_pause"] = [
        {"event": "bot", "text": "I am quiet now."},
        {"event": "pause"},
    ]
    talk = Talk.begin(agent, log)
    assert talk.say("pause") == ["I am quiet now."]
    store = agent.tracker_store
    for number in range(WINDOW_TURNS + 2):
        tracker = run(store.retrieve(talk.conversation))
        assert tracker.is_paused()
        tracker.update(SlotSet("number", str(number)))
        run(store.save(tracker))
    assert talk.post("hours") == (422, {"error": "silent"})


def test_a_form_that_was_open_when_a_person_came_is_not_gone_on_with_after(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    talk.say("order")
    assert talk.say("x", '/number{"number": "777"}') == ["Which colour?"]
    for owner in (Owner.EMPLOYEE, Owner.ASSISTANT):
        position = log.head(talk.conversation).position
        log.change_owner(position, owner, Message(Author.SYSTEM, owner.value, NOW))
    assert talk.say("red") != ["Ordered 777 in red."]
    assert talk.say("hours") == ["From nine to five."]
    store = agent.tracker_store
    full = run(store.retrieve_full_tracker(talk.conversation))
    short = run(store.retrieve(talk.conversation))
    assert full.active_loop_name is short.active_loop_name is None
    assert full.current_slot_values() == short.current_slot_values()
