"""Who has a conversation, and how it changes hands: one speaker, one winner, nothing lost."""

from __future__ import annotations

import threading

import pytest

from helder.conversation.entries import Author, ConversationId, Kind, MessageId, Owner
from helder.conversation.errors import Conflict, StaleEpoch, UnknownConversation
from helder.conversation.shredding import Shredder
from helder.handoff import tickets
from helder.handoff.asking import enqueue
from helder.handoff.claims import Claimed
from helder.handoff.errors import (
    FullHands,
    HandoffError,
    NobodySuch,
    NobodyWaits,
    NotPossible,
    NotWaiting,
    NotYetYours,
    NotYours,
)
from helder.handoff.factors import Promise
from helder.handoff.happened import Did, happened
from helder.handoff.line import Colleague
from helder.handoff.ordering import replay
from helder.handoff.reasons import Reason
from helder.handoff.tables import service
from helder.handoff.tickets import Outcome
from tests.handoff.house import ANNA, BOTH, BRAM, House

M = MessageId


def test_who_asks_waits_with_the_reason_in_the_log(house: House) -> None:
    conversation = house.in_line(Reason.DISTRESS)
    assert house.owner(conversation) is Owner.WAITING
    ticket = house.ticket(conversation)
    assert ticket
    assert ticket.reason is Reason.DISTRESS
    asked = happened(house.entries(conversation))[-1]
    assert (asked.did, asked.detail) == (Did.ASKED, {"reason": "distress"})


def test_a_turn_that_asks_for_a_person_is_saved_with_the_place_in_line_or_not_at_all(
    house: House,
) -> None:
    conversation = house.open()
    received, head = house.writes(conversation), house.log.head(conversation)

    def breaks(_writer: object) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError):
        house.answers(head, received, also=breaks)
    assert house.ticket(conversation) is None
    assert house.owner(conversation) is Owner.ASSISTANT
    assert house.inbox.next(conversation) == received
    house.answers(
        head, received, "I fetch somebody", also=lambda w: enqueue(w, Reason.ANGER, "nl", 1_000)
    )
    ticket = house.ticket(conversation)
    assert ticket
    assert (ticket.reason, ticket.language) == (Reason.ANGER, "nl")
    assert house.owner(conversation) is Owner.WAITING
    assert house.inbox.next(conversation) is None


def test_a_claim_is_told_recorded_and_refuses_the_turn_that_was_under_way(house: House) -> None:
    conversation = house.open()
    received = house.writes(conversation)
    seen = house.log.head(conversation)  # a turn begins
    house.asking.ask(house.log.head(conversation).position, Reason.ASKED)
    house.claims.claim(conversation, ANNA)
    with pytest.raises(StaleEpoch):
        house.answers(seen, received)
    assert house.said(conversation) == [
        (Author.SYSTEM, "Anna has joined. You are talking to a person now.")
    ]
    did, employee, of, detail = house.recorded.kept[-1]
    assert (did, employee, of, detail["turn"]) == (Did.CLAIMED, "anna-id", conversation, "in")
    assert len(replay(detail["ordering"]).places) == 1
    house.keeps(house.log.head(conversation), received)
    assert house.said(conversation)[-1] == (Author.CUSTOMER, "hello")


def test_nothing_is_done_that_cannot_be_recorded(house: House) -> None:
    conversation = house.in_line()
    house.recorded.refuse = True
    with pytest.raises(OSError):
        house.claims.claim(conversation, ANNA)
    assert house.owner(conversation) is Owner.WAITING
    ticket = house.ticket(conversation)
    assert ticket
    assert ticket.employee is None
    house.recorded.refuse = False
    house.claims.claim(conversation, ANNA)
    house.recorded.refuse = True
    for act in (house.talking.close, house.talking.give_back):
        with pytest.raises(OSError):
            act(conversation, ANNA)
    assert house.owner(conversation) is Owner.EMPLOYEE


def test_of_fifty_who_claim_at_once_one_wins(house: House) -> None:
    conversation = house.in_line()
    start, won, lost = threading.Barrier(50), list[Claimed](), list[HandoffError | Conflict]()

    def claim(number: int) -> None:
        who = Colleague(f"id-{number}", f"Colleague {number}", BOTH)
        start.wait()
        try:
            won.append(house.claims.claim(conversation, who))
        except (HandoffError, Conflict) as error:
            lost.append(error)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 49)
    joined = [text for _author, text in house.said(conversation)]
    assert len(joined) == 1
    ticket = house.ticket(conversation)
    assert ticket
    assert ticket.employee == won[0].ticket.employee


