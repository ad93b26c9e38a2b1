"""A form that is interrupted goes on, whatever interrupted it."""

from __future__ import annotations

from rasa.core.agent import Agent

from helder.conversation.log import ConversationLog
from tests.brain.talk import Talk


def test_a_question_in_the_middle_of_a_form_is_answered_and_the_form_asks_again(
    agent: Agent, log: ConversationLog
) -> None:
    talk = Talk.begin(agent, log)
    talk.say("order")
    assert talk.say("hours") == ["From nine to five.", "Which number?"]
    assert talk.say("hours") == ["From nine to five.", "Which number?"]
    assert talk.say("hello") == ["Hello!", "Which number?"]
    assert talk.say("dark green") == ["Sorry?", "Which number?"]
    assert talk.say("x", '/number{"number": "777"}') == ["Which colour?"]
    assert talk.say("hours") == ["From nine to five.", "Which colour?"]
    assert talk.say("red") == ["Ordered 777 in red."]


def test_a_form_that_is_stopped_does_not_come_back(agent: Agent, log: ConversationLog) -> None:
    talk = Talk.begin(agent, log)
    talk.say("order")
    assert talk.say("stop") == ["Stopped."]
    assert talk.say("hours") == ["From nine to five."]


def test_a_story_still_knows_what_came_before(agent: Agent, log: ConversationLog) -> None:
    talk = Talk.begin(agent, log)
    assert talk.say("hello") == ["Hello!"]
    assert talk.say("hello") == ["Hello again!"]


def test_a_message_that_no_rule_knows_is_answered_once(agent: Agent, log: ConversationLog) -> None:
    talk = Talk.begin(agent, log)
    assert talk.say("number") == ["Sorry?"]
    assert talk.say("hours") == ["From nine to five."]
