"""What was done to the database, Rasa meets as the same exception, and answers no turn on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog.testing
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from helder.brain import channel
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.errors import KeyringError, Locked
from tests.aio import run
from tests.attacks.catalogue import load
from tests.attacks.judge import Judge
from tests.attacks.scene import Scene, build

SEEDS = 6
NOWHERE = "http://127.0.0.1:9/webhook"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("attacked")
    made = build(folder, f"sqlite:///{folder / 'helder.db'}")
    yield made
    made.attacker.close()
    made.engine.dispose()


@pytest.fixture(scope="module")
def rasa(tiny_model: Path, scene: Scene) -> Agent:
    store = EncryptedTrackerStore(log=scene.log)
    return Agent.load(tiny_model, tracker_store=store, action_endpoint=EndpointConfig(NOWHERE))


@pytest.fixture(scope="module")
def judge(scene: Scene, rasa: Agent) -> Judge:
    """Reads as Rasa does, under the names of what it reads in the log."""
    store = rasa.tracker_store

    def events(tracker: Any) -> list[Any]:
        # (What stands for an earlier state is of the moment at which it is rebuilt.)
        return [{**event.as_dict(), "timestamp": 0} for event in tracker.events]

    readers = {
        "window": lambda s: events(run(store.retrieve(s.victim))),
        "history": lambda s: events(run(store.retrieve_full_tracker(s.victim))),
    }
    return Judge(scene, readers)


def answer(scene: Scene, rasa: Agent) -> tuple[int, Any]:
    """The turn of the message that has waited longest, as the gateway asks for it."""
    received = scene.received("91")
    body = {"conversation": scene.victim, "message": received.id, "epoch": 0, "text": "hours"}
    with structlog.testing.capture_logs():
        response = run(channel._run(body, rasa.handle_message))
    return response.status, json.loads(response.body)


def test_unharmed_the_turn_is_answered(scene: Scene, rasa: Agent) -> None:
    status, body = answer(scene, rasa)
    assert (status, body["said"]) == (200, 1)
    scene.restore()


@pytest.mark.parametrize("attack", load())
def test_rasa_answers_no_turn_and_begins_nothing_anew_when(
    attack: str, judge: Judge, scene: Scene, rasa: Agent
) -> None:
    for seed in range(SEEDS):
        expected = judge.play(load()[attack], seed)
        assert expected is not None
        scene.unlock()
        before = scene.attacker.read()
        status, body = answer(scene, rasa)
        if "window" not in expected.seen_by:  # what was done may lie where no turn looks
            assert status in (200, 423)
        elif expected.error is KeyringError:
            assert (status, body) == (503, {"error": "log"})
        else:
            assert (status, body) == (423, {"error": "damaged"})
            with pytest.raises(Locked):
                scene.log.head(scene.victim)
        if status != 200:
            assert scene.attacker.read() == before
