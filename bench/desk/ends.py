"""The two ends of a conversation: each writes, and follows what the other writes."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.failure import BenchFailed
from bench.talk import server_sent

PATIENCE = 90.0  # seconds: a process that was killed must be there again by then
_PAUSE = 0.2
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_ACCEPTED = (200, 201, 202)
# Not yet, or not now: what anybody would try again.
_AGAIN = (409, 429, 500, 502, 503, 504)


@dataclass
class Seen:
    """Messages as they came to one end: number, text, and when (`time.perf_counter`)."""

    all: list[tuple[int, str, float]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, number: int, text: str) -> None:
        """One came."""
        self.all.append((number, text, time.perf_counter()))
        self.came.set()

    async def when(self, text: str) -> float:
        """When a message came; waits for it. Raises BenchFailed: it does not come."""
        end = time.monotonic() + PATIENCE
        while True:
            found = next((at for _, said, at in self.all if said == text), None)
            if found is not None:
                return found
            self.came.clear()
            try:
                await asyncio.wait_for(self.came.wait(), max(end - time.monotonic(), 0.01))
            except asyncio.TimeoutError:
                raise BenchFailed(f"“{text}” never arrived.") from None


class End:
    """Follows one conversation, and comes back by itself for what it missed."""

    def __init__(self, http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
        self._http = http
        self._path = path
        self._headers = headers
        self.seen = Seen()
        self.back = asyncio.Event()  # set when a stream has been accepted
        self.asked = 0.0  # when that stream was asked for
        self._following: asyncio.Task[None] | None = None

    def follow(self) -> None:
        """Open the stream."""
        self.back.clear()
        self._following = asyncio.create_task(self._follow())

    async def cut(self) -> None:
        """The network is gone: nothing more comes."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
            self._following = None

    async def _follow(self) -> None:
        while True:
            last = self.seen.all[-1][0] if self.seen.all else 0
            headers = {**self._headers, "Last-Event-ID": str(last)}
            timeout = httpx.Timeout(10, read=None)
            with contextlib.suppress(httpx.HTTPError):  # a process was killed: it is asked again
                self.asked = time.perf_counter()
                async with self._http.stream(
                    "GET", self._path, headers=headers, timeout=timeout
                ) as answer:
                    if answer.status_code == 200:
                        self.back.set()
                        async for event, content in server_sent(answer):
                            if event == "message":
                                number = content.get("seq", content.get("number"))
                                self.seen.note(number, content["text"])
            await asyncio.sleep(_PAUSE)


async def sent(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    accepted: tuple[int, ...] = _ACCEPTED,
    **more: Any,
) -> httpx.Response:
    """Sent until it is accepted, as the widget and the desk do: the same id, so once.

    Raises:
        BenchFailed: it is refused, or nobody takes it.
    """
    end, said = time.monotonic() + PATIENCE, "nobody answers"
    while time.monotonic() < end:
        try:
            answer = await http.request(method, path, **more)
        except httpx.HTTPError as error:  # a process was killed, as is to be measured
            said = type(error).__name__
        else:
            if answer.status_code in accepted:
                return answer
            said = f"HTTP {answer.status_code}: {answer.text[:80]}"
            if answer.status_code not in _AGAIN:
                break
        await asyncio.sleep(_PAUSE)
    raise BenchFailed(f"{path} was not accepted ({said}).")


class Customer(End):
    """Writes over the API, as the widget."""

    @classmethod
    async def open(cls, http: httpx.AsyncClient) -> Customer:
        """Somebody new, who was shown the notice."""
        shown = (await sent(http, "GET", "/api/notice", params={"language": "en"})).json()
        notice = {"version": shown["version"], "language": "en"}
        opening = {"language": "en", "notice": notice}
        opened = (await sent(http, "POST", "/api/conversations", json=opening)).json()
        return cls(http, opened["conversation"], opened["token"])

    def __init__(self, http: httpx.AsyncClient, conversation: str, token: str) -> None:
        self.id = conversation
        self._messages = f"/api/conversations/{conversation}/messages"
        headers = {"Authorization": f"Bearer {token}"}
        super().__init__(http, f"/api/conversations/{conversation}/events", headers)

    async def ask(self) -> None:
        """Press the button for a person."""
        await self._send(person=True)

    async def write(self, text: str, times: int = 1) -> None:
        """Say something; `times`: so often the same message is sent, as after a lost answer."""
        await self._send(times, text=text)

    async def _send(self, times: int = 1, **body: object) -> None:
        message = {"id": str(uuid.uuid4()), **body}
        for _ in range(times):
            await sent(self._http, "POST", self._messages, json=message, headers=self._headers)


class Colleague:
    """An employee at the desk, who takes the next as soon as they can."""

    def __init__(self, http: httpx.AsyncClient, session: str) -> None:
        self.http = http
        self.headers = {
            "Origin": str(http.base_url).rstrip("/"),
            "Accept": "application/json",
            "Cookie": f"helder-desk={session}",
        }
        self.mine: set[str] = set()  # the conversations that they have
        self._token = ""
        self._working: asyncio.Task[None] | None = None

    async def come(self) -> None:
        """Open the desk, and stay."""
        page = await sent(self.http, "GET", "/account", headers=self.headers)
        found = _TOKEN.search(page.text)
        if found is None:
            raise BenchFailed(f"Nobody is signed in (HTTP {page.status_code}).")
        self._token = found[1]
        await self.do("/queue/available", available="yes")
        self._working = asyncio.create_task(self._work())

    async def leave(self) -> None:
        """Close the desk."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def do(self, path: str, *, over: bool = False, **fields: str) -> None:
        """Send a form of the page's script; `over`: a conversation that is over is fine."""
        data = {**fields, "token": self._token}
        accepted = (*_ACCEPTED, 409) if over else _ACCEPTED
        await sent(self.http, "POST", path, accepted, data=data, headers=self.headers)

    async def _work(self) -> None:
        timeout = httpx.Timeout(10, read=None)
        while True:
            with contextlib.suppress(httpx.HTTPError):  # a process was killed: it comes back
                async with self.http.stream(
                    "GET", "/queue/live", headers=self.headers, timeout=timeout
                ) as answer:
                    async for event, content in server_sent(answer):
                        if event == "lists":
                            await self._see(content)
            await asyncio.sleep(_PAUSE)

    async def _see(self, lists: dict[str, Any]) -> None:
        self.mine = {each["conversation"] for each in lists["mine"]}
        if lists["next"]:  # somebody else may be quicker: then the lists say so
            data = {"token": self._token}
            await self.http.post("/queue/next", data=data, headers=self.headers)


class Held(End):
    """A conversation that a colleague has."""

    def __init__(self, colleague: Colleague, conversation: str) -> None:
        self.id = conversation
        self._colleague = colleague
        path = f"/conversations/{conversation}"
        self._at = path
        super().__init__(colleague.http, f"{path}/live", colleague.headers)

    async def write(self, text: str, times: int = 1) -> None:
        """Reply; see Customer.write."""
        message = str(uuid.uuid4())
        for _ in range(times):
            await self._colleague.do(f"{self._at}/say", text=text, id=message)

    async def close(self) -> None:
        """It is done; that it is so already means that only the answer was lost."""
        await self._colleague.do(f"{self._at}/close", over=True)
