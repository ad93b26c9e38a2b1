"""The installation, opened for a command that looks after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from helder import migrate
from helder import settings as settings_module
from helder.audit.head import AUDIT
from helder.conversation.keyring import MASTER, HeldKeyring
from helder.conversation.wrappings import CONVERSATIONS, Holders
from helder.database import connect
from helder.handoff.messages import LEFT_MESSAGES
from helder.installation import keyring_of
from helder.refusal import Refusal
from helder.runlock import RunLock
from helder.settings import Settings
from helder.staff.employees import EMPLOYEES

# Everything that holds a wrapped data key.
HOLDERS: tuple[Holders, ...] = (CONVERSATIONS, LEFT_MESSAGES, EMPLOYEES, AUDIT)


@dataclass(frozen=True)
class Opened:
    """Settings, database and keys."""

    settings: Settings
    engine: Engine
    keyring: HeldKeyring


@contextmanager
def opened() -> Iterator[Opened]:
    """What is there already; nothing is made, and nothing is brought to another version.

    Raises:
        Refusal: there is no database, or not of this version, or it fails.
        KeyringError, SettingError: the keys cannot be used.
    """
    settings = settings_module.load()
    os.umask(0o077)
    # What is found is told on the screen; the log's own alarm is for the running processes.
    structlog.configure(processors=[_dropped])
    _refuse_other_version(settings)
    keyring, engine = keyring_of(settings), connect(settings.database_url)
    try:
        yield Opened(settings, engine, keyring)
    except SQLAlchemyError as error:
        raise Refusal(
            f"The database failed ({type(error).__name__}). What was done stays; try again."
        ) from error
    finally:
        engine.dispose()


def refuse_running(settings: Settings) -> None:
    """Some things are not done beneath a running Helder. Raises Refusal."""
    holder = RunLock(settings.var).holder()
    if holder is not None:
        raise Refusal(f"Helder is running (process {holder}); stop it first: `make stop`.")


def refuse_unaware(here: Opened) -> None:
    """What runs with keys from the environment knows those that were there when it was started.

    Raises:
        Refusal: it would not be able to read what is wrapped with the newest master key.
    """
    holder = RunLock(here.settings.var).holder()
    if here.settings.keys_from != "environment" or holder is None:
        return
    version, material = here.keyring.current(MASTER).version, _key_material(holder)
    if material is not None and f"{MASTER}.{version}:" not in material:
        raise Refusal(
            f"The Helder that runs (process {holder}) was started without version {version} of the "
            "master key, and could not read what is wrapped with it; restart it first."
        )


def refuse_other_user(folder: Path) -> None:
    """A private file is of use only to the user that Helder runs as. Raises Refusal."""
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise Refusal(f"{folder} belongs to user {owner}; run this as that user, as Helder does.")


def _refuse_other_version(settings: Settings) -> None:
    version = migrate.current(settings.database_url)
    if version is None:
        raise Refusal("There is no database yet; `helder run` makes one, and its keys.")
    if version != migrate.newest():
        raise Refusal(
            f"The database has version {version}, not that of this code; `helder migrate` first."
        )


def _key_material(process: int) -> str | None:
    """What a process of ours was started with; None where the system tells nobody."""
    try:
        content = Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return None
    given = (each.partition(b"=") for each in content.split(b"\0"))
    return {name: value for name, _, value in given}.get(b"HELDER_KEY_MATERIAL", b"").decode()


def _dropped(*_event: Any) -> Any:
    raise structlog.DropEvent
