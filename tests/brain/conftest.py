"""A tiny assistant, trained once, run by Rasa's own Agent on our store; a real action server."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from tests.brain.examples import DOMAIN
from tests.brain.house import TINY
from tests.conversation.conftest import *  # noqa: F403 - the same log, for Rasa

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny assistant, trained in a process of its own."""
    return trained(tmp_path_factory.mktemp("tiny"), TINY)


def trained(folder: Path, project: Path) -> Path:
    """The model of a project, made by `rasa train`."""
    subprocess.run(
        [
            *(sys.executable, "-m", "helder.brain.lightly", "train"),
            *("--config", project / "config.yml", "--domain", project / "domain.yml"),
            *("--data", project / "data", "--out", folder, "--fixed-model-name", "tiny"),
        ],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "RASA_TELEMETRY_ENABLED": "false",
        },
        check=True,
        capture_output=True,
    )
    return folder / "tiny.tar.gz"


@dataclass
class ActionServer:
    """Answers action calls as the test wants: a list of events, a status, or a rejection."""

    url: str = ""
    answers: dict[str, list[dict[str, Any]] | dict[str, Any] | int] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def action_server() -> Iterator[ActionServer]:
    server = ActionServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.calls.append(call)
            answer = server.answers.get(call["next_action"], 404)
            status, content = 200, {"events": answer, "responses": []}
            if isinstance(answer, int):
                status, content["events"] = answer, []
            elif isinstance(answer, dict):  # what rasa_sdk answers when an action rejects
                status, content = 400, answer
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}/webhook"
    yield server
    http.shutdown()
    http.server_close()


@pytest.fixture
def agent(tiny_model: Path, log: ConversationLog, action_server: ActionServer) -> Agent:
    """Rasa as `helder.brain.serve` runs it."""
    endpoint = EndpointConfig(action_server.url)
    store = EncryptedTrackerStore(log=log, granted=lambda _: True)
    return Agent.load(tiny_model, tracker_store=store, action_endpoint=endpoint)


@pytest.fixture
def store(log: ConversationLog) -> EncryptedTrackerStore:
    """Rasa's view of the log, with a domain that has a slot of every kind."""
    return EncryptedTrackerStore(DOMAIN, log=log, granted=lambda _: True)


@pytest.fixture
def conversation(log: ConversationLog) -> ConversationId:
    return log.open("en", timedelta(hours=1)).conversation
