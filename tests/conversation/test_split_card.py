"""The inbox masks what goes on from one message to the next: a card, a BSN, a code."""

from __future__ import annotations

from datetime import timedelta

from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Kind,
    Message,
    MessageId,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog

NOW = "2026-11-22T09:00:00.000Z"


def put(inbox: Inbox, talk: ConversationId, name: str, text: str) -> Received:
    """Put a message in; what is kept of it."""
    assert inbox.put(talk, Received(MessageId(name), text, NOW))
    return inbox.pending(talk)[-1]


def answered(log: ConversationLog, inbox: Inbox, talk: ConversationId) -> None:
    """All that waits is answered, in turns."""
    for waiting in inbox.pending(talk):
        said = (
            Message(Author.CUSTOMER, waiting.text, NOW, id=waiting.id),
            Message(Author.ASSISTANT, "4929 7185: what is that?", NOW, (Choice("Yes", "/affirm"),)),
        )
        log.save_turn(log.head(talk).position, Draft(Kind.TURN, said, state={}), waiting.id)


def begun(log: ConversationLog) -> tuple[Inbox, ConversationId]:
    return Inbox(log.engine, log.keyring), log.open("en", timedelta(hours=1)).conversation


def test_the_second_part_is_masked_while_the_first_waits(log: ConversationLog) -> None:
    inbox, talk = begun(log)
    assert put(inbox, talk, "a", "4929 7185").masked == ()
    second = put(inbox, talk, "b", "4712 0961")
    assert (second.text, second.masked) == ("•••• ••••", ("card",))


def test_the_second_part_is_masked_after_the_first_was_answered(log: ConversationLog) -> None:
    inbox, talk = begun(log)
    put(inbox, talk, "a", "my card is 4929 7185")
    answered(log, inbox, talk)
    assert put(inbox, talk, "b", "and 4712 0961").text == "and •••• ••••"


def test_digit_by_digit_no_more_than_eight_are_kept(log: ConversationLog) -> None:
    inbox, talk = begun(log)
    kept = []
    for at, digit in enumerate("4929718547120961"):
        kept.append(put(inbox, talk, str(at), digit).text)
        answered(log, inbox, talk)
    assert "".join(kept) == "49297185" + "•" * 8


def test_what_others_said_in_between_does_not_matter_and_other_words_do(
    log: ConversationLog,
) -> None:
    inbox, talk = begun(log)
    put(inbox, talk, "a", "4929 7185")
    answered(log, inbox, talk)
    put(inbox, talk, "b", "where is my parcel?")
    answered(log, inbox, talk)
    assert put(inbox, talk, "c", "4712 0961").text == "4712 0961"


def test_a_choice_is_what_was_offered_and_stays(log: ConversationLog) -> None:
    inbox, talk = begun(log)
    put(inbox, talk, "a", "4929 7185")
    chosen = Received(MessageId("b"), "4712 0961", NOW, payload="/inform", offered=1)
    assert inbox.put(talk, chosen)
    assert inbox.pending(talk)[-1] == chosen


def test_a_button_pressed_in_between_does_not_matter(log: ConversationLog) -> None:
    inbox, talk = begun(log)
    put(inbox, talk, "a", "my card is 4929 7185")
    answered(log, inbox, talk)
    assert inbox.put(talk, Received(MessageId("b"), "Yes", NOW, payload="/affirm", offered=2))
    assert put(inbox, talk, "c", "4712 0961").text == "•••• ••••"  # while it waits
    answered(log, inbox, talk)
    put(inbox, talk, "d", "4929 7185")
    answered(log, inbox, talk)
    assert inbox.put(talk, Received(MessageId("e"), "Yes", NOW, payload="/affirm", offered=8))
    answered(log, inbox, talk)
    assert put(inbox, talk, "f", "and 4712 0961").text == "and •••• ••••"


def test_a_citizen_number_goes_on_while_its_beginning_waits_and_after_it_was_answered(
    log: ConversationLog,
) -> None:
    inbox, talk = begun(log)
    put(inbox, talk, "a", "mijn bsn is")
    assert put(inbox, talk, "b", "1234").text == "••••"
    answered(log, inbox, talk)
    second = put(inbox, talk, "c", "en dan 567")
    assert (second.text, second.masked) == ("en dan •••", ("bsn",))
    answered(log, inbox, talk)
    assert put(inbox, talk, "d", "82").text == "••"
    answered(log, inbox, talk)
    assert put(inbox, talk, "e", "204817").text == "204817"


def test_a_code_is_masked_that_was_announced_before(log: ConversationLog) -> None:
    inbox, talk = begun(log)
    put(inbox, talk, "a", "cvv?")
    answered(log, inbox, talk)
    put(inbox, talk, "b", "it's on the back")
    answered(log, inbox, talk)
    code = put(inbox, talk, "c", "it's 456")
    assert (code.text, code.masked) == ("it's •••", ("code",))
