"""The gateway's own application in this process, with a brain that the test scripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from helder.brain.client import Model, Outcome
from helder.cli import prepare
from helder.conversation.clock import iso
from helder.conversation.entries import Author, Draft, Kind, Message, MessageId
from helder.gateway.app import create_app
from helder.gateway.state import Gateway, build
from tests.conversation.conftest import MovedClock
from tests.noticed import opening
from tests.running import settings_in

Json = dict[str, Any]
# A test waits for something to happen, so it takes no longer than that unless it fails.
PATIENCE_SECONDS = 30


@dataclass
class ScriptedBrain:
    """Answers "echo: …" through the log as Rasa would, or fails as the test says."""

    gateway: Gateway | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    runs: Model | None = None

    async def turn(
        self,
        conversation: str,
        message: str,
        epoch: int,
        text: str,
        payload: str | None,
        *,
        note: dict[str, str] | None = None,
        sent: str,
    ) -> Outcome:
        assert note is None
        assert sent.endswith("Z")
        assert self.gateway is not None
        self.asked.append(payload or text)
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome.SAVED
        if outcome is not Outcome.SAVED:
            return outcome
        log = self.gateway.log
        head = log.head(conversation)  # type: ignore[arg-type]  # the id is a plain str here
        assert head.position.epoch == epoch
        now = iso(self.gateway.clock())
        said = (
            Message(Author.CUSTOMER, text, now, id=message),
            Message(Author.ASSISTANT, f"echo: {text}", now),
        )
        state = log.window(head.position.conversation, turns=0).state
        log.save_turn(head.position, Draft(Kind.TURN, said, state=state), MessageId(message))
        return outcome

    async def is_ready(self) -> bool:
        return True

    async def model(self) -> Model | None:
        return self.runs

    async def aclose(self) -> None:
        """Nothing to close."""


@dataclass
class Front:
    """What a test of the gateway works with."""

    client: TestClient
    gateway: Gateway
    brain: ScriptedBrain
    clock: MovedClock

    def open(self, language: str = "en") -> tuple[str, dict[str, str]]:
        """A conversation of somebody who has read the notice: its address, the headers for it."""
        answer = self.client.post("/api/conversations", json=opening(language))
        assert answer.status_code == 201, answer.text
        opened = answer.json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        return f"/api/conversations/{opened['conversation']}", headers

    def messages(self, address: str, headers: dict[str, str], count: int) -> list[Json]:
        """All messages, once there are so many."""

        def enough(answer: Response) -> bool:
            return len(answer.json()["messages"]) >= count

        found: list[Json] = self.until(address, headers, enough).json()["messages"]
        return found

    def until(
        self, address: str, headers: dict[str, str], holds: Callable[[Response], bool]
    ) -> Response:
        """The first answer of which it holds, however fast or slow this machine is."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.client.get(f"{address}/messages", headers=headers)
            if holds(answer):
                return answer
            assert time.monotonic() < deadline, f"{answer.status_code}: {answer.text}"


def start(var: Path, **more: str) -> Iterator[Front]:
    settings = settings_in(var, **more)
    prepare(settings)
    clock, brain = MovedClock(), ScriptedBrain()
    gateway = build(settings, clock)
    brain.gateway = gateway
    gateway.brain = brain  # type: ignore[assignment]  # the test's own in its place
    gateway.turns._brain = brain  # type: ignore[assignment]  # the test's own in its place
    with TestClient(create_app(gateway), raise_server_exceptions=False) as client:
        yield Front(client, gateway, brain, clock)


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Which database the gateway works on; a module may say `both` instead (tests/databases.py)."""
    return f"sqlite:///{tmp_path / 'helder.db'}"


@pytest.fixture
def front(tmp_path: Path, database: str) -> Iterator[Front]:
    yield from start(tmp_path, HELDER_DATABASE_URL=database)
