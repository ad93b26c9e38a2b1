"""Rasa as it is installed, to show beside ours what it does when something fails."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import StoryExported
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

GUARDED = (
    (Agent, "_create_tracker_store"),
    (EventBroker, "create"),
    (MessageProcessor, "_run_action"),
    (RemoteAction, "run"),
    (StoryExported, "apply_to"),
)


def take_guards_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put Rasa's own functions back, until the test ends."""
    for owner, name in GUARDED:
        stock = getattr(owner, name).__wrapped__
        assert stock.__module__.startswith("rasa.")
        is_static = isinstance(inspect.getattr_static(owner, name), staticmethod)
        monkeypatch.setattr(owner, name, staticmethod(stock) if is_static else stock)


def breaking(engine: Engine, statement: str) -> Any:
    """Make every statement that begins so fail; call what is returned to stop it."""

    def fail(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        if text.startswith(statement):
            raise OperationalError(text, {}, Exception("disk I/O error"))

    event.listen(engine, "before_cursor_execute", fail)
    return lambda: event.remove(engine, "before_cursor_execute", fail)


@dataclass
class Publications(EventBroker):  # type: ignore[misc]  # a base class without types
    """A broker that remembers what it was told, and what was in a store then."""

    heard: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def from_endpoint_config(cls, broker_config: Any, event_loop: Any = None) -> Publications:
        return cls()

    def publish(self, event: dict[str, Any]) -> None:
        self.heard.append(event)

    def texts(self) -> list[str]:
        """What customers said, as the broker heard it."""
        return [str(event["text"]) for event in self.heard if event["event"] == "user"]


class BreaksWhenMade(TrackerStore):  # type: ignore[misc]  # a base class without types
    """A store of one's own whose constructor has a mistake in it."""

    def __init__(self, domain: Any = None, **_: Any) -> None:
        super().__init__(domain)
        self.client = None
        self.client.connect()  # type: ignore[attr-defined]  # it breaks here, as meant

    async def save(self, tracker: DialogueStateTracker) -> None:
        raise AssertionError("never reached")

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        raise AssertionError("never reached")
