"""The four processes in a folder of their own, and colleagues who are signed in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import free_ports
from helder import model, preparation
from helder import settings as settings_module
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.desk.guide import version
from helder.desk.texts import Texts
from helder.installation import anchor_of, keyring_of
from helder.settings import PROJECT, Settings
from helder.staff import codes
from helder.staff.employee import MOST_CONVERSATIONS
from helder.staff.employees import Employees
from helder.staff.managing import Accounts
from helder.staff.proving import Proving
from helder.staff.sessions import Sessions
from helder.supervisor import Stack

_NO_LIMIT = str(10**6 - 1)
_PASSWORD = "a password for this bench alone"
CAPACITY = MOST_CONVERSATIONS


@dataclass(frozen=True)
class House:
    """What runs."""

    settings: Settings
    stack: Stack

    @property
    def gateway(self) -> str:
        """Where customers reach it."""
        return f"http://127.0.0.1:{self.settings.gateway_port}"

    @property
    def desk(self) -> str:
        """Where colleagues reach it."""
        return f"http://127.0.0.1:{self.settings.desk_port}"

    def log(self) -> ConversationLog:
        """The log as it is in the end."""
        engine = connect(self.settings.database_url)
        keyring, anchor = keyring_of(self.settings), anchor_of(self.settings)
        return ConversationLog(engine, keyring, anchor=anchor)

    def hire(self, count: int) -> list[str]:
        """The sessions of so many new colleagues, who have read the guide."""
        engine = connect(self.settings.database_url)
        employees = Employees(engine, keyring_of(self.settings))
        texts = Texts(self.settings.project / "policies" / "desk.yml")
        sessions = [_hired(Sessions(engine, employees), employees, n, texts) for n in range(count)]
        engine.dispose()
        return sessions


def _hired(sessions: Sessions, employees: Employees, number: int, texts: Texts) -> str:
    accounts, proving = Accounts(employees), Proving(employees)
    one, once = accounts.add(
        f"bench{number}",
        display=f"Bench {number}",
        roles=("agent",),
        languages=("en", "nl"),
        capacity=CAPACITY,
    )
    now = int(time.time())
    proving.change_password(one.id, once, _PASSWORD)
    secret = codes.new_secret()
    proving.enrol(one.id, secret, codes.code_at(secret, now // codes.STEP))
    accounts.taught(one.id, version(texts), now // 60)
    return sessions.begin(one.id)


@contextmanager
def running(folder: Path) -> Iterator[House]:
    """Start everything, as `helder run` does, and stop it at the end."""
    ports = zip(("GATEWAY", "DESK", "RASA", "ACTIONS"), free_ports(4), strict=True)
    chosen = {f"{name}_PORT": str(port) for name, port in ports}
    # All customers of a bench come from one address.
    for limit in ("MESSAGES", "ADDRESS_MESSAGES", "OPENINGS"):
        chosen[f"{limit}_PER_MINUTE"] = _NO_LIMIT
    chosen["VAR"] = str(folder / "var")
    settings = settings_module.load({settings_module.PREFIX + n: v for n, v in chosen.items()})
    if model.fitting_model(PROJECT) is None:
        model.train(settings, lambda _: None)
    preparation.prepare(settings, say=lambda _: None)
    with Stack(settings, say=lambda _: None) as stack:
        yield House(settings, stack)
