"""The guard before every page: who is signed in, and may their role do this?

Each endpoint says which action it is (helder/staff/permissions.py). The application does not start
with one that says none (`check`), so that none can be forgotten.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from helder.desk import visit
from helder.desk.errors import DeskError
from helder.desk.state import desk_of
from helder.staff.errors import NotSignedIn
from helder.staff.permissions import Action

Endpoint = Callable[[Request], Awaitable[Response]]
# Where a sign-in may lead: to a page of ours, never to another site.
_THEN = re.compile(r"/(?:messages|conversations)/[A-Za-z0-9-]{1,40}")


def may(action: Action) -> Callable[[Endpoint], Endpoint]:
    """The page, for who is signed in and may do this; 403 or the way to the sign-in for others."""

    def guarding(page: Endpoint) -> Endpoint:
        @wraps(page)
        async def guarded(request: Request) -> Response:
            sessions = desk_of(request).sessions
            token = visit.cookie(request, visit.SESSION)
            try:
                session = await asyncio.to_thread(sessions.resume, token)
            except NotSignedIn:
                return _to_sign_in(request)
            request.state.session = session
            if not session.employee.may(action):
                raise DeskError(403, "not_allowed")
            return await page(request)

        guarded.action = action  # type: ignore[attr-defined]  # what `check` and the tests read
        return guarded

    return guarding


def open_to_all(page: Endpoint) -> Endpoint:
    """A page that is there for who is not signed in."""
    page.action = None  # type: ignore[attr-defined]  # what `check` and the tests read
    return page


def check(routes: Iterable[BaseRoute]) -> None:
    """See that every endpoint says who may use it.

    Raises:
        RuntimeError: one does not.
    """
    for route in routes:
        if isinstance(route, Route) and not hasattr(route.endpoint, "action"):
            raise RuntimeError(f"{route.path} does not say who may use it.")


def then(path: str | None) -> str:
    """Where to go after the sign-in."""
    return path if path and _THEN.fullmatch(path) and path != "/messages/find" else "/"


def _to_sign_in(request: Request) -> Response:
    if request.headers.get("sec-fetch-mode") in ("cors", "same-origin"):  # a script of ours asks
        raise DeskError(401, "signed_out")
    wanted = then(request.url.path.removesuffix("/handled").removesuffix("/open"))
    url = "/sign-in" if wanted == "/" else f"/sign-in?then={quote(wanted)}"
    return RedirectResponse(url, 303)
