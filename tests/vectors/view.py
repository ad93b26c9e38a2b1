"""What Helder itself reads in a database, as plain JSON: to compare with what others read in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.entries import ConversationId, Draft
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import CUSTOMER, ORDER, Proofs
from helder.handoff.messages import Messages, OpenedMessage
from helder.handoff.tables import left_message

Json = dict[str, Any]
_PLAIN = ("created", "touched", "owner", "epoch", "seq", "number", "token_expires")


class View:
    """Reads with the log's own methods; only what they do not tell comes from the columns."""

    def __init__(
        self, engine: Engine, log: ConversationLog, inbox: Inbox, proofs: Proofs, messages: Messages
    ) -> None:
        self._engine = engine
        self._log = log
        self._inbox = inbox
        self._proofs = proofs
        self._messages = messages

    def everything(self) -> Json:
        """All conversations, messages that were left, and erasures."""
        return {
            "conversations": {id_: self.conversation(id_) for id_ in sorted(self._log.ids())},
            "left": [
                _left(self._messages.read(row.reference))
                for row in self._rows(left_message, left_message.c.reference)
            ],
            "erased": [
                [row.conversation, row.minute, row.reason]
                for row in self._rows(tables.erasure, tables.erasure.c.conversation)
            ],
        }

    def conversation(self, id_: ConversationId) -> Json:
        """One conversation, its entries with the minute in which they were written."""
        mine = tables.conversation.c.id == id_
        row = self._rows(tables.conversation, tables.conversation.c.id, mine)[0]
        entry, inbox = tables.entry.c, tables.inbox.c
        minutes = [
            row.minute for row in self._rows(tables.entry, entry.seq, entry.conversation == id_)
        ]
        _, shown = self._log.shown(id_, 0)
        received = self._rows(tables.inbox, inbox.place, inbox.conversation == id_)
        return {
            **{name: getattr(row, name) for name in _PLAIN},
            "entries": [
                {
                    "seq": entry.seq,
                    "kind": entry.kind.value,
                    "minute": minute,
                    "number": entry.number,
                    "content": json.loads(
                        Draft(entry.kind, entry.messages, entry.events, entry.state).encode()
                    ),
                }
                for entry, minute in zip(self._log.history(id_), minutes, strict=True)
            ],
            "choices": {str(each.number): list(each.choices) for each in shown if each.choices},
            "pending": [_waiting(each) for each in self._inbox.pending(id_)],
            "answered": [row.message for row in received if row.body is None],
            "proofs": {kind: list(self._proofs.subjects(id_, kind)) for kind in (CUSTOMER, ORDER)},
        }

    def _rows(self, table: sa.Table, order: Any, *where: Any) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(table).where(*where).order_by(order)))


def _left(opened: OpenedMessage) -> Json:
    """`parts` are there only in a message that its customer went on with."""
    content = asdict(opened)
    parts = list(content.pop("parts"))
    return {**content, "parts": parts} if parts else content


def _waiting(received: Received) -> Any:
    """As it is sealed: of what was masked only if something was."""
    content = asdict(received)
    return content if received.masked else {k: v for k, v in content.items() if k != "masked"}
