"""A log, an inbox and all services of the handoff around one database, at a time that is moved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection, Engine

from helder.conversation.clock import iso
from helder.conversation.entries import (
    Author,
    ConversationId,
    Draft,
    Entry,
    Head,
    Kind,
    Message,
    MessageId,
    Owner,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import Keyring
from helder.conversation.log import ConversationLog
from helder.database import reading
from helder.handoff import tickets
from helder.handoff.asking import Asking
from helder.handoff.claims import Claims
from helder.handoff.happened import Did
from helder.handoff.line import Colleague
from helder.handoff.policy import load_handoff
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.priority import load_priority
from helder.handoff.reasons import Reason
from helder.handoff.talking import Talking
from helder.handoff.tickets import Ticket
from helder.texts import Texts
from tests.conversation.conftest import MovedClock
from tests.summing import summaries

POLICIES = Path(__file__).parents[2] / "policies"
BOTH = frozenset({"en", "nl"})
ANNA = Colleague("anna-id", "Anna", BOTH, capacity=3)
BRAM = Colleague("bram-id", "Bram", BOTH, capacity=3)


@dataclass
class Recorded:
    """What was recorded of employees; `refuse` makes it fail, as a full disk would."""

    kept: list[tuple[Did, str, str, dict[str, str]]] = field(default_factory=list)
    refuse: bool = False

    def __call__(
        self, _connection: Connection, did: Did, employee: str, conversation: str, **detail: str
    ) -> None:
        if self.refuse:
            raise OSError("Nothing can be recorded.")
        self.kept.append((did, employee, conversation, detail))


class House:
    """Each helper is one step of somebody, as gateway, Rasa or desk take it."""

    def __init__(self, engine: Engine, keyring: Keyring, clock: MovedClock) -> None:
        self.engine = engine
        self.clock = clock
        self.log = ConversationLog(engine, keyring, clock)
        self.inbox = Inbox(engine, keyring)
        self.recorded = Recorded()
        texts, policy = Texts(POLICIES / "texts.yml"), load_handoff(POLICIES / "handoff.yml")
        priority = load_priority(POLICIES / "priority.yml")
        self.asking = Asking(self.log, texts)
        self.previews = Previews(self.log, summaries())
        self.claims = Claims(self.log, texts, priority, policy, self.recorded, self.previews)
        self.talking = Talking(self.log, texts, self.recorded)
        self.presences = Presences(engine, clock)

    def open(self, language: str = "en") -> ConversationId:
        return self.log.open(language, timedelta(hours=8)).conversation

    def in_line(self, reason: Reason = Reason.ASKED, language: str = "en") -> ConversationId:
        """A customer who waits."""
        conversation = self.open(language)
        self.asking.ask(self.log.head(conversation).position, reason)
        return conversation

    def with_anna(self) -> ConversationId:
        """A customer whom Anna helps."""
        conversation = self.in_line()
        self.claims.claim(conversation, ANNA)
        return conversation

    def here(self, who: Colleague, *, available: bool = True) -> None:
        self.presences.here(who.id, who.languages, who.skills, who.capacity, available=available)

    def writes(self, conversation: ConversationId, text: str = "hello") -> Received:
        """The customer's message comes in."""
        received = Received(MessageId(str(uuid.uuid4())), text, iso(self.clock()))
        self.inbox.put(conversation, received)
        return received

    def keeps(self, head: Head, received: Received) -> Head:
        """The gateway writes it down for a person."""
        return self.asking.wrote(head.position, heard(received), received.id)

    def answers(self, head: Head, received: Received, said: str = "echo", **also: Any) -> Head:
        """The assistant's turn ends."""
        now = iso(self.clock())
        messages = (*heard(received).messages, Message(Author.ASSISTANT, said, now))
        state = {"slots": {"language": "en"}}
        draft = Draft(Kind.TURN, messages, state=state)
        return self.log.save_turn(head.position, draft, received.id, **also)

    def ticket(self, conversation: ConversationId) -> Ticket | None:
        with reading(self.engine).begin() as connection:
            return tickets.open_of(connection, conversation)

    def owner(self, conversation: ConversationId) -> Owner:
        return self.log.head(conversation).owner

    def entries(self, conversation: ConversationId) -> list[Entry]:
        return self.log.history(conversation)

    def said(self, conversation: ConversationId) -> list[tuple[Author, str]]:
        entries = self.entries(conversation)
        return [(m.author, m.text) for entry in entries for m in entry.messages]


def heard(received: Received) -> Draft:
    message = Message(Author.CUSTOMER, received.text, received.time, id=received.id)
    return Draft(Kind.SAID, (message,))
