"""Messages that customers leave for a colleague, each under a reference number.

A message outlives its conversation, so it has a data key of its own. What was written and how to
reach the customer are sealed; language, reason and time are not personal and stay readable.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from helder.conversation.cipher import DataKey, WrappedKey, bind, blind_index, blind_indexes
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.errors import EntryTampered, KeyringError, Tampered
from helder.conversation.keyring import Keyring
from helder.conversation.wrappings import Damaged, Holders, Tell
from helder.database import reading
from helder.handoff.errors import UnknownReference
from helder.handoff.tables import left_message
from helder.masking.masker import mask

logger = structlog.get_logger(__name__)
# Without 0/O, 1/I/L, 2/Z, 5/S, 8/B and U/V: a reference is read aloud over the telephone.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
FORMAT = 1
_TRIES = 8
LONGEST = 20_000  # characters: who goes on and on begins another message
# SQLite keeps whatever type it is given.
_TYPES = tuple((each.name, each.type.python_type) for each in left_message.c if not each.nullable)


@dataclass(frozen=True)
class LeftMessage:
    """What can be known of a message without opening it; times are minutes since 1970."""

    reference: str
    left: int
    language: str
    reason: str
    handled: int | None


@dataclass(frozen=True)
class OpenedMessage:
    """A message as the customer left it. `contact` is an e-mail address or phone number, or "".

    `parts` are the ids of what it was put together from, if its customer went on (going_on.py).
    """

    about: LeftMessage
    conversation: str
    contact: str
    text: str
    parts: tuple[str, ...] = ()


def new_reference() -> str:
    """Six characters of 23: about 148 million references."""
    letters = [secrets.choice(ALPHABET) for _ in range(6)]
    return f"KD-{''.join(letters[:4])}-{''.join(letters[4:])}"


class Messages:
    """The messages, until they are forgotten (forgetting.py). Every method is one transaction."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        clock: Clock = utc_now,
        references: Callable[[], str] = new_reference,
    ) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._keyring = keyring
        self._clock = clock
        self._references = references

    def leave(
        self,
        conversation: str,
        contact: str,
        text: str,
        language: str,
        reason: str,
        key: str,
        part: str = "",
    ) -> str:
        """Keep a message; the answer is its reference. The same `key` again gives the same one.

        If what was left with this key before is not what was written, it is left again: nobody is
        given another's reference, and the damage of one message keeps no conversation back.
        """
        request = blind_index(self._keyring, "left message", key)
        content = _content(conversation, contact, text, (part,) if part else ())
        about = {"request": request, "language": language[:2], "reason": reason}
        for _ in range(_TRIES):
            earlier = self._earlier(conversation, key)
            if earlier is not None:
                return earlier
            reference = self._references()
            try:
                self._insert(reference, content, about)
            except IntegrityError:
                continue  # the reference is taken, or the same request was quicker
            return reference
        raise RuntimeError("No free reference was found.")

    def waiting(self) -> tuple[LeftMessage, ...]:
        """The messages that nobody has handled, oldest first."""
        mine = left_message.c
        query = sa.select(left_message).where(mine.handled.is_(None))
        with self._reading.begin() as connection:
            rows = connection.execute(query.order_by(mine.minute, mine.reference)).all()
        return tuple(_about(row) for row in rows)

    def read(self, reference: str) -> OpenedMessage:
        """Open a message, whatever case and dashes its reference is typed in.

        Raises:
            UnknownReference: there is none.
            Tampered: it is not what was written.
        """
        name = as_written(reference)
        with self._reading.begin() as connection:
            query = sa.select(left_message).where(left_message.c.reference == name)
            row = connection.execute(query).first()
        if row is None:
            raise UnknownReference("There is no message with this reference.")
        return self._opened(row)[1]

    def add(self, reference: str, text: str, part: str) -> None:
        """Its customer goes on: the text comes under what is there, once for each `part`.

        Raises:
            UnknownReference: there is none, or it was handled or is full: a new one is needed.
            Tampered: it is not what was written.
        """
        row_of = left_message.c.reference == reference
        with self._engine.begin() as connection:
            query = sa.select(left_message).where(row_of)
            row = connection.execute(query.with_for_update()).first()
            if row is None:
                raise UnknownReference("There is no message with this reference.")
            key, opened = self._opened(row)
            if part in opened.parts:
                return
            whole = f"{opened.text}\n{text}"
            if row.handled is not None or len(whole) > LONGEST:
                raise UnknownReference("Nothing more can be added to this message.")
            content = _content(opened.conversation, opened.contact, whole, (*opened.parts, part))
            body = key.seal(content, _bound(reference, opened.about))
            connection.execute(sa.update(left_message).where(row_of).values(body=body))

    def _opened(self, row: Any) -> tuple[DataKey, OpenedMessage]:
        if not all(isinstance(getattr(row, column), kind) for column, kind in _TYPES):
            raise EntryTampered("A left message was changed.")
        wrapped = WrappedKey(row.key_version, row.wrapped_key, row.commitment)
        key = DataKey.open(self._keyring, _owner(row.reference), wrapped)
        about = _about(row)
        content = json.loads(key.open_sealed(row.body, _bound(row.reference, about)))
        parts = tuple(content.pop("parts", ()))
        return key, OpenedMessage(about, **content, parts=parts)

    def is_there(self, reference: str) -> bool:
        """Is there a row with exactly this reference?"""
        query = sa.select(left_message.c.reference).where(left_message.c.reference == reference)
        with self._reading.begin() as connection:
            return connection.execute(query).first() is not None

    def mark_handled(self, reference: str) -> None:
        """Somebody has answered it. Again changes nothing. Raises UnknownReference."""
        mine = left_message.c
        with self._engine.begin() as connection:
            row = mine.reference == as_written(reference)
            now = sa.func.coalesce(mine.handled, minute(self._clock()))
            if connection.execute(sa.update(left_message).where(row).values(handled=now)).rowcount:
                return
        raise UnknownReference("There is no message with this reference.")

    def requested_with(self, version: int, minutes: int) -> int:
        """How many of the last so many minutes are found by an index key of this version."""
        mine, oldest = left_message.c, minute(self._clock()) - minutes
        query = sa.select(sa.func.count()).select_from(left_message)
        which = mine.request.like(f"{version}.%") & (mine.minute >= oldest)
        with self._reading.begin() as connection:
            return int(connection.execute(query.where(which)).scalar_one())

    def _earlier(self, conversation: str, key: str) -> str | None:
        # Perhaps it was left before the index key was renewed.
        requests = blind_indexes(self._keyring, "left message", key)
        query = sa.select(left_message.c.reference).where(left_message.c.request.in_(requests))
        with self._reading.begin() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        try:
            earlier = self.read(row.reference)
            # The fingerprint is in a plain column: it may have been exchanged with another's.
            if earlier.conversation != conversation:
                raise EntryTampered("A left message was changed.")
        except (Tampered, KeyringError, UnknownReference) as error:
            logger.error("left_message_damaged", reference=row.reference, exc_info=error)
            self._no_longer_found(row.reference)
            return None
        return earlier.about.reference

    def _no_longer_found(self, reference: str) -> None:
        """It stays, for who looks at what is damaged; but not as the answer to a request."""
        mine = left_message.c
        nothing = sa.literal("damaged ").concat(mine.reference)
        row = sa.update(left_message).where(mine.reference == reference)
        with self._engine.begin() as connection:
            connection.execute(row.values(request=nothing))

    def _insert(self, reference: str, content: bytes, about: dict[str, str]) -> None:
        key, wrapped = DataKey.create(self._keyring, _owner(reference))
        left = minute(self._clock())
        known = LeftMessage(reference, left, about["language"], about["reason"], None)
        body = key.seal(content, _bound(reference, known))
        row = {"reference": reference, "minute": left, **about, "body": body}
        row |= {"key_version": wrapped.version, "wrapped_key": wrapped.wrapped}
        with self._engine.begin() as connection:
            values = {**row, "commitment": wrapped.commitment}
            connection.execute(sa.insert(left_message).values(**values))


