"""How customers were helped: figures without a conversation, words only in its log."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from helder.conversation.entries import ConversationId, Owner
from helder.conversation.shredding import Shredder
from helder.handoff.errors import NothingToRate
from helder.handoff.happened import Did, Happened, happened
from helder.handoff.ratings import LONGEST, About, Ratings
from helder.handoff.tables import rating
from tests.handoff.house import ANNA, BRAM, House

CARD = "4111 1111 1111 1111"


@pytest.fixture
def ratings(house: House) -> Ratings:
    return Ratings(house.log)


def kept(house: House) -> list[dict[str, Any]]:
    with house.engine.connect() as connection:
        rows = connection.execute(sa.select(rating).order_by(rating.c.number)).all()
    return [dict(row._mapping) for row in rows]


def told(house: House, conversation: ConversationId) -> list[Happened]:
    return [each for each in happened(house.entries(conversation)) if each.did is Did.RATED]


def helped(house: House) -> ConversationId:
    """A customer whom Anna has helped."""
    conversation = house.with_anna()
    house.talking.close(conversation, ANNA)
    return conversation


def answered(house: House) -> ConversationId:
    """A customer whom the assistant has answered."""
    conversation = house.open("nl")
    received = house.writes(conversation)
    house.answers(house.log.head(conversation), received)
    return conversation


def test_a_score_is_a_figure_and_its_words_are_in_the_log_alone(
    house: House, ratings: Ratings
) -> None:
    conversation = helped(house)
    said = house.said(conversation)
    ratings.rate(conversation, About.EMPLOYEE, 5, "Anna was kind.")
    (figures,) = kept(house)
    ticket = figures.pop("ticket")
    assert figures == {
        "number": 1,
        "minute": int(house.clock().timestamp()) // 60,
        "language": "en",
        "about": "employee",
        "employee": ANNA.id,
        "score": 5,
    }
    (entry,) = told(house, conversation)
    assert entry.detail["words"] == "Anna was kind."
    assert entry.detail["ticket"] == str(ticket)
    assert house.said(conversation) == said, "it is no message"
    assert house.owner(conversation) is Owner.CLOSED


def test_a_second_answer_replaces_the_first(house: House, ratings: Ratings) -> None:
    conversation, other = helped(house), helped(house)
    ratings.rate(conversation, About.EMPLOYEE, 2)
    ratings.rate(other, About.EMPLOYEE, 4)
    ratings.rate(conversation, About.EMPLOYEE, 3, "On second thoughts.")
    assert [(each["number"], each["score"]) for each in kept(house)] == [(1, 3), (2, 4)]


def test_each_colleague_and_the_assistant_are_rated_by_themselves(
    house: House, ratings: Ratings
) -> None:
    conversation = answered(house)
    ratings.rate(conversation, About.ASSISTANT, 1)
    for who, score in ((ANNA, 4), (BRAM, 5)):
        house.claims.step_in(conversation, who)
        house.talking.give_back(conversation, who)
        ratings.rate(conversation, About.EMPLOYEE, score)
    ratings.rate(conversation, About.ASSISTANT, 2)
    found = [(each["about"], each["employee"], each["score"]) for each in kept(house)]
    assert found == [("assistant", None, 2), ("employee", ANNA.id, 4), ("employee", BRAM.id, 5)]


def test_there_must_be_somebody_to_rate(house: House, ratings: Ratings) -> None:
    conversation = house.in_line()
    for about in About:
        with pytest.raises(NothingToRate):
            ratings.rate(conversation, about, 3)
    assert kept(house) == []
    assert told(house, conversation) == []


@pytest.mark.parametrize(("score", "words"), [(0, ""), (6, ""), (3, "x" * (LONGEST + 1))])
def test_what_is_no_score_is_refused(
    house: House, ratings: Ratings, score: int, words: str
) -> None:
    conversation = helped(house)
    with pytest.raises(ValueError, match="1 to 5"):
        ratings.rate(conversation, About.EMPLOYEE, score, words)
    assert kept(house) == []


def test_a_card_number_in_the_words_is_masked(house: House, ratings: Ratings) -> None:
    conversation = helped(house)
    ratings.rate(conversation, About.EMPLOYEE, 1, f"I gave {CARD} and got nothing.")
    assert CARD not in told(house, conversation)[0].detail["words"]


def test_the_words_are_destroyed_with_the_conversation_and_the_figures_stay(
    house: House, ratings: Ratings
) -> None:
    conversation = helped(house)
    ratings.rate(conversation, About.EMPLOYEE, 4, "Well done.")
    Shredder(house.engine, house.log.keyring, house.clock).shred(conversation, "request")
    assert [each["score"] for each in kept(house)] == [4]
    assert not house.log.exists(conversation)
