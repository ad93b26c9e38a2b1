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
    me, state, told = employee_of(request).id, None, 0
    notes: list[dict[str, Any]] | None = None
    with contextlib.suppress(UnknownConversation, Tampered), desk.changes.watch(wanted) as watch:
        looks, again = desk.recording.looks, after > 0
        await desk.writes(looks, _session(request), me, wanted, again=again)
        here_at = 0.0
        while not desk.changes.closing:
            watch.stale = False
            open_ = desk.unmasked.holds(_session(request), wanted)
            read = history.messages
            head, found = await asyncio.to_thread(read, desk, wanted, after, open_=open_)
            for each in found:
                after = each["number"]
                yield _event("message", each, after)
            if head.position.seq > told:
                entries = await asyncio.to_thread(desk.log.history, wanted, told + 1)
                more = history.notes(desk, entries, open_=open_)
                told = entries[-1].seq
                if more or notes is None:
                    notes = [*(notes or ()), *more]
                    yield _event("notes", notes)
            now = await asyncio.to_thread(history.state, desk, wanted, head, me)
            if now != state:
                state = now
                yield _event("state", now)
            if time.monotonic() - here_at >= HERE_SECONDS:
                here_at = time.monotonic()
                await desk.writes(_here, desk, employee_of(request))
            if not await watch.wait(5):
                if not await asyncio.to_thread(_may_still, request, desk, wanted):
                    return
                yield ": still here\n\n"
    if not desk.changes.closing:
        yield _event("gone", {})


def _still(request: Request, desk: Desk) -> Employee:
    return desk.sessions.resume(visit.cookie(request, visit.SESSION)).employee


def _may_still(request: Request, desk: Desk, wanted: ConversationId) -> bool:
    try:
        return may_see(desk, _still(request, desk), wanted)
    except NotSignedIn:
        return False


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