def test_twenty_who_take_the_next_of_ten_take_each_once(house: House) -> None:
    waiting = {house.in_line() for _ in range(10)}
    start, took, none = threading.Barrier(20), list[ConversationId](), list[NobodyWaits]()

    def take(number: int) -> None:
        who = Colleague(f"id-{number}", f"Colleague {number}", BOTH)
        start.wait()
        try:
            took.append(house.claims.take_next(who).conversation)
        except NobodyWaits as error:
            none.append(error)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(took) == waiting
    assert len(took) == len(none) == 10


def test_the_queue_says_who_is_next_and_nobody_else_can_be_claimed(house: House) -> None:
    first = house.in_line()
    house.clock.move(seconds=30)
    second, danger = house.in_line(), house.in_line(Reason.DANGER)
    with pytest.raises(NotYetYours):
        house.claims.claim(second, ANNA)
    assert house.claims.take_next(ANNA).conversation == danger
    assert house.claims.take_next(ANNA).conversation == first
    counted = house.ticket(second)
    assert counted
    assert counted.overtaken == 1
    assert house.claims.take_next(BRAM).conversation == second


def test_out_of_turn_is_possible_for_who_may_and_is_recorded_as_such(house: House) -> None:
    first, second = house.in_line(), house.in_line()
    house.claims.claim(second, ANNA, out_of_turn="She called an ambulance.")
    assert house.recorded.kept[-1][3]["turn"] == "out"
    passed = house.ticket(first)
    assert passed
    assert passed.overtaken == 1


def test_who_speaks_another_language_is_not_given_to_an_agent_nor_overtaken_by_them(
    house: House,
) -> None:
    dutch, english = house.in_line(language="nl"), house.in_line(language="en")
    only_english = Colleague("carol-id", "Carol", frozenset({"en"}))
    assert house.claims.take_next(only_english).conversation == english
    waits = house.ticket(dutch)
    assert waits
    assert waits.overtaken == 0
    with pytest.raises(FullHands):
        house.claims.claim(dutch, only_english)
    with pytest.raises(NobodyWaits):
        house.claims.take_next(Colleague("dan-id", "Dan", frozenset({"en"})))


def test_nobody_takes_more_than_they_can(house: House) -> None:
    for _ in range(4):
        house.in_line()
    for _ in range(3):
        house.claims.take_next(ANNA)
    with pytest.raises(FullHands):
        house.claims.take_next(ANNA)


def test_the_same_words_sent_again_are_said_once_and_cards_are_masked(house: House) -> None:
    conversation = house.with_anna()
    house.talking.say(conversation, ANNA, "Hello, I am Anna.", M("a-1"))
    house.talking.say(conversation, ANNA, "Hello, I am Anna.", M("a-1"))
    house.talking.say(conversation, ANNA, "Is it 4111 1111 1111 1111?", M("a-2"))
    said = [text for author, text in house.said(conversation) if author is Author.EMPLOYEE]
    assert said[0] == "Hello, I am Anna."
    assert len(said) == 2
    assert "4111 1111" not in said[1]
    with pytest.raises(ValueError, match="Write something"):
        house.talking.say(conversation, ANNA, "  ", M("a-3"))


def test_only_who_has_it_can_speak_in_it(house: House) -> None:
    conversation = house.with_anna()
    for act in (house.talking.close, house.talking.give_back):
        with pytest.raises(NotYours):
            act(conversation, BRAM)
    with pytest.raises(NotYours):
        house.talking.say(conversation, BRAM, "hello", M("b-1"))
    waiting = house.in_line()
    with pytest.raises(NotYours):
        house.talking.say(waiting, BRAM, "hello", M("b-2"))


def test_a_note_is_kept_and_no_customer_is_shown_it(house: House) -> None:
    conversation = house.with_anna()
    before = house.log.head(conversation).number
    house.talking.note(conversation, BRAM, "Card 4111 1111 1111 1111 was refused twice.")
    head, shown = house.log.shown(conversation, 0)
    assert head.number == before
    assert all("refused" not in each.message.text for each in shown)
    noted = happened(house.entries(conversation))[-1]
    assert noted.did is Did.NOTED
    assert noted.detail["name"] == "Bram"
    assert "refused twice" in noted.detail["note"]
    assert "4111 1111" not in noted.detail["note"]


