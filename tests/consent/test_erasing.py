"""Destroyed at once when its customer asks: the real processes, a browser's stream, the files."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import PATIENCE, Running, Talk, running

Json = dict[str, Any]
SECRET = "the lantern with the crooked handle"
PRESS = "5f1f3c2e-0a1b-4c3d-8e4f-5a6b7c8d9e0f"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "var") as stack:
        yield stack


class Watching(threading.Thread):
    """Follows a conversation as the widget does, until its stream ends."""

    def __init__(self, talk: Talk) -> None:
        super().__init__(daemon=True)
        self.talk = talk
        self.messages: list[Json] = []
        self.follows = threading.Event()

    def run(self) -> None:
        address = f"/api/conversations/{self.talk.conversation}/events"
        headers, timeout = self.talk.headers, PATIENCE * 2
        url = str(self.talk.client.base_url)
        with (
            httpx.Client(base_url=url, timeout=timeout, trust_env=False) as client,
            client.stream("GET", address, headers=headers) as stream,
        ):
            self.follows.set()
            for line in stream.iter_lines():
                content = json.loads(line[6:]) if line.startswith("data: ") else {}
                if "text" in content:
                    self.messages.append(content)


def test_it_is_gone_at_once_though_its_customer_had_it_kept(stack: Running) -> None:
    talk, other = stack.talk("en"), stack.talk("en")
    other.say("hello")
    talk.say("please keep this conversation")
    talk.choose("Yes, keep it")
    talk.say(f"do you sell {SECRET}?")
    watching = Watching(talk)
    watching.start()
    assert watching.follows.wait(PATIENCE)
    withdrawn, offer = talk.say("please delete this conversation")
    assert "is now off" in withdrawn
    assert "Shall I delete this conversation right now?" in offer
    button = next(each for each in talk.choices if each["title"] == "Yes, delete it now")
    assert talk.post(id=PRESS, choice=button["choice"]).status_code == 202

    watching.join(PATIENCE)
    assert not watching.is_alive()
    pressed, farewell = watching.messages[-2:]
    assert (pressed["id"], pressed["text"]) == (PRESS, "Yes, delete it now")
    assert "being deleted now" in farewell["text"]
    read = talk.client.get(talk.path, headers=talk.headers)
    assert read.status_code == 401
    assert talk.conversation not in stack.log().ids()
    assert other.read()
