"""What is left out of an event when it is kept comes back with it, but for some digits."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from helder.brain.lean import kept
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId
from tests.aio import run
from tests.brain.examples import every_kind

SURE = 0.6354402280647764


def read(text: str = "waar is mijn pakket") -> UserUttered:
    """A message as NLU reads one."""
    intent = {"name": "track_order", "confidence": SURE}
    entity = {"entity": "language", "value": "nl", "confidence_entity": SURE, "start": 0, "end": 4}
    about: dict[str, Any] = {
        "text": text,
        "intent": intent,
        "intent_ranking": [intent, {"name": "greet", "confidence": 1 - SURE}],
        "entities": [entity],
        "text_tokens": [[0, 4], [5, 7]],
        "message_id": "m1",
        "metadata": {"shown": text},
    }
    metadata = {"shown": text}
    return UserUttered(text, intent, [entity], about, 1.0, message_id="m1", metadata=metadata)


def back(event: Event) -> Event:
    made: Event = type(event)._from_parameters(kept(event))
    return made


def test_confidences_keep_four_digits_wherever_a_reading_has_them() -> None:
    reading = kept(read())["parse_data"]
    assert reading["intent"]["confidence"] == 0.6354
    assert [each["confidence"] for each in reading["intent_ranking"]] == [0.6354, 0.3646]
    assert reading["entities"][0]["confidence_entity"] == 0.6354
    assert reading["entities"][0]["start"] == 0


def test_what_stands_in_the_event_is_not_written_twice_and_comes_back_whole() -> None:
    written = kept(read())["parse_data"]
    assert not {"text", "message_id"} & written.keys()
    whole = back(read()).as_dict()["parse_data"]
    assert (whole["text"], whole["message_id"]) == ("waar is mijn pakket", "m1")
    assert whole["text_tokens"] == [[0, 4], [5, 7]]


def test_what_differs_from_the_event_is_written() -> None:
    event = read()
    event.parse_data["text"] = "waar is mijn pakje"
    assert back(event).as_dict()["parse_data"]["text"] == "waar is mijn pakje"


@pytest.mark.parametrize("event", [read(), *every_kind()], ids=lambda event: event.type_name)
def test_keeping_changes_no_event(event: Event) -> None:
    before = copy.deepcopy(event.as_dict())
    kept(event)
    assert event.as_dict() == before


def test_keeping_what_was_kept_changes_nothing_more() -> None:
    assert kept(back(read())) == kept(read())


def test_a_tracker_from_elsewhere_that_knows_every_digit_may_go_on(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    tracker = DialogueStateTracker(conversation, store.domain.slots)
    for number in range(3):
        tracker.update(read(f"vraag {number}"))
        run(store.save(tracker))
    full = run(store.retrieve_full_tracker(conversation))
    texts = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert texts == ["vraag 0", "vraag 1", "vraag 2"]
