"""What a colleague has before them, what of it the customer saw, and what they put right."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from helder.content.policies import PolicyRefused
from helder.conversation.clock import iso
from helder.conversation.entries import (
    Author,
    ConversationId,
    Draft,
    Kind,
    Message,
    MessageId,
    Owner,
)
from helder.handoff.happened import Did, as_written, happened
from helder.handoff.packet import Packet, packet
from helder.handoff.packet_words import load_packet
from helder.handoff.preview import CORRECT
from helder.handoff.reasons import Reason
from tests.handoff.house import ANNA, BRAM, POLICIES, House
from tests.handoff.spoken import turn
from tests.summing import summaries

SHIPPED = POLICIES / "packet.yml"


def asked(
    house: House, reason: Reason = Reason.ASKED, language: str = "en", said: str = "where is it?"
) -> ConversationId:
    """Somebody who asked something, and then for a person."""
    conversation = house.open(language)
    house.log.append(
        conversation, turn(said, "track_order", language=language, order_number="HD-204817")
    )
    house.asking.ask(house.log.head(conversation).position, reason)
    return conversation


def shown(house: House, conversation: ConversationId) -> None:
    """The line tells how it goes, with the customer's copy."""
    head, ticket = house.log.head(conversation), house.ticket(conversation)
    assert ticket is not None
    due = house.previews.due(conversation)
    house.asking.tell(head.position, ticket.number, "You are next.", (), None, due)


def writes(house: House, conversation: ConversationId, text: str, did: Did | None = None) -> None:
    message = Message(Author.CUSTOMER, text, iso(house.clock()), id=str(uuid.uuid4()))
    handoff = as_written(did) if did else None
    house.log.append(conversation, Draft(Kind.SAID, (message,), handoff=handoff))


def of(house: House, conversation: ConversationId, language: str = "en") -> Packet:
    return packet(house.entries(conversation), summaries(), language)


def test_the_customer_reads_the_same_lines_once_with_a_button_under_them(house: House) -> None:
    conversation = asked(house, language="nl")
    shown(house, conversation)
    (text,) = (t for _, t in house.said(conversation) if "collega" in t)
    assert text.splitlines() == [
        "Dit leest mijn collega straks als eerste:",
        "• Vraag: Waar is mijn bestelling?: “where is it?”",
        "• Bekend: Bestelling HD-204817",
        "Klopt er iets niet, of mist er iets? Zeg het gerust.",
    ]
    entries = house.entries(conversation)
    buttons = [c for e in entries for m in e.messages for c in m.choices]
    assert [(each.title, each.payload) for each in buttons] == [("Er klopt iets niet", CORRECT)]
    assert house.previews.due(conversation) is None
    made = of(house, conversation, "en")
    assert made.was_shown
    assert [line.text for line in made.lines] == [
        "Where is my order?: “where is it?”",
        "Order HD-204817",
    ]


def test_who_is_claimed_before_the_line_told_anything_is_shown_it_before_the_colleague_comes(
    house: House,
) -> None:
    conversation = asked(house)
    house.claims.claim(conversation, ANNA)
    texts = [text for _, text in house.said(conversation)]
    assert texts[1].startswith("My colleague will read this first:")
    assert texts[2] == "Anna has joined. You are talking to a person now."
    assert of(house, conversation).was_shown


def test_it_is_shown_once_though_the_colleague_is_lost_and_another_comes(house: House) -> None:
    conversation = asked(house)
    shown(house, conversation)
    number = house.claims.claim(conversation, ANNA).ticket.number
    house.asking.lose(conversation, number)
    house.claims.claim(conversation, BRAM)
    texts = [text for _, text in house.said(conversation)]
    assert sum("will read this first" in text for text in texts) == 1


def test_asking_again_later_is_summed_up_again(house: House) -> None:
    conversation = asked(house)
    house.claims.claim(conversation, ANNA)
    house.talking.give_back(conversation, ANNA)
    house.log.append(conversation, turn("my money back", "get_refund"))
    house.asking.ask(house.log.head(conversation).position, Reason.ASKED)
    due = house.previews.due(conversation)
    assert due is not None
    assert "my money back" in due.text
    assert "where is it?" not in due.text


