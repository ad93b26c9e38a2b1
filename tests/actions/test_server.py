"""The action server answers Rasa and nobody else, and tells nothing when something breaks."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from actions.server import make_app
from actions.services import Services
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.keyfiles import SECRET_HEADER
from helder.shop.policy import load_policy
from helder.shop.sql import SqlShop
from tests.actions.conftest import services_of

SECRET = "s" * 32
CALL = {
    "next_action": "action_export_my_data",
    "sender_id": "c1",
    "tracker": {"sender_id": "c1", "slots": {"language": "nl"}, "events": [], "latest_message": {}},
    "version": "3.6.21",
}


class Server:
    """The application on a port of its own, in a thread."""

    def __init__(self, services: Services) -> None:
        app = make_app(services, SECRET)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        async def serve() -> None:
            server = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
            await server.startup()
            self.server = server
            ready.set()

        def run() -> None:
            asyncio.set_event_loop(self.loop)
            self.loop.run_until_complete(serve())
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        assert ready.wait(20)
        headers = {SECRET_HEADER: SECRET}
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False
        )

    def stop(self) -> None:
        self.client.close()
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)


@pytest.fixture(scope="module")
def server(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # One for all tests: Sanic starts only one server in a process.
    mine = Path(shutil.copytree(filled, tmp_path_factory.mktemp("server") / "mine"))
    engine = connect(f"sqlite:///{mine / 'helder.db'}")
    shop = SqlShop(connect(f"sqlite:///{mine / 'shop.db'}"), load_policy())
    made = Server(services_of(shop, ConversationLog(engine, FileKeyring(mine / "keys"))))
    yield made
    made.stop()
    shop.engine.dispose()
    engine.dispose()


def test_an_action_is_run(server: Server) -> None:
    answer = server.client.post("/webhook", json=CALL)
    assert answer.status_code == 200
    assert [each["response"] for each in answer.json()["responses"]] == ["utter_export_my_data"]


@pytest.mark.parametrize("secret", ["", "x", SECRET[:-1], SECRET + "s", "é"])
def test_without_the_secret_nothing_is_run(server: Server, secret: str) -> None:
    header = {SECRET_HEADER.encode(): secret.encode()}
    for method, path in (("POST", "/webhook"), ("GET", "/actions"), ("GET", "/nothing")):
        answer = server.client.request(method, path, json=CALL, headers=header)
        assert (answer.status_code, answer.json()) == (403, {"error": "forbidden"})


def test_its_health_may_be_asked_by_everybody(server: Server) -> None:
    answer = httpx.get(f"{server.client.base_url}/health", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"next_action": 1}'])
def test_what_is_no_call_is_refused(server: Server, body: bytes) -> None:
    answer = server.client.post("/webhook", content=body)
    assert answer.status_code in (400, 422)


def test_an_unknown_action_is_refused(server: Server) -> None:
    answer = server.client.post("/webhook", json={**CALL, "next_action": "action_nothing"})
    assert answer.status_code == 404


def test_an_action_that_breaks_tells_nothing(server: Server) -> None:
    tracker = {**CALL["tracker"], "latest_message": {"entities": ["the customer's secret"]}}  # type: ignore[dict-item]  # it is to break
    call = {**CALL, "next_action": "action_delivery_options", "tracker": tracker}
    answer = server.client.post("/webhook", json=call)
    assert (answer.status_code, answer.json()) == (500, {"error": "failed"})
