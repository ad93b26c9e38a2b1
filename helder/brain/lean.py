"""What of an event is kept: all but what stands in it twice, and most digits of confidences.

Rasa writes a message's text and number in its event, and once more in the reading of it;
`UserUttered` fills them in again when the event is read back. Confidences have up to 17 digits,
which no packing makes smaller: four are kept. That saves a fifth of the log's bytes
(docs/benchmarks.md).
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import Event, UserUttered

# A turn is decided upon before it is written; what is read back is compared with two digits.
DIGITS = 4
# Under which name the channel puts what the system says to a message into its metadata.
NOTE = "helder_note"
_TELL_CONFIDENCES = ("intent", "intent_ranking", "entities")
_IN_THE_EVENT_TOO = ("text", "message_id")


def kept(event: Event) -> dict[str, Any]:
    """An event as it is written to the log."""
    written: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        reading = {
            name: value
            for name, value in written["parse_data"].items()
            if not (name in _IN_THE_EVENT_TOO and value == written[name])
        }
        written["parse_data"] = with_short_confidences(reading)
        for holder in (written, written["parse_data"]):  # it is a message of the entry
            if NOTE in (holder.get("metadata") or {}):
                rest = {name: value for name, value in holder["metadata"].items() if name != NOTE}
                holder["metadata"] = rest
    return written


def with_short_confidences(reading: dict[str, Any]) -> dict[str, Any]:
    """How a message was read, with confidences of four digits."""
    short = dict(reading)
    for name in _TELL_CONFIDENCES:
        told = reading.get(name)
        if isinstance(told, dict):
            short[name] = _short(told)
        elif isinstance(told, list):
            short[name] = [_short(each) for each in told]
    return short


def _short(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, DIGITS)
        if isinstance(value, float) and name.startswith("confidence")
        else value
        for name, value in told.items()
    }