@pytest.mark.parametrize("reason", [Reason.DANGER, Reason.DISTRESS])
def test_who_may_be_in_danger_is_shown_help_and_no_summary(house: House, reason: Reason) -> None:
    conversation = asked(house, reason)
    assert house.previews.due(conversation) is None
    house.claims.claim(conversation, ANNA)
    made = of(house, conversation)
    assert not made.was_shown
    assert len(made.lines) == 2  # for the colleague it is there


def test_nothing_is_shown_where_there_is_nothing_to_sum_up_or_nobody_asked(house: House) -> None:
    assert house.previews.due(house.in_line()) is None
    nobody = house.open()
    house.log.append(nobody, turn("where is it?", "track_order"))
    assert house.previews.due(nobody) is None


def test_what_the_customer_puts_right_and_adds_is_told_apart(house: House) -> None:
    conversation = asked(house)
    shown(house, conversation)
    writes(house, conversation, "Something is wrong", Did.CORRECTING)
    assert house.previews.is_being_corrected(conversation)
    writes(house, conversation, "It is order HD-204818", Did.CORRECTED)
    assert not house.previews.is_being_corrected(conversation)
    writes(house, conversation, "and I am in a hurry")
    house.claims.claim(conversation, ANNA)
    writes(house, conversation, "hello Anna")
    made = of(house, conversation)
    assert [(each.text, each.number) for each in made.corrected] == [("It is order HD-204818", 5)]
    assert [(each.text, each.number) for each in made.added] == [("and I am in a hurry", 6)]


def test_what_came_after_the_summary_does_not_change_what_the_customer_saw(house: House) -> None:
    conversation = asked(house)
    shown(house, conversation)
    house.log.append(conversation, turn("and my refund?", "get_refund"))
    assert [line.number for line in of(house, conversation).lines] == [1, 1]


def test_the_packet_has_how_each_message_was_read_and_what_the_dialogue_holds(
    house: House,
) -> None:
    made = of(house, asked(house))
    (read,) = made.turns
    assert (read.intent, read.confidence, read.number) == ("track_order", 0.9731, 1)
    assert made.slots == {"language": "en", "order_number": "HD-204817"}


def test_stepping_in_finds_a_summary_that_nobody_was_shown(house: House) -> None:
    conversation = house.open()
    house.log.append(conversation, turn("where is it?", "track_order"))
    house.claims.step_in(conversation, ANNA)
    assert house.owner(conversation) is Owner.EMPLOYEE
    made = of(house, conversation)
    assert not made.was_shown
    assert [line.number for line in made.lines] == [1]


def test_shown_and_joined_are_one_step_or_none(house: House) -> None:
    conversation = asked(house)
    house.recorded.refuse = True
    with pytest.raises(OSError, match="recorded"):
        house.claims.claim(conversation, ANNA)
    assert Did.SUMMARISED not in [each.did for each in happened(house.entries(conversation))]
    house.recorded.refuse = False
    house.claims.claim(conversation, ANNA)
    house.talking.say(conversation, ANNA, "Hello", MessageId("12345678"))
    assert Did.SUMMARISED in [each.did for each in happened(house.entries(conversation))]


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("headings:\n", "heads:\n", 6, "heads is not known here."),
        ("  need: {en: Question,", "  need: {en: '',", 7, "headings.need.en must be a text."),
        ("nl: Vraag}", "xx: Vraag}", 7, "headings.need.nl is missing."),
        ("“{words}”", "“{word}”", 14, "lines.need.en has {word}, which nothing fills in."),
        ("    is: proven\n", "    is: [proven]\n", 27, "facts.order_proof.is must be a text."),
        ("    is: proven\n", "    si: proven\n", 27, "facts.order_proof.si is not known here."),
        ("about: order_number", "about: x", 28, "facts.order_proof.about must be another"),
        ("  - ask_why\n", "  - 7\n", 45, "no_need.2 must be a text."),
        ("  thanks:\n", "  merci:\n", 75, "customer.merci is not known here."),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, sentence: str
) -> None:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path = tmp_path / "packet.yml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PolicyRefused) as refused:
        load_packet(path)
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.line == line
