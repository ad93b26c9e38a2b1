"""The log as its users see it: in order, whole, one writer wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Kind,
    Message,
    MessageId,
    Owner,
)
from helder.conversation.errors import (
    Conflict,
    NotPending,
    StaleEpoch,
    StaleSequence,
    UnknownChoice,
    UnknownConversation,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from tests.databases import both as database  # noqa: F401 - a fixture

HOUR = timedelta(hours=1)
NOW = "2026-11-22T09:00:00.000Z"


def turn(text: str, answer: str, *choices: Choice, slots: dict[str, str] | None = None) -> Draft:
    said = (
        Message(Author.CUSTOMER, text, NOW),
        Message(Author.ASSISTANT, answer, NOW, choices),
    )
    return Draft(Kind.TURN, said, ({"event": "user", "text": text},), {"slots": slots or {}})


def opened(log: ConversationLog) -> ConversationId:
    return log.open("nl", HOUR).conversation


def save(log: ConversationLog, conversation: ConversationId, draft: Draft) -> None:
    log.save_turn(log.head(conversation).position, draft, None)


def test_what_is_said_is_shown_in_order_and_numbered(log: ConversationLog) -> None:
    conversation = opened(log)
    save(log, conversation, turn("hoi", "Dag!"))
    log.say(conversation, Author.SYSTEM, "Even geduld.")
    save(log, conversation, turn("en?", "Klaar."))
    head, shown = log.shown(conversation, 0)
    texts = [(s.number, s.message.author.value, s.message.text) for s in shown]
    assert texts == [
        (1, "customer", "hoi"),
        (2, "assistant", "Dag!"),
        (3, "system", "Even geduld."),
        (4, "customer", "en?"),
        (5, "assistant", "Klaar."),
    ]
    assert head.number == 5


@pytest.mark.parametrize("after", range(7))
def test_a_cursor_gives_exactly_what_comes_after_it(log: ConversationLog, after: int) -> None:
    conversation = opened(log)
    for i in range(3):
        save(log, conversation, turn(f"vraag {i}", f"antwoord {i}"))
    _, shown = log.shown(conversation, after)
    assert [s.number for s in shown] == list(range(after + 1, 7))


def test_a_token_opens_its_own_conversation_only_and_only_in_its_time(
    log: ConversationLog, clock
) -> None:
    mine, other = log.open("en", HOUR), log.open("en", HOUR)
    assert log.admits(mine.conversation, mine.token)
    assert not log.admits(mine.conversation, other.token)
    assert not log.admits("no such conversation", mine.token)
    assert not log.admits(mine.conversation, "\udcff")
    clock.move(hours=1)
    assert not log.admits(mine.conversation, mine.token)


def test_one_of_two_writers_that_saw_the_same_wins(log: ConversationLog) -> None:
    conversation = opened(log)
    position = log.head(conversation).position
    log.save_turn(position, turn("a", "b"), None)
    with pytest.raises(StaleSequence):
        log.save_turn(position, turn("c", "d"), None)
    assert log.head(conversation).number == 2


def test_a_turn_that_began_before_the_claim_is_refused(log: ConversationLog) -> None:
    conversation = opened(log)
    position = log.head(conversation).position
    joined = Message(Author.SYSTEM, "Anna praat nu met je.", NOW)
    log.change_owner(position, Owner.EMPLOYEE, joined)
    with pytest.raises(StaleEpoch):
        log.save_turn(position, turn("te", "laat"), None)
    assert log.head(conversation).owner is Owner.EMPLOYEE


def test_the_assistant_gets_a_conversation_back_without_what_it_had_asked(
    log: ConversationLog,
) -> None:
    conversation = opened(log)
    asked = {"slots": {"language": "nl", "order_number": "HD-1"}, "loop": {"name": "cancel"}}
    save(log, conversation, replace(turn("annuleer", "zeker weten?"), state=asked))
    clean = {"slots": {"language": "nl"}}
    for owner in (Owner.WAITING, Owner.ASSISTANT):
        words = Message(Author.SYSTEM, owner.value, NOW)
        log.change_owner(log.head(conversation).position, owner, words)
        state = clean if owner is Owner.ASSISTANT else asked
        assert (log.window(conversation, turns=0).state, log.language(conversation)) == (
            state,
            "nl",
        )
    assert (log.window(conversation).state, log.window(conversation).turns) == (clean, ())
    save(log, conversation, turn("dank", "graag gedaan"))
    window = log.window(conversation)
    assert (window.state, len(window.turns)) == (clean, 1)


def test_fifty_writers_at_once_leave_one_unbroken_chain(log: ConversationLog) -> None:
    conversation = opened(log)

    def say(i: int) -> bool:
        try:
            save(log, conversation, turn(f"vraag {i}", "ja"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        won = sum(pool.map(say, range(50)))
    entries = log.history(conversation)
    assert won >= 1
    assert [e.seq for e in entries] == list(range(1, won + 2))


def test_fifty_claims_at_once_have_one_winner(log: ConversationLog) -> None:
    conversation = opened(log)
    position = log.head(conversation).position

    def claim(i: int) -> bool:
        try:
            log.change_owner(position, Owner.EMPLOYEE, Message(Author.SYSTEM, f"{i}", NOW))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(claim, range(50))) == 1


def test_a_turn_leaves_the_inbox_in_the_same_step_that_saves_it(
    log: ConversationLog, inbox: Inbox
) -> None:
    conversation, id_ = opened(log), MessageId("m1")
    inbox.put(conversation, Received(id_, "hoi", NOW))
    position = log.head(conversation).position
    log.save_turn(position, turn("hoi", "dag"), id_)
    assert inbox.next(conversation) is None
    with pytest.raises(NotPending):
        log.save_turn(log.head(conversation).position, turn("hoi", "dag"), id_)
    assert log.head(conversation).number == 2


def test_a_save_that_is_refused_leaves_the_message_in_the_inbox(
    log: ConversationLog, inbox: Inbox
) -> None:
    conversation, id_ = opened(log), MessageId("m1")
    inbox.put(conversation, Received(id_, "hoi", NOW))
    stale = log.head(conversation).position
    log.say(conversation, Author.SYSTEM, "tussendoor")
    with pytest.raises(StaleSequence):
        log.save_turn(stale, turn("hoi", "dag"), id_)
    waiting = inbox.next(conversation)
    assert waiting is not None
    assert waiting.text == "hoi"


def test_a_window_starts_from_the_state_before_it(log: ConversationLog) -> None:
    conversation = opened(log)
    for i in range(9):
        save(log, conversation, turn(f"{i}", "ja", slots={"n": str(i)}))
    window = log.window(conversation, turns=3)
    assert window.state == {"slots": {"n": "5"}}
    assert [t.messages[0].text for t in window.turns] == ["6", "7", "8"]
    assert log.window(conversation, turns=20).state == {"slots": {"language": "nl"}}


def test_the_language_is_that_of_the_latest_turn(log: ConversationLog) -> None:
    conversation = opened(log)
    assert log.language(conversation) == "nl"
    save(log, conversation, turn("hello", "Hi!", slots={"language": "en"}))
    assert log.language(conversation) == "en"


def test_a_choice_stands_for_its_payload_until_the_assistant_says_more(
    log: ConversationLog,
) -> None:
    conversation, other = opened(log), opened(log)
    save(log, conversation, turn("hoi", "Wat?", Choice("Volgen", "/track"), Choice("Nee", "/no")))
    choices = log.shown(conversation, 0)[1][1].choices
    assert log.choose(conversation, choices[1]) == (Choice("Nee", "/no"), 2)
    assert log.is_open(conversation, 2)
    with pytest.raises(UnknownChoice):
        log.choose(other, choices[0])
    log.say(conversation, Author.SYSTEM, "Even geduld.")
    assert log.choose(conversation, choices[0])[0].payload == "/track"
    save(log, conversation, turn("iets anders", "Goed."))
    assert not log.is_open(conversation, 2)
    with pytest.raises(UnknownChoice):
        log.choose(conversation, choices[0])


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_invented_choice_is_taken(log: ConversationLog, invented: str) -> None:
    conversation = opened(log)
    save(log, conversation, turn("hoi", "Wat?", Choice("Volgen", "/track")))
    with pytest.raises(UnknownChoice):
        log.choose(conversation, invented)


def test_an_unknown_conversation_is_an_error_and_never_a_new_one(log: ConversationLog) -> None:
    nobody = ConversationId("0" * 32)
    for look in (log.head, log.window, log.history, log.language):
        with pytest.raises(UnknownConversation):
            look(nobody)
    assert log.ids() == []
