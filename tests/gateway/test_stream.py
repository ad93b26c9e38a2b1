"""Event streams: as many as are allowed, counted for as long as somebody listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from helder.gateway.app import create_app
from helder.gateway.limits import STREAMS_PER_CONVERSATION
from tests.aio import run
from tests.databases import both as database  # noqa: F401 - a fixture
from tests.gateway.conftest import Front


def listener(front: Front, address: str, headers: dict[str, str]) -> Callable[..., Any]:
    """Listens to a stream until `gone` is set; tells the status through `answered`."""
    app = create_app(front.gateway)
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"{address}/events",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
    }

    async def listen(gone: asyncio.Event, answered: asyncio.Future[int] | None = None) -> None:
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and answered and not answered.done():
                answered.set_result(message["status"])

        await app(dict(scope), receive, send)  # type: ignore[arg-type]  # the test's scope is a plain dict

    return listen


def test_one_stream_too_many_is_refused_and_one_that_ends_makes_room(front: Front) -> None:
    address, headers = front.open()
    listen = listener(front, address, headers)

    async def scenario() -> tuple[list[int], int]:
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        answers = [loop.create_future() for _ in range(STREAMS_PER_CONVERSATION + 1)]
        streams = []
        for answered in answers:
            streams.append(asyncio.create_task(listen(gone, answered)))
            await answered
        gone.set()
        await asyncio.gather(*streams)
        last = loop.create_future()
        await listen(gone, last)
        return [answered.result() for answered in answers], last.result()

    statuses, after = run(scenario())
    assert statuses == [200] * STREAMS_PER_CONVERSATION + [429]
    assert after == 200


def test_a_listener_who_is_gone_before_the_first_byte_is_not_counted(front: Front) -> None:
    address, headers = front.open()
    listen = listener(front, address, headers)

    async def scenario() -> None:
        gone = asyncio.Event()
        gone.set()
        for _ in range(2 * STREAMS_PER_CONVERSATION):
            await listen(gone)

    run(scenario())
    assert not front.gateway.limits._streams
