"""Signing in and out, and the guard before every other page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.desk import forms, visit
from helder.desk.errors import DeskError, SessionOver
from helder.desk.render import render
from helder.desk.state import desk_of

logger = structlog.get_logger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]
# Where a sign-in may lead: to a page of ours, never to another site.
_THEN = re.compile(r"/messages/[A-Za-z0-9-]{1,20}")


def signed_in(page: Endpoint) -> Endpoint:
    """The page, for who is signed in; for others the way to the sign-in."""

    @wraps(page)
    async def guarded(request: Request) -> Response:
        sessions = desk_of(request).sessions
        try:
            session = sessions.resume(visit.cookie(request, visit.SESSION))
        except SessionOver:
            return _to_sign_in(request)
        request.state.session = session
        response = await page(request)
        visit.set_cookie(request, response, visit.SESSION, sessions.cookie(session))
        return response

    return guarded


async def ask(request: Request) -> Response:
    """The form for the access key."""
    sessions = desk_of(request).sessions
    had = visit.cookie(request, visit.SESSION)
    try:
        sessions.resume(had)
    except SessionOver:
        left = "left" in request.query_params
        notice = "sign_in.left" if left else "sign_in.ended" if had else None
        return _form(request, 200, notice=notice)
    return RedirectResponse(_then(request.query_params.get("then")), 303)


async def sign_in(request: Request) -> Response:
    """Check the access key; a wrong one counts against the address that gave it."""
    desk, address = desk_of(request), visit.address(request)
    fields = await forms.read(request)
    try:
        desk.lockout.refuse_if_locked(address)
    except DeskError as error:
        logger.warning("sign_in_slowed", seconds=error.retry_after)
        response = _form(request, error.status, error="sign_in.locked", wait=error.retry_after)
        response.headers.update(error.headers)
        return response
    if not desk.sessions.is_key(fields.get("key", "")):
        desk.lockout.failed(address)
        logger.warning("sign_in_refused")
        return _form(request, 403, error="sign_in.wrong", then=fields.get("then"))
    desk.lockout.succeeded(address)
    session = desk.sessions.begin()
    logger.info("signed_in", session=session.id[:6])
    response = RedirectResponse(_then(fields.get("then")), 303)
    visit.set_cookie(request, response, visit.SESSION, desk.sessions.cookie(session))
    visit.drop_cookie(request, response, visit.VISITOR)
    return response


@signed_in
async def _sign_out(request: Request) -> Response:
    await forms.read(request)
    session = visit.session(request)
    assert session is not None
    desk_of(request).sessions.end(session)
    logger.info("signed_out", session=session.id[:6])
    return RedirectResponse("/sign-in?left", 303)


async def sign_out(request: Request) -> Response:
    """End the session, here and for every copy of its cookie."""
    response = await _sign_out(request)
    visit.drop_cookie(request, response, visit.SESSION)
    return response


def _form(
    request: Request,
    status: int,
    *,
    notice: str | None = None,
    error: str | None = None,
    wait: int | None = None,
    then: str | None = None,
) -> Response:
    then = _then(then or request.query_params.get("then"))
    values = {"notice": notice, "error": error, "wait": wait, "then": then}
    return render(request, "sign_in.html", status, **values)


def _to_sign_in(request: Request) -> Response:
    path = request.url.path.removesuffix("/handled").removesuffix("/open")
    then = _then(path)
    return RedirectResponse("/sign-in" if then == "/" else f"/sign-in?then={quote(then)}", 303)


def _then(path: str | None) -> str:
    return path if path and _THEN.fullmatch(path) and path != "/messages/find" else "/"
