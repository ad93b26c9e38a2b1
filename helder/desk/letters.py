"""The messages as the desk shows them: open ones, those oldest first, then handled ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation.clock import Clock, utc_now
from helder.conversation.keyring import Keyring
from helder.database import reading
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import ALPHABET, LeftMessage, Messages, OpenedMessage, as_written
from helder.handoff.tables import left_message

ON_A_PAGE = 50
_REFERENCE = re.compile(rf"KD-[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}")


@dataclass(frozen=True)
class Page:
    """A part of the list. `number` counts from 1; the counts are of all pages together."""

    open: tuple[LeftMessage, ...]
    handled: tuple[LeftMessage, ...]
    open_count: int
    handled_count: int
    number: int
    last: int


class Letters:
    """What employees do with messages. Each method is one or two transactions."""

    def __init__(self, engine: Engine, keyring: Keyring, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._messages = Messages(engine, keyring, clock)

    def page(self, number: int) -> Page:
        """A page of the list; a number that is too high gives the last page."""
        waiting, handled = self._messages.waiting(), self._handled()
        last = max(1, -(-(len(waiting) + len(handled)) // ON_A_PAGE))
        number = min(max(number, 1), last)
        begin, end = (number - 1) * ON_A_PAGE, number * ON_A_PAGE
        after = len(waiting)
        return Page(
            open=waiting[begin:end],
            handled=handled[max(begin - after, 0) : max(end - after, 0)],
            open_count=len(waiting),
            handled_count=len(handled),
            number=number,
            last=last,
        )

    def read(self, reference: str) -> OpenedMessage:
        """Open a message. Raises UnknownReference or Tampered."""
        return self._messages.read(_known_form(reference))

    def oldest_open(self, apart_from: str) -> LeftMessage | None:
        """Which message to do next."""
        for message in self._messages.waiting():
            if message.reference != apart_from:
                return message
        return None

    def mark_handled(self, reference: str) -> str:
        """Somebody has answered it; the answer is its reference. Raises UnknownReference."""
        name = _known_form(reference)
        self._messages.mark_handled(name)
        return name

    def reopen(self, reference: str) -> str:
        """It needs an answer after all. Again changes nothing. Raises UnknownReference."""
        name = _known_form(reference)
        with self._engine.begin() as connection:
            row = left_message.c.reference == name
            if connection.execute(sa.update(left_message).where(row).values(handled=None)).rowcount:
                return name
        raise UnknownReference("There is no message with this reference.")

    def _handled(self) -> tuple[LeftMessage, ...]:
        """The handled messages, the last handled first."""
        mine = left_message.c
        shown = (mine.reference, mine.minute, mine.language, mine.reason, mine.handled)
        query = sa.select(*shown).where(mine.handled.is_not(None))
        with self._reading.begin() as connection:
            rows = connection.execute(query.order_by(mine.handled.desc(), mine.reference)).all()
        return tuple(LeftMessage(*row) for row in rows)


def reference_in(typed: str) -> str | None:
    """The reference that somebody typed, with or without `KD` and dashes; None if it is none."""
    for text in (typed, "KD" + typed):
        name = as_written(text[:40])
        if _REFERENCE.fullmatch(name):
            return name
    return None


def _known_form(reference: str) -> str:
    # Whatever else stands in an address never reaches the database.
    name = as_written(reference)
    if not _REFERENCE.fullmatch(name):
        raise UnknownReference("There is no message with this reference.")
    return name
