"""What the dialogue looks back on: the last turns, and its state before them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helder.conversation.chain import Chain
from helder.conversation.entries import ConversationId, Entry, Kind, Window
from helder.conversation.errors import ChainBroken
from helder.conversation.row import Seen
from helder.conversation.views import TURNS, first_of_window


def beginning(language: str) -> dict[str, Any]:
    """The state of a dialogue in which nothing was said yet."""
    return {"slots": {"language": language}}


def window_of(chain: Chain, conversation: ConversationId, turns: int) -> Window:
    """The last turns, with the dialogue's state before them.

    Raises:
        UnknownConversation, Tampered: see `ConversationLog`.
    """
    seen, entries = _last_turns(chain, conversation, turns)
    # The dialogue begins where it was opened, or where the assistant last got it back.
    begun = [i for i, e in enumerate(entries) if e.kind is not Kind.TURN and e.state]
    stateful = [e for e in entries[max(begun, default=0) :] if e.kind is Kind.TURN or e.state]
    before = stateful[0].state if stateful else None
    position = replace(seen.row.head.position, seen=seen)
    return Window(position, before, tuple(stateful[1:]))


def _last_turns(chain: Chain, conversation: ConversationId, turns: int) -> tuple[Seen, list[Entry]]:
    """The last turns with what lies between them, from the entry before them on."""
    # Where nobody spoke but the two, they are simply the last entries.
    tail = chain.tail(conversation, turns + 1)
    if tail is not None:
        seen, entries = tail
        if _told(entries) > turns or len(entries) == seen.row.seq:
            return tail
    with chain.reading(conversation) as reader:
        entries = reader.entries(first_of_window(reader, turns))
        # Where to begin was looked up in columns that nobody had verified yet.
        if _told(entries) > turns + 1 or (_told(entries) <= turns and entries[0].seq > 1):
            raise ChainBroken("The last turns do not begin where they should.")
    return Seen(reader.row, reader.key), entries


def _told(entries: list[Entry]) -> int:
    return sum(entry.kind in TURNS for entry in entries)
