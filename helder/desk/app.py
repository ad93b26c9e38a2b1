"""The desk as one ASGI application: routes, errors, headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from helder.conversation.errors import ConversationError, Tampered, UnknownConversation
from helder.desk import (
    account,
    acts,
    audited,
    entrance,
    entrance_steps,
    guard,
    guide,
    line_pages,
    live,
    manual,
    packet,
    pages,
    supervising,
    visit,
)
from helder.desk.errors import DeskError
from helder.desk.headers import SecurityHeaders
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.handoff.errors import UnknownReference

logger = structlog.get_logger(__name__)
_MESSAGE = "/messages/{reference}"
_TALK = "/conversations/{conversation}"
_ACTS = {
    "claim": acts.claim,
    "step-in": acts.step_in,
    "reopen": acts.reopen,
    "say": acts.say,
    "note": acts.note,
    "give-back": acts.give_back,
    "close": acts.close,
    "pass-on": acts.pass_on,
    "unmask": acts.unmask,
    "typing": acts.types,
}
_LOOPBACK = ["127.0.0.1", "localhost"]


def create_app(desk: Desk) -> Starlette:
    """The application around these services."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        following = asyncio.create_task(desk.changes.follow())
        yield
        desk.changes.close()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        desk.engine.dispose()

    # Without a proxy only this machine comes here, so another name is another site's trick
    # (DNS rebinding). Behind a proxy, which names it answers to is the proxy's to say.
    hosts = ["*"] if desk.settings.trust_proxy else _LOOPBACK
    app = Starlette(
        routes=[
            Route("/", line_pages.home),
            Route("/queue", line_pages.queue),
            Route("/queue/live", live.line),
            Route("/queue/next", acts.take_next, methods=["POST"]),
            Route("/queue/available", acts.available, methods=["POST"]),
            Route(_TALK, line_pages.conversation),
            Route(f"{_TALK}/live", live.conversation),
            Route(f"{_TALK}/packet", packet.shown),
            Route(f"{_TALK}/read", packet.read),
            *(Route(f"{_TALK}/{name}", act, methods=["POST"]) for name, act in _ACTS.items()),
            Route("/guide", guide.guide),
            Route("/guide/whole", manual.manual),
            Route("/guide/read", guide.was_read, methods=["POST"]),
            Route("/figures", supervising.figures),
            Route("/figures.csv", supervising.export),
            Route("/audit", audited.audited),
            Route("/messages", pages.messages),
            Route("/messages/find", pages.find),
            Route(_MESSAGE, pages.message),
            Route(f"{_MESSAGE}/handled", pages.mark_handled, methods=["POST"]),
            Route(f"{_MESSAGE}/open", pages.reopen, methods=["POST"]),
            Route("/sign-in", entrance.ask),
            Route("/sign-in", entrance.sign_in, methods=["POST"]),
            Route("/sign-in/password", entrance_steps.step),
            Route("/sign-in/password", entrance_steps.choose_password, methods=["POST"]),
            Route("/sign-in/app", entrance_steps.step),
            Route("/sign-in/app", entrance_steps.enrol, methods=["POST"]),
            Route("/sign-in/code", entrance_steps.step),
            Route("/sign-in/code", entrance_steps.give_code, methods=["POST"]),
            Route("/sign-out", entrance.sign_out, methods=["POST"]),
            Route("/account", account.account),
            Route("/account/password", account.change_password, methods=["POST"]),
            Route("/account/codes", account.new_codes, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/static/tokens.css", tokens),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts),
        ],
        exception_handlers={
            DeskError: _refused,
            HTTPException: _not_here,
            UnknownConversation: _known_as(404, "conversation_gone"),
            UnknownReference: _known_as(404, "unknown_reference"),
            Tampered: _known_as(500, "damaged"),
            ConversationError: _known_as(503, "unavailable", retry_after=5),
            SQLAlchemyError: _known_as(503, "unavailable", retry_after=5),
            Exception: _known_as(500, "broken"),
        },
        lifespan=lifespan,
    )
    app.state.desk = desk
    guard.check(app.routes)
    return app


@guard.open_to_all
async def healthz(_request: Request) -> JSONResponse:
    """Is this process alive?"""
    return JSONResponse({"alive": True})


@guard.open_to_all
async def tokens(request: Request) -> FileResponse:
    """The colours and sizes that widget and desk share."""
    return FileResponse(desk_of(request).settings.project / "widget" / "tokens.css")


def _page(request: Request, error: DeskError) -> Response:
    if "application/json" in request.headers.get("accept", ""):  # a script of ours asks
        said = desk_of(request).texts.say(visit.language(request), f"errors.{error.code}_text")
        content = {"code": error.code, "message": said}
        return JSONResponse(content, error.status, headers=error.headers)
    response = render(request, "error.html", error.status, code=error.code)
    response.headers.update(error.headers)
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)
    return _page(request, error)


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "not_possible"}.get(error.status_code, "bad_request")
    response = _page(request, DeskError(error.status_code, code))
    response.headers.update(error.headers or {})
    return response


def _known_as(
    status: int, code: str, retry_after: int | None = None
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        if status >= 500:
            logger.error("request_failed", code=code, exc_info=error)
        return _page(request, DeskError(status, code, retry_after))

    return handler
