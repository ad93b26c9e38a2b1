"""What happened on the way to a person and back, as the log's entries have it (`Entry.handoff`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from helder.conversation.entries import Entry


class Did(str, Enum):
    """What was done."""

    ASKED = "asked"
    LEFT = "left"  # the line, by the customer
    CLAIMED = "claimed"
    STEPPED_IN = "stepped_in"
    LOST = "lost"  # the colleague was silent or gone
    PASSED_ON = "passed_on"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTED = "noted"
    RATED = "rated"  # by the customer: how they were helped
    SUMMARISED = "summarised"  # the customer was shown what the colleague will read first
    CORRECTING = "correcting"  # by the customer: something in it is wrong; what, comes next
    CORRECTED = "corrected"  # by the customer: what the colleague will read with it


@dataclass(frozen=True)
class Happened:
    """One thing that was done. `seq` is its entry's number; `detail` is what belongs to it."""

    seq: int
    did: Did
    detail: dict[str, str]


def happened(entries: Iterable[Entry]) -> tuple[Happened, ...]:
    """All that was done, as it was."""
    found = ((entry.seq, dict(entry.handoff)) for entry in entries if entry.handoff)
    return tuple(Happened(seq, Did(detail.pop("did")), detail) for seq, detail in found)


def as_written(did: Did, **detail: str | None) -> dict[str, str]:
    """As an entry has it; what is not there is left out."""
    return {"did": did.value, **{name: said for name, said in detail.items() if said}}
