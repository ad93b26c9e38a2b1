"""What could leave this house: every module that can reach outside is known, and what it sends.

The modules are found by looking at what they import. A new one fails here until somebody has said
what it sends and which consent it asks for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.events import UserUttered

from helder.brain.broadcast import Broadcast
from helder.conversation.entries import ConversationId
from tests.aio import run

ROOT = Path(__file__).resolve().parents[2]
REACHES_OUT = {
    *("httpx", "requests", "aiohttp", "socket", "smtplib", "ftplib", "http.client", "websockets"),
    *("urllib.request", "slack_sdk", "slack_bolt", "telnetlib", "rasa.core.brokers"),
}
ASKS = "asks for consent to improvement"
GATED = "the shop, behind gates that ask for consent to order data: test_refusals.py"
OURSELVES = "asks our own processes, on this machine, whether they run"
KNOWN = {
    "helder/brain/broadcast.py": ASKS,
    "helder/brain/store.py": "passes the broker on to broadcast.py",
    "helder/brain/guard.py": "lets Rasa begin with no broker that it cannot reach; sends nothing",
    "helder/brain/client.py": "asks our own Rasa, on this machine, for a turn",
    "helder/reread.py": "asks our own Rasa, on this machine, how it reads a message",
    "helder/shop/transport.py": GATED,
    "helder/cli.py": OURSELVES,
    "helder/probe.py": OURSELVES,
    "helder/watch/house.py": OURSELVES,
    "helder/terminal.py": "is a customer's own side of a conversation, in a terminal",
}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def reaches_out(source: str) -> bool:
    found = set(imported(source))
    return any(name == out or name.startswith(f"{out}.") for name in found for out in REACHES_OUT)


def test_every_module_that_can_reach_outside_is_known() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("helder", "actions")
        for path in (ROOT / package).rglob("*.py")
        if reaches_out(path.read_text(encoding="utf-8"))
    }
    assert found == set(KNOWN)


def test_who_would_reach_outside_is_found() -> None:
    assert reaches_out("from slack_sdk.web import WebClient")
    assert reaches_out("def late():\n    import httpx\n")
    assert reaches_out("from urllib import request")
    assert reaches_out("from rasa.core.brokers.kafka import KafkaEventBroker")
    assert not reaches_out("from urllib.parse import quote\nfrom helder import probe")


class Heard(EventBroker):
    """A broker that remembers what it got."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.events.append(event)


def test_the_broker_gets_nothing_unless_consent_is_shown() -> None:
    for sender, heard in ((Broadcast(), 0), (Broadcast(granted=lambda _: True), 1)):
        broker = Heard()
        run(sender.publish(broker, [UserUttered("hello")], ConversationId("c")))
        assert len(broker.events) == heard
