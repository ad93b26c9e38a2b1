"""Every way in which somebody can tell us something, meant or not, allowed or not."""

from __future__ import annotations

import contextlib
import json
import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import httpx
import jwt

from helder import keyfiles
from helder.shop.identity import mint
from helder.shop.model import CustomerId
from helder.shop.seed import demo_orders, open_shop
from tests.desk.visitor import Visitor
from tests.forgetting.hunt import Hunt
from tests.staffed import somebodys_session

SECRET = "X-Helder-Secret"


def conversations(hunt: Hunt) -> None:
    """People talk: long and short, in both languages, about themselves."""
    scripts = [[hunt.words("message", 48) for _ in range(5)] for _ in range(8)]

    def talk(script: list[str]) -> None:
        with hunt.client() as client:
            conversation = hunt.open(client)
            for text in script:
                hunt.send(client, conversation, text=text)

    with ThreadPoolExecutor(8) as people:
        list(people.map(talk, scripts))
    hunt.settle()


def forms(hunt: Hunt) -> None:
    """Order proofs, right numbers with wrong answers; choices; messages left for a colleague."""
    orders = demo_orders(open_shop(hunt.settings.shop_url))
    with hunt.client() as client:
        for order in orders[:2]:
            conversation = hunt.open(client)
            for text in (
                f"annuleer mijn bestelling {order.number}",
                "ja",
                hunt.words("order proof", 1),
                hunt.words("order proof", 4),
                order.postcode,
                hunt.words("order proof", 4),
            ):
                _say(hunt, client, conversation, text)
        for _ in range(4):
            conversation = hunt.open(client)
            _say(hunt, client, conversation, "ik wil een mens spreken")
            _say(hunt, client, conversation, hunt.words("left message", 8))
            _say(hunt, client, conversation, hunt.words("contact", 2))
            _press(hunt, client, conversation)


def identities(hunt: Hunt) -> None:
    """Tokens that are forged, broken, too long, of somebody unknown; and one that is right."""
    customer = CustomerId(hunt.words("identity", 2))
    now = int(time.time())
    claims: dict[str, Any] = {
        "sub": hunt.words("identity", 1),
        "name": hunt.words("identity", 2),
        "email": hunt.words("identity", 1),
        "aud": "helder",
        "iat": now,
        "exp": now + 60,
        "jti": hunt.words("identity", 1),
    }
    secret = hunt.settings.identity_secret or ""
    tokens = [
        mint(customer, "helder", secret),
        jwt.encode(claims, secret, "HS256"),
        jwt.encode(claims, "another secret of at least 32 bytes!!", "HS256"),
        jwt.encode({**claims, "aud": hunt.words("identity", 1)}, secret, "HS256"),
        hunt.words("identity", 3),
        hunt.words("identity", 3) * 50,
        claims["name"] + "." + claims["email"] + ".x",
    ]
    with hunt.client() as client:
        for token in tokens:
            client.post("/api/conversations", json={"language": "en", "identity": token})


def bad_requests(hunt: Hunt) -> None:
    """Bodies, headers, addresses and queries that are wrong in every way."""
    with hunt.client() as client:
        conversation = hunt.open(client)
        for request in _wrong(hunt, client, conversation):
            # To be refused by closing the connection is right too; what counts is what is kept.
            with contextlib.suppress(httpx.HTTPError):
                client.send(request)
    for process in ("gateway", "desk", "rasa", "actions"):
        for raw in _malformed(hunt, process):
            _send_raw(getattr(hunt.settings, f"{process}_port"), raw)


