"""Where scripts are played: Rasa's own agent on the encrypted log, real actions, a real shop."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from helder import keyfiles, model
from helder.brain import channel
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import Author, ConversationId, Message, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.database import connect, metadata
from helder.settings import Settings, process_environment

ROOT = Path(__file__).resolve().parents[2]
START = 60  # seconds that the action server may take


@dataclass
class Stage:
    """The assistant as it is, without the gateway."""

    agent: Agent
    log: ConversationLog

    def open(self, language: str) -> Conversation:
        """A new conversation."""
        return Conversation(self, self.log.open(language, timedelta(hours=1)).conversation)


@dataclass
class Conversation:
    """One conversation; `said` is what came back to the last message."""

    stage: Stage
    id: ConversationId
    said: list[Message] = field(default_factory=list)

    def say(self, text: str, payload: str | None = None) -> list[Message]:
        """Send a message through the channel's own turn; what the assistant says to it."""
        log = self.stage.log
        head = log.head(self.id)
        message = MessageId(str(uuid.uuid4()))
        Inbox(log.engine, log.keyring).put(
            self.id, Received(message, text, "2026-01-01T00:00:00.000Z", payload)
        )
        body: dict[str, Any] = {"conversation": self.id, "message": message}
        body |= {"epoch": head.position.epoch, "text": text, "payload": payload}
        answer = asyncio.run(channel._run(body, self.stage.agent.handle_message))
        assert answer.status == 200, answer.body
        _, shown = log.shown(self.id, head.number)
        self.said = [s.message for s in shown if s.message.author is Author.ASSISTANT]
        return self.said

    def choose(self, title: str) -> list[Message]:
        """Press one of the buttons that were just offered."""
        offered = [choice for message in self.said for choice in message.choices]
        found = [choice for choice in offered if title in choice.title]
        assert found, f"no button {title!r}; offered: {[choice.title for choice in offered]}"
        return self.say(found[0].title, found[0].payload)

    def understood(self) -> str:
        """How the last message was read and which policies acted, from the log itself."""
        events = self.stage.log.history(self.id)[-1].events
        lines = []
        for event in events:
            if event["event"] == "user":
                intent = event["parse_data"]["intent"]
                read = [f"{e['entity']}={e['value']}" for e in event["parse_data"]["entities"]]
                lines.append(f"{intent['name']} ({intent['confidence']:.2f}) {' '.join(read)}")
            elif event["event"] in ("action", "action_execution_rejected"):
                lines.append(f"{event['event']} {event['name']} [{event.get('policy') or ''}]")
            elif event["event"] in ("slot", "active_loop"):
                lines.append(f"{event['event']} {event['name']} = {event.get('value', '')}")
        return "\n      ".join(lines)


def prepare(settings: Settings) -> None:
    """Keys and tables, as a first run makes them."""
    keyfiles.prepare(settings.keys, first_run=True)
    import helder.handoff.tables  # noqa: F401 - its tables are made too

    engine = connect(settings.database_url)
    metadata.create_all(engine)
    engine.dispose()


@contextmanager
def action_server(settings: Settings) -> Iterator[str]:
    """`python -m actions`, until the tests are done; its address."""
    secret = keyfiles.internal_secret(settings.keys)
    process = subprocess.Popen(
        [sys.executable, "-m", "actions"],
        cwd=ROOT,
        env=process_environment(settings, secret),
    )
    try:
        deadline = time.monotonic() + START
        while not _answers(settings.actions_port):
            assert process.poll() is None, "the action server does not start"
            assert time.monotonic() < deadline, "the action server takes too long"
            time.sleep(0.1)
        yield settings.actions_url
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without Rasa's own tale of every step: a failing script tells what matters."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    levels = {name: logging.getLogger(name).level for name in ("rasa", "asyncio")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield
    finally:
        structlog.configure(**before)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def stage(settings: Settings) -> Iterator[Stage]:
    """A stage on a new database."""
    prepare(settings)
    trained = model.fitting_model(ROOT) or model.train(settings, lambda _text: None)
    log = ConversationLog(connect(settings.database_url), FileKeyring(settings.keys))
    with _quietly(), action_server(settings) as url:
        headers = {"X-Helder-Secret": keyfiles.internal_secret(settings.keys)}
        endpoint = EndpointConfig(url, headers=headers, enable_selective_domain=True)
        store = EncryptedTrackerStore(log=log)
        agent = Agent.load(str(trained), tracker_store=store, action_endpoint=endpoint)
        yield Stage(agent, log)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
