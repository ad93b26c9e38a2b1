"""Whatever Rasa keeps in a tracker comes back from the log as it was: events, slots and texts."""

from __future__ import annotations

import inspect
import json

import pytest
from rasa.shared.core import events as rasa_events
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.utils.common import all_subclasses

from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId
from tests.aio import run
from tests.brain.examples import EMOJI, HUGE, SLOTS, every_kind, heard
from tests.brain.keeping import add, plain, saved


def test_there_is_an_example_of_every_kind_of_event() -> None:
    kinds = {
        kind
        for kind in all_subclasses(Event)
        if kind.__module__ == rasa_events.__name__ and not inspect.isabstract(kind)
    }
    mixins = {kind for kind in kinds if kind.type_name == Event.type_name}
    assert kinds - mixins == {type(event) for event in every_kind()}


@pytest.mark.parametrize("number", range(len(every_kind())), ids=lambda n: str(every_kind()[n]))
def test_an_event_of_every_kind_comes_back_as_it_was(
    store: EncryptedTrackerStore, conversation: ConversationId, number: int
) -> None:
    event = every_kind()[number]
    before = plain([event])
    add(store, conversation, event)
    for tracker in (
        run(store.retrieve(conversation)),
        run(store.retrieve_full_tracker(conversation)),
    ):
        assert plain([each.event for each in tracker.history if each.saved]) == before


def test_all_kinds_together_come_back_in_their_order(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    events = every_kind()
    before = plain(events)
    add(store, conversation, *events)
    assert json.loads(json.dumps(saved(run(store.retrieve_full_tracker(conversation))))) == before


def test_an_event_that_this_rasa_does_not_know_is_an_error_and_not_left_out(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    class Sighed(rasa_events.AlwaysEqualEventMixin):  # type: ignore[misc]  # a base class without types
        type_name = "sighed"

        def __hash__(self) -> int:
            return 1

        def as_story_string(self) -> str:
            return "sighed"

    add(store, conversation, Sighed())
    Sighed.type_name = "now it is called something else"
    with pytest.raises(ValueError, match="Rasa knows no event 'sighed'"):
        run(store.retrieve(conversation))


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in SLOTS.items() for value in values]
)
def test_a_slot_of_every_kind_has_its_value_in_the_window_and_beyond_it(
    store: EncryptedTrackerStore, conversation: ConversationId, name: str, value: object
) -> None:
    add(store, conversation, heard(), SlotSet(name, value))
    assert run(store.retrieve(conversation)).get_slot(name) == value
    for _ in range(8):
        add(store, conversation, heard())
    for tracker in (
        run(store.retrieve(conversation)),
        run(store.retrieve_full_tracker(conversation)),
    ):
        assert tracker.get_slot(name) == value
        assert type(tracker.get_slot(name)) is type(value)


@pytest.mark.parametrize("text", [EMOJI, HUGE, "", " \n\t ", '{"a": "${HOME}"}', "\u2028\ufeff"])
def test_every_text_comes_back_as_it_was(
    store: EncryptedTrackerStore, conversation: ConversationId, text: str
) -> None:
    add(store, conversation, heard(text), BotUttered(text or None))
    tracker = run(store.retrieve(conversation))
    assert tracker.latest_message.text == text
    assert tracker.latest_bot_utterance.text == (text or None)


def test_half_a_character_is_refused_and_nothing_of_the_turn_is_kept(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    with pytest.raises(UnicodeEncodeError):
        add(store, conversation, heard("half: \ud83d"))
    assert saved(run(store.retrieve(conversation))) == []


def test_what_is_no_json_is_refused_and_nothing_of_the_turn_is_kept(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    with pytest.raises(TypeError, match="set"):
        add(store, conversation, heard(), SlotSet("anything", {1, 2}))
    assert saved(run(store.retrieve(conversation))) == []


def test_times_come_back_to_the_last_digit(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    add(store, conversation, SlotSet("text", "x", timestamp=13423.23434623))
    event = run(store.retrieve(conversation)).events[-1]
    assert (type(event.timestamp), event.timestamp) == (float, 13423.23434623)


def test_events_with_the_same_time_keep_their_order(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    events = [SlotSet("count", float(n), timestamp=5.0) for n in range(50)]
    add(store, conversation, *events)
    tracker = run(store.retrieve_full_tracker(conversation))
    assert [e.value for e in tracker.events if e.type_name == "slot" and e.key == "count"] == [
        float(n) for n in range(50)
    ]
