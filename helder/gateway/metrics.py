"""Counters and gauges for Prometheus; no label ever holds anything about a person."""

from __future__ import annotations

import time

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

TURNS = Counter("helder_turns", "Turns asked of the assistant, by outcome", ["outcome"])
MESSAGES = Counter("helder_messages", "Messages received from customers")
OPENED = Counter("helder_conversations_opened", "Conversations opened")
REFUSED = Counter("helder_requests_refused", "Requests refused, by code", ["code"])
STREAMS = Gauge("helder_streams_open", "Event streams that are open now")
REQUESTS = Histogram("helder_request_seconds", "Seconds per request (streams apart)")
LOCKED = Gauge("helder_conversations_locked", "Conversations that were found damaged")
EXPIRED = Counter(
    "helder_conversations_expired", "Conversations destroyed when their time was over"
)


class Timing:
    """ASGI middleware that times requests; a stream lasts as long as somebody listens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Time the request."""
        began = time.perf_counter()
        await self._app(scope, receive, send)
        if scope["type"] == "http" and not scope["path"].endswith("/events"):
            REQUESTS.observe(time.perf_counter() - began)
