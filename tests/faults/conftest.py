"""A prepared installation to copy, and the tiny assistant run by Rasa's own Agent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from helder.brain.store import EncryptedTrackerStore
from helder.cli import prepare
from helder.conversation.keyring import FileKeyring, create_missing
from helder.conversation.log import ConversationLog
from helder.database import connect, metadata
from helder.gateway import attempts
from helder.settings import Settings
from tests.brain.conftest import ActionServer, action_server, tiny_model  # noqa: F401 - a fixture
from tests.faults.house import folder
from tests.running import settings_in


def pytest_addoption(parser: pytest.Parser) -> None:
    """Known only where this folder is named on the command line."""
    parser.addoption("--every-fault", action="store_true", help="every fault at every point")


@pytest.fixture(scope="session")
def installation() -> Iterator[Settings]:
    """Keys, database and anchor as `helder run` makes them; copied by each test."""
    with folder() as made:
        settings = settings_in(made / "var")
        prepare(settings)
        yield settings


@pytest.fixture
def settings(installation: Settings) -> Iterator[Settings]:
    """An installation of one's own, in which nothing has happened."""
    with folder() as made:
        shutil.copytree(installation.var, made / "var")
        yield moved(installation, made / "var")


def moved(settings: Settings, var: Path) -> Settings:
    """The same settings for another folder."""
    return replace(
        settings,
        var=var,
        keys=var / "keys",
        anchor=var / "anchor.db",
        database_url=f"sqlite:///{var / 'helder.db'}",
    )


@pytest.fixture(scope="session")
def rasa(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Agent:  # noqa: F811 - the fixture, not the import
    """Rasa's own Agent, loaded once; each house gives its store a log."""
    made = tmp_path_factory.mktemp("agent")
    create_missing(made / "keys")
    engine = connect(f"sqlite:///{made / 'none.db'}")
    metadata.create_all(engine)
    log = ConversationLog(engine, FileKeyring(made / "keys"))
    return Agent.load(tiny_model, tracker_store=EncryptedTrackerStore(log=log))


@pytest.fixture
def agent(rasa: Agent, action_server: ActionServer) -> Agent:  # noqa: F811 - the fixture, not the import
    """The agent, with an action server of which one action says nothing."""
    action_server.answers["action_shout"] = []
    rasa.processor.action_endpoint = EndpointConfig(action_server.url)
    return rasa


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.004)


@pytest.fixture(autouse=True)
def errors() -> Iterator[list[BaseException]]:
    """The exceptions that the product logs: thousands, which nobody should have to read."""
    found: list[BaseException] = []

    def note(_logger: Any, _method: str, event: structlog.types.EventDict) -> Any:
        if isinstance(event.get("exc_info"), BaseException):
            found.append(event["exc_info"])
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[note])
    yield found
    structlog.configure(**before)
