"""What is known about a request: whether over TLS, from where, in which language, its cookies.

Over TLS the cookies are called `__Host-…`: a browser takes such a name only with Secure, for the
whole site and from this very host, so that no neighbouring site can plant one (RFC 6265bis §4.1.3).
Browsers refuse that name without TLS; on the loopback, where a first trial runs, it is plain.
"""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from helder.addresses import caller
from helder.desk.state import desk_of
from helder.staff.sessions import Session
from helder.texts import LANGUAGES, accepted

SESSION = "helder-desk"
VISITOR = "helder-desk-visitor"
HALFWAY = "helder-desk-halfway"
LANGUAGE = "helder-desk-language"
_YEAR = 365 * 24 * 60 * 60  # seconds


def is_secure(request: Request) -> bool:
    """Did the browser come over TLS? A proxy is believed only where one is set to be trusted."""
    if desk_of(request).settings.trust_proxy:
        return request.headers.get("x-forwarded-proto", "").lower() == "https"
    return request.url.scheme == "https"


def origin(request: Request) -> str:
    """Our own origin, as the browser sees it (RFC 6454)."""
    scheme = "https" if is_secure(request) else "http"
    return f"{scheme}://{request.headers.get('host', '')}".lower()


def address(request: Request) -> str:
    """Whom a failure counts against: the client, or what a trusted proxy in front says it is."""
    return caller(
        request.client.host if request.client else None,
        request.headers.getlist("x-forwarded-for"),
        trust_proxy=desk_of(request).settings.trust_proxy,
    )


def language(request: Request) -> str:
    """The language that was chosen, here or before, or that the browser asks for."""
    for wanted in (request.query_params.get("language"), cookie(request, LANGUAGE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return accepted(request.headers.get("accept-language"))


def cookie(request: Request, name: str) -> str | None:
    """A cookie of ours. Over TLS, one without the prefix is not looked at."""
    return request.cookies.get(_called(request, name))


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser a cookie; only the language outlives the browser's own session."""
    response.set_cookie(
        _called(request, name),
        value,
        max_age=_YEAR if name == LANGUAGE else None,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        _called(request, name),
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )


def session(request: Request) -> Session | None:
    """Who is signed in, on a page that asks for it."""
    found: Session | None = getattr(request.state, "session", None)
    return found


def visitor(request: Request) -> str:
    """Whose forms these are: the session's id or, before a sign-in, a random name in a cookie."""
    signed_in = session(request)
    if signed_in is not None:
        return signed_in.id
    if not hasattr(request.state, "visitor"):
        request.state.visitor = cookie(request, VISITOR) or secrets.token_urlsafe(16)
    return str(request.state.visitor)


def _called(request: Request, name: str) -> str:
    return f"__Host-{name}" if is_secure(request) else name
