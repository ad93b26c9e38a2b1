"""Using our tracker store as Rasa does, without an agent."""

from __future__ import annotations

import json
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from helder.brain.store import EncryptedTrackerStore
from tests.aio import run


def add(store: EncryptedTrackerStore, conversation: str, *events: Event) -> None:
    """One turn of Rasa's: retrieve, change, save."""
    tracker = run(store.retrieve(conversation))
    for event in events:
        tracker.update(event)
    run(store.save(tracker))


def saved(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events of a tracker, apart from those that stand for the state that it began in."""
    return [each.event.as_dict() for each in tracker.history if each.saved]


def plain(events: list[Event]) -> list[dict[str, Any]]:
    """Events as JSON: what a store of Rasa's would have written."""
    return [json.loads(json.dumps(event.as_dict())) for event in events]