def as_written(reference: str) -> str:
    """`kd 7f3k9q` → `KD-7F3K-9Q`; what cannot be a reference is nothing."""
    plain = re.sub(r"[^0-9A-Z]", "", reference.upper())
    match = re.fullmatch(r"KD([0-9A-Z]{4})([0-9A-Z]{2})", plain)
    return f"KD-{match[1]}-{match[2]}" if match else ""


def _content(conversation: str, contact: str, text: str, parts: Sequence[str]) -> bytes:
    # Whatever channel it came by: what may never be kept is not kept here either.
    content = {"conversation": conversation, "contact": mask(contact), "text": mask(text)}
    more = {"parts": list(parts)} if parts else {}
    return json.dumps({**content, **more}, ensure_ascii=False).encode()


def _about(row: sa.engine.Row) -> LeftMessage:
    return LeftMessage(row.reference, row.minute, row.language, row.reason, row.handled)


def _owner(reference: str) -> str:
    return f"left message {reference}"


def _bound(reference: str, about: LeftMessage) -> bytes:
    return bind("helder left message", FORMAT, reference, about.left, about.language, about.reason)


LEFT_MESSAGES = Holders("left message", left_message.c.reference, _owner, ready=sa.true())


def damaged_messages(engine: Engine, keyring: Keyring, tell: Tell) -> Iterator[Damaged]:
    """Open every message; those that are not what was written."""
    messages = Messages(engine, keyring)
    for page in LEFT_MESSAGES.pages(engine, LEFT_MESSAGES.ready):
        for row in page:
            try:
                messages.read(str(row.id))
            except (Tampered, KeyringError, UnknownReference) as error:
                if not messages.is_there(str(row.id)):
                    continue  # its time was over meanwhile
                yield Damaged(LEFT_MESSAGES.what, str(row.id), f"{type(error).__name__}. {error}")
        tell(len(page))
