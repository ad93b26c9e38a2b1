"""What must hold after every fault, whatever it was: read by a process that saw none of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helder.conversation.anchor import FileAnchor
from helder.conversation.clock import Clock, utc_now
from helder.conversation.entries import Author, ConversationId, Kind
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.handoff.messages import Messages
from helder.installation import anchor_of, keyring_of
from helder.settings import Settings
from helder.texts import Texts
from tests.faults.customer import REFERENCE, Customer, Said

_REFERENCE = re.compile(r"KD-[0-9A-Z]{4}-[0-9A-Z]{2}")


@dataclass
class Witness:
    """Reads what is kept, with keys, anchor and connections of its own."""

    log: ConversationLog
    inbox: Inbox
    messages: Messages
    anchor: FileAnchor
    # What the system may say about an outage, any number of times.
    outage: frozenset[str]

    def check(self, customer: Customer) -> None:
        """What was acknowledged is there once, and answered once, by who knew what was before."""
        entries = self.log.history(ConversationId(customer.conversation))
        messages = [message for entry in entries for message in entry.messages]
        said = [
            Said(m.author.value, _REFERENCE.sub(REFERENCE, m.text), m.id)
            for m in messages
            if not (m.author is Author.SYSTEM and m.text in self.outage)
        ]
        assert said == customer.transcript
        for reference in (r for m in messages for r in _REFERENCE.findall(m.text)):
            assert self.messages.read(reference).conversation == customer.conversation
        assert [entry.kind for entry in entries].count(Kind.OPENED) == 1

    def check_all(self, customers: Iterable[Customer]) -> None:
        """Each of them, what they left for a colleague, and `check_rest`."""
        customers = list(customers)
        for customer in customers:
            self.check(customer)
        left = sum(REFERENCE in said.text for each in customers for said in each.transcript)
        assert len(self.messages.waiting()) == left
        self.check_rest(customers)

    def check_rest(self, customers: Iterable[Customer]) -> None:
        """Nothing waits, nothing is locked, and no conversation began that nobody opened."""
        assert self.inbox.waiting() == []
        assert self.anchor.locks() == []
        known, openings = set(), 0
        for customer in customers:
            known.add(customer.conversation)
            openings += customer.openings - 1
        others = [each for each in self.log.ids() if each not in known]
        # An opening that was not heard of leaves a conversation that nobody has the token of.
        assert len(others) <= openings
        for other in others:
            assert [entry.kind for entry in self.log.history(other)] == [Kind.OPENED]


@contextmanager
def witness(settings: Settings, clock: Clock = utc_now) -> Iterator[Witness]:
    """One for this installation."""
    engine, keyring, anchor = (
        connect(settings.database_url),
        keyring_of(settings),
        anchor_of(settings),
    )
    texts = Texts(settings.project / "policies" / "texts.yml")
    outage = frozenset(texts.system("trouble", language) for language in ("en", "nl"))
    try:
        log = ConversationLog(engine, keyring, clock, anchor)
        inbox, messages = Inbox(engine, keyring, anchor), Messages(engine, keyring)
        yield Witness(log, inbox, messages, anchor, outage)
    finally:
        anchor.close()
        engine.dispose()


def find_plain(folder: Path, words: Iterable[str]) -> list[str]:
    """The files in a folder in which one of these words stands, in any usual encoding."""
    wanted = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le")]
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [f"{path.name}: {word!r}" for word in wanted if word in content]
    return found
