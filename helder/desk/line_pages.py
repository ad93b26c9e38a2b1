"""The queue's page and a conversation's: frames, which the script fills from the streams."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.desk import guide, history, visit
from helder.desk.colleagues import conversation_of, employee_of
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.staff.permissions import Action


@may(Action.OWN_ACCOUNT)
async def home(request: Request) -> Response:
    """The first page of what somebody is here for."""
    employee = employee_of(request)
    for action, page in _HOMES:
        if employee.may(action):
            return RedirectResponse(page, 303)
    return RedirectResponse("/account", 303)


_HOMES = (
    (Action.SEE_QUEUE, "/queue"),
    (Action.READ_LEFT_MESSAGES, "/messages"),
    (Action.SEE_FIGURES, "/figures"),
)


@may(Action.SEE_QUEUE)
async def queue(request: Request) -> Response:
    """Everybody in line; the short guide first, for who has not read it."""
    desk, employee = desk_of(request), employee_of(request)
    if guide.is_to_read(desk, employee):
        return RedirectResponse("/guide", 303)
    known = await asyncio.to_thread(desk.presences.of, employee.id)
    return render(
        request,
        "queue.html",
        employee=employee,
        available=known is None or known.available,
        words=_words(desk, request),
    )


@may(Action.SEE_OWN_CONVERSATION)
async def conversation(request: Request) -> Response:
    """One conversation."""
    desk, employee = desk_of(request), employee_of(request)
    wanted = await asyncio.to_thread(conversation_of, request)
    head = await asyncio.to_thread(desk.log.head, wanted)
    state = await asyncio.to_thread(history.state, desk, wanted, head, employee.id)
    language = await asyncio.to_thread(desk.log.language, wanted)
    return render(
        request,
        "conversation.html",
        employee=employee,
        conversation=wanted,
        state=state,
        spoken=language,
        replies=desk.replies.filled(language, employee.display, state["number"]),
        words=_words(desk, request),
    )


def _words(desk: Desk, request: Request) -> dict[str, str]:
    """What the script says, in the language of the page."""
    return desk.texts.section("live", visit.language(request))
