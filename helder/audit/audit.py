"""Recording who did what, and reading it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.audit import head as heads
from helder.audit.acts import SYSTEM, Act
from helder.audit.entry import AuditEntry, Detail, actor_index, opened, subject_index
from helder.audit.errors import AuditDamaged, AuditTurnedBack
from helder.audit.head import Head
from helder.audit.sighting import NO_AUDIT_ANCHOR, AuditAnchor, Seen
from helder.audit.tables import audit
from helder.audit.verify import Verdict, verdict
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.errors import KeyExhausted, Tampered
from helder.conversation.keyring import Keyring
from helder.database import reading

LONGEST_NAME = 64  # characters of an actor or a subject
# One key seals every entry under random nonces; NIST SP 800-38D, 8.3 allows 2³².
MOST_ENTRIES = 2**31 - 1


class Audit:
    """The audit of one installation. Any thread of any process may use it at any time."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        clock: Clock = utc_now,
        anchor: AuditAnchor = NO_AUDIT_ANCHOR,
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._clock = clock
        self._anchor = anchor

    def record(
        self,
        act: Act,
        actor: str,
        subject: str = "",
        *,
        connection: Connection | None = None,
        **detail: str | int,
    ) -> int:
        """Add an entry; returns its number. **Record first, then act**: what this raises must keep
        the act from being done, or it would be done unrecorded.

        With an open `connection` (of `engine.begin()`) the entry is part of its transaction: it is
        there if and only if the act is. Nobody else records until that ends, so let it be short,
        and call `settle` after the commit. On PostgreSQL lock everything else before recording, or
        two such transactions may wait for each other.

        Detail is for codes and ids, never for names or what somebody wrote.

        Raises:
            ValueError: an actor is missing, or an actor or subject is too long.
            TooLarge: the detail is, with more than 16 MB.
            AuditDamaged: the head was changed, or the audit was turned back.
            KeyringError, AnchorError: it cannot be written now.
            sqlalchemy.exc.SQLAlchemyError: the database failed.
        """
        _refuse_unfit(actor, subject)
        if connection is not None:
            return self._append(connection, act, actor, subject, detail).count
        with self._engine.begin() as own:
            head = self._append(own, act, actor, subject, detail)
        self._anchor.saw(head.count, head.tag)
        return head.count

    def settle(self) -> None:
        """Tell the anchor how far the audit has come, after a transaction that recorded.

        One that is left out makes the anchor less exact until the next entry, and nothing else.

        Raises:
            AuditDamaged, KeyringError, AnchorError: as `record`.
        """
        seen = self._anchor.seen()
        with _telling_damage(), reading(self._engine).connect() as connection:
            head = heads.read(connection, self._keyring)
        _refuse_turned_back(head, seen)
        if head is not None:
            self._anchor.saw(head.count, head.tag)

    def entries(
        self,
        *,
        act: Act | None = None,
        actor: str | None = None,
        subject: str | None = None,
        since: int | None = None,
        until: int | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> tuple[AuditEntry, ...]:
        """The newest entries first; of one act, actor or subject, from the minute `since` on and
        before the minute `until`, with numbers below `before`.

        Each one is compared with what was written. That none is missing only `verify` can say.

        Raises:
            AuditDamaged: the head or one of these entries is not what was written.
            KeyringError: the master key is missing.
        """
        with _telling_damage(), reading(self._engine).connect() as connection:
            head = heads.read(connection, self._keyring)
            if head is None:
                return ()
            mine, key = audit.c, head.key
            wanted = [
                *([mine.act == act.value] if act is not None else ()),
                *([mine.actor == actor_index(key, actor)] if actor is not None else ()),
                *([mine.subject == subject_index(key, subject)] if subject is not None else ()),
                *([mine.minute >= since] if since is not None else ()),
                *([mine.minute < until] if until is not None else ()),
                *([mine.number < before] if before is not None else ()),
            ]
            query = sa.select(audit).where(sa.true(), *wanted).order_by(mine.number.desc())
            return tuple(opened(key, row) for row in connection.execute(query.limit(limit)))

    def verify(self) -> Verdict:
        """Read all of it from the first entry to the last; the first thing that is wrong.

        Raises:
            KeyringError: the master key is missing, so nothing can be said.
            AnchorError: the anchor cannot be read.
        """
        return verdict(self._engine, self._keyring, self._anchor)

    def turned_back(self) -> bool:
        """Is it older than the anchor has seen it? Raises as `record`."""
        try:
            self.settle()
        except AuditTurnedBack:
            return True
        return False

    def accept_restored(self) -> None:
        """An operator has put back a backup: go on from there. The first entry after it says so.

        Raises:
            AuditDamaged, KeyringError, AnchorError: as `record`.
        """
        self._anchor.forget()
        self.record(Act.RESTORED, SYSTEM)

    def _append(
        self, connection: Connection, act: Act, actor: str, subject: str, detail: Detail
    ) -> Head:
        seen = self._anchor.seen()
        with _telling_damage():
            head = heads.read(connection, self._keyring, locked=True)
            _refuse_turned_back(head, seen)
            if head is None:
                head = heads.begin(connection, self._keyring)
        if head.count >= MOST_ENTRIES:
            raise KeyExhausted("The audit is full.")
        entry = AuditEntry(head.count + 1, minute(self._clock()), act, actor, subject, detail)
        row = entry.sealed(head.key, head.tag)
        connection.execute(sa.insert(audit).values(**row))
        after = head.after(row["tag"])
        heads.move(connection, head, after)
        return after


def _refuse_unfit(actor: str, subject: str) -> None:
    if not actor or max(len(actor), len(subject)) > LONGEST_NAME:
        raise ValueError(f"An entry names who acts, in at most {LONGEST_NAME} characters.")


@contextmanager
def _telling_damage() -> Iterator[None]:
    try:
        yield
    except Tampered as error:
        raise AuditDamaged(str(error)) from error


def _refuse_turned_back(head: Head | None, seen: Seen | None) -> None:
    # Going on from there would write over what shows it.
    if seen is None:
        return
    number, tag = (0, b"") if head is None else (head.count, head.tag)
    if number < seen.number or (number == seen.number and tag != seen.tag):
        raise AuditTurnedBack(
            "The audit was turned back. If you have put back a backup, say so with "
            "`helder log restored`."
        )
