"""A snapshot and a short window give Rasa exactly what the full history would."""

from __future__ import annotations

import random

import pytest
from rasa.core.agent import Agent

from helder.brain import store as store_module
from helder.conversation.entries import ConversationId, Window
from helder.conversation.log import ConversationLog
from tests.brain.talk import Talk

SAYINGS = (
    ("hello", None),
    ("order", None),
    ("hours", None),
    ("stop", None),
    ("seven", '/number{"number": "777"}'),
    ("dark green", None),
    ("shout", None),
)


class FullLog(ConversationLog):
    """The same log, giving the whole history every time."""

    def window(self, conversation: ConversationId, turns: int = 10**6) -> Window:
        return super().window(conversation, 10**6)


@pytest.mark.parametrize("turns", [1, 3, 6])
def test_a_window_of_a_few_turns_changes_no_answer(
    agent: Agent,
    log: ConversationLog,
    action_server,
    monkeypatch: pytest.MonkeyPatch,
    turns: int,
) -> None:
    action_server.answers["action_shout"] = [{"event": "bot", "text": "HELLO"}]
    monkeypatch.setattr(store_module, "WINDOW_TURNS", turns)
    for seed in range(30):
        chance = random.Random(seed)
        script = [chance.choice(SAYINGS) for _ in range(14)]
        assert answers(agent, log, script) == answers(
            agent, FullLog(log.engine, log.keyring), script
        )


def answers(agent: Agent, log: ConversationLog, script: list) -> list[list[str]]:
    agent.tracker_store.log = log
    talk = Talk.begin(agent, log)
    return [talk.say(*saying) for saying in script]
