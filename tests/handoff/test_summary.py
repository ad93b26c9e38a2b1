"""What is summed up, and from what: each line leads to the message that it comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helder import settings as settings_module
from helder.conversation.entries import Draft, Kind
from helder.decisions.archive import Archive
from helder.handoff.happened import Did, as_written
from helder.handoff.summary import LONGEST, MOST, Summaries, shortened
from helder.installation import summaries_of
from helder.shop.facts import FACTS
from tests.handoff.house import House
from tests.handoff.spoken import ended, refusal, turn

HI = ("utter_greet", "Hello!")
ASKS = ("utter_ask_order_number", "Which order is it?")
TOLD = ("utter_parcel_on_its_way", "Your parcel is on its way.\nIt comes tomorrow.")
FORM = "track_order_form"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "var" / "policies", FACTS)


@pytest.fixture
def sums(tmp_path: Path) -> Summaries:
    return summaries_of(settings_module.load({"HELDER_VAR": str(tmp_path / "var")}))


def told(
    house: House, sums: Summaries, *drafts: Draft, language: str = "en"
) -> list[tuple[str, str, int]]:
    """Kind, text and message of each line, after these turns."""
    conversation = house.open(language)
    for draft in drafts:
        house.log.append(conversation, draft)
    lines = sums.of(house.entries(conversation), language)
    return [(line.topic.value, line.text, line.number) for line in lines]


def test_question_facts_and_answers_are_told_in_that_order_each_with_its_message(
    house: House, sums: Summaries
) -> None:
    number = {"order_number": "HD-204817"}
    assert told(
        house,
        sums,
        turn("hi", "greet", HI),
        turn("where is it?", "track_order", ASKS, loop=FORM),
        ended(turn("HD-204817", "inform", TOLD, inside=FORM, **number)),
    ) == [
        ("need", "Where is my order?: “where is it?”", 3),
        ("fact", "Order HD-204817", 5),
        ("tried", "The assistant answered: “Your parcel is on its way. It comes tomorrow.”", 6),
    ]


def test_it_is_told_in_the_readers_language_with_the_customers_own_words(
    house: House, sums: Summaries
) -> None:
    lines = told(house, sums, turn("where is it?", "track_order", ASKS), language="nl")
    assert lines == [("need", "Waar is mijn bestelling?: “where is it?”", 1)]


def test_an_answer_inside_a_form_is_no_question_whatever_it_was_read_as(
    house: House, sums: Summaries
) -> None:
    lines = told(
        house,
        sums,
        turn("cancel it", "cancel_order", ASKS, loop="cancel_order_form"),
        turn("the blue one", "return_item", ASKS, inside="cancel_order_form"),
        turn("what does sending cost?", "delivery_options", TOLD),
    )
    needs = [text for topic, text, _ in lines if topic == "need"]
    assert [text.split("“")[1] for text in needs] == ["cancel it”", "what does sending cost?”"]


def test_a_refusal_is_told_from_its_record_and_not_once_more_as_an_answer(
    house: House, sums: Summaries, archive: Archive
) -> None:
    no = ("utter_return_refused_not_delivered", "Nothing was delivered yet.")
    record = refusal(archive)
    decided = turn("return it", "return_item", no, decisions=json.dumps([record]))
    later = turn("and now?", "track_order", decisions=json.dumps([record]))
    assert told(house, sums, decided, later)[2:] == [
        (
            "refused",
            "HD-204817: Nothing of this order has been delivered yet, so there is nothing to "
            "send back.",
            1,
        )
    ]


@pytest.mark.parametrize("break_", ["changed", "lost"])
def test_a_refusal_that_does_not_replay_is_told_without_a_reason(
    house: House, sums: Summaries, archive: Archive, tmp_path: Path, break_: str
) -> None:
    record = refusal(archive)
    if break_ == "changed":
        record = record.replace('"EUR"', '"GBP"').replace('["not_delivered",', '["window_over",')
    else:
        for kept in (tmp_path / "var" / "policies").iterdir():
            kept.unlink()
    lines = told(house, sums, turn("x", "return_item", decisions=json.dumps([record])))
    assert [text for topic, text, _ in lines if topic == "refused"] == [
        "HD-204817: refused, for a reason that can no longer be replayed"
    ]


def test_a_fact_is_told_as_it_stands_where_it_was_first_said_and_not_of_another_order(
    house: House, sums: Summaries
) -> None:
    lines = told(
        house,
        sums,
        turn("a", "return_item", order_number="HD-1", order_proof="over", return_reason="damaged"),
        turn("b", "inform", inside="f", order_number="HD-2", order_proof="proven"),
        turn("c", "inform", inside="f", order_number="HD-2", order_proof=None),
    )
    assert [(text, at) for topic, text, at in lines if topic == "fact"] == [
        ("Order HD-2", 2),
        ("It was checked that the order is the customer's, by postcode or e-mail address", 2),
    ]
    lines = told(
        house,
        sums,
        turn("a", "return_item", order_number="HD-1", order_proof="proven"),
        turn("b", "inform", inside="f", order_number="HD-1", return_reason="damaged"),
    )
    assert [(text, at) for topic, text, at in lines if topic == "fact"] == [
        ("Order HD-1", 1),
        ("It was checked that the order is the customer's, by postcode or e-mail address", 1),
        ("Reason to return it: it arrived damaged", 2),
    ]


def test_what_was_not_understood_is_told_as_that(house: House, sums: Summaries) -> None:
    sorry = ("utter_not_understood", "I did not understand that.")
    lines = told(house, sums, turn("flarp", "nlu_fallback", sorry))
    assert lines == [("tried", "Not understood: “flarp”", 1)]


def test_only_asking_for_a_person_sums_up_to_nothing(house: House, sums: Summaries) -> None:
    assert told(house, sums, turn("hi", "greet", HI), turn("a human", "contact_human_agent")) == []


def test_the_last_few_are_told_each_question_once(house: House, sums: Summaries) -> None:
    asked = ["track_order", "cancel_order", "return_item", "track_order", "get_refund"]
    lines = told(house, sums, *(turn(f"{n}", each) for n, each in enumerate(asked)))
    assert len(lines) == MOST
    assert [text.split("“")[1] for _, text, _ in lines] == ["2”", "3”", "4”"]


def test_what_a_colleague_had_done_with_is_another_matter(house: House, sums: Summaries) -> None:
    done = Draft(Kind.OWNED, handoff=as_written(Did.RETURNED))
    lines = told(house, sums, turn("old", "cancel_order"), done, turn("new", "track_order"))
    assert [text for _, text, _ in lines] == ["Where is my order?: “new”"]


def test_a_long_message_is_cut_between_words() -> None:
    said = shortened("word, " * 100)
    assert len(said) <= LONGEST
    assert said.endswith("word …")
    assert shortened(" a\n b ") == "a b"
    assert len(shortened("x" * 500)) <= LONGEST + 2


@pytest.mark.parametrize("kept", ["", "no json", "[1]", '{"a": 1}'])
def test_decisions_that_cannot_be_read_are_left_out(
    house: House, sums: Summaries, kept: str
) -> None:
    assert told(house, sums, turn("x", "greet", HI, decisions=kept)) == []