def test_after_the_return_the_assistant_begins_anew_and_answers_the_first_message(
    house: House,
) -> None:
    conversation = house.with_anna()
    house.talking.give_back(conversation, ANNA)
    assert house.owner(conversation) is Owner.ASSISTANT
    assert house.log.window(conversation).state == {"slots": {"language": "en"}}
    received, head = house.writes(conversation), house.log.head(conversation)
    house.answers(head, received)
    assert house.said(conversation)[-1] == (Author.ASSISTANT, "echo")
    assert house.ticket(conversation) is None


def test_after_closing_the_next_message_is_the_assistants(house: House) -> None:
    conversation = house.with_anna()
    house.talking.close(conversation, ANNA)
    assert house.owner(conversation) is Owner.CLOSED
    house.asking.reopens(house.log.head(conversation).position)
    assert house.owner(conversation) is Owner.ASSISTANT


def test_what_was_closed_can_be_opened_again_by_an_agent_and_its_figures_follow(
    house: House,
) -> None:
    conversation = house.with_anna()
    house.clock.move(minutes=2)
    house.talking.close(conversation, ANNA)
    house.claims.reopen(conversation, BRAM)
    assert house.owner(conversation) is Owner.EMPLOYEE
    house.clock.move(minutes=3)
    house.talking.give_back(conversation, BRAM)
    with house.engine.connect() as connection:
        (row,) = connection.execute(service.select()).all()
    assert (row.outcome, row.handled, row.employee) == ("returned", 300, "bram-id")


def test_what_no_colleague_ever_had_cannot_be_opened_again(house: House) -> None:
    conversation = house.in_line()
    with pytest.raises(NotPossible):
        house.claims.reopen(conversation, ANNA)
    left = house.log.head(conversation).position
    house.asking.leave(left, Outcome.LEFT, "handoff_left")
    with pytest.raises(NotPossible):
        house.claims.reopen(conversation, ANNA)


def test_who_leaves_the_line_is_with_the_assistant_and_cannot_be_claimed(house: House) -> None:
    conversation = house.in_line()
    house.clock.move(seconds=90)
    seen = house.log.head(conversation).position
    house.asking.leave(seen, Outcome.LEFT, "handoff_left")
    assert house.owner(conversation) is Owner.ASSISTANT
    with pytest.raises(NotWaiting):
        house.claims.claim(conversation, ANNA)
    with house.engine.connect() as connection:
        (row,) = connection.execute(service.select()).all()
    assert (row.outcome, row.waited, row.handled) == ("left", 90, None)
    position = house.log.head(conversation).position
    with pytest.raises(NotWaiting):
        house.asking.leave(position, Outcome.LEFT, "handoff_left")


def test_stepping_in_takes_it_from_the_assistant_only(house: House) -> None:
    conversation = house.open()
    house.claims.step_in(conversation, ANNA)
    assert house.owner(conversation) is Owner.EMPLOYEE
    assert "Anna, a colleague" in house.said(conversation)[-1][1]
    with pytest.raises(NotPossible):
        house.claims.step_in(conversation, BRAM)
    assert house.recorded.kept[-1][:2] == (Did.STEPPED_IN, "anna-id")


def test_a_customer_whose_colleague_is_lost_keeps_time_number_and_a_promise(house: House) -> None:
    house.in_line()
    conversation = house.in_line()
    drawn = house.ticket(conversation)
    house.claims.claim(conversation, ANNA, out_of_turn="She called an ambulance.")
    house.clock.move(minutes=6)
    assert drawn
    assert house.asking.lose(conversation, drawn.number)
    again = house.ticket(conversation)
    assert again
    assert (again.number, again.since) == (drawn.number, drawn.since)
    assert again.promise is Promise.AGENT_LOST
    assert again.employee is None
    assert house.owner(conversation) is Owner.WAITING
    assert "Anna has dropped out" in house.said(conversation)[-1][1]
    assert house.claims.take_next(BRAM).conversation == conversation
    with pytest.raises(NotYours):
        house.talking.say(conversation, ANNA, "I am back", M("a-9"))


