"""A snapshot and a short window give Rasa exactly what the full history would."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from rasa.core.agent import Agent

from helder.conversation.entries import ConversationId, Window
from helder.conversation.log import ConversationLog
from tests.brain.conftest import ActionServer
from tests.brain.talk import Talk

SAYINGS = (
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


class ShortLog(ConversationLog):
    """The same log, giving only the last turns."""

    turns = 1

    def window(self, conversation: ConversationId, turns: int | None = None) -> Window:
        return super().window(conversation, self.turns if turns is None else turns)


@pytest.mark.parametrize("turns", [1, 3, 6])
def test_a_window_of_a_few_turns_changes_no_answer_of_rules_and_forms(
    agent: Agent, log: ConversationLog, action_server: ActionServer, turns: int
) -> None:
    action_server.answers["action_shout"] = [{"event": "bot", "text": "HELLO"}]
    short = ShortLog(log.engine, log.keyring)
    short.turns = turns
    full = FullLog(log.engine, log.keyring)
    for seed in range(12):
        chance = random.Random(seed)
        script = [chance.choice(SAYINGS) for _ in range(14)]
        assert answers(agent, short, script) == answers(agent, full, script)


def test_a_story_looks_back_over_the_window_and_no_further(
    agent: Agent, log: ConversationLog
) -> None:
    near = [("hello", None), *[("hours", None)] * 3, ("hello", None)]
    far = [("hello", None), *[("hours", None)] * 6, ("hello", None)]
    assert answers(agent, log, near)[-1] == ["Hello again!"]
    assert answers(agent, log, far)[-1] == ["Hello!"]


def answers(
    agent: Agent, log: ConversationLog, script: Sequence[tuple[str, str | None]]
) -> list[list[str]]:
    agent.tracker_store.log = log
    talk = Talk.begin(agent, log)
    return [talk.say(*saying) for saying in script]