def _wrong(hunt: Hunt, client: httpx.Client, conversation: str) -> Iterator[httpx.Request]:
    path = f"/api/conversations/{conversation}/messages"
    headers = {"Authorization": f"Bearer {hunt.conversations[conversation]}"}
    make = client.build_request
    for body in _bodies(hunt):
        yield make("POST", path, content=body, headers=headers)
    for name in ("Authorization", "X-Forwarded-For", "Accept-Language", "Cookie", "User-Agent"):
        yield make("GET", path, headers=[(name.encode(), hunt.words("header", 2).encode())])
    for name in ("Last-Event-ID", "Origin", "Referer", "Content-Type", SECRET):
        value = hunt.words("header", 2).encode()
        mine = [(key.encode(), each.encode()) for key, each in headers.items()]
        yield make("POST", path, content=b"{}", headers=[*mine, (name.encode(), value)])
    for text in (hunt.words("address", 2), hunt.words("address", 1)):
        for where in (f"/{quote(text)}", f"/api/conversations/{quote(text, safe='')}/messages"):
            yield make("GET", where, headers=headers)
            yield make(text.split()[0], where)
        yield make("GET", path, params={"after": text}, headers=headers)
        yield make("GET", "/api/notice", params={"language": text, text: text})
        yield make("GET", f"/api/conversations/{conversation}/events", params={"token": text})


def _bodies(hunt: Hunt) -> Iterator[bytes]:
    def told() -> str:
        return hunt.words("bad JSON")

    me = {"id": str(uuid.uuid4())}
    yield ("{" + told()).encode()
    yield json.dumps({**me, "text": told()})[:-2].encode()
    yield b"\xff\xfe" + told().encode("utf-16-le")
    yield b"[" * 12_000 + told().encode()
    yield (hunt.words("too large") * 200).encode()
    for content in (
        {**me, told(): "x"},
        {**me, "text": {"name": told()}},
        {"id": told(), "text": "x"},
        {**me, "choice": told()},
        [told()],
        {**me, "text": hunt.words("too large") * 20},
    ):
        yield json.dumps(content).encode()


def _malformed(hunt: Hunt, process: str) -> Iterator[bytes]:
    """What is no HTTP, or only nearly."""
    host = b"Host: 127.0.0.1\r\n"
    for end in (b"\r\n\r\n", b" HTTP/1.1\r\n\r\n", b" HTTP/9.9\r\n" + host + b"\r\n", b"\r\n\x00"):
        yield b"GET /" + hunt.words(f"no HTTP, {process}", 2).encode() + end
    secret = hunt.words(f"no HTTP, {process}", 2).encode()
    yield b"GET / HTTP/1.1\r\n" + host + secret + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + host + b"X-Name: " + secret + b"\x00\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + host + b"X-Name: " + secret * 3_000 + b"\r\n\r\n"
    begin = b"POST /webhook HTTP/1.1\r\n" + host
    yield begin + b"Content-Length: " + secret + b"\r\n\r\n" + secret
    yield begin + b"Transfer-Encoding: chunked\r\n\r\n" + secret + b"\r\n"
    yield begin + b"Content-Length: 100000\r\n\r\n" + secret
    yield begin + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n" + secret
    yield secret


def _send_raw(port: int, raw: bytes) -> None:
    with (
        contextlib.suppress(OSError),  # the server may close on nonsense
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
    ):
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            """Until it has said all."""


def rasa_itself(hunt: Hunt) -> None:
    """Rasa's channel and the action server, by somebody who knows the internal secret, or not."""
    secret = {SECRET: keyfiles.internal_secret(hunt.settings.keys)}
    with hunt.client() as client:
        conversation = hunt.open(client)
    turn = {"conversation": conversation, "message": str(uuid.uuid4()), "epoch": 0}
    calls: list[dict[str, Any]] = [
        {**turn, "text": hunt.words("Rasa"), "payload": None},
        {**turn, "text": hunt.words("Rasa"), "epoch": 7},
        {**turn, "text": hunt.words("Rasa"), "epoch": hunt.words("Rasa", 1)},
        {**turn, "text": hunt.words("Rasa"), "message": hunt.words("Rasa", 1)},
        {**turn, "text": hunt.words("Rasa"), "conversation": hunt.words("Rasa", 1)},
        {**turn, "text": "x", "payload": "/greet" + json.dumps({"name": hunt.words("Rasa")})},
        {**turn, "text": "x", "payload": f"/{hunt.words('Rasa', 1)}{{"},
        {"text": hunt.words("Rasa")},
        {**turn, "text": [hunt.words("Rasa")]},
        {**turn, "text": hunt.words("Rasa") * 2_000},
    ]
    with hunt.client("rasa") as rasa:
        for call in calls:
            for headers in (secret, {SECRET: hunt.words("Rasa", 1).encode("ascii", "replace")}):
                rasa.post("/webhooks/helder/turn", json=call, headers=headers)  # type: ignore[arg-type]  # passed on as it came
        rasa.post("/webhooks/helder/turn", content=hunt.words("Rasa").encode(), headers=secret)
        rasa.post("/webhooks/rest/webhook", json={"sender": "x", "message": hunt.words("Rasa")})
        rasa.get(f"/conversations/{quote(hunt.words('Rasa', 1), safe='')}/tracker")
        rasa.post("/model/parse", json={"text": hunt.words("Rasa")})
    _actions(hunt, secret, conversation)


