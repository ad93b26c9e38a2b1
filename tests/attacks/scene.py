"""An installation with a past: conversations of three key generations, and all that they ever were.

`victim` and `other` are as alike as two conversations can be, so that whatever is exchanged between
them fits. Everything that stood in the database at any time is known to the attacker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy.engine import Engine

from helder.conversation import cipher
from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import Author, Choice, ConversationId, Draft, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import MASTER, FileKeyring, create_missing, write_new
from helder.conversation.log import ConversationLog, Opened
from helder.conversation.proofs import ORDER, Proofs
from helder.conversation.retention import Retention
from helder.database import connect, metadata
from helder.handoff.messages import Messages
from tests.attacks.stored import Attacker, Stored
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import NOW, turn

ENTRIES_PER_KEY = 5
# So many that the last entry is not the first of a generation.
TURNS = 13
DAY = timedelta(days=1)


@dataclass
class Scene:
    """The installation as its own code sees it, and the attacker's view."""

    engine: Engine
    keyring: FileKeyring
    anchor: FileAnchor
    clock: MovedClock
    attacker: Attacker
    log: ConversationLog
    inbox: Inbox
    proofs: Proofs
    messages: Messages
    victim: ConversationId = field(init=False)
    other: ConversationId = field(init=False)
    bystander: ConversationId = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)
    # Destroyed by another machine: this one's anchor still expects them.
    destroyed: list[ConversationId] = field(default_factory=list)
    # What was stored after each step, and what would be stored had the last step been another one.
    past: list[Stored] = field(default_factory=list)
    branch: Stored = field(default_factory=Stored)
    now: Stored = field(default_factory=Stored)
    choice: str = ""

    def restore(self) -> None:
        """As if nothing had happened, also to the anchor."""
        self.attacker.write(self.now)
        self.unlock()
        rows = {row["id"]: row for row in self.now["conversation"]}
        for conversation, revision in self.anchor.sightings():
            row = rows.get(conversation)
            if row is not None and row["revision"] != revision:
                self.anchor.forget([conversation])
                self.anchor.saw(conversation, row["revision"], row["head"])

    def unlock(self) -> None:
        for conversation, _ in self.anchor.locks():
            self.anchor.unlock(conversation)

    def received(self, name: str) -> Received:
        return Received(MessageId(f"00000000-0000-4000-8000-{name:0>12}"), f"bericht {name}", NOW)


def build(folder: Path, url: str) -> Scene:
    """A scene in a new, empty database."""
    create_missing(folder / "keys")
    keyring, anchor = FileKeyring(folder / "keys"), FileAnchor.create(folder / "anchor.db")
    engine, clock = connect(url), MovedClock()
    metadata.create_all(engine)
    scene = Scene(
        *(engine, keyring, anchor, clock, Attacker(engine)),
        ConversationLog(engine, keyring, clock, anchor),
        Inbox(engine, keyring, anchor),
        Proofs(engine, keyring, anchor),
        Messages(engine, keyring, clock),
    )
    with mock.patch.object(cipher, "ENTRIES_PER_KEY", ENTRIES_PER_KEY):
        _live(scene)
        _branch_off(scene)
    return scene


def _live(scene: Scene) -> None:
    scene.bystander = _open(scene).conversation
    scene.victim, scene.other = _open(scene).conversation, _open(scene).conversation
    scene.destroyed = [_open(scene).conversation for _ in range(2)]
    elsewhere = Retention(scene.engine, scene.keyring, 30, scene.clock)
    for conversation in scene.destroyed:
        elsewhere.shred(conversation, "request")
    for number in range(TURNS):
        if number == TURNS // 2:
            write_new(scene.keyring.folder, MASTER)
        scene.past.append(scene.attacker.read())
        for conversation in (scene.bystander, scene.victim, scene.other):
            _step(scene, conversation, number)
    scene.past.append(scene.attacker.read())
    for conversation in (scene.bystander, scene.victim, scene.other):
        for name in ("91", "92", "93"):
            scene.inbox.put(conversation, scene.received(name))
    scene.now = scene.attacker.read()
    _, shown = scene.log.shown(scene.victim, 0)
    scene.choice = shown[-1].choices[0]


def _open(scene: Scene) -> Opened:
    opened = scene.log.open("nl", DAY)
    scene.tokens[opened.conversation] = opened.token
    return opened


def _step(scene: Scene, conversation: ConversationId, number: int) -> None:
    """A message that comes in and is answered; at times a proof, and something said outside."""
    log, received = scene.log, scene.received(str(number))
    scene.inbox.put(conversation, received)
    if number % 3 == 1:
        scene.proofs.record(conversation, ORDER, f"HD-{number}")
    if number % 4 == 2:
        log.say(conversation, Author.SYSTEM, f"Even geduld ({number}).")
    log.save_turn(log.head(conversation).position, _answer(number), received.id)


def _answer(number: int) -> Draft:
    asked, said = f"vraag {number}", f"antwoord {number}"
    parsed = {"intent": {"name": "hours", "confidence": 1.0}, "entities": [], "text": asked}
    events: tuple[dict[str, Any], ...] = (
        {"event": "user", "timestamp": float(number), "text": asked, "parse_data": parsed},
        {"event": "bot", "timestamp": number + 0.5, "text": said},
        {"event": "action", "timestamp": number + 0.7, "name": "action_listen"},
    )
    draft = turn(asked, said, Choice("Ja", "/ja"), Choice("Nee", "/nee"))
    return replace(draft, events=events)


def _branch_off(scene: Scene) -> None:
    """What would stand there if the last turn and the messages after it had been other ones."""
    scene.attacker.write(scene.past[-2])
    log = ConversationLog(scene.engine, scene.keyring, scene.clock)
    inbox = Inbox(scene.engine, scene.keyring)
    for conversation in (scene.victim, scene.other):
        inbox.put(conversation, scene.received("71"))
        answer = turn("een andere vraag", "een ander antwoord", Choice("Ja", "/ja"))
        position = log.head(conversation).position
        log.save_turn(position, answer, scene.received("71").id)
        for name in ("72", "73", "74"):
            inbox.put(conversation, scene.received(name))
    scene.branch = scene.attacker.read()
    scene.attacker.write(scene.now)


Read = Callable[[Scene], Any]

READERS: dict[str, Read] = {
    "exists": lambda s: s.log.exists(s.victim),
    "head": lambda s: s.log.head(s.victim),
    "admits": lambda s: s.log.admits(s.victim, s.tokens[s.victim]),
    "window": lambda s: s.log.window(s.victim),
    "language": lambda s: s.log.language(s.victim),
    "history": lambda s: s.log.history(s.victim),
    "shown": lambda s: s.log.shown(s.victim, 0),
    "news": lambda s: s.log.shown(s.victim, 2 * TURNS - 4),
    "choice": lambda s: s.log.choose(s.victim, s.choice),
    "waiting": lambda s: s.inbox.pending(s.victim),
    "next": lambda s: s.inbox.next(s.victim),
    "proven": lambda s: s.proofs.subjects(s.victim, ORDER),
    "destroyed": lambda s: s.log.head(s.destroyed[0]),
}
# What reads the conversation's row, and nothing that the row does not lead to.
ROW = tuple(name for name in READERS if name != "destroyed")
