"""What must be there before anything runs: keys, database, anchor. Made once, always checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.engine import Engine

from helder import keyfiles, migrate
from helder.audit.head import AUDIT
from helder.conversation import format1
from helder.conversation import keyring as keys
from helder.conversation.anchor import FileAnchor
from helder.conversation.keyring import Keyring
from helder.conversation.rollback import fill, refuse_older
from helder.conversation.wrappings import CONVERSATIONS
from helder.database import connect
from helder.forgetting import destroy_again
from helder.handoff.messages import LEFT_MESSAGES
from helder.installation import anchor_of, keyring_of
from helder.settings import Settings
from helder.staff.employees import EMPLOYEES

# The last version of the database that had no anchor beside it.
_BEFORE_ANCHOR = (None, "0001", "0002")


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """Keys, database and anchor, made at the first run and checked at every other.

    Raises:
        KeyringError, AnchorError, Refusal, SettingError: what is wrong, in a sentence.
    """
    # Nobody else on this machine may read what is kept, nor list it.
    os.umask(0o077)
    settings.var.mkdir(parents=True, exist_ok=True)
    settings.var.chmod(0o700)
    before = migrate.current(settings.database_url)
    _keys(settings, say, first_run=before is None)
    new = before in _BEFORE_ANCHOR
    if new and not settings.anchor.exists():
        # Before the database says that there is one: stopped in between, the next start goes on.
        FileAnchor.create(settings.anchor).close()
        say(f"✓ made {near(settings.anchor, settings.project)}")
    _, after = migrate.upgrade(settings.database_url)
    say(f"✓ database at version {after}" + ("" if before == after else " (upgraded)"))
    _compare(settings, say, new=new)


def _keys(settings: Settings, say: Callable[[str], None], *, first_run: bool) -> None:
    make = first_run and settings.keys_from == "files"
    if not make:
        keyring_of(settings)
    for path in keyfiles.prepare(settings.keys, make_keys=make):
        # Conversations cannot be read without their keys; every other secret is made anew.
        precious = path.name.startswith(keys.PURPOSES)
        copy = "; keep a copy of it in a safe place" if precious else ""
        say(f"✓ made {near(path, settings.project)}{copy}")


def _compare(settings: Settings, say: Callable[[str], None], *, new: bool) -> None:
    """Is the database what was last written, and in the format of this code?"""
    engine, keyring, anchor = (
        connect(settings.database_url),
        keyring_of(settings),
        anchor_of(settings),
    )
    try:
        if new:
            fill(engine, anchor)
        for sentence in _missing_keys(engine, keyring):
            say(sentence)
        if any(back := destroy_again(engine, keyring, anchor)):
            say(f"✓ destroyed {back[0]} conversations and {back[1]} left messages that were back")
        older = refuse_older(engine, keyring, anchor)
        if older:
            say(f"! {len(older)} conversations were turned back and are locked: {_some(older)}")
        if converted := format1.convert(engine, keyring, anchor):
            say(f"✓ brought {converted} conversations to format 2")
    finally:
        anchor.close()
        engine.dispose()


def _missing_keys(engine: Engine, keyring: Keyring) -> Iterator[str]:
    """What cannot be read, since a key is missing. No reason not to serve everybody else."""
    here = keyring.versions(keys.MASTER)
    for holders in (CONVERSATIONS, LEFT_MESSAGES, EMPLOYEES, AUDIT):
        for version, count in holders.versions(engine).items():
            if version not in here:
                yield (
                    f"! {count} of the {holders.what}s cannot be read: the master key of version "
                    f"{version} is not here. Put it back (`helder keys status`)"
                )


def near(path: Path, project: Path) -> str:
    """A path as a person in the project's folder would write it."""
    return str(path.relative_to(project) if path.is_relative_to(project) else path)


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")