def _actions(hunt: Hunt, secret: dict[str, str], conversation: str) -> None:
    tracker: dict[str, Any] = {
        "sender_id": conversation,
        "slots": {"language": "nl", "order_number": hunt.words("action", 1)},
        "latest_message": {"text": hunt.words("action"), "entities": []},
        "events": [{"event": "user", "text": hunt.words("action"), "timestamp": 1}],
        "paused": False,
        "latest_action_name": None,
        "active_loop": {},
    }
    call = {"sender_id": conversation, "tracker": tracker, "domain": {}, "version": "3.6"}
    with hunt.client("actions") as actions:
        names = (
            "action_order_status",
            "action_clarify",
            "validate_order_form",
            "action_unheard_of",
        )
        for name in names:
            actions.post("/webhook", json={**call, "next_action": name}, headers=secret)
            broken = {**tracker, "events": [{"event": hunt.words("action", 1)}], "slots": None}
            broken_call = {**call, "tracker": broken, "next_action": name}
            actions.post("/webhook", json=broken_call, headers=secret)
        actions.post("/webhook", content=hunt.words("action").encode(), headers=secret)
        actions.post("/webhook", json={"next_action": [hunt.words("action")]}, headers=secret)
        actions.get(f"/{quote(hunt.words('action', 1), safe='')}", headers=secret)


def desk(hunt: Hunt) -> None:
    """Sign-ins that fail, one that does not, and messages that are looked for and read."""
    with hunt.client("desk") as client:
        visitor = Visitor(client)
        for _ in range(3):
            visitor.try_password(
                hunt.words("desk", 2), hunt.words("desk", 2), hunt.words("desk", 1)
            )
        visitor.post("/sign-in", {"token": hunt.words("desk", 1), hunt.words("desk", 1): "x"})
        visitor.post("/sign-in", {"name": hunt.words("desk", 6) * 40})
        client.cookies.set("helder-desk", quote(hunt.words("desk", 1)))
        visitor.get("/")
        client.cookies.clear()
    with hunt.client("desk") as client:
        # Somebody else, who is signed in.
        visitor = Visitor(client)
        visitor.sign_in(somebodys_session(hunt.settings))
        visitor.get("/messages/find", params={"reference": hunt.words("desk", 1)})
        visitor.get(f"/messages/{quote(hunt.words('desk', 1), safe='')}")
        visitor.get("/", params={"language": hunt.words("desk", 1)})


def commands(hunt: Hunt) -> None:
    """What an operator runs beside it all."""
    typed = "\n".join([hunt.words("helder chat", 3), hunt.words("helder chat", 3), "/quit", ""])
    hunt.command("chat", typed=typed)
    for command in ("status", "settings", "log verify", "keys status", "keys verify"):
        hunt.command(*command.split())
    with hunt.client() as client:
        for path in ("/metrics", "/readyz", "/api/openapi.json", "/api/notice"):
            hunt.printed.append(client.get(path).text)
    hunt.settle()


def _say(hunt: Hunt, client: httpx.Client, conversation: str, text: str) -> None:
    hunt.send(client, conversation, text=text)
    hunt.settle()


def _press(hunt: Hunt, client: httpx.Client, conversation: str) -> None:
    choices = [c for m in hunt.read(client, conversation) for c in m["choices"]]
    if choices:
        path = f"/api/conversations/{conversation}/messages"
        body = {"id": str(uuid.uuid4()), "choice": choices[-1]["choice"]}
        client.post(path, json=body, headers=hunt._as(conversation))
        hunt.settle()
