"""A small real gateway for the browser tests: true HTTP and true streams, with faults on command.

It keeps the API of the customers' gateway in memory, and serves the widget's files under the same
content policy. Tests script it: `say`, `own`, `typing`, `drop_streams`, `fail`, `repeat`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from .own_data import OwnData

WIDGET = Path(__file__).parents[2] / "widget"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEARTBEAT = 15.0  # seconds
NOTICE = {
    "en": {
        "version": 1,
        "title": "Before you start",
        "text": "You are talking to Helder, an AI assistant. It can look up orders, returns and "
        "opening hours, and it can make mistakes.\nWe keep what you write for 30 minutes after "
        "your last message, unless you ask us to keep it longer.\n"
        "You can ask for a person at any moment.",
        "links": [{"title": "How we use your data", "href": "/privacy?lang=en"}],
    },
    "nl": {
        "version": 1,
        "title": "Voordat je begint",
        "text": "Je praat met Helder, een AI-assistent. Die kan bestellingen, retouren en "
        "openingstijden opzoeken, en kan fouten maken.\nWat je schrijft bewaren we tot 30 minuten "
        "na je laatste bericht, tenzij je ons vraagt het langer te bewaren.\n"
        "Je kunt altijd om een medewerker vragen.",
        "links": [{"title": "Zo gebruiken we je gegevens", "href": "/privacy?lang=nl"}],
    },
}
LOCKED = "This conversation was damaged, so it is locked."
AFTER_DAMAGE = {
    "en": {
        "text": "Your last conversation was damaged, so it is locked. We can read nothing from it, "
        "so I do not know what you said in it. Tell me again what I can do for you, or leave a "
        "message for a colleague right away.",
        "choice": "Leave a message for a colleague",
    },
    "nl": {
        "text": "Je vorige gesprek is beschadigd en zit daarom op slot. Wij kunnen er niets meer "
        "uit lezen, dus ik weet niet wat je daarin hebt gezegd. Vertel me opnieuw wat ik "
        "voor je kan doen, of laat meteen een bericht achter voor een collega.",
        "choice": "Bericht achterlaten voor een collega",
    },
}
_ORDERS = (
    ("KD-20418", "3512 JE", "On its way", "Onderweg"),
    ("KD-20377", "9711 LX", "Delivered", "Bezorgd"),
    ("KD-20455", "1016 GV", "Being packed", "Wordt ingepakt"),
    ("KD-20391", "SW4 7AA", "Return received", "Retour ontvangen"),
)
ORDERS = [dict(zip(("order", "postcode", "state_en", "state_nl"), o, strict=True)) for o in _ORDERS]
HOST = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="/icon.svg">
<script type="module" src="/widget/widget.js"></script></head>
<body><main><h1>A page</h1><p><label>Search <input id="search"></label></p>
<p><a href="/host?language={language}&page=2">Another page</a></p></main>
<helder-chat name="Kade" {attributes}></helder-chat></body></html>"""


@dataclass
class Fault:
    """What a path answers instead: a status with headers, or silence until `released` is set."""

    status: int
    times: int
    retry_after: int | None = None
    message: str = "It went wrong."
    held: threading.Event | None = None


@dataclass
class Conversation:
    """One conversation as the log has it."""

    token: str
    identity: str | None
    language: str
    owner: str = "assistant"
    messages: list[dict[str, Any]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    own: OwnData = field(default_factory=OwnData)
    streams: set[asyncio.Queue[bytes | None]] = field(default_factory=set)

    def after(self, seq: int) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["seq"] > seq]


