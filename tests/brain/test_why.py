"""What the channel asks Rasa about a text: which words counted, and what it is without them."""

from __future__ import annotations

from typing import Any

import pytest

from helder.brain import why
from tests.aio import run


class Reads:
    """As Rasa's processor: what was asked for is kept, what is read is decided by the words."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def parse_message(self, message: Any) -> dict[str, Any]:
        self.asked.append((message.text, message.metadata))
        name = "cancel" if {"cancel", "stop"} & set(message.text.split()) else "nlu_fallback"
        words = [[2, 8, 4.0], [9, 13, 3.0], [0, 1, -0.5]]
        return {"intent": {"name": name, "confidence": 0.9}, "counted": words}


class Serving:
    """An agent with that processor, or with none."""

    def __init__(self, processor: Reads | None) -> None:
        self.processor = processor


def ask(text: str) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    reads = Reads()
    return run(why.why(Serving(reads), text)), reads.asked  # type: ignore[arg-type]  # has what is used of it


def test_as_few_words_are_left_out_as_change_the_reading() -> None:
    told, asked = ask("I cancel this")
    assert told["without"] == {"words": 1, "intent": "nlu_fallback"}
    assert [text for text, _ in asked] == ["I cancel this", "I  this"]


def test_the_words_are_asked_for_once_and_of_no_other_reading() -> None:
    _, asked = ask("I cancel this")
    assert [metadata for _, metadata in asked] == [{"helder_why": True}, {}]


def test_if_one_is_not_enough_two_are_left_out_and_a_word_against_it_never() -> None:
    told, asked = ask("I cancel stop")
    assert [text for text, _ in asked] == ["I cancel stop", "I  stop", "I"]
    assert told["without"] == {"words": 2, "intent": "nlu_fallback"}


@pytest.mark.parametrize("text", ["I cancel stop or stop", "x cancel stop and cancel"])
def test_if_none_of_them_changes_it_nothing_is_said_of_that(text: str) -> None:
    told, _ = ask(text)
    assert told["without"] is None


def test_what_is_left_is_never_a_command() -> None:
    _, asked = ask("/ cancel stop")
    assert all(not text.startswith("/") for text, _ in asked[1:])


def test_without_a_model_nothing_can_be_said() -> None:
    with pytest.raises(ValueError, match="no model"):
        run(why.why(Serving(None), "hello"))  # type: ignore[arg-type]  # has what is used of it
