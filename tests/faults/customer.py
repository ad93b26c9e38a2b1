"""A customer who repeats what was not acknowledged, as the widget does, and what they must see."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.noticed import opening

Json = dict[str, Any]
# A client that is told to come back does so; so often at most within one outage.
MOST_TRIES = 300
# After so many tries a customer waits a little before each.
QUICK_TRIES, BREATH = 20, 0.05
# If nobody answers at all, it looks again after so many seconds, and for longer.
LOOK_SECONDS = 0.005
MOST_LOOKS = 5_000
# Stands for a reference in what is expected: it is another one each time.
REFERENCE = "<reference>"


@dataclass
class Said:
    """What one side said: author, text, and the client's id if the customer said it."""

    author: str
    text: str
    id: str | None = None


@dataclass
class Customer:
    """One customer in one conversation, over the API.

    `transcript` is what must be in the log when all is well again: nothing else, and in this order
    (except what the system says about the outage itself).
    """

    http: httpx.AsyncClient
    refusals: list[int] = field(default_factory=list)
    transcript: list[Said] = field(default_factory=list)
    openings: int = 0
    conversation: str = ""
    token: str = ""

    async def open(self) -> None:
        """Open a conversation, again and again until there is one."""
        for _ in range(MOST_TRIES):
            self.openings += 1
            answer = await self._answered("POST", "/api/conversations", json=opening("en"))
            if self._done(answer, 201):
                opened = answer.json()
                self.conversation, self.token = opened["conversation"], opened["token"]
                return
        raise AssertionError("no conversation could be opened")

    async def say(self, text: str, *answers: str, message: str = "") -> None:
        """Send a text under one id until it is acknowledged; `answers` must follow it."""
        await self._send(text, answers, message=message, text=text)

    async def choose(self, title: str, *answers: str) -> None:
        """Press the newest button with this title."""
        messages = await self.read()
        choices = [c for m in reversed(messages) for c in m["choices"] if c["title"] == title]
        await self._send(title, answers, choice=choices[0]["choice"])

    async def post(self, message: Json) -> httpx.Response:
        """Send it as it is, once."""
        address = f"{self._address}/messages"
        return await self._answered("POST", address, json=message, headers=self._headers)

    async def _answered(self, method: str, address: str, **request: Any) -> httpx.Response:
        """The answer, once somebody lives who gives one: whoever dies has not acknowledged."""
        for _ in range(MOST_LOOKS):
            try:
                return await self.http.request(method, address, **request)
            except httpx.TransportError:
                self.openings += address.endswith("/conversations")
                await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError("nobody answers")

    async def read(self, after: int = 0) -> list[Json]:
        """What the gateway shows."""
        for tried in range(MOST_TRIES):
            await _breath(tried)
            address, cursor = f"{self._address}/messages", {"after": after}
            answer = await self._answered("GET", address, params=cursor, headers=self._headers)
            if self._done(answer, 200):
                messages: list[Json] = answer.json()["messages"]
                return messages
        raise AssertionError("nothing could be read")

    async def _send(
        self, shown: str, answers: Sequence[str], message: str = "", **body: str
    ) -> None:
        message = message or str(uuid.uuid4())
        self.transcript.append(Said("customer", shown, message))
        self.transcript += [Said("assistant", answer) for answer in answers]
        for tried in range(MOST_TRIES):
            await _breath(tried)
            if self._done(await self.post({"id": message, **body}), 202):
                return
        raise AssertionError("the message was never acknowledged")

    @property
    def _address(self) -> str:
        return f"/api/conversations/{self.conversation}"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _done(self, answer: httpx.Response, expected: int) -> bool:
        if answer.status_code == expected:
            return True
        self.refusals.append(answer.status_code)
        # Come back later; never "there is no such conversation", nor "it is damaged".
        assert answer.status_code == 503, (answer.status_code, answer.text)
        assert "Retry-After" in answer.headers
        return False


async def _breath(tried: int) -> None:
    # A refusal comes at once: without a pause a second of outage would use up all tries.
    if tried >= QUICK_TRIES:
        await asyncio.sleep(BREATH)
