"""Does this customer want no AI? Append-only records in their conversation, and beyond it.

A record is kept beside the consents (helder/consent/records.py): sealed under the conversation's
data key, counted in its authenticated row, destroyed with it. Who is known by a signed token is
remembered beyond it (remembered.py).

Nothing here reads a word of the customer: once they want no AI, only a button of theirs ends it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum

from helder.conversation.clock import Clock, iso, utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.proofs import CUSTOMER, Proofs
from helder.optout.remembered import UNDONE, Remembered

OPT_OUT = "opt_out"  # a kind of proof, whose subject is a record as JSON
Proven = Sequence[tuple[str, str]]


class Method(str, Enum):
    """How the customer chose."""

    WORDS = "words"  # the last ones that the assistant read
    BUTTON = "button"
    PANEL = "panel"  # their own overview, outside the dialogue
    REMEMBERED = "remembered"  # in another conversation


@dataclass(frozen=True)
class Record:
    """One choice: `out` is without AI. `time` is ISO 8601 in UTC."""

    out: bool
    method: Method
    time: str


class OptOuts:
    """Each method raises UnknownConversation and Tampered, as the log does."""

    def __init__(self, proofs: Proofs, remembered: Remembered, clock: Clock = utc_now) -> None:
        self._proofs = proofs
        self._remembered = remembered
        self._clock = clock

    def holds(self, conversation: ConversationId) -> bool:
        """Must no word of this customer pass through NLU now?"""
        proven = self._proofs.proven(conversation)
        return _is_out(proven) or any(map(self._remembered.has, _customers(proven)))

    def is_remembered(self, conversation: ConversationId) -> bool:
        """Is the customer known, so that their choice holds in a new conversation too?"""
        return bool(_customers(self._proofs.proven(conversation)))

    def records(self, conversation: ConversationId) -> tuple[Record, ...]:
        """All choices that were made here, oldest first."""
        return _records(self._proofs.proven(conversation))

    def opt_out(self, conversation: ConversationId, method: Method) -> None:
        """No AI, from now on. Again changes nothing."""
        proven = self._proofs.proven(conversation)
        if not _is_out(proven):
            self._add(conversation, out=True, method=method)
        for customer in _customers(proven):
            self._remembered.remember(customer)

    def adopt(self, conversation: ConversationId) -> None:
        """What was said in another conversation holds in this one too, until it is undone here.

        Nothing is remembered anew: that takes a choice of the customer.
        """
        if not _is_out(self._proofs.proven(conversation)):
            self._add(conversation, out=True, method=Method.REMEMBERED)

    def undo(self, conversation: ConversationId, method: Method) -> None:
        """The assistant again, by the customer's own press of a button."""
        proven = self._proofs.proven(conversation)
        for customer in _customers(proven):
            self._remembered.forget(customer, UNDONE)
        if _is_out(proven):  # last: if anything fails before, no AI reads along
            self._add(conversation, out=False, method=method)

    def begins(self, conversation: ConversationId) -> bool:
        """A new conversation, of somebody who wants no AI? Then that is recorded in it."""
        customers = _customers(self._proofs.proven(conversation))
        wanted = [self._remembered.seen(each) for each in customers]
        if any(wanted):
            self._add(conversation, out=True, method=Method.REMEMBERED)
        return any(wanted)

    def _add(self, conversation: ConversationId, *, out: bool, method: Method) -> None:
        chosen = asdict(Record(out, method, iso(self._clock())))
        # The same is proven once: each choice has its number.
        chosen["number"] = len(self.records(conversation)) + 1
        self._proofs.record(conversation, OPT_OUT, json.dumps(chosen, sort_keys=True))


def _records(proven: Proven) -> tuple[Record, ...]:
    written = [json.loads(subject) for kind, subject in proven if kind == OPT_OUT]
    return tuple(Record(each["out"], Method(each["method"]), each["time"]) for each in written)


def _is_out(proven: Proven) -> bool:
    records = _records(proven)
    return bool(records) and records[-1].out


def _customers(proven: Proven) -> list[str]:
    return [subject for kind, subject in proven if kind == CUSTOMER]