class FakeGateway:
    """The server and its remote control. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.reset()

    def reset(self) -> None:
        """Forgets everything that was said and planned."""
        if self._loop:
            self.drop_streams()
            for held in self._held:
                held.set()
        self.conversations: dict[str, Conversation] = {}
        self.posts: list[dict[str, Any]] = []
        self.typed = 0  # how often the customer was said to type
        self.rated: list[dict[str, Any]] = []
        self.begun: list[dict[str, Any]] = []
        self.waits = False  # what is sent is kept, and not yet in the conversation
        self.masked: dict[str, str] = {}  # what is sent, and how it is kept instead
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.answers: list[dict[str, Any]] = []
        self.refuse: set[str] = set()
        self._held: list[threading.Event] = []
        self._numbers = itertools.count(1)
        self._seq = itertools.count(1)
        self.clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)

    # Remote control

    @property
    def conversation(self) -> Conversation:
        """The newest conversation."""
        return next(reversed(self.conversations.values()))

    def say(
        self,
        text: str,
        author: str = "assistant",
        name: str = "Helder",
        choices: tuple[str, ...] = (),
        minutes_ago: float = 0,
        to: Conversation | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Appends a message to a conversation (the newest) and sends it to who listens."""
        conversation = to or self.conversation
        offered = [{"choice": f"opaque-{title}", "title": title} for title in choices]
        message = {
            "seq": next(self._seq),
            "author": author,
            "name": name,
            "text": text,
            "choices": offered,
            "time": (self.clock() - timedelta(minutes=minutes_ago)).isoformat(),
            **more,
        }
        conversation.messages.append(message)
        self._send(_event("message", message, message["seq"]), conversation)
        return message

    def repeat(self, message: dict[str, Any]) -> None:
        """Sends a message again that was already sent."""
        self._send(_event("message", message, message["seq"]))

    def own(self, owner: str) -> None:
        self.conversation.owner = owner
        self._send(_event("owner", {"owner": owner}))

    def wait(self, ahead: int, wait: str | tuple[int, int]) -> None:
        """Where the customer stands: a reason why the wait is unknown, or its minutes."""
        told = wait if isinstance(wait, str) else dict(zip(("low", "high"), wait, strict=True))
        self._send(_event("waiting", {"ahead": ahead, "wait": told}))

    def typing(self, author: str = "assistant", typing: bool = True) -> None:
        self._send(_event("typing", {"author": author, "typing": typing}))

    def posted(self, count: int) -> list[dict[str, Any]]:
        """Everything that was sent, once it is so much: a bubble is seen before it is sent."""
        self._until(lambda: len(self.posts) >= count, f"fewer than {count} messages were sent")
        return self.posts

    def answered(self, count: int) -> list[dict[str, Any]]:
        """How it was, once so many said so."""
        self._until(lambda: len(self.rated) >= count, f"fewer than {count} said how it was")
        return self.rated

    def wait_for_stream(self) -> None:
        """Returns when somebody follows the newest conversation."""
        self._until(
            lambda: bool(self.conversations and self.conversation.streams),
            "nobody opened the event stream",
        )

    def _until(self, holds: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < deadline, complaint
            self._thread.join(0.01)

    def drop_streams(self) -> None:
        """Ends every open stream, as a proxy or a restart does."""
        for conversation in self.conversations.values():
            self._send(None, conversation)

    def fail(self, path: str, status: int, times: int = 1, **more: Any) -> Fault:
        """The next `times` requests to notice, begin, post, messages or events get this status."""
        fault = Fault(status, times, **more)
        self.faults[path].append(fault)
        return fault

    def damage(self) -> None:
        """Every conversation so far is found damaged, and locked."""
        for path in ("messages", "events", "post"):
            self.fail(path, 423, times=1000, message=LOCKED)
        self.drop_streams()

    def repair(self) -> None:
        """What is begun from now on is whole."""
        self.waits = False
        self.faults.clear()

    def answer(self, text: str, **more: Any) -> None:
        """What the assistant says to the customer's next message."""
        self.answers.append({"text": text, **more})

    def _send(self, data: bytes | None, conversation: Conversation | None = None) -> None:
        streams = (conversation or self.conversation).streams
        assert self._loop
        for stream in list(streams):
            self._loop.call_soon_threadsafe(stream.put_nowait, data)

    # Server

    def start(self) -> None:
        """Listens on a free port of the loopback; returns when it does."""
        config = uvicorn.Config(
            self._app(),
            host="127.0.0.1",
            port=0,
            log_level="error",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        ready = threading.Event()

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            ready.set()
            assert self._server
            await self._server.serve()

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self._thread.start()
        ready.wait(10)
        deadline = time.monotonic() + 10
        while not self._server.started and time.monotonic() < deadline:
            self._thread.join(0.01)
        socket = self._server.servers[0].sockets[0]
        self.url = f"http://127.0.0.1:{socket.getsockname()[1]}"

    def stop(self) -> None:
        assert self._server
        self.drop_streams()
        self._server.should_exit = True
        self._thread.join(5)

    def _app(self) -> Starlette:
        api = "/api/conversations/{id}"
        app = Starlette(
            routes=[
                Route("/", self._file("demo.html")),
                Route("/host", self._host),
                Route("/icon.svg", _icon),
                Route("/demo/orders", self._orders),
                Route("/api/notice", self._notice),
                Route("/api/conversations", self._begin, methods=["POST"]),
                Route(f"{api}/messages", self._post, methods=["POST"]),
                Route(f"{api}/messages", self._list),
                Route(f"{api}/events", self._events),
                Route(f"{api}/typing", self._typing, methods=["POST"]),
                Route(f"{api}/rating", self._rating, methods=["POST"]),
                Route(f"{api}/notices", self._tell, methods=["POST"]),
                Route(f"{api}/{{what:str}}", self._own_data, methods=["GET", "POST"]),
                Route(api, self._erase, methods=["DELETE"]),
                Mount("/widget", StaticFiles(directory=WIDGET)),
            ]
        )  # fmt: skip

        async def with_policy(scope: Any, receive: Any, send: Any) -> None:
            async def policed(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message["headers"].append((b"content-security-policy", CSP.encode()))
                await send(message)

            await app(scope, receive, policed)

        return with_policy  # type: ignore[return-value]  # an ASGI application, which Starlette types more narrowly

    @staticmethod
    def _file(name: str) -> Callable[[Request], Response]:
        return lambda _: FileResponse(WIDGET / name)

    async def _host(self, request: Request) -> Response:
        query = request.query_params
        return HTMLResponse(
            HOST.format(
                language=query.get("language", "en"), attributes=query.get("attributes", "")
            )
        )

    async def _orders(self, _: Request) -> Response:
        return await self._fault("orders") or JSONResponse(ORDERS)

    async def _notice(self, request: Request) -> Response:
        return await self._fault("notice") or JSONResponse(NOTICE[request.query_params["language"]])

    async def _begin(self, request: Request) -> Response:
        if fault := await self._fault("begin"):
            return fault
        body = await request.json()
        number = next(self._numbers)
        made = Conversation(f"token-{number}", body.get("identity"), body["language"])
        self.conversations[f"conversation-{number}"] = made
        self.begun.append(body)
        if body.get("after") == "damaged":
            told = AFTER_DAMAGE[made.language]
            self.say(told["text"], "system", "", (told["choice"],), to=made)
        return JSONResponse(
            {
                "conversation": f"conversation-{number}",
                "token": made.token,
                "language": made.language,
            },
            201,
        )

    async def _tell(self, request: Request) -> Response:
        conversation = self._authorised(request)
        if conversation is None:
            return _error(401, "Not found.")
        language = (await request.json())["language"]
        told = {"version": NOTICE[language]["version"], "language": language}
        if all(message.get("notice") != told for message in conversation.messages):
            text = f"{NOTICE[language]['title']}\n\n{NOTICE[language]['text']}"
            self.say(text, "system", "", to=conversation, notice=told, language=language)
        return JSONResponse(told)

    async def _post(self, request: Request) -> Response:
        body = await request.json()
        self.posts.append(body)
        conversation = self._authorised(request)
        if fault := await self._fault("post"):
            return fault
        if conversation is None:
            return _error(404, "Not found.")
        if body["id"] not in conversation.ids and not self.waits:
            conversation.ids.add(body["id"])
            choice = str(body.get("choice", "")).removeprefix("opaque-")
            wish = {"en": "I want to talk to a person", "nl": "Ik wil een medewerker spreken"}
            text = wish[conversation.language] if body.get("person") else body.get("text", choice)
            kept = self.masked.get(text, text)
            self.say(kept, "customer", "", to=conversation, id=body["id"])
            if self.answers:
                self.say(**self.answers.pop(0), to=conversation)
        return JSONResponse({}, 202)

    async def _typing(self, request: Request) -> Response:
        self.typed += 1
        return Response(status_code=204 if self._authorised(request) else 401)

    async def _rating(self, request: Request) -> Response:
        if fault := await self._fault("rating"):
            return fault
        if self._authorised(request) is None:
            return _error(401, "This conversation is not open to you.")
        self.rated.append(await request.json())
        return Response(status_code=204)

    async def _list(self, request: Request) -> Response:
        if fault := await self._fault("messages"):
            return fault
        conversation = self._authorised(request)
        if conversation is None:
            return _error(404, "Not found.")
        after = int(request.query_params.get("after", 0))
        return JSONResponse({"owner": conversation.owner, "messages": conversation.after(after)})

    async def _events(self, request: Request) -> Response:
        if fault := await self._fault("events"):
            return fault
        conversation = self._authorised(request)
        if conversation is None:
            return _error(401, "Not found.")
        after = int(request.query_params.get("after", 0))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            _follow(conversation, after), media_type="text/event-stream", headers=headers
        )

    async def _own_data(self, request: Request) -> Response:
        conversation, what = self._authorised(request), request.path_params["what"]
        if fault := await self._fault(what):
            return fault
        if conversation is None:
            return _error(401, "This conversation is not open to you.")
        if request.method == "GET":
            language = request.query_params.get("language", "en")
            return JSONResponse(conversation.own.told(what, language, len(conversation.messages)))
        body = await request.json()
        self.posts.append(body)
        conversation.own.chosen(body, self.clock().isoformat())
        if what == "opt-out":
            self.own("waiting" if body["opted_out"] else "assistant")
        return JSONResponse({})

    async def _erase(self, request: Request) -> Response:
        if fault := await self._fault("erase"):
            return fault
        if self._authorised(request) is None:
            return _error(401, "This conversation is not open to you.")
        del self.conversations[request.path_params["id"]]
        return Response(status_code=204)

    def _authorised(self, request: Request) -> Conversation | None:
        conversation = self.conversations.get(request.path_params["id"])
        right = (
            conversation and request.headers.get("authorization") == f"Bearer {conversation.token}"
        )
        return conversation if right else None

    async def _fault(self, path: str) -> Response | None:
        if not self.faults[path]:
            return None
        fault = self.faults[path][0]
        fault.times -= 1
        if fault.times <= 0:
            self.faults[path].pop(0)
        if fault.held:
            self._held.append(fault.held)
            await asyncio.get_running_loop().run_in_executor(None, fault.held.wait, 20)
        if fault.status == HTTPStatus.OK:
            return None
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        return _error(fault.status, fault.message, headers)


def _icon(_: Request) -> Response:
    return Response("<svg xmlns='http://www.w3.org/2000/svg'/>", media_type="image/svg+xml")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": f"e{status}", "message": message}}, status, headers)


def _event(event: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    number = f"id: {seq}\n" if seq else ""
    return f"event: {event}\n{number}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


async def _follow(conversation: Conversation, after: int) -> AsyncIterator[bytes]:
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    conversation.streams.add(queue)
    try:
        yield _event("owner", {"owner": conversation.owner})
        for message in conversation.after(after):
            yield _event("message", message, message["seq"])
        while True:
            try:
                data = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except asyncio.TimeoutError:
                data = b": still here\n\n"
            if data is None:
                return
            yield data
    finally:
        conversation.streams.discard(queue)
