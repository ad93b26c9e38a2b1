"""The customer's answer to how they were helped, over the API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from helder.conversation.entries import ConversationId
from helder.handoff.happened import Did, happened
from helder.handoff.tables import rating
from tests.gateway.conftest import Front

CARD = "4111 1111 1111 1111"


def answered(front: Front) -> tuple[str, dict[str, str]]:
    """A conversation in which the assistant said something."""
    address, headers = front.open()
    sent = {"id": str(uuid.uuid4()), "text": "hello"}
    front.client.post(f"{address}/messages", json=sent, headers=headers)
    front.messages(address, headers, 2)
    return address, headers


def scores(front: Front) -> list[int]:
    with front.gateway.engine.connect() as connection:
        return [row.score for row in connection.execute(sa.select(rating)).all()]


def test_an_answer_is_kept_once_with_its_words_masked(front: Front) -> None:
    address, headers = answered(front)
    for score in (2, 4):
        body = {"about": "assistant", "score": score, "words": f"My card is {CARD}."}
        answer = front.client.post(f"{address}/rating", json=body, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
    assert scores(front) == [4]
    conversation = ConversationId(address.rpartition("/")[2])
    told = [e for e in happened(front.gateway.log.history(conversation)) if e.did is Did.RATED]
    assert len(told) == 2
    assert CARD not in told[-1].detail["words"]
    assert len(front.messages(address, headers, 2)) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"about": "assistant"},
        {"score": 3},
        {"about": "nobody", "score": 3},
        {"about": "assistant", "score": 0},
        {"about": "assistant", "score": 6},
        {"about": "assistant", "score": 3.0},
        {"about": "assistant", "score": "3"},
        {"about": "assistant", "score": True},
        {"about": "assistant", "score": 3, "words": ""},
        {"about": "assistant", "score": 3, "words": "x" * 501},
        {"about": "assistant", "score": 3, "words": ["good"]},
        {"about": "assistant", "score": 3, "more": 1},
        {"about": "employee", "score": 3},
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_kept(
    front: Front, body: dict[str, Any]
) -> None:
    address, headers = answered(front)
    answer = front.client.post(f"{address}/rating", json=body, headers=headers)
    assert answer.status_code == 400
    assert scores(front) == []


def test_nobody_answers_for_another(front: Front) -> None:
    address, _ = answered(front)
    _, other = answered(front)
    body = {"about": "assistant", "score": 1}
    assert front.client.post(f"{address}/rating", json=body, headers=other).status_code == 401
    assert scores(front) == []
