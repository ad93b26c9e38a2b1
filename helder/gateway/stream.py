"""The event stream (server-sent events, WHATWG HTML §9.2): what is in the log, as it comes in.

`message` has the message's number as its id, so a client that comes back with `Last-Event-ID` gets
exactly what it missed. `owner`, `waiting` and `typing` have no id: they are about now.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from helder.conversation.entries import ConversationId, Owner
from helder.conversation.errors import Tampered, UnknownConversation
from helder.gateway import intake
from helder.gateway.api import address_of, admitted, as_json, gateway_of, owner_of
from helder.gateway.metrics import STREAMS
from helder.gateway.state import Gateway
from helder.handoff.activity import TYPING_SECONDS

HEARTBEAT_SECONDS = 15.0


async def events(request: Request) -> StreamingResponse:
    """Follow a conversation from message number N on."""
    gateway, conversation = gateway_of(request), await admitted(request)
    missed = request.headers.get("last-event-id") or request.query_params.get("after")
    after = intake.count(missed)
    counted = gateway.limits.stream(conversation, address_of(request))
    token = request.headers["authorization"].partition(" ")[2].strip()
    return _Stream(_follow(gateway, conversation, token, after), counted)


class _Stream(StreamingResponse):
    """Counts as open from its first byte to its end, also if nobody waits for the first byte."""

    def __init__(self, events: AsyncIterator[str], counted: AbstractContextManager[None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Raises ApiError, before anything is sent, if too many are open."""
        with self._counted, STREAMS.track_inprogress():
            await super().__call__(scope, receive, send)


async def _follow(
    gateway: Gateway, conversation: ConversationId, token: str, after: int
) -> AsyncIterator[str]:
    owner, typing, stood = None, False, None
    colleague, typed = False, False
    yield "retry: 1000\n\n"
    # If it is gone or damaged, the stream ends: the client asks again and is told why.
    gone = contextlib.suppress(UnknownConversation, Tampered)
    with gone, gateway.changes.watch(conversation) as watch:
        while not gateway.changes.closing:
            if watch.stale:
                watch.stale = False
                head, shown = await asyncio.to_thread(gateway.log.shown, conversation, after)
                if owner_of(head) != owner:
                    owner = owner_of(head)
                    yield _event("owner", {"owner": owner})
                for message in shown:
                    after = message.number
                    yield _event("message", as_json(message), after)
                colleague = await asyncio.to_thread(gateway.colleague_types, conversation, head)
            if watch.typing != typing:
                typing = watch.typing
                yield _event("typing", {"author": "assistant", "typing": typing})
            if colleague != typed:
                typed = colleague
                yield _event("typing", {"author": "employee", "typing": typed})
            stands = gateway.line.shown(conversation) if owner == Owner.WAITING.value else None
            if stands is not None and stands != stood:
                yield _event("waiting", stands)
            stood = stands
            if not await watch.wait(TYPING_SECONDS if typed else HEARTBEAT_SECONDS):
                watch.stale = (
                    watch.stale or typed
                )  # who stops without a word is told to have stopped
                if not await asyncio.to_thread(gateway.log.admits, conversation, token):
                    return  # its time is over
                yield ": still here\n\n"


def _event(name: str, content: dict[str, Any], number: int | None = None) -> str:
    lines = [f"event: {name}", f"data: {json.dumps(content, ensure_ascii=False)}"]
    if number is not None:
        lines.insert(0, f"id: {number}")
    return "\n".join(lines) + "\n\n"
