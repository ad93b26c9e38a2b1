"""What the frozen databases hold: conversations in every state, through the log's public methods.

The turns are real ones of Rasa (turns.json). `play` made the databases of both formats, and
`play_generations` what only format 2 has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy.engine import Engine

from helder.conversation import cipher
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.clock import iso
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Kind,
    Message,
    MessageId,
    Owner,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import CUSTOMER, ORDER, Proofs
from helder.conversation.retention import Retention
from helder.handoff.messages import Messages
from tests.vectors.fixed import FixedClock, FixedKeyring
from tests.vectors.view import View

FOLDER = Path(__file__).parent
DAY = timedelta(days=1)


@dataclass
class House:
    """What a scenario is played in."""

    keyring: FixedKeyring
    clock: FixedClock
    log: ConversationLog
    inbox: Inbox
    proofs: Proofs
    messages: Messages
    retention: Retention
    # By the name that the scenario has for it: (conversation, token).
    opened: dict[str, tuple[ConversationId, str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, engine: Engine, keyring: FixedKeyring, anchor: Anchor = NO_ANCHOR) -> House:
        """Everything on one database, at the beginning of the scenario."""
        clock = FixedClock()
        return cls(
            keyring=keyring,
            clock=clock,
            log=ConversationLog(engine, keyring, clock, anchor),
            inbox=Inbox(engine, keyring, anchor),
            proofs=Proofs(engine, keyring, anchor),
            messages=Messages(engine, keyring, clock),
            retention=Retention(engine, keyring, 30, clock, anchor),
        )

    @property
    def view(self) -> View:
        """What the log reads in it."""
        return View(self.log.engine, self.log, self.inbox, self.proofs, self.messages)

    def open(self, name: str, language: str) -> ConversationId:
        self.clock.move(61)
        made = self.log.open(language, DAY)
        self.opened[name] = (made.conversation, made.token)
        return made.conversation

    def put(self, conversation: ConversationId, id_: str, text: str, **more: Any) -> MessageId:
        self.clock.move(7)
        received = Received(MessageId(id_), text, iso(self.clock()), **more)
        assert self.inbox.put(conversation, received)
        return received.id

    def turn(
        self, conversation: ConversationId, draft: Draft, answers: MessageId | None = None
    ) -> None:
        self.clock.move(31)
        self.log.save_turn(self.log.head(conversation).position, draft, answers)

    def own(
        self,
        conversation: ConversationId,
        owner: Owner,
        text: str,
        answers: tuple[tuple[Draft, MessageId], ...] = (),
    ) -> None:
        self.clock.move(43)
        message = Message(Author.SYSTEM, text, iso(self.clock()))
        position = self.log.head(conversation).position
        self.log.change_owner(position, owner, message, answers)


def turns(name: str) -> list[Draft]:
    """The recorded turns of one conversation."""
    recorded = json.loads((FOLDER / "turns.json").read_text(encoding="utf-8"))
    return [draft_of(entry) for entry in recorded[name]]


def draft_of(entry: dict[str, Any]) -> Draft:
    """A draft from plain JSON."""
    messages = tuple(
        Message(
            **{
                **message,
                "author": Author(message["author"]),
                "choices": tuple(Choice(**each) for each in message.get("choices", ())),
            }
        )
        for message in entry.get("messages", ())
    )
    return Draft(Kind(entry["kind"]), messages, tuple(entry.get("events", ())), entry.get("state"))


def play(house: House) -> None:
    """Write all of it; the keys are rotated in the middle."""
    _parcel(house)
    _cancelled(house)
    _given_back(house)
    house.left.append(
        house.messages.leave("c0", "", "Bel me terug, graag vóór vijven.", "nl", "other", "key-0")
    )
    house.keyring.rotate()
    house.open("opened", "nl")
    _left_a_message(house)
    _waiting(house)
    _with_an_employee(house)
    _closed(house)
    _unanswered(house)
    house.open("erased", "en")
    house.turn(house.opened["erased"][0], turns("cancel")[3])
    house.retention.shred(house.opened["erased"][0], "request")


def play_generations(house: House) -> None:
    """A conversation whose data key was renewed twice, with what each of its keys has sealed."""
    with mock.patch.object(cipher, "ENTRIES_PER_KEY", 3):
        conversation = house.open("renewed", "nl")
        house.put(conversation, "new-1", "mag ik iets vragen?")
        for number, draft in enumerate(turns("parcel"), start=2):
            message = house.put(conversation, f"new-{number}", draft.messages[0].text)
            house.turn(conversation, draft, message if number < 7 else None)
            house.proofs.record(conversation, ORDER, f"HD-00000{number // 2}")


def _parcel(house: House) -> None:
    conversation = house.open("parcel", "nl")
    for draft in turns("parcel"):
        asked = draft.messages[0]
        house.turn(conversation, draft, house.put(conversation, asked.id or "", asked.text))
    house.proofs.record(conversation, ORDER, "HD-733665")


def _cancelled(house: House) -> None:
    conversation = house.open("cancelled", "en")
    house.proofs.record(conversation, CUSTOMER, "c-1042")
    for draft in turns("cancel"):
        house.turn(conversation, draft)
        house.proofs.record(conversation, ORDER, "HD-752869")
    house.log.say(conversation, Author.SYSTEM, "Zoë Çelik – ﬀ – 𝛑 – \u200e ok 🧶")


def _given_back(house: House) -> None:
    conversation = house.open("given back", "nl")
    house.turn(conversation, turns("parcel")[0])
    first = house.put(conversation, "back-1", "is daar iemand?")
    second = house.put(conversation, "back-2", "hallo?")
    house.own(conversation, Owner.WAITING, "Een collega neemt het zo over.")
    said = tuple(
        (Draft(Kind.SAID, (Message(Author.CUSTOMER, text, iso(house.clock()), id=id_),)), id_)
        for id_, text in ((first, "is daar iemand?"), (second, "hallo?"))
    )
    house.own(conversation, Owner.ASSISTANT, "Er is nu niemand; ik help weer.", said)
    house.turn(conversation, turns("parcel")[1])


def _left_a_message(house: House) -> None:
    conversation = house.open("left a message", "en")
    for number, draft in enumerate(turns("person")):
        house.turn(conversation, draft)
        house.left.append(
            house.messages.leave(
                conversation, "jane@example.com", f"Broken. {number % 2}", "en", "complaint",
                f"key-{1 + number % 2}",
            )
        )  # fmt: skip
    house.clock.move(600)
    house.messages.mark_handled(house.left[1])
    house.put(
        conversation, "choice-1", "Ask a colleague", payload="/contact_human_agent", offered=4
    )


def _waiting(house: House) -> None:
    conversation = house.open("waiting", "nl")
    ids = [house.put(conversation, f"wait-{n}", f"bericht {n}") for n in range(5)]
    house.turn(conversation, turns("parcel")[0], ids[0])
    house.own(conversation, Owner.WAITING, "Een collega neemt het zo over.")
    house.turn(conversation, Draft(Kind.SAID), ids[2])
    house.put(conversation, "wait-5", "bericht 5")


def _with_an_employee(house: House) -> None:
    conversation = house.open("with an employee", "en")
    house.turn(conversation, turns("person")[0])
    house.own(conversation, Owner.WAITING, "A colleague will take over.")
    house.own(conversation, Owner.EMPLOYEE, "Anna has joined.")
    house.log.say(conversation, Author.EMPLOYEE, "Good morning, Anna here.", name="Anna")
    house.log.say(
        conversation,
        Author.EMPLOYEE,
        "This one?",
        (Choice("Yes", "/affirm"), Choice("No", "/deny")),
    )
    house.put(conversation, "emp-1", "yes, that one")


def _closed(house: House) -> None:
    conversation = house.open("closed", "nl")
    house.turn(conversation, turns("parcel")[0])
    house.own(conversation, Owner.CLOSED, "Het gesprek is gesloten.")


def _unanswered(house: House) -> None:
    conversation = house.open("unanswered", "en")
    house.put(conversation, "new-1", "where is my order?")
    house.put(conversation, "new-2", "hello??\n\nanybody there?")
