"""The gateway and Rasa in one process: both real, each with its own connections, keys and anchor.

Rasa is reached through the channel's own turn, by the gateway's own client, over a transport that
opens no socket.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rasa.core.agent import Agent

from helder.brain import channel
from helder.brain.client import BrainClient
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.clock import Clock, utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.gateway.app import create_app
from helder.gateway.state import Gateway, build
from helder.installation import anchor_of, keyring_of
from helder.settings import Settings
from helder.texts import Texts
from tests.faults.injector import Injector, watch
from tests.faults.scenes import CANARY

SWEEP_SECONDS = 0.002
# So many looks at most until everything has been answered, SWEEP_SECONDS apart.
MOST_LOOKS = 10_000
MEMORY = Path("/dev/shm")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: many commits, each of them waiting for the disk."""
    made = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None, prefix="faults."))
    try:
        yield made
    finally:
        shutil.rmtree(made)


@dataclass
class House:
    """What a test of faults works with.

    With `poison` the canary breaks an action; Rasa is `down` for so many calls.
    """

    settings: Settings
    gateway: Gateway
    agent: Agent
    injector: Injector
    rasa_log: ConversationLog
    http: httpx.AsyncClient = field(init=False)
    poison: bool = False
    down: int = 0
    # Called once, when Rasa is asked next: the message has been acknowledged then.
    when_asked: Callable[[], None] | None = None

    def waiting(self) -> list[ConversationId]:
        """The conversations with a message that waits; not a point of the turn."""
        with self.injector.quiet():
            return self._waiting()

    def __post_init__(self) -> None:
        self._waiting = self.gateway.inbox.waiting
        self.gateway.inbox.waiting = self.waiting  # type: ignore[method-assign]  # the test's own in its place

    async def settled(self) -> None:
        """Everything that was received is dealt with."""
        for _ in range(MOST_LOOKS):
            busy = bool(self.gateway.turns._tasks)
            if not busy and not await asyncio.to_thread(self.waiting):
                return
            await asyncio.sleep(SWEEP_SECONDS)
        raise AssertionError(f"Still waiting: {self.waiting()}, {self.gateway.turns._tasks}")

    @property
    def texts(self) -> Texts:
        """What the system says."""
        return self.gateway.texts

    @property
    def log(self) -> ConversationLog:
        """The gateway's."""
        return self.gateway.log

    def forget_connections(self) -> None:
        """The next statement of either process opens a new connection."""
        for log in (self.gateway.log, self.rasa_log):
            log.engine.dispose()

    async def rasa(self, request: httpx.Request) -> httpx.Response:
        """What Rasa answers to the gateway."""
        body = json.loads(request.content)
        happens, self.when_asked = self.when_asked, None
        if happens is not None:
            happens()
        if self.down:
            self.down -= 1
            return httpx.Response(503, json={"error": "actions"})
        if self.poison and body["text"] == CANARY:
            return httpx.Response(502, json={"error": "action"})
        answer = await channel._run(body, self.agent.handle_message)
        return httpx.Response(answer.status, content=answer.body)


def build_house(settings: Settings, agent: Agent, clock: Clock = utc_now) -> House:
    """The two processes, on the database of these settings."""
    injector = Injector()
    gateway = build(settings, clock)
    log = ConversationLog(
        connect(settings.database_url), keyring_of(settings), clock, anchor_of(settings)
    )
    watch(injector, "gateway", gateway.log)
    watch(injector, "rasa", log)
    store = agent.tracker_store
    assert isinstance(store, EncryptedTrackerStore)
    assert agent.processor.tracker_store is store
    store.log = log
    return House(settings, gateway, agent, injector, log)


@asynccontextmanager
async def living(house: House, sweep_seconds: float = SWEEP_SECONDS) -> AsyncIterator[House]:
    """The house at work: what is left behind is taken up by the gateway's own sweep."""
    gateway = house.gateway
    transport = httpx.ASGITransport(create_app(gateway), raise_app_exceptions=False)
    gateway.brain = BrainClient("http://rasa", "", 5)
    await gateway.brain._http.aclose()
    gateway.brain._http = httpx.AsyncClient(
        transport=httpx.MockTransport(house.rasa), base_url="http://rasa"
    )
    gateway.turns._brain = gateway.brain
    sweep = asyncio.create_task(gateway.turns.sweep(sweep_seconds))
    async with httpx.AsyncClient(transport=transport, base_url="http://helder") as http:
        house.http = http
        try:
            yield house
        finally:
            sweep.cancel()
            await gateway.turns.stop()
            await gateway.brain.aclose()
            for log in (gateway.log, house.rasa_log):
                log.engine.dispose()
