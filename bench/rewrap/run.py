"""The whole run: a new key, everything wrapped anew under load, killed, and the old keys gone."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from bench.failure import BenchFailed
from bench.many import Many, hurried
from bench.numbers import Spread
from bench.ours import Ours
from bench.processes import free_ports
from bench.progress import Progress
from bench.rewrap.command import Command, Watched
from bench.rewrap.people import People
from helder import model
from helder.conversation.keyring import MASTER, FileKeyring
from helder.conversation.retiring import SETTLING
from helder.conversation.wrappings import CONVERSATIONS
from helder.database import connect
from helder.handoff.messages import LEFT_MESSAGES
from helder.installation import anchor_of, keyring_of
from helder.settings import PROJECT
from helder.supervisor import Stack

_MESSAGES = 1000
_QUIET_SECONDS = 20
_SEED = 11


@dataclass
class RewrapFigures:
    """Seconds, megabytes, milliseconds."""

    conversations: int
    kills: int = 0
    rewrap: Watched = field(default_factory=Watched)
    verify_keys: Watched = field(default_factory=Watched)
    verify_log: Watched = field(default_factory=Watched)
    before: Spread | None = None
    during: Spread | None = None
    turns: int = 0
    failed_turns: int = 0
    rotations: int = 0
    unreadable: int = 0
    machine: dict[str, Any] = field(default_factory=dict)


def run(
    folder: Path, conversations: int, kills: int, people: int, progress: Progress
) -> RewrapFigures:
    """Measure, with so many conversations, kills, and people who talk meanwhile.

    Raises:
        BenchFailed: something did not work.
    """
    figures = RewrapFigures(conversations)
    ours = Ours.in_folder(folder / "helder", folder / "logs")
    _take_model(ours, progress)
    _keep_longer(ours)
    _fill(ours, conversations, progress)
    ours = _with_free_ports(ours)
    command = Command(ours)
    with (
        Stack(ours.settings, say=lambda _: None),
        People(ours.settings.gateway_port, people) as talk,
    ):
        with progress.step("people talk, and nothing else happens"):
            begun = time.monotonic()
            time.sleep(_QUIET_SECONDS)
            figures.before = talk.since(begun)
        _rewrap(command, figures, talk, progress)
        _kill(command, figures, kills, progress)
        with progress.step("verifying every data key"):
            figures.verify_keys = command.watched("keys", "verify")
        _retire(command, progress)
        with progress.step("verifying the whole log, with the newest key alone"):
            figures.verify_log = command.watched("log", "verify")
    figures.turns, figures.failed_turns = talk.turns, len(talk.failed)
    figures.unreadable = _unreadable(ours)
    return figures


def _with_free_ports(ours: Ours) -> Ours:
    """Those that were free minutes ago may be taken by now."""
    gateway, desk, rasa, actions = free_ports(4)
    ports = {"gateway_port": gateway, "desk_port": desk, "rasa_port": rasa, "actions_port": actions}
    chosen: Any = ports  # one type for all that can be set
    return replace(ours, settings=replace(ours.settings, **chosen))


def _take_model(ours: Ours, progress: Progress) -> None:
    there = model.fitting_model(PROJECT)
    if there is not None and not ours.model:
        models = ours.settings.project / "models"
        models.mkdir(exist_ok=True)
        shutil.copy(there, models)
    if not ours.model:
        with progress.step("training Helder"):
            ours.train()


def _keep_longer(ours: Ours) -> None:
    """Conversations are forgotten half an hour after their last word; here they are looked at."""
    policy = ours.settings.project / "policies" / "retention.yml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(re.sub(r"(minutes_after_last_message:) \d+", r"\1 1440", text), "utf-8")


def _fill(ours: Ours, count: int, progress: Progress) -> None:
    engine, anchor = hurried(ours.settings.database_url), anchor_of(ours.settings)
    many = Many(engine, keyring_of(ours.settings), anchor, waiting=False)
    with progress.step(f"making {count:,} conversations and {_MESSAGES:,} left messages"):
        for _ in many.conversations(count):
            pass
        many.left_messages(_MESSAGES)
    anchor.close()
    engine.dispose()


def _rewrap(command: Command, figures: RewrapFigures, talk: People, progress: Progress) -> None:
    with progress.step("a new master key, and everything wrapped anew while people talk"):
        command.run("keys", "rotate")
        begun = time.monotonic()
        figures.rewrap = command.watched("keys", "rewrap")
        figures.during = talk.since(begun)
    figures.rotations = 1


def _kill(command: Command, figures: RewrapFigures, kills: int, progress: Progress) -> None:
    """Kill it at random points; whenever it got through, a new key makes it begin again."""
    chance = Random(_SEED)
    with progress.step(f"killed {kills} times with kill -9, and begun again"):
        command.run("keys", "rotate")
        while figures.kills < kills:
            if command.killed_after(chance.uniform(0, figures.rewrap.seconds), "keys", "rewrap"):
                figures.kills += 1
            else:
                command.run("keys", "rotate")
                figures.rotations += 1
        figures.rotations += 1
        command.run("keys", "rewrap")


def _retire(command: Command, progress: Progress) -> None:
    keyring = FileKeyring(command.ours.settings.keys)
    with progress.step("destroying the old master keys, a minute after the newest"):
        time.sleep(SETTLING.total_seconds())
        for version in reversed(keyring.versions(MASTER)[1:]):
            command.run("keys", "retire", str(version))
    if len(keyring.versions(MASTER)) != 1:
        raise BenchFailed("An old master key is still there.")


def _unreadable(ours: Ours) -> int:
    """How many data keys do not open now; `helder log verify` has opened what they seal."""
    engine, keyring = connect(ours.settings.database_url), keyring_of(ours.settings)
    damaged = 0
    for holders in (CONVERSATIONS, LEFT_MESSAGES):
        for page in holders.pages(engine, holders.ready):
            damaged += sum(holders.opened(keyring, stored) is None for stored in page)
    engine.dispose()
    return damaged
