"""A turn that ends in asking for a person: saving it gives the conversation to the queue.

The dialogue asks by setting the slot `handoff` to a reason (helder/handoff/reasons.py). Turn, owner
and ticket are one transaction, so nobody is told that a colleague comes and then forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from helder.conversation.entries import Draft
from helder.conversation.transaction import Writer
from helder.handoff.asking import enqueue
from helder.handoff.reasons import reason_of

SLOT = "handoff"


def handing(draft: Draft, now: datetime) -> Callable[[Writer], None] | None:
    """What is to be done with the turn, if it asks for a person."""
    slots = (draft.state or {}).get("slots", {})
    code = slots.get(SLOT)
    if not code:
        return None
    reason, language = reason_of(str(code)), str(slots.get("language", "en"))
    return lambda writer: enqueue(writer, reason, language, int(now.timestamp()))