def test_who_is_lost_twice_at_once_is_lost_once(house: House) -> None:
    conversation = house.with_anna()
    ticket = house.ticket(conversation)
    assert ticket
    assert house.asking.lose(conversation, ticket.number)
    assert not house.asking.lose(conversation, ticket.number)
    assert sum("dropped out" in text for _a, text in house.said(conversation)) == 1


def test_passing_on_keeps_the_customer_for_that_colleague_for_a_while(house: House) -> None:
    house.here(BRAM)
    conversation = house.with_anna()
    house.talking.say(conversation, ANNA, "Hello", M("a-1"))
    house.claims.pass_on(conversation, ANNA, "Wants an invoice in parts.", to="bram-id")
    assert house.owner(conversation) is Owner.WAITING
    with pytest.raises(NotYetYours):
        house.claims.claim(conversation, ANNA)
    other = house.in_line(Reason.DANGER)
    assert house.claims.take_next(BRAM).conversation == conversation
    passed = [each for each in happened(house.entries(conversation)) if each.did is Did.PASSED_ON]
    assert passed[0].detail["note"] == "Wants an invoice in parts."
    counted = house.ticket(other)
    assert counted
    assert counted.overtaken == 0


def test_what_nobody_fetched_after_passing_on_is_everybodys(house: House) -> None:
    house.here(BRAM)
    conversation = house.with_anna()
    house.claims.pass_on(conversation, ANNA, "", to="bram-id")
    with pytest.raises(NobodyWaits):
        house.claims.take_next(ANNA)
    house.clock.move(minutes=2)
    assert house.claims.take_next(ANNA).conversation == conversation


def test_it_is_passed_on_only_to_who_is_there(house: House) -> None:
    conversation = house.with_anna()
    with pytest.raises(NobodySuch):
        house.claims.pass_on(conversation, ANNA, "", to="bram-id")
    with pytest.raises(NobodySuch):
        house.claims.pass_on(conversation, ANNA, "", skill="invoices")
    assert house.owner(conversation) is Owner.EMPLOYEE
    expert = Colleague("eva-id", "Eva", BOTH, frozenset({"invoices"}))
    house.here(expert)
    house.claims.pass_on(conversation, ANNA, "", skill="invoices")
    with pytest.raises(NobodyWaits):
        house.claims.take_next(BRAM)
    assert house.claims.take_next(expert).conversation == conversation


def test_since_when_the_customer_waits_for_a_word_is_kept_and_ends_with_it(house: House) -> None:
    conversation = house.with_anna()
    house.talking.say(conversation, ANNA, "Hello", M("a-1"))
    answered = house.ticket(conversation)
    assert answered
    assert answered.unanswered is None
    house.clock.move(seconds=10)
    first = house.writes(conversation)
    house.keeps(house.log.head(conversation), first)
    asked = house.ticket(conversation)
    house.clock.move(seconds=10)
    house.keeps(house.log.head(conversation), house.writes(conversation))
    later = house.ticket(conversation)
    assert asked
    assert later
    assert asked.unanswered == later.unanswered is not None


def test_a_ticket_goes_with_its_conversation_and_leaves_no_figure_behind(house: House) -> None:
    conversation = house.with_anna()
    Shredder(house.engine, house.log.keyring, house.clock).shred(conversation, "asked")
    with house.engine.connect() as connection:
        assert tickets.held(connection) == ()
        assert connection.execute(service.select()).all() == []
    with pytest.raises(UnknownConversation):
        house.talking.say(conversation, ANNA, "hello?", M("a-1"))


def test_numbers_are_never_given_again(house: House) -> None:
    conversation = house.in_line()
    first = house.ticket(conversation)
    Shredder(house.engine, house.log.keyring, house.clock).shred(conversation, "asked")
    second = house.ticket(house.in_line())
    assert first
    assert second
    assert second.number > first.number


def test_what_the_customer_writes_in_line_is_kept_in_order_for_the_colleague(house: House) -> None:
    conversation = house.in_line()
    for text in ("one", "two"):
        house.keeps(house.log.head(conversation), house.writes(conversation, text))
    house.claims.claim(conversation, ANNA)
    house.keeps(house.log.head(conversation), house.writes(conversation, "three"))
    customers = [text for author, text in house.said(conversation) if author is Author.CUSTOMER]
    assert customers == ["one", "two", "three"]
    kinds = {entry.kind for entry in house.entries(conversation)}
    assert Kind.TURN not in kinds
