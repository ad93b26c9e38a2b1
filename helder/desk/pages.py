"""The messages: a list, one message, handled and open again, and finding one by its reference."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.audit.acts import Act
from helder.database import reading
from helder.desk import forms, visit
from helder.desk.colleagues import employee_of, may_see
from helder.desk.contact import ways_given, ways_in
from helder.desk.errors import DeskError
from helder.desk.guard import may
from helder.desk.letters import reference_in
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.handoff import tickets
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import LeftMessage, OpenedMessage, as_written
from helder.handoff.tickets import Ticket
from helder.staff.permissions import Action

logger = structlog.get_logger(__name__)
_NUMBER = re.compile(r"#?\s*([1-9][0-9]{0,8})", re.ASCII)


@may(Action.READ_LEFT_MESSAGES)
async def messages(request: Request) -> Response:
    """The list: open first, oldest first."""
    return await _list(request)


@may(Action.SEARCH)
async def find(request: Request) -> Response:
    """To the message with this reference or the conversation with this number, or the list again
    with the reason why not.
    """
    typed = request.query_params.get("reference", "")[:40]
    if number := _NUMBER.fullmatch(typed.strip()):
        return await _find_ticket(request, typed, int(number[1]))
    reference = reference_in(typed)
    if reference is not None:
        await _record(request, Act.SEARCH, reference)
        try:
            await asyncio.to_thread(desk_of(request).letters.read, reference)
        except UnknownReference:
            return await _list(request, 404, typed=typed, problem="find.unknown")
        return RedirectResponse(f"/messages/{reference}", 303)
    problem = "find.no_reference" if typed.strip() else "find.empty"
    return await _list(request, 404, typed=typed, problem=problem)


async def _find_ticket(request: Request, typed: str, number: int) -> Response:
    await _record(request, Act.SEARCH, str(number))
    found = await asyncio.to_thread(_ticket, desk_of(request), number)
    employee = employee_of(request)
    if found is None or not employee.may(Action.SEE_OWN_CONVERSATION):
        return await _list(request, 404, typed=typed, problem="find.no_number")
    if not await asyncio.to_thread(may_see, desk_of(request), employee, found.conversation):
        return await _list(request, 404, typed=typed, problem="find.no_number")
    return RedirectResponse(f"/conversations/{found.conversation}", 303)


def _ticket(desk: Desk, number: int) -> Ticket | None:
    with reading(desk.engine).begin() as connection:
        return tickets.called(connection, number)


@may(Action.READ_LEFT_MESSAGES)
async def message(request: Request) -> Response:
    """One message, opened."""
    desk = desk_of(request)
    await _record(request, Act.VIEW, request.path_params["reference"][:20])
    opened, following = await asyncio.to_thread(_open, desk, request.path_params["reference"])
    logger.info("left_message_read", reference=opened.about.reference)
    subject = desk.texts.say(
        _spoken(opened.about), "answer.subject", reference=opened.about.reference
    )
    contact = opened.contact.strip()
    return render(
        request,
        "message.html",
        about=opened.about,
        text=opened.text,
        given=ways_given(contact, subject, desk.region) if contact else [],
        found=[] if contact else ways_in(opened.text, subject, desk.region),
        following=following,
        kept_days=desk.kept_days,
    )


@may(Action.HANDLE_LEFT_MESSAGES)
async def mark_handled(request: Request) -> Response:
    """Somebody has answered it."""
    return await _change(request, Act.HANDLED, desk_of(request).letters.mark_handled)


@may(Action.HANDLE_LEFT_MESSAGES)
async def reopen(request: Request) -> Response:
    """It needs an answer after all."""
    return await _change(request, Act.REOPEN, desk_of(request).letters.reopen)


async def _change(request: Request, act: Act, change: Callable[[str], str]) -> Response:
    await forms.read(request)
    await _record(request, act, request.path_params["reference"][:20])
    reference = await asyncio.to_thread(change, request.path_params["reference"])
    logger.info(
        f"left_message_{'handled' if act is Act.HANDLED else 'reopened'}", reference=reference
    )
    return RedirectResponse(f"/messages/{reference}", 303)


async def _record(request: Request, act: Act, reference: str) -> None:
    session = visit.session(request)
    assert session is not None
    recording = desk_of(request).recording
    await asyncio.to_thread(recording.did, act, session.employee.id, as_written(reference))


async def _list(
    request: Request, status: int = 200, *, typed: str = "", problem: str | None = None
) -> Response:
    wanted = request.query_params.get("page", "1")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 7):
        raise DeskError(404, "not_found")
    page = await asyncio.to_thread(desk_of(request).letters.page, int(wanted))
    return render(request, "list.html", status, page=page, typed=typed, problem=problem)


def _open(desk: Desk, reference: str) -> tuple[OpenedMessage, LeftMessage | None]:
    opened = desk.letters.read(reference)
    return opened, desk.letters.oldest_open(opened.about.reference)


def _spoken(about: LeftMessage) -> str:
    """The language to write to the customer in."""
    return "nl" if about.language == "nl" else "en"
