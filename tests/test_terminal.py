"""The terminal chat, against a gateway that answers from a script."""

import io
import json
from collections.abc import Iterator

import httpx
import pytest
from rich.console import Console

from helder import terminal
from helder.terminal import Chat, NotReachable

NOTICE = {"version": 2, "language": "en", "title": "You talk to an AI", "text": "It keeps…"}


class Gateway:
    """Answers as the customers' API does; every message gets the next scripted answer."""

    def __init__(self, *answers: dict[str, object]) -> None:
        self.sent: list[dict[str, str]] = []
        self._answers = list(answers)
        self._said: list[dict[str, object]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/notice":
            return httpx.Response(200, json=NOTICE)
        if request.url.path == "/api/conversations":
            assert json.loads(request.content)["notice"] == {"version": 2, "language": "en"}
            return httpx.Response(201, json={"conversation": "c1", "token": "t1"})
        if request.headers.get("Authorization") != "Bearer t1":
            return httpx.Response(401, json={"error": {"code": "unknown", "message": "Unknown."}})
        if request.method == "POST":
            return self._take(json.loads(request.content))
        after = int(request.url.params["after"])
        new = [message for message in self._said if int(str(message["seq"])) > after]
        return httpx.Response(200, json={"owner": "assistant", "messages": new})

    def _take(self, message: dict[str, str]) -> httpx.Response:
        if message.get("text") == "too long":
            error = {"code": "too_long", "message": "That is too long."}
            return httpx.Response(413, json={"error": error})
        self.sent.append(message)
        self._add({"author": "customer", "text": message.get("text", "(choice)")})
        if self._answers:
            self._add(self._answers.pop(0))
        return httpx.Response(202)

    def _add(self, message: dict[str, object]) -> None:
        self._said.append({"name": None, "choices": [], **message, "seq": len(self._said) + 1})


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "LOOK", 0.001)
    monkeypatch.setattr(terminal, "QUIET", 0.002)


def talk(gateway: Gateway, *lines: str) -> str:
    """What the terminal shows when a person types these lines."""
    shown = io.StringIO()
    typed: Iterator[str] = iter(lines)

    def ask() -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    transport = httpx.MockTransport(gateway)
    with httpx.Client(transport=transport, base_url="http://127.0.0.1:1") as client:
        Chat(client, Console(file=shown, width=100), ask, patience=0.05).talk("en")
    return shown.getvalue()


def test_the_notice_comes_first() -> None:
    gateway = Gateway({"author": "assistant", "name": "Helder", "text": "Hello."})
    assert talk(gateway, "hi", "/quit").startswith("You talk to an AI\nIt keeps…\n")


def test_each_message_is_shown_once_with_its_author() -> None:
    gateway = Gateway(
        {"author": "assistant", "name": "Helder", "text": "Hello."},
        {"author": "employee", "name": "Anna", "text": "I am Anna."},
        {"author": "system", "text": "Anna has left."},
    )
    shown = talk(gateway, "hi", "a person", "bye", "")
    assert shown.count("Helder (assistant)  Hello.") == 1
    assert shown.count("Anna (employee)  I am Anna.") == 1
    assert shown.count("system  Anna has left.") == 1


def test_a_number_chooses_what_was_offered() -> None:
    choices = [{"choice": "opaque-1", "title": "Yes"}, {"choice": "opaque-2", "title": "No"}]
    gateway = Gateway({"author": "assistant", "text": "Shall I?", "choices": choices})
    shown = talk(gateway, "cancel it", "2", "3")
    assert "  1  Yes\n  2  No\n" in shown
    assert [sent.get("choice") for sent in gateway.sent] == [None, "opaque-2", None]
    assert gateway.sent[2]["text"] == "3"


def test_a_refused_message_is_told_and_the_chat_goes_on() -> None:
    gateway = Gateway({"author": "assistant", "text": "Hello."})
    shown = talk(gateway, "too long", "hi")
    assert "That is too long." in shown
    assert "Hello." in shown


def test_a_message_cannot_steer_the_terminal() -> None:
    gateway = Gateway({"author": "assistant", "text": "a\x1b[2Jb [bold]c[/bold]\r\nd"})
    shown = talk(gateway, "hi")
    assert "\x1b" not in shown
    assert "a[2Jb [bold]c[/bold]\nd" in shown


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<html>"), httpx.Response(502, text="bad gateway")]
)
def test_something_else_on_the_port_is_one_sentence(answer: httpx.Response) -> None:
    transport = httpx.MockTransport(lambda _request: answer)
    client = httpx.Client(transport=transport, base_url="http://127.0.0.1:1")
    with pytest.raises(NotReachable, match="start it with `make run`"):
        Chat(client, Console(file=io.StringIO()), lambda: "/quit").talk("en")
