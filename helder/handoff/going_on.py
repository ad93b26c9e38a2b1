"""A message to a colleague that grows: whoever is answered by people only writes as in any chat.

What they write goes into one left message, under one reference, until a colleague has handled it.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from helder.handoff.errors import UnknownReference
from helder.handoff.messages import Messages

logger = structlog.get_logger(__name__)
_MOST = 1_000  # messages of one conversation


@dataclass(frozen=True)
class Passed:
    """Under which reference the words are with a colleague, and whether they begin it."""

    reference: str
    begins: bool


def pass_on(
    messages: Messages, conversation: str, text: str, language: str, reason: str, part: str
) -> Passed:
    """Keep a customer's words for a colleague; `part` is their message's id, and taken once.

    Raises:
        sqlalchemy.exc.SQLAlchemyError, KeyringError: nothing was kept.
    """
    for number in range(_MOST):
        key = f"{conversation}:{reason}:{number}"
        reference = messages.leave(conversation, "", text, language, reason, key, part)
        try:
            messages.add(reference, text, part)
        except UnknownReference:
            continue  # it was handled, or is full
        return Passed(reference, messages.read(reference).parts[0] == part)
    raise RuntimeError("This conversation has left too many messages.")
