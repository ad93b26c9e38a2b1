"""The gateway as one ASGI application: routes, errors, headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helder.conversation.errors import ConversationError, Tampered, UnknownConversation
from helder.gateway import (
    api,
    consents,
    how_it_works,
    invoices,
    own_conversation,
    pages,
    ratings,
    stream,
)
from helder.gateway.errors import ApiError
from helder.gateway.headers import ALWAYS, SecurityHeaders
from helder.gateway.metrics import REFUSED, Timing
from helder.gateway.state import Gateway, running
from helder.texts import accepted, pick

logger = structlog.get_logger(__name__)
_CONVERSATION = "/api/conversations/{conversation}"


def create_app(gateway: Gateway) -> Starlette:
    """The application around these services."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running(gateway):
            yield

    app = Starlette(
        routes=[
            Route("/api/notice", api.notice),
            Route("/api/conversations", api.open_conversation, methods=["POST"]),
            Route(f"{_CONVERSATION}/messages", api.read, methods=["GET"]),
            Route(f"{_CONVERSATION}/messages", api.send, methods=["POST"]),
            Route(f"{_CONVERSATION}/typing", api.types, methods=["POST"]),
            Route(f"{_CONVERSATION}/events", stream.events),
            Route(f"{_CONVERSATION}/consents", consents.consents, methods=["GET"]),
            Route(f"{_CONVERSATION}/consents", consents.answer, methods=["POST"]),
            Route(f"{_CONVERSATION}/receipts", consents.receipts),
            Route(f"{_CONVERSATION}/data", own_conversation.data),
            Route(f"{_CONVERSATION}/opt-out", own_conversation.choose, methods=["POST"]),
            Route(f"{_CONVERSATION}/rating", ratings.rate, methods=["POST"]),
            Route(_CONVERSATION, own_conversation.erase, methods=["DELETE"]),
            Route("/api/receipt.schema.json", consents.receipt_schema),
            Route(f"{_CONVERSATION}/notices", api.tell, methods=["POST"]),
            Route("/how-it-works", how_it_works.how_it_works),
            Route("/invoices/{link}", invoices.invoice),
            Route("/receipts/{link}", consents.page),
            Route("/receipts/{link}/json", consents.download),
            *pages.routes(gateway.settings),
        ],
        middleware=[
            Middleware(Timing),
            Middleware(SecurityHeaders),
            Middleware(
                CORSMiddleware,
                allow_origins=list(gateway.settings.cors_origins),
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                expose_headers=["Retry-After"],
            ),
        ],
        exception_handlers={
            ApiError: _refused,
            HTTPException: _not_here,
            UnknownConversation: _known_as(401, "unauthorized"),
            Tampered: _damaged,
            ConversationError: _known_as(503, "unavailable", retry_after=5),
            SQLAlchemyError: _known_as(503, "unavailable", retry_after=5),
            Exception: _known_as(500, "unavailable"),
        },
        lifespan=lifespan,
    )
    app.state.gateway = gateway
    return app


async def refuse(request: Request, error: ApiError) -> JSONResponse:
    """The refusal, in the language of the conversation or of the browser."""
    REFUSED.labels(error.code).inc()
    texts = api.gateway_of(request).texts
    message = texts.error(error.code, await _language(request))
    body = {"error": {"code": error.code, "message": message}}
    return JSONResponse(body, error.status, headers={**ALWAYS, **error.headers})


async def _language(request: Request) -> str:
    conversation = getattr(request.state, "conversation", None)
    if conversation is not None:
        try:
            return await asyncio.to_thread(api.gateway_of(request).log.language, conversation)
        except Exception as error:  # that is perhaps just what the refusal is about
            logger.debug("language_unknown", exc_info=error)
    wanted = request.query_params.get("language")
    return pick(wanted) if wanted else accepted(request.headers.get("accept-language"))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return await refuse(request, error)


async def _damaged(request: Request, _error: Exception) -> Response:
    # The alarm is given once, where it is found (`conversation_locked`), not at every request.
    return await refuse(request, ApiError(423, "damaged"))


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
    response = await refuse(request, ApiError(error.status_code, code))
    response.headers.update(error.headers or {})
    return response


def _known_as(
    status: int, code: str, retry_after: int | None = None
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        logger.error("request_failed", code=code, exc_info=error)
        return await refuse(request, ApiError(status, code, retry_after))

    return handler
