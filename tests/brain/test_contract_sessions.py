"""What Rasa's tracker stores promise of conversations and their sessions: the current and the whole
history, keys, and trackers that are new, old, or not what they were."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from rasa.core.tracker_store import check_if_tracker_store_async
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import (
    DialogueStateTracker,
    TrackerEventDiffEngine,
    get_trackers_for_conversation_sessions,
)
from sqlalchemy import event

from helder.brain.errors import HistoryRewritten, PersonHasIt
from helder.brain.store import EncryptedTrackerStore
from helder.conversation import tables
from helder.conversation.entries import Author, ConversationId, Head, Kind, Message, Owner
from helder.conversation.errors import (
    EntryTampered,
    StaleEpoch,
    StaleSequence,
    UnknownConversation,
)
from helder.conversation.log import WINDOW_TURNS, ConversationLog
from helder.database import connect
from tests.aio import run
from tests.brain.examples import DOMAIN, heard
from tests.brain.keeping import add, saved
from tests.brain.talk import NOW
from tests.databases import both as database  # noqa: F401 - a fixture


def session(text: str) -> list[Event]:
    """A session as Rasa begins one, with one message."""
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
        UserUttered(text),
    ]


def texts(tracker: DialogueStateTracker) -> list[str]:
    """What the customer said in it."""
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def hand_over(log: ConversationLog, conversation: ConversationId, owner: Owner) -> None:
    position = log.head(conversation).position
    log.change_owner(position, owner, Message(Author.SYSTEM, owner.value, NOW))


def test_the_store_is_asynchronous_throughout(store: EncryptedTrackerStore) -> None:
    assert check_if_tracker_store_async(store)


def test_a_tracker_that_was_changed_and_saved_is_there_again(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    tracker = run(store.get_or_create_tracker(conversation))
    tracker.update(SlotSet("text", "Paaseiland"))
    run(store.save(tracker))
    assert run(store.get_or_create_tracker(conversation)).get_slot("text") == "Paaseiland"
    assert run(store.get_or_create_full_tracker(conversation)).get_slot("text") == "Paaseiland"


def test_a_tracker_can_be_saved_again_and_again(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    tracker = run(store.retrieve(conversation))
    for number in range(3):
        tracker.update(SlotSet("count", float(number)))
        run(store.save(tracker))
        run(store.save(tracker))  # nothing is new: nothing is written
    turns = [entry for entry in log.history(conversation) if entry.kind is Kind.TURN]
    assert [len(turn.events) for turn in turns] == [1, 1, 1]


def test_the_current_session_is_all_that_is_retrieved(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    add(store, conversation, UserUttered("Hola"), BotUttered("Hi"), *session("Ciao"))
    assert [e.type_name for e in run(store.retrieve(conversation)).events] == [
        *("action", "session_started", "action", "user")
    ]
    add(store, conversation, SessionStarted(), UserUttered("Hallo"))
    assert [e.type_name for e in run(store.retrieve(conversation)).events] == [
        *("session_started", "user")
    ]


def test_the_full_tracker_has_the_events_of_every_session(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    for text in ("one", "two", "three"):
        add(store, conversation, *session(text))
    full = run(store.retrieve_full_tracker(conversation))
    assert len(saved(full)) == 3 * len(session(""))
    assert texts(full) == ["one", "two", "three"]
    sessions = get_trackers_for_conversation_sessions(full)
    assert [texts(each) for each in sessions if texts(each)] == [["one"], ["two"], ["three"]]


def test_a_session_is_told_from_that_of_another_conversation(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    other = log.open("en", timedelta(hours=1)).conversation
    add(store, conversation, *session("mine"))
    add(store, other, *session("theirs"))
    assert texts(run(store.retrieve(conversation))) == ["mine"]
    assert texts(run(store.retrieve_full_tracker(other))) == ["theirs"]


def test_only_what_is_new_is_written_after_a_session_began(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    add(store, conversation, *session("one"), *session("two"))
    before = run(store.retrieve(conversation))
    tracker = run(store.retrieve(conversation))
    tracker.update(UserUttered("three"))
    new = TrackerEventDiffEngine.event_difference(before, tracker)
    assert tracker.added() == new == [UserUttered("three")]
    run(store.save(tracker))
    assert texts(run(store.retrieve_full_tracker(conversation))) == ["one", "two", "three"]


def test_a_session_that_began_before_the_window_is_still_the_current_one(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    add(store, conversation, heard(), SlotSet("text", "old"))
    add(store, conversation, *session("one"), SlotSet("count", 1.0))
    for number in range(WINDOW_TURNS + 1):
        add(store, conversation, UserUttered(str(number)))
    tracker = run(store.retrieve(conversation))
    assert tracker.get_slot("text") is None
    assert tracker.get_slot("count") == 1.0
    assert len(texts(tracker)) == WINDOW_TURNS


def test_a_restart_is_found_where_it_was(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    add(store, conversation, *session("one"), *[ActionExecuted("action_listen")] * 3, Restarted())
    tracker = run(store.retrieve(conversation))
    assert tracker.idx_after_latest_restart() == len(tracker.events)
    assert tracker.events_after_latest_restart() == []


def test_a_limit_on_events_loses_none(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    tracker = run(store.get_or_create_tracker(conversation, max_event_history=2))
    for number in range(9):
        tracker.update(UserUttered(str(number)))
    run(store.save(tracker))
    assert len(texts(run(store.retrieve_full_tracker(conversation)))) == 9


def test_nothing_is_created_for_a_conversation_that_is_not_there(
    store: EncryptedTrackerStore, log: ConversationLog
) -> None:
    for attempt in (
        store.get_or_create_tracker("nobody"),
        store.get_or_create_full_tracker("nobody"),
        store.create_tracker("nobody", append_action_listen=False),
        store.retrieve("nobody"),
        store.retrieve_full_tracker("nobody"),
        store.save(DialogueStateTracker.from_events("nobody", [UserUttered("hi")])),
    ):
        with pytest.raises(UnknownConversation, match=r"no .*conversation"):
            run(attempt)
    assert log.ids() == []


def test_keys_and_existence_are_those_of_the_log(
    store: EncryptedTrackerStore, log: ConversationLog
) -> None:
    opened = {log.open("en", timedelta(hours=1)).conversation for _ in range(3)}
    assert set(run(store.keys())) == opened
    assert all(run(store.exists(each)) for each in opened)
    assert not run(store.exists("nobody"))
    assert not run(store.exists(""))


def test_whoever_was_not_there_when_another_wrote_is_refused(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    early, late = run(store.retrieve(conversation)), run(store.retrieve_full_tracker(conversation))
    early.update(UserUttered("one"))
    late.update(UserUttered("two"))
    run(store.save(early))
    with pytest.raises(StaleSequence):
        run(store.save(late))
    assert texts(run(store.retrieve_full_tracker(conversation))) == ["one"]


def test_the_full_tracker_knows_its_place_after_any_change_of_hands(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    add(store, conversation, *session("before"))
    for owner in (Owner.WAITING, Owner.EMPLOYEE, Owner.ASSISTANT):
        hand_over(log, conversation, owner)
    full = run(store.retrieve_full_tracker(conversation))
    assert full.position == log.head(conversation).position
    full.update(UserUttered("after"))
    run(store.save(full))
    assert texts(run(store.retrieve_full_tracker(conversation))) == ["before", "after"]
    assert texts(run(store.retrieve(conversation))) == ["after"]


def test_the_full_tracker_and_its_place_are_of_the_same_moment(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    add(store, conversation, UserUttered("one"))
    others = ConversationLog(connect(str(log.engine.url)), log.keyring)
    written: list[Head] = []

    def somebody_writes(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM entry" in statement and not written:
            written.append(others.say(conversation, Author.SYSTEM, "in the meantime"))

    event.listen(log.engine, "before_cursor_execute", somebody_writes)
    full = run(store.retrieve_full_tracker(conversation))
    event.remove(log.engine, "before_cursor_execute", somebody_writes)
    assert written[0].position.seq == full.position.seq + 1
    full.update(UserUttered("two"))
    with pytest.raises(StaleSequence):
        run(store.save(full))
    others.engine.dispose()


def test_a_shortened_history_is_refused(
    store: EncryptedTrackerStore, conversation: ConversationId
) -> None:
    add(store, conversation, *session("one"), UserUttered("two"))
    tracker = run(store.retrieve(conversation))
    tracker.events.pop()
    with pytest.raises(HistoryRewritten):
        run(store.save(tracker))
    tracker.update(UserUttered("something else"))
    with pytest.raises(HistoryRewritten):
        run(store.save(tracker))
    assert texts(run(store.retrieve_full_tracker(conversation))) == ["one", "two"]


@pytest.mark.parametrize("as_retrieved", [True, False])
def test_a_tracker_from_elsewhere_is_saved_if_it_goes_on_where_the_log_ends(
    store: EncryptedTrackerStore,
    log: ConversationLog,
    conversation: ConversationId,
    as_retrieved: bool,
) -> None:
    add(store, conversation, UserUttered("one"), SlotSet("text", "x"))
    hand_over(log, conversation, Owner.EMPLOYEE)
    hand_over(log, conversation, Owner.ASSISTANT)
    add(store, conversation, UserUttered("two"))
    history = run(store.retrieve_full_tracker(conversation)).history
    # With the events that stand for the state that each dialogue began in, or without them.
    known = [each.event for each in history if as_retrieved or each.saved]
    events = [*copy.deepcopy(known), UserUttered("more"), SlotSet("count", 1.0)]
    run(store.save(DialogueStateTracker.from_events(conversation, events, DOMAIN.slots)))
    full = run(store.retrieve_full_tracker(conversation))
    assert texts(full) == ["one", "two", "more"]
    assert full.current_slot_values() == {
        **run(store.retrieve(conversation)).current_slot_values(),
        **{"count": 1.0, "text": None, "language": "en"},
    }
    with pytest.raises(HistoryRewritten):  # now it lacks what was saved in the meantime
        run(store.save(DialogueStateTracker.from_events(conversation, known, DOMAIN.slots)))


@pytest.mark.parametrize("change", ["shortened", "changed", "reordered", "emptied", "timed"])
def test_a_tracker_from_elsewhere_that_changes_history_is_refused(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId, change: str
) -> None:
    add(store, conversation, *session("one"), UserUttered("two"))
    before = log.head(conversation)
    events = copy.deepcopy(list(run(store.retrieve_full_tracker(conversation)).events))
    if change == "shortened":
        events = events[:-1]
    elif change == "changed":
        events[-1] = UserUttered("three", timestamp=events[-1].timestamp)
    elif change == "reordered":
        events[-1], events[-2] = events[-2], events[-1]
    elif change == "timed":
        events[-1].timestamp += 1
    else:
        events = []
    tracker = DialogueStateTracker.from_events(conversation, events, DOMAIN.slots)
    with pytest.raises(HistoryRewritten, match="Nothing was saved"):
        run(store.save(tracker))
    assert log.head(conversation) == before


def test_events_for_a_conversation_that_a_person_has_are_refused(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    for owner in (Owner.WAITING, Owner.EMPLOYEE):
        hand_over(log, conversation, owner)
        before = log.head(conversation)
        with pytest.raises(PersonHasIt):
            add(store, conversation, BotUttered("I know better!"))
        assert log.head(conversation) == before
    hand_over(log, conversation, Owner.ASSISTANT)
    add(store, conversation, BotUttered("Here I am again."))
    assert log.head(conversation).number == 4


def test_events_that_were_made_before_a_person_came_are_refused(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    tracker = run(store.retrieve(conversation))
    tracker.update(BotUttered("I know better!"))
    hand_over(log, conversation, Owner.EMPLOYEE)
    with pytest.raises(StaleEpoch):
        run(store.save(tracker))


def test_a_damaged_conversation_is_an_error_and_the_next_is_not(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    other = log.open("en", timedelta(hours=1)).conversation
    for each in (conversation, other):
        add(store, each, UserUttered("hi"))
    damaged = tables.entry.c.conversation == conversation
    with log.engine.begin() as connection:
        connection.execute(tables.entry.update().where(damaged).values(body=bytes(40)))
    for read in (store.retrieve, store.retrieve_full_tracker, store.get_or_create_tracker):
        with pytest.raises(EntryTampered):
            run(read(conversation))
    assert texts(run(store.retrieve(other))) == ["hi"]
