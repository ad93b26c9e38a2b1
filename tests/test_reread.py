"""A message is read again by the Rasa that runs, and told only as it was read then."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from helder.conversation.entries import ConversationId
from helder.keyfiles import internal_secret
from helder.reread import MOST, SECRET_HEADER, Counted, RasaRereader, Reason
from tests.running import Running, free_ports

WHY = "/webhooks/helder/why"


@pytest.fixture(scope="module")
def secret(stack: Running) -> str:
    return internal_secret(stack.settings.keys)


def ask(stack: Running, text: object, secret: str) -> httpx.Response:
    url = stack.settings.rasa_url + WHY
    return httpx.post(url, json={"text": text}, headers={SECRET_HEADER: secret}, trust_env=False)


def as_logged(stack: Running, text: str) -> dict[str, Any]:
    """How the log says that a message was read, once it was said."""
    talk = stack.talk("en")
    talk.say(text)
    history = stack.log().history(ConversationId(talk.conversation))
    events = [event for entry in history for event in entry.events if event["event"] == "user"]
    intent: dict[str, Any] = events[0]["parse_data"]["intent"]
    return intent


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("please cancel my order", "cancel"),
        ("where can I find the invoice", "invoice"),
        ("wat kost bezorgen in Duitsland", "bezorgen"),
    ],
)
def test_what_the_log_says_is_read_again_and_the_word_that_counted_is_named(
    stack: Running, secret: str, text: str, word: str
) -> None:
    logged = as_logged(stack, text)
    reader = RasaRereader(stack.settings.rasa_url, secret)
    reason = reader.why(text, logged["name"], logged["confidence"])
    assert reason is not None
    assert word in reason.named()
    assert set(reason.named()) <= set(text.split())
    assert reason.words[0].weight == max(each.weight for each in reason.words)
    assert reason.otherwise != logged["name"]


def test_what_is_read_otherwise_by_now_is_not_told(stack: Running, secret: str) -> None:
    text = "please cancel my order"
    logged = as_logged(stack, text)
    reader = RasaRereader(stack.settings.rasa_url, secret)
    assert reader.why(text, "track_order", logged["confidence"]) is None
    assert reader.why(text, logged["name"], logged["confidence"] - 0.01) is None


def test_without_the_first_words_it_is_read_as_is_told(stack: Running, secret: str) -> None:
    text = "where can I find the invoice"
    told = ask(stack, text, secret).json()
    count, other = told["without"]["words"], told["without"]["intent"]
    left = text
    for start, end, _ in sorted(told["words"][:count], reverse=True):
        left = left[:start] + left[end:]
    assert ask(stack, left, secret).json()["intent"] == other != told["intent"]


@pytest.mark.parametrize("text", ["/restart", "  /cancel_order", "", " ", None, 3, ["x"]])
def test_no_command_and_no_nonsense_is_read(stack: Running, secret: str, text: object) -> None:
    assert ask(stack, text, secret).status_code == 422


def test_a_command_never_is_what_is_left(stack: Running, secret: str) -> None:
    told = ask(stack, "cancel /restart", secret).json()
    assert told["without"] is None or told["without"]["intent"] != "restart"


def test_who_does_not_know_the_secret_is_told_nothing(stack: Running) -> None:
    assert ask(stack, "hello", "another").status_code == 403
    assert RasaRereader(stack.settings.rasa_url, "another").why("hello", "greet", 1.0) is None


def test_when_nobody_answers_nothing_is_told() -> None:
    (port,) = free_ports(1)
    assert RasaRereader(f"http://127.0.0.1:{port}", "x").why("hello", "greet", 1.0) is None


@pytest.mark.parametrize(
    ("words", "without", "named"),
    [
        ([("cancel", 6.0), ("order", 2.0), ("my", 0.1)], (), ("cancel", "order")),
        ([("cancel", 6.0), ("order", 1.0)], (), ("cancel",)),
        ([("cancel", 6.0), ("order", 1.0)], ("cancel", "order"), ("cancel", "order")),
        ([("Where", 3.0), ("where", 2.9), ("is", 2.0)], (), ("Where", "is")),
        ([("a", 5.0), ("b", 4.0), ("c", 3.0), ("d", 3.0)], (), ("a", "b", "c")),
        ([("hm", 0.2)], (), ()),
        ([("no", -3.0)], (), ()),
    ],
)
def test_few_words_are_named_and_none_that_did_next_to_nothing(
    words: list[tuple[str, float]], without: tuple[str, ...], named: tuple[str, ...]
) -> None:
    reason = Reason(tuple(Counted(*each) for each in words), without, None)
    assert reason.named() == named
    assert len(named) <= MOST
