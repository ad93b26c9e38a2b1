"""Many customers at once, over the API of several gateways, whichever of them lives.

A customer sends each message under one id until a gateway has acknowledged it, as the widget does.
What they then hold is what the log must hold: no more, no less, in this order.
"""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.noticed import opening

Json = dict[str, Any]
AGAIN = 0.2  # seconds before a gateway that failed is asked again
# A gateway that cannot be reached, ends in mid-answer, or says that it cannot work now.
TROUBLE = (httpx.HTTPError, ValueError)


@dataclass
class Customer:
    """One conversation, and what was acknowledged in it."""

    clients: Sequence[httpx.AsyncClient]
    chance: random.Random
    conversation: str = ""
    token: str = ""
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    streamed: list[int] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def path(self) -> str:
        return f"/api/conversations/{self.conversation}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def open(self) -> None:
        """Begin, wherever somebody answers."""
        opened = await self._post("/api/conversations", 201, opening("en"))
        self.conversation, self.token = opened["conversation"], opened["token"]
        self.opened.set()

    async def talk(self, texts: Sequence[str]) -> None:
        """Send all, some of them before the one before is answered."""
        await self.open()
        for text in texts:
            id_ = str(uuid.uuid4())
            await self._post(f"{self.path}/messages", 202, {"id": id_, "text": text}, self.headers)
            self.acknowledged.append((id_, text))
            await asyncio.sleep(self.chance.uniform(0, 6))  # a customer reads and types

    async def watch(self) -> None:
        """Follow the conversation until cancelled, on from the last number after each break."""
        await self.opened.wait()
        while True:
            client = self.chance.choice(self.clients)
            last = str(self.streamed[-1] if self.streamed else 0)
            try:
                async with client.stream(
                    "GET", f"{self.path}/events", headers={**self.headers, "Last-Event-ID": last}
                ) as response:
                    async for line in response.aiter_lines():
                        if line.startswith("id: "):
                            self.streamed.append(int(line[4:]))
            except TROUBLE:
                await asyncio.sleep(AGAIN)

    async def _post(
        self, path: str, wanted: int, body: Json, headers: dict[str, str] | None = None
    ) -> Json:
        while True:
            client = self.chance.choice(self.clients)
            try:
                answer = await client.post(path, json=body, headers=headers)
                if answer.status_code == wanted:
                    content: Json = json.loads(answer.content)
                    return content
                assert answer.status_code >= 429, (answer.status_code, answer.text)
            except TROUBLE:
                pass  # a process is down, on purpose: sent again until it is there
            await asyncio.sleep(AGAIN)
