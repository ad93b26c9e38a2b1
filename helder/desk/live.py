"""The desk's event streams (server-sent events, WHATWG HTML §9.2): the lists, and a conversation.

An open stream is what says that a colleague is there: when the browser is gone, so are they.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from helder.conversation.entries import ConversationId
from helder.conversation.errors import Tampered, UnknownConversation
from helder.desk import history, lists, visit
from helder.desk.colleagues import conversation_of, employee_of, may_see
from helder.desk.guard import may
from helder.desk.state import Desk, desk_of
from helder.handoff.presence import Present
from helder.staff.employee import Employee
from helder.staff.errors import NotSignedIn
from helder.staff.permissions import Action

LOOK_SECONDS = 1.0
HERE_SECONDS = 15
COLLEAGUES_SECONDS = 5
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@may(Action.SEE_QUEUE)
async def line(request: Request) -> StreamingResponse:
    """The lists, each time that something in them changed."""
    follow = _lists(request, desk_of(request), visit.language(request))
    return StreamingResponse(follow, media_type="text/event-stream", headers=_HEADERS)


@may(Action.SEE_OWN_CONVERSATION)
async def conversation(request: Request) -> StreamingResponse:
    """A conversation from message number N on."""
    wanted = await asyncio.to_thread(conversation_of, request)
    missed = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    after = int(missed) if missed.isascii() and missed.isdigit() and len(missed) < 10 else 0
    follow = _conversation(request, desk_of(request), wanted, after)
    return StreamingResponse(follow, media_type="text/event-stream", headers=_HEADERS)


async def _lists(request: Request, desk: Desk, language: str) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    before, turn = None, 0
    while not desk.changes.closing:
        try:
            employee = await asyncio.to_thread(_still, request, desk)
        except NotSignedIn:
            yield _event("signed_out", {})
            return
        if turn % HERE_SECONDS == 0:
            await desk.writes(_here, desk, employee)
        found = await asyncio.to_thread(lists.shown, desk, employee, language)
        if found != before:
            before = found
            yield _event("lists", found)
        elif turn % HERE_SECONDS == 0:
            yield ": still here\n\n"
        turn += 1
        await asyncio.sleep(LOOK_SECONDS)


async def _conversation(
    request: Request, desk: Desk, wanted: ConversationId, after: int
) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    me, session = employee_of(request).id, _session(request)
    told = _Told(desk, wanted, me, session, after)
    # Erased, or locked because it was changed (which the log reports): the page is told "gone".
    with contextlib.suppress(UnknownConversation, Tampered), desk.changes.watch(wanted) as watch:
        await desk.writes(desk.recording.looks, session, me, wanted, again=after > 0)
        here, colleagues = _Every(HERE_SECONDS), _Every(COLLEAGUES_SECONDS)
        while not desk.changes.closing:
            watch.stale = False
            async for news in told.news():
                yield news
            if here.due():
                await desk.writes(_here, desk, employee_of(request))
            if colleagues.due():
                async for news in told.colleagues():
                    yield news
            if not await watch.wait(5):
                if not await asyncio.to_thread(_may_still, request, desk, wanted):
                    return
                yield ": still here\n\n"
    if not desk.changes.closing:
        yield _event("gone", {})


class _Told:
    """What the open page of a conversation was told, and what is news to it."""

    def __init__(
        self, desk: Desk, wanted: ConversationId, me: str, session: str, after: int
    ) -> None:
        self._desk, self._wanted, self._me, self._session = desk, wanted, me, session
        self._after, self._entry = after, 0
        self._notes: list[dict[str, Any]] | None = None
        self._state: dict[str, Any] | None = None
        self._colleagues: list[dict[str, Any]] | None = None

    async def news(self) -> AsyncIterator[str]:
        """What was said, what colleagues noted, and who has it and is there, as events."""
        desk, wanted = self._desk, self._wanted
        open_ = desk.unmasked.holds(self._session, wanted)
        read = history.messages
        head, found = await asyncio.to_thread(read, desk, wanted, self._after, open_=open_)
        for each in found:
            self._after = each["number"]
            yield _event("message", each, self._after)
        if head.position.seq > self._entry:
            entries = await asyncio.to_thread(desk.log.history, wanted, self._entry + 1)
            more = history.notes(desk, entries, open_=open_)
            self._entry = entries[-1].seq
            if more or self._notes is None:
                self._notes = [*(self._notes or ()), *more]
                yield _event("notes", self._notes)
        state = await asyncio.to_thread(history.state, desk, wanted, head, self._me)
        if state != self._state:
            self._state = state
            yield _event("state", state)

    async def colleagues(self) -> AsyncIterator[str]:
        """To whom it can be passed on, if that changed and this colleague can."""
        if not (self._state or {}).get("mine"):
            return
        there = await asyncio.to_thread(history.may_get_it, self._desk, self._me)
        if there != self._colleagues:
            self._colleagues = there
            yield _event("colleagues", there)


class _Every:
    """Says when this many seconds have passed, and at once the first time."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._last = seconds, -seconds

    def due(self) -> bool:
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


def _still(request: Request, desk: Desk) -> Employee:
    return desk.sessions.resume(visit.cookie(request, visit.SESSION)).employee


def _may_still(request: Request, desk: Desk, wanted: ConversationId) -> bool:
    try:
        return may_see(desk, _still(request, desk), wanted)
    except NotSignedIn:
        return False  # the stream ends; the page asks again and is led to the sign-in


def _here(desk: Desk, employee: Employee) -> None:
    languages, skills, may_claim = employee.languages, employee.skills, employee.may(Action.CLAIM)
    here = Present(employee.id, languages, skills, employee.capacity, may_claim, seen=0)
    desk.presences.still_here(here)


def _session(request: Request) -> str:
    session = visit.session(request)
    assert session is not None
    return session.id


def _event(name: str, content: Any, number: int | None = None) -> str:
    lines = [f"event: {name}", f"data: {json.dumps(content, ensure_ascii=False)}"]
    if number is not None:
        lines.insert(0, f"id: {number}")
    return "\n".join(lines) + "\n\n"
