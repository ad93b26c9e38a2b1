"""A tracker that came from the log."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from helder.brain.errors import HistoryRewritten
from helder.brain.history import Told, reaches_back
from helder.conversation.entries import Position


class LoggedTracker(DialogueStateTracker):
    """A tracker that knows where in the log it came from, and which of its events are there."""

    position: Position
    history: tuple[Told, ...] = ()

    @classmethod
    def rebuilt(
        cls, sender_id: str, history: Sequence[Told], domain: Domain, position: Position
    ) -> LoggedTracker:
        """The tracker of a history that is in the log up to `position`."""
        tracker = cls(sender_id, domain.slots)
        for each in history:
            tracker.update(each.event)
        tracker.position, tracker.history = position, tuple(history)
        return tracker

    def added(self) -> list[Event]:
        """The events that are not in the log yet.

        Raises:
            HistoryRewritten: events that are in the log are not in the tracker any more.
        """
        events = list(self.events)
        kept = zip(events, self.history, strict=False)
        if len(events) < len(self.history) or any(e is not h.event for e, h in kept):
            raise HistoryRewritten(
                "Events that the log has are gone from the tracker. Nothing was saved."
            )
        return events[len(self.history) :]

    def undoes_unseen(self) -> bool:
        """Does it undo something that was before its first event that is in the log?"""
        seen = [Told(event, True) for event in self.added()]
        known = dropwhile(lambda each: not each.saved, [*self.history, *seen])
        return reaches_back([each.event for each in known])

    def saved_at(self, position: Position) -> None:
        """All of its events are in the log now."""
        new = [Told(event, True) for event in self.added()]
        self.position, self.history = position, (*self.history, *new)
