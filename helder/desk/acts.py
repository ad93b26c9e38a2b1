"""What a colleague does: each is one POST of a form, by the page's script, answered in JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helder.audit.acts import Act
from helder.conversation.entries import ConversationId, MessageId
from helder.desk import forms, guide, visit
from helder.desk.colleagues import colleague, conversation_of, employee_of
from helder.desk.errors import DeskError
from helder.desk.guard import may
from helder.desk.state import Desk, desk_of
from helder.handoff.claims import Claimed
from helder.handoff.errors import (
    FullHands,
    NobodySuch,
    NobodyWaits,
    NotPossible,
    NotWaiting,
    NotYetYours,
    NotYours,
)
from helder.handoff.line import Colleague
from helder.staff.permissions import Action

_CODES: dict[type[NotPossible], str] = {
    FullHands: "full_hands",
    NobodySuch: "nobody_such",
    NobodyWaits: "nobody_waits",
    NotWaiting: "not_waiting",
    NotYetYours: "not_yet_yours",
    NotYours: "not_yours",
    NotPossible: "not_now",
}
Fields = dict[str, str]


@may(Action.CLAIM)
async def take_next(request: Request) -> Response:
    """Take whoever is next."""
    await forms.read(request)
    guide.refuse_untaught(request)
    desk, who = desk_of(request), colleague(employee_of(request))
    return _claimed(await _done(desk, desk.claims.take_next, who))


@may(Action.STEP_IN)
async def claim(request: Request) -> Response:
    """Take somebody out of turn: for who may decide so, says why, and is recorded with it."""
    wanted, fields = await _asked(request)
    desk, who, why = desk_of(request), colleague(employee_of(request)), fields.get("why", "")
    guide.refuse_untaught(request)
    if not why.strip():
        raise DeskError(400, "no_reason")
    return _claimed(
        await _done(desk, desk.claims.claim, wanted, who, out_of_turn=why.strip()[:500])
    )


@may(Action.STEP_IN)
async def step_in(request: Request) -> Response:
    """Take over from the assistant."""
    wanted, _fields = await _asked(request)
    guide.refuse_untaught(request)
    desk, who = desk_of(request), colleague(employee_of(request))
    return _claimed(await _done(desk, desk.claims.step_in, wanted, who))


@may(Action.REOPEN)
async def reopen(request: Request) -> Response:
    """Take back what was closed or given back."""
    wanted, _fields = await _asked(request)
    guide.refuse_untaught(request)
    desk, who = desk_of(request), colleague(employee_of(request))
    return _claimed(await _done(desk, desk.claims.reopen, wanted, who))


@may(Action.REPLY)
async def say(request: Request) -> Response:
    """Say something to the customer; the same id again is said once."""

    def do(desk: Desk, wanted: ConversationId, who: Colleague, fields: Fields) -> object:
        message = fields.get("id", "")
        if not (message.isascii() and 8 <= len(message) <= 36):
            raise DeskError(400, "bad_request")
        return desk.talking.say(wanted, who, fields.get("text", ""), MessageId(message))

    return await _act(request, do)


@may(Action.NOTE)
async def note(request: Request) -> Response:
    """Note something for colleagues."""
    return await _act(
        request, lambda desk, wanted, who, f: desk.talking.note(wanted, who, f.get("text", ""))
    )


@may(Action.GIVE_BACK)
async def give_back(request: Request) -> Response:
    """Back to the assistant."""
    return await _act(request, lambda desk, wanted, who, _f: desk.talking.give_back(wanted, who))


@may(Action.CLOSE)
async def close(request: Request) -> Response:
    """It is done."""
    return await _act(request, lambda desk, wanted, who, _f: desk.talking.close(wanted, who))


@may(Action.TRANSFER)
async def pass_on(request: Request) -> Response:
    """Pass it on to a colleague, or to whoever has a skill."""

    def do(desk: Desk, wanted: ConversationId, who: Colleague, fields: Fields) -> object:
        kind, _, value = fields.get("to", "").partition(":")
        to, skill = (value, "") if kind == "person" else (None, value)
        if kind not in ("person", "skill") or not value:
            raise DeskError(400, "bad_request")
        return desk.claims.pass_on(wanted, who, fields.get("text", "")[:2000], to=to, skill=skill)

    return await _act(request, do)


@may(Action.UNMASK)
async def unmask(request: Request) -> Response:
    """Show personal data as it was written; recorded first."""
    wanted, _fields = await _asked(request)
    session = visit.session(request)
    assert session is not None
    desk, who = desk_of(request), session.employee.id
    await desk.writes(desk.recording.did, Act.UNMASK, who, wanted)
    desk.unmasked.ask(session.id, wanted)
    return JSONResponse({})


@may(Action.REPLY)
async def types(request: Request) -> Response:
    """They look at it, and perhaps type."""
    wanted, fields = await _asked(request)
    desk, who = desk_of(request), employee_of(request).id
    if fields.get("gone"):
        await desk.writes(desk.activities.gone, wanted, who)
    else:
        typing = fields.get("typing") == "yes"
        await desk.writes(desk.activities.here, wanted, who, typing=typing)
    return JSONResponse({})


@may(Action.CLAIM)
async def available(request: Request) -> Response:
    """They want to be given conversations, or not now."""
    fields = await forms.read(request)
    desk, one = desk_of(request), employee_of(request)
    wants = fields.get("available") == "yes"
    here = desk.presences.here
    await desk.writes(here, one.id, one.languages, one.skills, one.capacity, available=wants)
    return JSONResponse({"available": wants})


async def _act(
    request: Request,
    do: Callable[[Desk, ConversationId, Colleague, Fields], object],
) -> Response:
    wanted, fields = await _asked(request)
    desk = desk_of(request)
    await _done(desk, do, desk, wanted, colleague(employee_of(request)), fields)
    return JSONResponse({})


async def _asked(request: Request) -> tuple[ConversationId, Fields]:
    fields = await forms.read(request)
    return await asyncio.to_thread(conversation_of, request), fields


async def _done(desk: Desk, do: Callable[..., Any], *given: Any, **named: Any) -> Any:
    def settled() -> Any:
        done = do(*given, **named)
        desk.recording.settle()
        return done

    try:
        return await desk.writes(settled)
    except NotPossible as error:
        raise DeskError(409, _CODES[type(error)]) from None
    except ValueError:
        raise DeskError(400, "empty_text") from None


def _claimed(claimed: Claimed) -> Response:
    return JSONResponse({"conversation": claimed.conversation})
