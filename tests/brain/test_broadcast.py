"""A broker that does not answer holds nobody up, and what waits for it is published in order."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from rasa.core.brokers.file import FileEventBroker
from rasa.shared.core.events import ActionExecuted

from helder.brain import broadcast
from helder.brain.broadcast import Broadcast
from tests.aio import run


class Stuck(FileEventBroker):  # type: ignore[misc]  # Rasa has no types
    """Publishes only once it is let go."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.let_go = threading.Event()
        self.published: list[str] = []

    def publish(self, event: dict[str, str]) -> None:
        self.let_go.wait(20)
        self.published.append(event["name"])


def test_a_stuck_broker_holds_up_no_turn_and_gets_everything_in_order_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "PATIENCE", 0)
    broker, sender = Stuck(tmp_path / "events"), Broadcast(granted=lambda _: True)

    async def talk() -> None:
        for name in ("one", "two", "three"):
            await sender.publish(broker, [ActionExecuted(name)], "somebody")
        assert broker.published == []
        broker.let_go.set()
        await asyncio.get_running_loop().run_in_executor(sender._thread, lambda: None)

    run(talk())
    assert broker.published == ["one", "two", "three"]


def test_what_waits_is_not_published_once_consent_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "PATIENCE", 0)
    agreed = [True]
    broker, sender = Stuck(tmp_path / "events"), Broadcast(granted=lambda _: agreed[0])

    async def talk() -> None:
        for name in ("one", "two"):
            await sender.publish(broker, [ActionExecuted(name)], "somebody")
        agreed[0] = False
        broker.let_go.set()
        await asyncio.get_running_loop().run_in_executor(sender._thread, lambda: None)

    run(talk())
    assert "two" not in broker.published


def test_no_more_is_queued_for_a_broker_that_is_far_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "PATIENCE", 0)
    monkeypatch.setattr(broadcast, "MOST_WAITING", 1)
    broker, sender = Stuck(tmp_path / "events"), Broadcast(granted=lambda _: True)

    async def talk() -> None:
        for name in ("kept", "dropped"):
            await sender.publish(broker, [ActionExecuted(name)], "somebody")
        broker.let_go.set()
        await asyncio.get_running_loop().run_in_executor(sender._thread, lambda: None)

    run(talk())
    assert broker.published == ["kept"]
