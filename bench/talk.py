"""Three ways to have a turn: stock Rasa's REST channel, Helder's Rasa, and as Helder's customer.

`lay` gets a message ready and is not timed; `turn` has the next one answered and gives the seconds
from the call to the answer. Nothing that is answered without a word counts as an answer.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import deque
from datetime import timedelta
from typing import Any, Protocol

import httpx

from bench.failure import BenchFailed
from bench.ours import Ours
from helder.brain.client import SECRET_HEADER
from helder.conversation.clock import iso, utc_now
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of

PATIENCE = 60.0  # seconds for one answer
LANGUAGE = "en"
TOKEN_LIFE = timedelta(hours=2)


class NotAnswered(BenchFailed):
    """A turn got no answer."""


class Talk(Protocol):
    """One conversation."""

    async def lay(self, text: str) -> None:
        """Get a message ready."""

    async def turn(self) -> float:
        """Have the next message answered; seconds."""

    async def aclose(self) -> None:
        """End it."""


class Line(Protocol):
    """A way to talk with one of the two systems."""

    name: str

    async def open(self) -> Talk:
        """Begin a conversation."""

    async def aclose(self) -> None:
        """Close all connections."""


def _client(port: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    timeout = httpx.Timeout(PATIENCE, pool=None)
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=timeout, limits=limits, trust_env=False
    )


class StockLine:
    """Stock Rasa's REST channel, which answers with what the assistant says."""

    name = "stock"

    def __init__(self, port: int) -> None:
        self.http = _client(port)

    async def open(self) -> Talk:
        """A new sender is a new conversation."""
        return StockTalk(self.http)

    async def aclose(self) -> None:
        """Close all connections."""
        await self.http.aclose()


class StockTalk:
    """A conversation with stock Rasa."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._sender = str(uuid.uuid4())
        self._ready: deque[str] = deque()

    async def lay(self, text: str) -> None:
        """Remember what to say."""
        self._ready.append(text)

    async def turn(self) -> float:
        """One call of the webhook."""
        body = {"sender": self._sender, "message": self._ready[0]}
        begun = time.perf_counter()
        response = await self._http.post("/webhooks/rest/webhook", json=body)
        elapsed = time.perf_counter() - begun
        if response.status_code != 200 or not response.json():
            raise NotAnswered(f"Stock Rasa has no answer to “{self._ready[0]}”.")
        self._ready.popleft()
        return elapsed

    async def aclose(self) -> None:
        """Nothing is open."""


class BrainLine:
    """Helder's Rasa, called as the gateway calls it: the message waits in the inbox."""

    name = "helder"

    def __init__(self, ours: Ours) -> None:
        settings = ours.settings
        self.http = _client(settings.rasa_port)
        self.http.headers[SECRET_HEADER] = ours.secret
        self.engine = connect(settings.database_url)
        keyring, self.anchor = keyring_of(settings), anchor_of(settings)
        self.log = ConversationLog(self.engine, keyring, anchor=self.anchor)
        self.inbox = Inbox(self.engine, keyring, self.anchor)

    async def open(self) -> Talk:
        """A conversation in the log."""
        return BrainTalk(self, self.log.open(LANGUAGE, TOKEN_LIFE).conversation)

    async def aclose(self) -> None:
        """Close all connections."""
        await self.http.aclose()
        self.engine.dispose()
        self.anchor.close()


class BrainTalk:
    """A conversation with Helder's Rasa process."""

    def __init__(self, line: BrainLine, conversation: ConversationId) -> None:
        self._line = line
        self._conversation = conversation
        self._ready: deque[Received] = deque()

    async def lay(self, text: str) -> None:
        """Put the message into the inbox, which the gateway does before it acknowledges."""
        received = Received(MessageId(str(uuid.uuid4())), text, iso(utc_now()))
        self._line.inbox.put(self._conversation, received)
        self._ready.append(received)

    async def turn(self) -> float:
        """One call of our channel, which answers when the turn is in the log."""
        received = self._ready[0]
        body = {
            "conversation": self._conversation,
            "message": received.id,
            "epoch": 0,
            "text": received.text,
            "payload": None,
        }
        begun = time.perf_counter()
        response = await self._line.http.post("/webhooks/helder/turn", json=body)
        elapsed = time.perf_counter() - begun
        if response.status_code != 200 or not response.json().get("said"):
            raise NotAnswered(f"Helder's Rasa has no answer to “{received.text}”.")
        self._ready.popleft()
        return elapsed

    async def aclose(self) -> None:
        """Nothing is open."""


class CustomerLine:
    """Helder's gateway, as the widget uses it: a message is posted, the answer is streamed."""

    name = "customer"

    def __init__(self, port: int) -> None:
        self.http = _client(port)

    async def open(self) -> Talk:
        """A conversation with its event stream open."""
        # As the widget, which has shown the notice before.
        shown = (await self.http.get("/api/notice", params={"language": LANGUAGE})).json()
        notice = {"version": shown["version"], "language": LANGUAGE}
        opening = {"language": LANGUAGE, "notice": notice}
        response = await self.http.post("/api/conversations", json=opening)
        if response.status_code != 201:
            raise NotAnswered(f"The gateway opens no conversation (HTTP {response.status_code}).")
        opened = response.json()
        return CustomerTalk(self.http, opened["conversation"], opened["token"])

    async def aclose(self) -> None:
        """Close all connections."""
        await self.http.aclose()


class CustomerTalk:
    """A customer's conversation with Helder."""

    def __init__(self, http: httpx.AsyncClient, conversation: str, token: str) -> None:
        self._http = http
        self._path = f"/api/conversations/{conversation}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._ready: deque[str] = deque()
        self._answers: asyncio.Queue[BaseException | None] = asyncio.Queue()
        self._following = asyncio.create_task(self._follow())

    async def lay(self, text: str) -> None:
        """Remember what to say."""
        self._ready.append(text)

    async def turn(self) -> float:
        """From sending the message to seeing the answer."""
        body = {"id": str(uuid.uuid4()), "text": self._ready[0]}
        begun = time.perf_counter()
        response = await self._http.post(self._path + "/messages", json=body, headers=self._headers)
        if response.status_code != 202:
            raise NotAnswered(f"The gateway takes no message (HTTP {response.status_code}).")
        try:
            problem = await asyncio.wait_for(self._answers.get(), PATIENCE)
        except asyncio.TimeoutError:
            raise NotAnswered(f"No answer to “{self._ready[0]}” reached the customer.") from None
        elapsed = time.perf_counter() - begun
        if problem is not None:
            raise NotAnswered("The event stream of a customer broke off.") from problem
        self._ready.popleft()
        return elapsed

    async def aclose(self) -> None:
        """Close the stream."""
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)

    async def _follow(self) -> None:
        timeout = httpx.Timeout(PATIENCE, read=None)
        try:
            async with self._http.stream(
                "GET", self._path + "/events", headers=self._headers, timeout=timeout
            ) as response:
                async for event, content in server_sent(response):
                    if event == "message" and content["author"] == "assistant":
                        self._answers.put_nowait(None)
            raise NotAnswered("The gateway ended the stream.")
        except (httpx.HTTPError, NotAnswered) as error:
            self._answers.put_nowait(error)


async def server_sent(response: httpx.Response) -> Any:
    """The events of a stream: their names and contents (WHATWG HTML §9.2, as far as we send it)."""
    event, data = "", ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            data = value
        elif not line and data:
            yield event, json.loads(data)
            event, data = "", ""
