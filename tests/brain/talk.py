"""Talk to the tiny assistant through the channel's own turn, as the gateway does."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta

from rasa.core.agent import Agent

from helder.brain import channel
from helder.conversation.entries import Author, ConversationId, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from tests.aio import run

NOW = "2026-11-22T09:00:00.000Z"


@dataclass
class Talk:
    """One conversation with an agent."""

    agent: Agent
    log: ConversationLog
    conversation: ConversationId

    @classmethod
    def begin(cls, agent: Agent, log: ConversationLog, language: str = "en") -> Talk:
        return cls(agent, log, log.open(language, timedelta(hours=1)).conversation)

    def receive(
        self,
        text: str,
        payload: str | None = None,
        message: str | None = None,
        epoch: int | None = None,
    ) -> dict[str, object]:
        """Put a message into the inbox; what the gateway then asks the channel for."""
        message_id = MessageId(message or str(uuid.uuid4()))
        self.inbox.put(self.conversation, Received(message_id, text, NOW, payload))
        return {
            "conversation": self.conversation,
            "message": message_id,
            "epoch": self.log.head(self.conversation).position.epoch if epoch is None else epoch,
            "text": text,
            "payload": payload,
        }

    def send(self, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        """One call of the channel's `turn`; its status and answer."""
        answer = run(channel._run(body, self.agent.handle_message))
        return answer.status, json.loads(answer.body)

    def post(
        self,
        text: str,
        payload: str | None = None,
        message: str | None = None,
        epoch: int | None = None,
    ) -> tuple[int, dict[str, object]]:
        """Both, one after the other."""
        return self.send(self.receive(text, payload, message, epoch))

    @property
    def inbox(self) -> Inbox:
        """Where the messages wait."""
        return Inbox(self.log.engine, self.log.keyring)

    def waiting(self) -> list[str]:
        """The customer's messages that are not answered yet."""
        return [received.text for received in self.inbox.pending(self.conversation)]

    def say(self, text: str, payload: str | None = None) -> list[str]:
        """What the assistant answers."""
        before = self.log.head(self.conversation).number
        status, answer = self.post(text, payload)
        assert status == 200, answer
        _, shown = self.log.shown(self.conversation, before)
        return [s.message.text for s in shown if s.message.author is Author.ASSISTANT]
