"""Signing in and out: name and password, then what is still missing, then a session.

The second proof is entrance_steps.py's. A wrong name, a wrong password and a wrong code count
against the address that gave them and against nobody else (lockout.py).
"""

from __future__ import annotations

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.audit.acts import UNKNOWN, Act
from helder.desk import forms, visit
from helder.desk.errors import DeskError
from helder.desk.guard import may, open_to_all, then
from helder.desk.render import render
from helder.desk.state import desk_of
from helder.staff.employees import Kept
from helder.staff.errors import NotSignedIn
from helder.staff.permissions import Action

logger = structlog.get_logger(__name__)


@open_to_all
async def ask(request: Request) -> Response:
    """The form for name and password."""
    had = visit.cookie(request, visit.SESSION)
    try:
        await asyncio.to_thread(desk_of(request).sessions.resume, had)
    except NotSignedIn:
        left = "left" in request.query_params
        return form(
            request, 200, notice="sign_in.left" if left else "sign_in.ended" if had else None
        )
    return RedirectResponse(then(request.query_params.get("then")), 303)


@open_to_all
async def sign_in(request: Request) -> Response:
    """Check name and password, and go on to what is missing."""
    desk, address = desk_of(request), visit.address(request)
    fields = await forms.read(request)
    try:
        desk.lockout.refuse_if_locked(address)
    except DeskError as error:
        return locked(request, error)
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        kept = await asyncio.to_thread(desk.proving.by_password, name, password)
    except NotSignedIn:
        desk.lockout.failed(address)
        logger.warning("sign_in_refused")
        await asyncio.to_thread(desk.recording.did, Act.SIGN_IN_REFUSED, UNKNOWN)
        values = {"then": then(fields.get("then")), "name": name[:80]}
        return form(request, 403, error="sign_in.wrong", **values)
    halfway = desk.signing.begin(kept.id, kept.account.epoch)
    response = RedirectResponse(next_step(kept, fields.get("then")), 303)
    visit.set_cookie(request, response, visit.HALFWAY, desk.signing.cookie(halfway))
    return response


def next_step(kept: Kept, wanted: str | None) -> str:
    """What is still missing of a sign-in."""
    account = kept.account
    step = "password" if account.one_time else "code" if account.secret else "app"
    aim = then(wanted)
    return f"/sign-in/{step}" if aim == "/" else f"/sign-in/{step}?then={aim}"


def locked(request: Request, error: DeskError) -> Response:
    """Too many failures from this address."""
    logger.warning("sign_in_slowed", seconds=error.retry_after)
    response = form(request, error.status, error="sign_in.locked", wait=error.retry_after)
    response.headers.update(error.headers)
    return response


def form(request: Request, status: int, **values: object) -> Response:
    """The form, with what went wrong."""
    aim = then(request.query_params.get("then"))
    shown = {"notice": None, "error": None, "wait": None, "name": "", "then": aim, **values}
    return render(request, "sign_in.html", status, **shown)


@may(Action.OWN_ACCOUNT)
async def sign_out(request: Request) -> Response:
    """End the session, here and for every copy of its cookie."""
    await forms.read(request)
    desk, session = desk_of(request), visit.session(request)
    assert session is not None
    # Recorded last, unlike all else: whatever is wrong with the audit, nobody is kept signed in.
    await asyncio.to_thread(desk.presences.gone, session.employee.id)
    await asyncio.to_thread(desk.sessions.end, visit.cookie(request, visit.SESSION))
    await asyncio.to_thread(desk.recording.did, Act.SIGN_OUT, session.employee.id)
    logger.info("signed_out", employee=session.employee.id[:6])
    response = RedirectResponse("/sign-in?left", 303)
    visit.drop_cookie(request, response, visit.SESSION)
    return response
