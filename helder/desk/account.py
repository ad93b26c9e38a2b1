"""One's own account: another password, new recovery codes, signed out everywhere by the former."""

from __future__ import annotations

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.desk import forms, visit
from helder.desk.errors import DeskError
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import desk_of
from helder.staff.errors import NotSignedIn, WeakPassword
from helder.staff.permissions import Action

logger = structlog.get_logger(__name__)


@may(Action.OWN_ACCOUNT)
async def account(request: Request) -> Response:
    """What is known of it."""
    return _shown(request, 200, "changed" in request.query_params, None)


@may(Action.OWN_ACCOUNT)
async def change_password(request: Request) -> Response:
    """Another password; every session but a new one is over."""
    fields = await forms.read(request)
    desk, session = desk_of(request), visit.session(request)
    assert session is not None
    who, address = session.employee.id, visit.address(request)
    desk.lockout.refuse_if_locked(address)
    new = fields.get("new", "")
    try:
        if new != fields.get("again", ""):
            raise WeakPassword("differs")
        former = fields.get("former", "")
        await asyncio.to_thread(desk.proving.change_password, who, former, new)
    except WeakPassword as weak:
        return _shown(request, 400, False, weak.code)
    except NotSignedIn:
        desk.lockout.failed(address)
        return _shown(request, 403, False, "former")
    token = await asyncio.to_thread(desk.sessions.begin, who)
    logger.info("password_changed", employee=who[:6])
    response = RedirectResponse("/account?changed", 303)
    visit.set_cookie(request, response, visit.SESSION, token)
    return response


@may(Action.OWN_ACCOUNT)
async def new_codes(request: Request) -> Response:
    """Ten new recovery codes, shown this once, to who proves with the app that they are here."""
    fields = await forms.read(request)
    desk, session = desk_of(request), visit.session(request)
    assert session is not None
    who, address = session.employee.id, visit.address(request)
    desk.lockout.refuse_if_locked(address)
    try:
        await asyncio.to_thread(desk.proving.by_code, who, fields.get("code", ""))
    except NotSignedIn:
        desk.lockout.failed(address)
        raise DeskError(403, "code_wrong") from None
    shown = await asyncio.to_thread(desk.proving.new_recovery_codes, who)
    return render(request, "recovery.html", codes=shown, first=False, then="/account")


def _shown(request: Request, status: int, changed: bool, problem: str | None) -> Response:
    session = visit.session(request)
    assert session is not None
    values = {"employee": session.employee, "changed": changed, "problem": problem}
    return render(request, "account.html", status, **values)
