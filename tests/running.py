"""The real thing, for tests: the four processes in a folder and on ports of their own."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from helder import model, settings
from helder.cli import prepare
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.settings import PROJECT, Settings
from helder.supervisor import Stack
from tests import agreeing
from tests.noticed import opening

Json = dict[str, Any]
PATIENCE = 20.0


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def settings_in(var: Path, **more: str) -> Settings:
    """Settings as `make run` has them, in another folder, on free ports, without rate limits."""
    ports = free_ports(4)
    names = ("GATEWAY", "DESK", "RASA", "ACTIONS")
    environment = {f"HELDER_{n}_PORT": str(p) for n, p in zip(names, ports, strict=True)}
    for limit in ("MESSAGES", "ADDRESS_MESSAGES", "OPENINGS"):
        environment[f"HELDER_{limit}_PER_MINUTE"] = "99999"
    environment |= {
        "HELDER_VAR": str(var),
        "HELDER_IDENTITY_SECRET": "a shared secret of at least 32 bytes",
        "HELDER_LOG_LEVEL": "debug",
        "HELDER_TURN_TIMEOUT": "30",
    }
    return settings.load(environment | more)


@dataclass
class Running:
    """A stack that runs, and what tests want of it."""

    settings: Settings
    stack: Stack
    lines: list[str]
    closing: ExitStack = field(default_factory=ExitStack)

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.settings.gateway_port}"

    @property
    def desk_url(self) -> str:
        return f"http://127.0.0.1:{self.settings.desk_port}"

    def log(self) -> ConversationLog:
        """The log, read with the stack's own keys."""
        return ConversationLog(connect(self.settings.database_url), FileKeyring(self.settings.keys))

    def talk(self, language: str = "en", **more: str) -> Talk:
        """A new conversation of somebody who has read the notice."""
        # No TLS here, so no certificates: to load them takes longer than a turn.
        client = httpx.Client(
            base_url=self.gateway_url, timeout=PATIENCE, trust_env=False, verify=False
        )
        self.closing.callback(client.close)
        answer = client.post("/api/conversations", json=opening(language) | more)
        assert answer.status_code == 201, answer.text
        return Talk(client, **answer.json())


@dataclass
class Talk:
    """A customer's side of a conversation, over the API."""

    client: httpx.Client
    conversation: str
    token: str
    language: str
    seen: int = 0
    choices: list[Json] = field(default_factory=list)
    agrees: bool = True  # to the question about order data, by itself
    agreed: bool = False  # did so in the last answer
    least: int = 1  # messages that an answer has

    @property
    def path(self) -> str:
        return f"/api/conversations/{self.conversation}/messages"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: Any) -> httpx.Response:
        """Send as it is."""
        return self.client.post(self.path, json=body, headers=self.headers)

    def read(self, after: int = 0) -> list[Json]:
        """What was said."""
        answer = self.client.get(self.path, params={"after": after}, headers=self.headers)
        assert answer.status_code == 200, answer.text
        messages: list[Json] = answer.json()["messages"]
        return messages

    def say(self, text: str) -> list[str]:
        """The texts of the answer."""
        return [m["text"] for m in self.answer(text=text)]

    def choose(self, title: str) -> list[str]:
        """Press the button with this title."""
        found = [c["choice"] for c in self.choices if c["title"] == title]
        assert found, f"no button {title!r} among {[c['title'] for c in self.choices]}"
        return [m["text"] for m in self.answer(choice=found[0])]

    def answer(self, **body: Any) -> list[Json]:
        """Send, and wait until the turn is in the log: then all its messages are there."""
        said = self._answered(**body)
        choice = agreeing.asked(said) if self.agrees else None
        self.agreed = choice is not None
        if choice is None:
            return said
        more = agreeing.without_thanks(self._answered(choice=choice["choice"]))
        return [*said[:-1], *more]

    def _answered(self, **body: Any) -> list[Json]:
        sent = self.post(id=str(uuid.uuid4()), **body)
        assert sent.status_code == 202, sent.text
        for messages in self.polled():
            said = [m for m in messages if m["author"] != "customer" and "notice" not in m]
            taken = any(m.get("id") == sent.json()["id"] for m in messages)
            if taken and len(said) >= self.least:
                self.seen = messages[-1]["seq"]
                self.choices = [c for m in said for c in m["choices"]] or self.choices
                return said
        raise AssertionError(f"no answer to {body} in {PATIENCE} s")

    def polled(self) -> Iterator[list[Json]]:
        """What is new, again and again until patience ends."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            yield self.read(self.seen)
            time.sleep(0.02)  # between two looks at a real process, not instead of one


@contextmanager
def running(var: Path, **more: str) -> Iterator[Running]:
    """Start the four processes as `make run` does, and stop them."""
    chosen = settings_in(var, **more)
    if model.fitting_model(PROJECT) is None:
        model.train(chosen, lambda _: None)
    prepare(chosen)
    lines: list[str] = []
    with Stack(chosen, say=lines.append) as stack:
        started = Running(chosen, stack, lines)
        with started.closing:
            yield started
