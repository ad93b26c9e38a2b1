"""A window of a few turns leaves a tracker in the state that the whole history does, in Rasa's own
store as in ours."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from helder.brain.events import state_of
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId
from tests.aio import run
from tests.brain.examples import DOMAIN, every_kind, heard
from tests.brain.keeping import add
from tests.brain.test_window import ShortLog

RARE = ("restart", "session_started", "reset_slots")  # after which all is forgotten
OFTEN = ("rewind", "undo", "active_loop", "loop_interrupted", "action_execution_rejected")


def happening(chance: random.Random) -> list[Event]:
    """What may happen in a turn, with more of what is hard to get right."""
    events = [e for e in every_kind() if e.type_name not in RARE or chance.random() < 0.1]
    weights = [3 if event.type_name in OFTEN else 1 for event in events]
    some = chance.choices(range(len(events)), weights, k=chance.randint(0, 5))
    turn = [heard(chance.choice("abc")), *(deepcopy(events[number]) for number in some)]
    return [*turn, ActionExecuted("action_listen")] if chance.random() < 0.7 else turn


@pytest.mark.parametrize("turns", [1, 2, 6])
@pytest.mark.parametrize("seed", range(12))
def test_any_events_in_any_order_leave_the_state_that_stock_rasa_has(
    store: EncryptedTrackerStore,
    conversation: ConversationId,
    tmp_path: Path,
    seed: int,
    turns: int,
) -> None:
    """The window, the whole history and Rasa's own SQL store agree on everything that matters."""
    short = ShortLog(store.log.engine, store.log.keyring)
    short.turns, store.log = turns, short
    stock = SQLTrackerStore(DOMAIN, db=str(tmp_path / "stock.db"))
    run(side_by_side(store, stock, conversation, random.Random(seed)))


async def side_by_side(
    store: EncryptedTrackerStore,
    stock: SQLTrackerStore,
    conversation: ConversationId,
    chance: random.Random,
) -> None:
    clock = 4e9  # seconds; after the present, which the beginning has
    other = DialogueStateTracker(conversation, DOMAIN.slots)
    for event in (await store.retrieve(conversation)).events:
        other.update(event)
    await stock.save(other)
    for _ in range(12):
        other, tracker = await stock.retrieve(conversation), await store.retrieve(conversation)
        for event in happening(chance):
            clock += 1
            event.timestamp = clock
            tracker.update(event)
            other.update(event)
        await store.save(tracker)
        await stock.save(other)
        expected = view(await stock.retrieve(conversation))
        assert view(await store.retrieve(conversation)) == expected
        assert view(await store.retrieve_full_tracker(conversation)) == expected


def test_what_undoes_more_than_the_window_shows_leaves_the_right_state_behind(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    for value in ("one", "two", "three"):
        add(store, conversation, heard(), SlotSet("text", value), ActionExecuted("action_listen"))
    short = ShortLog(store.log.engine, store.log.keyring)
    short.turns, store.log = 1, short
    add(store, conversation, *[UserUtteranceReverted() for _ in range(2)])
    for _ in range(3):  # until what was undone is out of sight
        assert run(store.retrieve(conversation)).get_slot("text") == "one"
        add(store, conversation, heard(), ActionExecuted("action_listen"))


@pytest.mark.parametrize("last", ["order_form", "action_listen"])
def test_what_became_of_a_form_is_remembered_beyond_the_window(
    store: EncryptedTrackerStore, conversation: ConversationId, last: str
) -> None:
    form = [ActionExecuted("order_form"), ActiveLoop("order_form"), ActionExecuted(last)]
    marks = [ActionExecutionRejected("order_form"), LoopInterrupted(True)]
    add(store, conversation, heard("I want to order"), *form, *marks)
    for number in range(8):
        loop = run(store.retrieve(conversation)).active_loop
        assert (loop.name, loop.rejected, loop.is_interrupted) == ("order_form", True, True)
        assert loop.trigger_message["text"] == "I want to order"
        add(store, conversation, SlotSet("count", float(number)))


def view(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What Rasa's policies, forms and actions see of a tracker, apart from its past."""
    seen = tracker.current_state(EventVerbosity.NONE)
    for past in ("events", "latest_event_time", "latest_input_channel"):
        del seen[past]
    plain: dict[str, Any] = json.loads(json.dumps({**seen, "state": state_of(tracker)}))
    return plain
