"""A hunt: the four real processes, told thousands of secrets, and broken in every way meanwhile."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from helder import keyfiles, model
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of
from helder.preparation import prepare
from helder.settings import PROJECT, Settings, process_environment
from helder.supervisor import Pace, Stack, helder_processes
from tests.forgetting.canaries import Breeder, Canary
from tests.forgetting.search import Needles, spellings
from tests.noticed import opening
from tests.running import settings_in

SABOTEUR = Path(__file__).parent / "saboteur"
MODELS = (PROJECT / "models", PROJECT / ".rasa")
PATIENCE = 120.0
PACE = Pace(poll=0.02, back_off=0.02, longest_back_off=0.05, restarts=1_000)
_SENTENCES = (
    "Mijn gegevens zijn {}.",
    "My details are {}.",
    "Waar blijft mijn pakket? Het moet naar {}.",
    "Where is my parcel? It goes to {}.",
    "Ik wil mijn bestelling annuleren, {}.",
    "Can I pay with {}?",
)


@dataclass
class Hunt:
    """One installation, and every secret that was told to it, by the channel."""

    folder: Path
    settings: Settings
    secrets: Iterator[Canary]
    dice: random.Random
    stack: Stack
    told: dict[str, list[Canary]] = field(default_factory=lambda: defaultdict(list))
    conversations: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many secrets were told."""
        return sum(map(len, self.told.values()))

    def url(self, process: str) -> str:
        """Where one of the four answers."""
        return f"http://127.0.0.1:{getattr(self.settings, f'{process}_port')}"

    def client(self, process: str = "gateway") -> httpx.Client:
        """Somebody who calls it."""
        return httpx.Client(base_url=self.url(process), timeout=30, trust_env=False)

    def words(self, channel: str, count: int = 6) -> str:
        """Something to say, with so many secrets in it."""
        some = list(itertools.islice(self.secrets, count))
        self.told[channel] += some
        sentence = self.dice.choice(_SENTENCES)
        return sentence.format(", ".join(secret.text for secret in some))

    def needles(self) -> Needles:
        """All of what was told, in every spelling."""
        return Needles(
            (f"{channel}: {secret.kind}: {text}", spelling)
            for channel, secrets in self.told.items()
            for secret in secrets
            for text in secret.needles
            for spelling in spellings(text)
        )

    def places(self) -> list[Path]:
        """Wherever its processes could have written something."""
        known = [self.settings.var, *(self.folder / name for name in ("tmp", "home", "sabotage"))]
        printed = self.folder / "printed"
        printed.write_text("\n".join(self.printed), encoding="utf-8")
        return [*known, printed, *cores()]

    def log(self) -> ConversationLog:
        """The log, with the keys of the installation."""
        settings = self.settings
        engine = connect(settings.database_url)
        return ConversationLog(engine, keyring_of(settings), anchor=anchor_of(settings))

    def open(self, client: httpx.Client, **more: str) -> str:
        """A new conversation; its id."""
        answer = _tried(lambda: client.post("/api/conversations", json=opening("nl") | more), {201})
        opened = answer.json()
        self.conversations[opened["conversation"]] = opened["token"]
        return str(opened["conversation"])

    def send(self, client: httpx.Client, conversation: str, **body: Any) -> None:
        """Send, as often as it takes until it is acknowledged."""
        body = {"id": str(uuid.uuid4()), **body}
        _tried(
            lambda: client.post(_messages(conversation), json=body, headers=self._as(conversation))
        )

    def read(self, client: httpx.Client, conversation: str) -> list[dict[str, Any]]:
        """What was said."""
        answer = _tried(
            lambda: client.get(_messages(conversation), headers=self._as(conversation)), {200}
        )
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def settle(self) -> None:
        """Wait until all that was sent is answered."""
        log = self.log()
        inbox = Inbox(log.engine, log.keyring)
        wait_until(lambda: not inbox.waiting(), "messages wait")
        log.engine.dispose()

    def ready(self) -> None:
        """Wait until all four answer (again)."""
        wait_until(lambda: all(self._answers(each) for each in _HEALTH), "a process is down")

    def _answers(self, process: str) -> bool:
        with self.client(process) as client, contextlib.suppress(httpx.HTTPError):
            return client.get(_HEALTH[process]).status_code == 200
        return False

    def command(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """`helder …`; what it prints is kept, and searched, unless it is the chat itself."""
        done = subprocess.run(
            [sys.executable, "-m", "helder.cli", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            cwd=PROJECT,
            env=process_environment(self.settings, keyfiles.internal_secret(self.settings.keys)),
            check=False,
        )
        self.printed += [done.stderr] if typed else [done.stdout, done.stderr]
        return done

    @contextmanager
    def locked(self, path: Path) -> Iterator[None]:
        """Nobody else can write a database meanwhile."""
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def sealed_log(self) -> dict[str, str]:
        """What was said, opened, by conversation."""
        log = self.log()
        opened = {
            str(each): "\n".join(str(entry) for entry in log.history(each)) for each in log.ids()
        }
        log.engine.dispose()
        return opened

    def _as(self, conversation: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.conversations[conversation]}"}


_HEALTH = {
    "gateway": "/healthz",
    "desk": "/healthz",
    "rasa": "/webhooks/helder/health",
    "actions": "/health",
}


@contextmanager
def hunting(
    folder: Path, seed: int, *, only: str | None = None, unprotected: bool = False
) -> Iterator[Hunt]:
    """Start the four processes with the saboteur among them; stop them if they still run.

    `only` one of them; `unprotected`: as if nobody had seen to logs and crashes.
    """
    settings = settings_in(folder / "var", HELDER_TURN_TIMEOUT="20")
    if only is None and model.fitting_model(PROJECT) is None:
        model.train(settings, lambda _: None)
    before = os.environ.copy(), resource.getrlimit(resource.RLIMIT_CORE)
    os.environ |= _environment(folder) | ({"SABOTEUR_UNPROTECTED": "yes"} if unprotected else {})
    with contextlib.suppress(ValueError):  # lower than the most that is allowed here
        resource.setrlimit(resource.RLIMIT_CORE, (before[1][1], before[1][1]))
    lines: list[str] = []
    try:
        prepare(settings, lines.append)
        chosen = tuple(p for p in helder_processes(settings) if only in (None, p.name))
        stack = Stack(settings, chosen, say=lines.append, pace=PACE)
        dice = random.Random(seed)
        with stack:
            yield Hunt(folder, settings, _unheard_of(dice), dice, stack, printed=lines)
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        resource.setrlimit(resource.RLIMIT_CORE, before[1])


def _environment(folder: Path) -> dict[str, str]:
    for name in ("tmp", "home", "sabotage"):
        (folder / name).mkdir()
    return {
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        "SABOTEUR_FOLDER": str(folder / "sabotage"),
        "PYTHONPATH": str(SABOTEUR),
    }


def _unheard_of(dice: random.Random) -> Iterator[Canary]:
    """Secrets that are nowhere before anybody tells them."""
    breeder = Breeder(dice)
    while True:
        brood = list(breeder.brood(4_000))
        named = ((str(i), s) for i, c in enumerate(brood) for t in c.needles for s in spellings(t))
        heard = Needles(named).found_under(MODELS)
        known = {int(name) for names in heard.values() for name in names}
        yield from (canary for i, canary in enumerate(brood) if i not in known)


def cores() -> list[Path]:
    """Copies of the memory of processes that crashed."""
    return [path for path in PROJECT.glob("core*") if path.is_file()]


def wait_until(there: Any, otherwise: str) -> None:
    """Look again and again until something is so."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, f"after {PATIENCE:g} s {otherwise}"
        time.sleep(0.05)  # between two looks at real processes


def _tried(call: Any, wanted: frozenset[int] | set[int] = frozenset({202})) -> httpx.Response:
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(httpx.HTTPError):
            answer: httpx.Response = call()
            if answer.status_code in wanted:
                return answer
            assert answer.status_code in (429, 500, 502, 503), answer.text
        assert time.monotonic() < end, "nobody answers"
        time.sleep(0.05)  # as the widget does, until it is heard


def _messages(conversation: str) -> str:
    return f"/api/conversations/{conversation}/messages"
