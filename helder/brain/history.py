"""The history of a conversation as Rasa sees it: rebuilt from the log, and continued or refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.utils.common import all_subclasses

from helder.brain.errors import HistoryRewritten
from helder.brain.events import events_from_state
from helder.brain.lean import kept
from helder.conversation.entries import Entry, Kind


class Told(NamedTuple):
    """An event of a rebuilt tracker. `saved`: it is one of the log, not one made of a state."""

    event: Event
    saved: bool


def told(state: dict[str, Any] | None, turns: Iterable[Entry], domain: Domain) -> list[Told]:
    """The events of saved turns, after those that stand for the state before them."""
    saved = [_event_of(stored) for turn in turns for stored in turn.events]
    made = events_from_state(state, domain, saved[0].timestamp if saved else None)
    return [Told(event, False) for event in made] + [Told(event, True) for event in saved]


@cache
def _types() -> dict[str, type[Event]]:
    # Rasa looks through all classes for every single event, which costs more than all the rest.
    # Of two classes with one name, which legacy events have, Rasa takes the first.
    return {each.type_name: each for each in reversed(all_subclasses(Event))}


def _event_of(stored: dict[str, Any]) -> Event:
    kind = _types().get(stored["event"])
    if kind is None:
        raise ValueError(f"Rasa knows no event {stored['event']!r}.")
    event: Event = kind._from_parameters(stored)
    return event


def told_of_all(entries: Iterable[Entry], domain: Domain) -> list[Told]:
    """The events of a whole conversation, with each time that the assistant began anew."""
    dialogues: list[tuple[dict[str, Any] | None, list[Entry]]] = []
    for entry in entries:
        begins = entry.kind is not Kind.TURN and entry.state
        if begins or not dialogues:
            dialogues.append((entry.state if begins else None, []))
        if entry.kind is Kind.TURN:
            dialogues[-1][1].append(entry)
    return [each for state, turns in dialogues for each in told(state, turns, domain)]


def current_session(events: Sequence[Told]) -> list[Told]:
    """From the start of the last session on; nothing of a tracker's state is older than that."""
    for begin in range(len(events) - 1, -1, -1):
        if type(events[begin].event) is SessionStarted:
            before = events[begin - 1].event if begin else None
            announced = getattr(before, "action_name", None) == ACTION_SESSION_START_NAME
            return list(events[begin - announced :])
    return list(events)


# Rasa undoes by forgetting all from the last event of this kind on, and then again.
_UNDOES: dict[type[Event], tuple[type[Event], ...]] = {
    UserUtteranceReverted: (UserUttered, ActionExecuted),
    ActionReverted: (ActionExecuted,),
}

# Of the class itself: events are abstract base classes, of which `isinstance` is slow.
_FORGETS = (Restarted, SessionStarted)


def reaches_back(events: Sequence[Event]) -> bool:
    """Do these events undo something that happened before them?"""
    if any(type(event) in _FORGETS for event in events):
        return False  # what was before is forgotten anyhow
    done: list[Event] = []
    for event in events:
        kinds = _UNDOES.get(type(event))
        if kinds is None:
            done.append(event)
        elif not all(_undo(done, kind) for kind in kinds):
            return True
    return False


def _undo(done: list[Event], kind: type[Event]) -> bool:
    """Forget all from the last event of this kind on; False if there is none."""
    while done:
        if isinstance(done.pop(), kind):
            return True
    return False


def what_is_new(given: Sequence[Event], history: Sequence[Told]) -> list[Event]:
    """What a tracker from elsewhere adds to the history that is in the log.

    It may have the events that stand for a state, as `retrieve_full_tracker` gives them, or not.

    Raises:
        HistoryRewritten: it does not begin with the whole of that history.
    """
    saved = [each for each in history if each.saved]
    for known in (history, saved):
        if len(given) >= len(known) and all(map(_is_same, given, known)):
            return list(given[len(known) :])
    if len(given) < len(saved):
        raise HistoryRewritten(
            f"The log has {len(saved)} events of this conversation, and the tracker {len(given)}: "
            "history cannot be shortened. Nothing was saved."
        )
    raise HistoryRewritten(
        "The tracker does not begin with the events that the log has of this conversation: "
        "history cannot be changed. Nothing was saved."
    )


def _is_same(given: Event, known: Told) -> bool:
    # As it would be kept: who gives a tracker from elsewhere may know confidences to all digits.
    one, other = kept(given), kept(known.event)
    if not known.saved:
        # It was made for somebody who asked, and was given the time of the asking.
        one["timestamp"] = other["timestamp"]
    return bool(one == other)
