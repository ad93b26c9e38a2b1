"""An entry of the audit: how it is sealed, and how it hangs on the one before it.

All of it is sealed in `body`; the plain columns repeat what is looked for. Whoever opens an entry
compares them, so that a column cannot be changed by itself.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helder.audit.acts import Act
from helder.audit.tables import audit
from helder.conversation.cipher import DataKey, bind
from helder.conversation.errors import EntryTampered, ForeignFormat

FORMAT = 1
# What the first entry hangs on.
FIRST_TAG = bytes(32)
Detail = Mapping[str, "str | int"]
# SQLite keeps whatever type it is given.
_TYPES = tuple((column.name, column.type.python_type) for column in audit.c)


@dataclass(frozen=True)
class AuditEntry:
    """What somebody did. `minute` counts since 1970.

    `actor` is an employee's id, or SYSTEM or UNKNOWN (acts.py); `subject` the id of a conversation
    or employee, or the reference of a left message, or "".
    """

    number: int
    minute: int
    act: Act
    actor: str
    subject: str = ""
    detail: Detail = field(default_factory=dict)

    def sealed(self, key: DataKey, previous: bytes) -> dict[str, Any]:
        """The row as it is stored; `previous` is the tag of the entry before."""
        content = [self.number, self.minute, self.act.value, self.actor, self.subject]
        plain = json.dumps([*content, dict(self.detail)], ensure_ascii=False).encode()
        row = {
            "number": self.number,
            "minute": self.minute,
            "act": self.act.value,
            "actor": actor_index(key, self.actor),
            "subject": subject_index(key, self.subject),
            "body": key.seal(plain, _BOUND),
        }
        return {**row, "tag": _tag(key, row, previous)}


def actor_index(key: DataKey, actor: str) -> str:
    """The fingerprint by which the entries of an employee are found."""
    return key.head(bind("helder audit actor", FORMAT, actor)).hex()


def subject_index(key: DataKey, subject: str) -> str:
    """The fingerprint by which the entries about something are found."""
    return key.head(bind("helder audit subject", FORMAT, subject)).hex()


def opened(key: DataKey, row: Any) -> AuditEntry:
    """A stored entry; whether it hangs on the one before it is for `follows` to say.

    Raises:
        EntryTampered: it is not what was written; the message says which one and how.
        ForeignFormat: it was written by another version of Helder.
    """
    name = f"Entry {row.number}"
    if not all(isinstance(getattr(row, each), kind) for each, kind in _TYPES):
        raise EntryTampered(f"{name} was changed: a column has another type.")
    try:
        plain = key.open_sealed(row.body, _BOUND)
    except EntryTampered:
        raise EntryTampered(
            f"{name} was changed, or put in: nobody with the keys wrote it."
        ) from None
    number, minute, act, actor, subject, detail = json.loads(plain)
    if number != row.number:
        raise EntryTampered(f"{name} was moved: it was written as number {number}.")
    written = {"minute": minute, "act": act}
    written |= {"actor": actor_index(key, actor), "subject": subject_index(key, subject)}
    for column, value in written.items():
        if getattr(row, column) != value:
            raise EntryTampered(f"{name} was changed: its {column} is another than was written.")
    try:
        return AuditEntry(number, minute, Act(act), actor, subject, detail)
    except ValueError:
        raise ForeignFormat(f"{name} is of an act that this code does not know.") from None


def follows(key: DataKey, row: Any, previous: bytes) -> bool:
    """Does an entry hang on the one with this tag?"""
    columns = {column.name: getattr(row, column.name) for column in audit.c}
    return hmac.compare_digest(_tag(key, columns, previous), row.tag)


def _tag(key: DataKey, row: Mapping[str, Any], previous: bytes) -> bytes:
    columns = (row["number"], row["minute"], row["act"], row["actor"], row["subject"], row["body"])
    return key.head(bind("helder audit entry", FORMAT, *columns, previous))


_BOUND = bind("helder audit body", FORMAT)
