"""The log's public face: open, append, save a turn, show, and give the dialogue its window."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.chain import Chain
from helder.conversation.cipher import DataKey, bind
from helder.conversation.clock import Clock, iso, minute, utc_now
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Entry,
    Head,
    Kind,
    Message,
    MessageId,
    Notice,
    Owner,
    Position,
    Shown,
    Window,
)
from helder.conversation.errors import (
    Tampered,
    UnknownChoice,
    UnknownConversation,
    WrongKey,
)
from helder.conversation.inbox import take
from helder.conversation.keyring import MASTER, Keyring
from helder.conversation.row import Row, Seen
from helder.conversation.transaction import Writer
from helder.conversation.views import entries_after, has_turn, offered_at, show
from helder.conversation.window import beginning, window_of
from helder.database import reading
from helder.masking.masker import mask

# Rules need the current turn and the state; a story may look back on so many turns
# (docs/adr/0003). tests/brain/test_window.py holds this against the full history.
WINDOW_TURNS = 6


class Opened(NamedTuple):
    """A new conversation and the token that opens it; the token is stored only as a hash."""

    conversation: ConversationId
    token: str


class ConversationLog:
    """One append-only, encrypted, sequenced log per conversation.

    Every method is one transaction and may be called from any thread. Each raises
    `UnknownConversation` for one that is not there and `Tampered` for one that was changed.
    """

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        clock: Clock = utc_now,
        anchor: Anchor = NO_ANCHOR,
    ) -> None:
        self.engine = engine
        self.keyring = keyring
        self.clock = clock
        self.anchor = anchor
        self._chain = Chain(engine, keyring, anchor)
        self._reading = reading(engine)

    def open(self, language: str, token_life: timedelta, notice: Notice | None = None) -> Opened:
        """Begin a conversation in `language`; `notice` is what the customer was shown before."""
        conversation = ConversationId(secrets.token_hex(16))
        token = secrets.token_urlsafe(32)
        key, wrapped = DataKey.create(self.keyring, conversation)
        now, expires = minute(self.clock()), minute(self.clock() + token_life)
        row = Row(conversation, now, now, wrapped, _token_hash(token), expires)
        first = Draft(Kind.OPENED, state=beginning(language), notice=notice)
        self._chain.begin(row, key, first, now)
        return Opened(conversation, token)

    def admits(self, conversation: str, token: str) -> bool:
        """Does the token open this conversation? Nothing tells why not.

        Raises:
            Tampered: the conversation's row was changed, perhaps to let this token in.
        """
        given = _token_hash(token)
        try:
            with self._chain.reading(ConversationId(conversation)) as reader:
                row = reader.row
        except UnknownConversation:
            return False
        matches = hmac.compare_digest(row.token_hash, given)
        return matches and minute(self.clock()) < row.token_expires

    def exists(self, conversation: str) -> bool:
        """Is there such a conversation?

        Raises:
            Tampered: its row was changed, or somebody took it away.
        """
        try:
            with self._chain.reading(ConversationId(conversation)):
                return True
        except UnknownConversation:
            return False

    def head(self, conversation: ConversationId) -> Head:
        """Owner, position and count of messages."""
        with self._chain.reading(conversation) as reader:
            return reader.row.head

    def append(
        self, conversation: ConversationId, draft: Draft, expected: Position | None = None
    ) -> Head:
        """Add an entry after whatever is there.

        Raises:
            Conflict: somebody wrote since `expected` was seen.
        """
        with self._chain.writing(conversation) as writer:
            if expected is not None:
                writer.check(expected)
            writer.extend(draft, minute(self.clock()))
        return writer.row.head

    def say(
        self,
        conversation: ConversationId,
        author: Author,
        text: str,
        choices: tuple[Choice, ...] = (),
        name: str | None = None,
    ) -> Head:
        """Add something said outside a turn; an employee may not keep a card number either."""
        message = Message(author, mask(text), iso(self.clock()), choices, name)
        return self.append(conversation, Draft(Kind.SAID, (message,)))

    def lock(self, conversation: ConversationId, found: Tampered) -> None:
        """Somebody else has found it damaged, such as Rasa on a machine with its own anchor."""
        if not self.anchor.sighting(conversation).locked:
            self._chain.lock(conversation, found)

    def writing(self, conversation: ConversationId) -> AbstractContextManager[Writer]:
        """One transaction in which a conversation is read and written together with other tables.

        What it raises undoes all of it. For helder.handoff, whose queue changes with the owner.
        """
        return self._chain.writing(conversation)

    def save_turn(
        self,
        expected: Position,
        draft: Draft,
        answers: MessageId | None,
        also: Callable[[Writer], None] | None = None,
    ) -> Head:
        """Save a turn, and take the message that it answers out of the inbox, or do neither.

        `also` is done after it, in the same transaction.

        Raises:
            Conflict: somebody wrote since `expected` was seen.
            NotPending: the message was answered already.
        """
        now = minute(self.clock())
        seen = expected.seen if isinstance(expected.seen, Seen) else None
        as_seen = seen is not None and seen.row.head.position == expected
        if answers is not None and seen is not None and as_seen and also is None:
            saved = self._chain.save_as_seen(seen, draft, now, answers)
            if saved is not None:
                return saved.head
        with self._chain.writing(expected.conversation, seen) as writer:
            writer.check(expected)
            if answers is not None:
                take(writer, answers)
            writer.extend(draft, now)
            if also is not None:
                also(writer)
        return writer.row.head

    def window(self, conversation: ConversationId, turns: int = WINDOW_TURNS) -> Window:
        """The last turns, with the dialogue's state before them."""
        return window_of(self._chain, conversation, turns)

    def history(self, conversation: ConversationId, first: int = 1) -> list[Entry]:
        """Every entry from number `first` on, verified to the head."""
        with self._chain.reading(conversation) as reader:
            return reader.entries(first)

    def whole(self, conversation: ConversationId) -> tuple[Position, list[Entry]]:
        """Every entry, and the position after the last of them."""
        with self._chain.reading(conversation) as reader:
            return reader.row.head.position, reader.entries()

    def language(self, conversation: ConversationId) -> str:
        """The language that the conversation is held in now."""
        state = self.window(conversation, turns=0).state or {}
        return str(state.get("slots", {}).get("language", "en"))

    def shown(self, conversation: ConversationId, after: int) -> tuple[Head, list[Shown]]:
        """The messages numbered above `after`, with their choices in opaque form."""
        with self._chain.reading(conversation) as reader:
            head = reader.row.head
            if after >= head.number:
                return head, []
            shown = [s for entry in entries_after(reader, after) for s in show(reader, entry)]
        return head, [s for s in shown if s.number > after]

    def choose(self, conversation: ConversationId, choice: str) -> tuple[Choice, int]:
        """The choice that an opaque form stands for, and the number of the message with it.

        Raises:
            UnknownChoice: it was not offered here, or the assistant has said more since.
        """
        with self._chain.reading(conversation) as reader:
            number, index = offered_at(reader, choice)
            entries = entries_after(reader, number - 1)
            if has_turn(entries[1:]):
                raise UnknownChoice("The choice is no longer open.")
            offered = {s.number: s.message for s in show(reader, entries[0])}
        return offered[number].choices[index], number

    def is_open(self, conversation: ConversationId, number: int) -> bool:
        """Has the assistant had no turn since message `number`? Then its choices still stand."""
        with self._chain.reading(conversation) as reader:
            return not has_turn(entries_after(reader, number - 1)[1:])

    def change_owner(
        self,
        expected: Position,
        owner: Owner,
        message: Message,
        answers: Sequence[tuple[Draft, MessageId]] = (),
    ) -> Head:
        """Give the conversation another owner: one winner, a new epoch, and words that say so.

        `answers` are written before it, and their messages leave the inbox; all of it, or nothing.
        The assistant begins anew, knowing the language only: whatever it had asked is long past.

        Raises:
            Conflict: somebody wrote since `expected` was seen.
            NotPending: one of the messages was answered already.
        """
        now, clean = minute(self.clock()), None
        if owner is Owner.ASSISTANT:
            clean = beginning(self.language(expected.conversation))
        with self._chain.writing(expected.conversation) as writer:
            writer.check(expected)
            for draft, answered in answers:
                take(writer, answered)
                writer.extend(draft, now)
            writer.extend(Draft(Kind.OWNED, (message,), state=clean), now, owner)
        return writer.row.head

    def ids(self) -> list[ConversationId]:
        """The ids of all conversations."""
        with self._reading.connect() as connection:
            rows = connection.execute(sa.select(tables.conversation.c.id))
            return [ConversationId(row.id) for row in rows]

    def prove_working(self) -> None:
        """A canary: seal and open something, ask anchor and database, and for the last one's key.

        Raises:
            ConversationError, sqlalchemy.exc.SQLAlchemyError: this installation cannot keep a log.
        """
        canary, bound = secrets.token_bytes(32), bind("helder canary")
        key, wrapped = DataKey.create(self.keyring, "canary")
        opened = DataKey.open(self.keyring, "canary", wrapped)
        if opened.open_sealed(key.seal(canary, bound), bound) != canary:
            raise WrongKey("What was sealed does not open.")
        table = tables.conversation
        youngest = sa.select(table.c.key_version).order_by(table.c.touched.desc()).limit(1)
        with self._reading.connect() as connection:
            version = connection.execute(youngest).scalar()
        if isinstance(version, int):
            self.keyring.get(MASTER, version)
        self.anchor.sighting("canary")


def _token_hash(token: str) -> bytes:
    # The token is 256 random bits: a plain hash is enough, a slow one would only cost.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
