"""Rasa's own HTTP server, with its API, in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from rasa import server
from rasa.core.agent import Agent
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic
from sanic.touchup import TouchUp

from tests.running import free_ports


@dataclass
class RasaHttp:
    """The server, and a client of it."""

    app: Sanic
    client: httpx.Client

    @property
    def agent(self) -> Agent:
        """The agent that it serves now."""
        return self.app.ctx.agent

    def call(self, method: str, path: str, json: Any = None, **params: str) -> httpx.Response:
        return self.client.request(method, path, json=json, params=params)


@contextmanager
def serving(agent: Agent, endpoints: AvailableEndpoints | None = None) -> Iterator[RasaHttp]:
    """`rasa run --enable-api`, with an agent that is loaded already."""
    with pytest.MonkeyPatch.context() as patch:
        _let_several_run(patch)
        app = server.create_app(agent, endpoints=endpoints)
        with _running(app) as address, _client(address) as client:
            yield RasaHttp(app, client)


def _let_several_run(patch: pytest.MonkeyPatch) -> None:
    """Of one name; and at a start Sanic rewrites its own methods, which it can do only once."""
    patch.setattr(Sanic, "test_mode", True)
    for owner, name in TouchUp._registry:
        patch.setattr(owner, name, getattr(owner, name))
        if getattr(owner, "__touched__", False):
            patch.setattr(TouchUp, "run", lambda _app: None)
        patch.setattr(owner, "__touched__", False, raising=False)


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=30, trust_env=False)


@contextmanager
def _running(app: Sanic) -> Iterator[str]:
    (port,) = free_ports(1)
    loop = asyncio.new_event_loop()
    started, ended = threading.Event(), asyncio.Event()

    async def serve() -> None:
        running = await app.create_server(
            "127.0.0.1", port, return_asyncio_server=True, access_log=False
        )
        await running.startup()
        started.set()
        await ended.wait()
        running.close()
        await running.wait_closed()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()], daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
