"""What comes between the right password and a session: a password of one's own, an app, a code."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO

import segno
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.audit.acts import Act
from helder.desk import forms, visit
from helder.desk.entrance import form, locked, next_step
from helder.desk.errors import DeskError, SessionOver
from helder.desk.guard import open_to_all, then
from helder.desk.render import render
from helder.desk.signing import Halfway
from helder.desk.state import desk_of
from helder.staff import codes
from helder.staff.employees import Kept
from helder.staff.errors import NotSignedIn, UnknownEmployee, WeakPassword

logger = structlog.get_logger(__name__)
ISSUER = "Helder"


@open_to_all
async def step(request: Request) -> Response:
    """The page of the step that is next; another one leads there."""
    try:
        halfway, kept = await _whoever(request)
    except SessionOver:
        return form(request, 403, notice="sign_in.again")
    wanted = next_step(kept, request.query_params.get("then"))
    if request.url.path != wanted.partition("?")[0]:
        return RedirectResponse(wanted, 303)
    return _page(request, halfway, kept)


@open_to_all
async def choose_password(request: Request) -> Response:
    """A password of one's own in the place of the one-time one."""
    fields = await forms.read(request)
    try:
        _halfway, kept = await _whoever(request)
    except SessionOver:
        return form(request, 403, notice="sign_in.again")
    new, former, desk = fields.get("new", ""), fields.get("former", ""), desk_of(request)
    try:
        desk.lockout.refuse_if_locked(visit.address(request))
        if new != fields.get("again", ""):
            raise WeakPassword("differs")
        await asyncio.to_thread(desk.proving.change_password, kept.id, former, new)
    except DeskError as error:
        return locked(request, error)
    except WeakPassword as weak:
        return render(request, "password.html", 400, problem=weak.code, first=True)
    except NotSignedIn:
        desk.lockout.failed(visit.address(request))
        return render(request, "password.html", 403, problem="former", first=True)
    return await _go_on(request, kept.id)


@open_to_all
async def enrol(request: Request) -> Response:
    """The app shows a code: from now on it is asked for. The recovery codes are shown once."""
    fields = await forms.read(request)
    try:
        halfway, kept = await _whoever(request)
    except SessionOver:
        return form(request, 403, notice="sign_in.again")
    proving = desk_of(request).proving
    code = fields.get("code", "")
    try:
        shown = await asyncio.to_thread(proving.enrol, kept.id, halfway.secret, code)
    except NotSignedIn:
        return _page(request, halfway, kept, status=403, problem="code_wrong")
    response = render(request, "recovery.html", codes=shown, first=True, then=then(None))
    return await _let_in(request, response, kept.id)


@open_to_all
async def give_code(request: Request) -> Response:
    """The second proof: a code of the app, or a recovery code."""
    fields = await forms.read(request)
    desk, address = desk_of(request), visit.address(request)
    try:
        halfway, kept = await _whoever(request)
        desk.lockout.refuse_if_locked(address)
    except SessionOver:
        return form(request, 403, notice="sign_in.again")
    except DeskError as error:
        return locked(request, error)
    code = "".join(fields.get("code", "").split())
    prove = desk.proving.by_code if code.isdigit() else desk.proving.by_recovery_code
    try:
        await asyncio.to_thread(prove, kept.id, code)
    except NotSignedIn:
        desk.lockout.failed(address)
        logger.warning("sign_in_refused")
        await asyncio.to_thread(desk.recording.did, Act.SIGN_IN_REFUSED, kept.id)
        return _page(request, halfway, kept, status=403, problem="code_wrong")
    desk.lockout.succeeded(address)
    response = RedirectResponse(then(fields.get("then")), 303)
    return await _let_in(request, response, kept.id)


async def _whoever(request: Request) -> tuple[Halfway, Kept]:
    """Who gave the right password a moment ago. Raises SessionOver."""
    desk = desk_of(request)
    halfway = desk.signing.resume(visit.cookie(request, visit.HALFWAY))
    try:
        kept = await asyncio.to_thread(desk.employees.of, halfway.employee)
    except UnknownEmployee:
        raise SessionOver from None
    if kept.account.disabled or kept.account.epoch != halfway.epoch:
        raise SessionOver
    return halfway, kept


async def _go_on(request: Request, employee: str) -> Response:
    desk = desk_of(request)
    kept = await asyncio.to_thread(desk.employees.of, employee)
    response = RedirectResponse(next_step(kept, request.query_params.get("then")), 303)
    again = desk.signing.begin(kept.id, kept.account.epoch)
    visit.set_cookie(request, response, visit.HALFWAY, desk.signing.cookie(again))
    return response


async def _let_in(request: Request, response: Response, employee: str) -> Response:
    desk = desk_of(request)
    await asyncio.to_thread(desk.recording.did, Act.SIGN_IN, employee)
    token = await asyncio.to_thread(desk.sessions.begin, employee)
    logger.info("signed_in", employee=employee[:6])
    visit.set_cookie(request, response, visit.SESSION, token)
    visit.drop_cookie(request, response, visit.HALFWAY)
    visit.drop_cookie(request, response, visit.VISITOR)
    return response


def _page(
    request: Request, halfway: Halfway, kept: Kept, status: int = 200, problem: str | None = None
) -> Response:
    aim = then(request.query_params.get("then"))
    if kept.account.one_time:
        return render(request, "password.html", status, problem=problem, first=True)
    if kept.account.secret:
        return render(request, "code.html", status, problem=problem, then=aim)
    secret = halfway.secret or codes.new_secret()
    address = codes.address(secret, kept.account.name, ISSUER)
    shown = {"problem": problem, "qr": _drawn(address), "secret": codes.grouped(secret)}
    response = render(request, "app.html", status, **shown)
    desk = desk_of(request)
    kept_on = desk.signing.cookie(replace(halfway, secret=secret))
    visit.set_cookie(request, response, visit.HALFWAY, kept_on)
    return response


def _drawn(address: str) -> str:
    """The QR code as SVG to stand in a page: dark on light in either scheme, or no app reads it."""
    drawn = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, scale=5, border=3, light="#fff")
    return drawn.getvalue().decode()
