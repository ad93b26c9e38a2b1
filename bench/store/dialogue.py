"""A dialogue as it was recorded, to be had again and again with the same words and new times."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import Event, UserUttered, deserialise_events

Recorded = dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """One message of the customer and what was done with it, as stock Rasa would store it.

    `said` is what the customer typed, or the title of the button that was pressed.
    """

    said: str
    events: tuple[Recorded, ...]


@dataclass(frozen=True)
class Dialogue:
    """The events that begin a session in stock Rasa, and the turns."""

    opening: tuple[Recorded, ...]
    turns: tuple[Turn, ...]

    def turn(self, number: int) -> Turn:
        """The turn with this number, from 0; after the last comes the first again."""
        return self.turns[number % len(self.turns)]


def divide(events: Sequence[Recorded], said: Sequence[str]) -> Dialogue:
    """The turns of a conversation: each begins with a message of the customer.

    Raises:
        ValueError: there are not as many messages as things said.
    """
    begins = [place for place, event in enumerate(events) if event["event"] == "user"]
    if not begins or len(begins) != len(said):
        raise ValueError(f"{len(said)} things were said, and {len(begins)} messages stored.")
    ends = [*begins[1:], len(events)]
    turns = (
        Turn(words, tuple(events[begin:end]))
        for words, begin, end in zip(said, begins, ends, strict=True)
    )
    return Dialogue(tuple(events[: begins[0]]), tuple(turns))


def happening(
    recorded: Sequence[Recorded], now: float, metadata: dict[str, Any] | None = None
) -> list[Event]:
    """The events as if the first happened now (seconds since 1970), the others as long after it
    as they did; none is shared with another turn.

    `metadata` is added to what a channel gave with the customer's message; Rasa keeps it twice.
    """
    events: list[Event] = deserialise_events(
        [
            {**event, "timestamp": now + event["timestamp"] - recorded[0]["timestamp"]}
            for event in recorded
        ]
    )
    for event in events:
        if metadata and isinstance(event, UserUttered):
            event.metadata = {**event.metadata, **metadata}
            parsed = event.parse_data.get("metadata") or {}
            event.parse_data = {**event.parse_data, "metadata": {**parsed, **metadata}}
    return events


class Timeline:
    """The time of one conversation, which does not go back.

    Its turns follow each other quicker than they were recorded; stock Rasa takes what is older than
    the session's beginning for another session's.
    """

    def __init__(self) -> None:
        self._end = 0.0

    def happening(
        self, recorded: Sequence[Recorded], metadata: dict[str, Any] | None = None
    ) -> list[Event]:
        """See `happening`: now, or after what has happened last."""
        events = happening(recorded, max(time.time(), self._end), metadata)
        self._end = max(event.timestamp for event in events)
        return events
