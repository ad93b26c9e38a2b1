"""Something that the customer said, and what it was taken for: from an event of the tracker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Message(NamedTuple):
    """A message. `text` is what was seen of it; `read` what was read: of a button, a command."""

    intent: str
    text: str
    read: str
    confidence: float
    ranking: tuple[Mapping[str, Any], ...]  # the likeliest reading first
    entities: tuple[Mapping[str, Any], ...]

    @property
    def is_choice(self) -> bool:
        """Was a button pressed?"""
        return self.read.startswith("/")


def heard(event: Mapping[str, Any]) -> Message | None:
    """The message of an event; None of what is no message, or was read as nothing."""
    parsed = event.get("parse_data") or {}
    intent = parsed.get("intent") or {}
    if event.get("event") != "user" or not intent.get("name"):
        return None
    read = str(event.get("text") or "")
    shown = (event.get("metadata") or {}).get("helder_shown")
    return Message(
        intent=str(intent["name"]),
        text=str(shown or read),
        read=read,
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(parsed.get("intent_ranking") or ()),
        entities=tuple(parsed.get("entities") or ()),
    )
