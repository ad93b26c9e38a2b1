"""A desk as it runs: a real server on a free port, a real database, keys of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog.testing
import uvicorn
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from helder import keyfiles
from helder import settings as settings_module
from helder.conversation.anchor import FileAnchor
from helder.conversation.keyring import FileKeyring
from helder.database import connect, metadata
from helder.desk.__main__ import config
from helder.desk.app import create_app
from helder.desk.guide import version
from helder.desk.state import build
from helder.desk.texts import Texts
from helder.handoff.messages import Messages
from helder.settings import Settings
from helder.staff import codes, passwords
from helder.staff.employees import Employees
from helder.staff.managing import Accounts
from helder.staff.proving import Proving
from helder.staff.sessions import Sessions
from tests.handoff.house import POLICIES
from tests.staffed import PASSWORD as PASSWORD

from .visitor import Visitor

NOON = datetime(2026, 11, 20, 13, 3, tzinfo=timezone.utc)  # a Friday; 14:03 in Amsterdam


@dataclass
class MovedClock:
    """Stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """An installation: its settings, its database, who works there, and the messages in it."""

    settings: Settings
    engine: Engine
    clock: MovedClock

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.desk_port}"

    def leave(
        self,
        reference: str = "KD-7F3K-9Q",
        contact: str = "anna@example.com",
        text: str = "Where is my kettle?",
        language: str = "en",
        reason: str = "asked_for_a_person",
        minutes_ago: int = 0,
    ) -> str:
        """A customer leaves a message, now or a while ago."""
        then = self.clock() - timedelta(minutes=minutes_ago)
        keyring = FileKeyring(self.settings.keys)
        messages = Messages(self.engine, keyring, lambda: then, lambda: reference)
        return messages.leave("a conversation", contact, text, language, reason, f"for {reference}")

    @property
    def employees(self) -> Employees:
        return Employees(self.engine, FileKeyring(self.settings.keys))

    def hire(self, name: str = "anna", *roles: str, **more: Any) -> Hired:
        """Somebody who has chosen a password, connected an app and, if so, read the guide."""
        accounts, reads = Accounts(self.employees), more.pop("reads", True)
        display, languages = name.capitalize(), more.pop("languages", ("en", "nl"))
        chosen = {"roles": roles or ("agent",), "languages": languages, **more}
        employee, once = accounts.add(name, display=display, **chosen)
        proving = Proving(self.employees, self.clock)
        proving.change_password(employee.id, once, PASSWORD)
        secret = codes.new_secret()
        shown = proving.enrol(employee.id, secret, self.code(secret))
        self.clock.move(seconds=codes.STEP)  # a code is taken once
        if reads:
            accounts.taught(employee.id, version(Texts(POLICIES / "desk.yml")), 0)
        return Hired(employee.id, name, secret, shown)

    def code(self, secret: str) -> str:
        """What the app shows now."""
        return codes.code_at(secret, int(self.clock().timestamp()) // codes.STEP)

    def session(self, who: str) -> str:
        """A session of theirs."""
        return Sessions(self.engine, self.employees, self.clock).begin(who)

    def is_handled(self, reference: str) -> bool:
        keyring = FileKeyring(self.settings.keys)
        return Messages(self.engine, keyring).read(reference).about.handled is not None


@dataclass(frozen=True)
class Hired:
    """An employee, the secret in their app and their recovery codes."""

    id: str
    name: str
    secret: str
    recovery: tuple[str, ...]


class Server(uvicorn.Server):
    """The desk, in a thread."""

    def __init__(self, house: House) -> None:
        app = create_app(build(house.settings, house.clock))
        super().__init__(config(app, house.settings.desk_port))
        self.thread = threading.Thread(target=self.run, daemon=True)

    def begin(self) -> None:
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.started:
            assert self.thread.is_alive(), "the desk did not start"
            assert time.monotonic() < deadline, "the desk does not start"
            self.thread.join(0.01)

    def end(self) -> None:
        self.should_exit = True
        self.thread.join(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found(tmp_path: Path, **environ: str) -> House:
    """A new installation in this folder."""
    chosen = settings_module.load(
        {"HELDER_VAR": str(tmp_path / "var"), "HELDER_DESK_PORT": str(free_port()), **environ}
    )
    keyfiles.prepare(chosen.keys, make_keys=True)
    FileAnchor.create(chosen.anchor).close()
    engine = connect(chosen.database_url)
    metadata.create_all(engine)
    return House(chosen, engine, MovedClock())


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that takes a seventh of a second is tested in tests/staff, not with every employee."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """structlog's own way to print an exception takes seconds on a busy machine."""
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Starts desks, with other settings where wanted."""
    servers: list[Server] = []
    houses: list[House] = []

    def start(**environ: str) -> House:
        house = found(tmp_path, **environ)
        server = Server(house)
        houses.append(house)
        servers.append(server)
        server.begin()
        return house

    yield start
    for server in servers:
        server.end()
    for house in houses:
        house.engine.dispose()


@pytest.fixture
def house(serve: Callable[..., House]) -> House:
    """A desk that runs."""
    return serve()


@pytest.fixture
def come(house: House) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors, each with a browser's cookies of their own."""
    clients: list[httpx.Client] = []

    def make(**headers: str) -> Visitor:
        client = httpx.Client(
            base_url=house.url,
            trust_env=False,
            timeout=60,
            headers={"Accept-Language": "en", **headers},
        )
        clients.append(client)
        return Visitor(client)

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def visitor(come: Callable[..., Visitor]) -> Visitor:
    """Somebody who is not signed in."""
    return come()


@pytest.fixture
def agent(come: Callable[..., Visitor], house: House) -> Visitor:
    """An employee who has just signed in."""
    return come().sign_in(house.session(house.hire().id))
