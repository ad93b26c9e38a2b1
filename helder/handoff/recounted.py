"""What the log tells of each turn, as a summary needs it: from its entries and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helder.conversation.entries import Author, Entry, Kind
from helder.handoff.happened import Did

# A colleague has done with it: what comes after is another matter.
_DONE = {Did.RETURNED.value, Did.CLOSED.value}
_UNSURE = "nlu_fallback"


@dataclass(frozen=True)
class Answer:
    """Something that the assistant said: the name of the response, and the message's number."""

    response: str
    text: str
    number: int


@dataclass(frozen=True)
class Turn:
    """A message of the customer as it was read, and what was done with it.

    `number` is the message's. `asked` is false of a message that only answered a question of the
    assistant. `pressed`: it was a button. `slots` are those that were set, as they were at the end.
    """

    number: int
    text: str
    intent: str
    confidence: float
    asked: bool
    pressed: bool
    answers: tuple[Answer, ...]
    slots: Mapping[str, Any]

    @property
    def understood(self) -> bool:
        """Was it read as anything?"""
        return self.intent != _UNSURE


def recounted(entries: Iterable[Entry]) -> tuple[Turn, ...]:
    """The turns since a colleague last had done with the conversation, oldest first."""
    turns: list[Turn] = []
    loop: str | None = None
    for entry in entries:
        if (entry.handoff or {}).get("did") in _DONE:
            turns, loop = [], None
        if entry.kind is Kind.TURN:
            turn, loop = _turn(entry, loop)
            turns += [turn] if turn else []
    return tuple(turns)


def numbered(entry: Entry) -> list[tuple[int, Any]]:
    """An entry's messages, each with its number in the conversation."""
    first = entry.number - len(entry.messages) + 1
    return list(enumerate(entry.messages, start=first))


def _turn(entry: Entry, loop: str | None) -> tuple[Turn | None, str | None]:
    heard = next((e for e in entry.events if e.get("event") == "user"), None)
    said = next((n for n, m in numbered(entry) if m.author is Author.CUSTOMER), None)
    slots, after, began = {}, loop, False
    done = [e.get("name") for e in entry.events if e.get("event") == "action"]
    for event in entry.events:
        if event.get("event") == "slot":
            slots[str(event["name"])] = event.get("value")
        elif event.get("event") == "active_loop":
            began = began or event.get("name") not in (None, loop)
            after = event.get("name")
    if heard is None or said is None:
        return None, after
    intent = (heard.get("parse_data") or {}).get("intent") or {}
    return (
        Turn(
            number=said,
            text=str(dict(numbered(entry))[said].text),
            intent=str(intent.get("name") or _UNSURE),
            confidence=float(intent.get("confidence") or 0),
            asked=loop is None or began or done[:1] != [loop],
            pressed=str(heard.get("text") or "").startswith("/"),
            answers=_answers(entry),
            slots=slots,
        ),
        after,
    )


def _answers(entry: Entry) -> tuple[Answer, ...]:
    """What the assistant said, with the responses it comes from where they can be told."""
    said = [(number, m) for number, m in numbered(entry) if m.author is Author.ASSISTANT]
    names = _responses(entry.events)
    return tuple(Answer(names.get(m.text, ""), m.text, number) for number, m in said)


def _responses(events: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found = {}
    for event in events:
        if event.get("event") == "bot" and event.get("text"):
            found[str(event["text"])] = str((event.get("metadata") or {}).get("utter_action") or "")
    return found
