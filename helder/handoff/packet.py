"""The packet: what a colleague has before them when a conversation comes to them, from the log.

The summary is the one that the customer was shown, with what they put right and what they wrote
while they waited; beside it all that it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helder.conversation.entries import Author, Entry
from helder.handoff.happened import Did
from helder.handoff.preview import shown_until
from helder.handoff.recounted import Turn, numbered, recounted
from helder.handoff.summary import DECISIONS, Decided, Line, Summaries

_ENDS = {Did.RETURNED.value, Did.CLOSED.value, Did.LEFT.value}
_BEGINS = {Did.CLAIMED.value, Did.STEPPED_IN.value, Did.REOPENED.value}


@dataclass(frozen=True)
class Said:
    """Words of the customer, and the message's number."""

    text: str
    number: int


@dataclass(frozen=True)
class Packet:
    """`was_shown`: the customer has seen these lines. `slots`: what the dialogue holds now.

    `corrected` is what the customer wrote because something in the summary is wrong, `added` what
    else they wrote while they waited.
    """

    lines: tuple[Line, ...]
    was_shown: bool
    corrected: tuple[Said, ...]
    added: tuple[Said, ...]
    turns: tuple[Turn, ...]
    decided: tuple[Decided, ...]
    slots: Mapping[str, str]


def packet(entries: Sequence[Entry], summaries: Summaries, language: str) -> Packet:
    """What there is to know of a conversation, in the colleague's language."""
    shown = shown_until(entries)
    before = [each for each in entries if shown is None or each.seq <= shown]
    turns = recounted(entries)
    waited = _while_waiting(entries)
    return Packet(
        lines=summaries.of(before, language),
        was_shown=shown is not None,
        corrected=tuple(_said(waited, Did.CORRECTED.value)),
        added=tuple(_said(waited, None)),
        turns=turns,
        decided=summaries.decided(turns),
        slots=_slots(entries),
    )


def _while_waiting(entries: Sequence[Entry]) -> list[Entry]:
    """What was written between asking and the colleague, the last time."""
    found: list[Entry] = []
    waits = False
    for entry in entries:
        did = (entry.handoff or {}).get("did")
        if did == Did.ASKED.value:
            found, waits = [], True
        elif did in _BEGINS:
            waits = False
        elif did in _ENDS:
            found, waits = [], False
        elif waits:
            found.append(entry)
    return found


def _said(entries: Sequence[Entry], did: str | None) -> Iterator[Said]:
    for entry in entries:
        if (entry.handoff or {}).get("did") == did:
            mine = [(n, m) for n, m in numbered(entry) if m.author is Author.CUSTOMER]
            yield from (Said(message.text, number) for number, message in mine)


def _slots(entries: Sequence[Entry]) -> dict[str, str]:
    """What the dialogue holds, but for decisions, which are told by themselves."""
    states = [each.state for each in entries if each.state is not None]
    slots = (states[-1] if states else {}).get("slots", {})
    return {
        str(name): str(value)
        for name, value in sorted(slots.items())
        if value is not None and name != DECISIONS
    }
