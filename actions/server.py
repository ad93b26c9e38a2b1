"""The action server: Rasa's calls, on the loopback, with the shared secret.

rasa_sdk's own server asks nobody who they are and answers an error with the request in it; this one
does neither. The executor, which runs the actions, is rasa_sdk's.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.registry import all_actions
from actions.services import Services
from helder.keyfiles import SECRET_HEADER

logger = structlog.get_logger(__name__)


def make_app(
    services: Services,
    secret: str,
    name: str = "helder-actions",
    renew: Callable[[Services], Services] | None = None,
) -> Sanic:
    """`POST /webhook` for Rasa and `GET /health` for the supervisor.

    With `renew`, which reads texts and policies anew, also `POST /content` for `helder watch`.
    """
    app = Sanic(name, configure_logging=False)
    app.ctx.services, app.ctx.executor = services, _executor(services)

    @app.on_request
    async def only_rasa(request: Request) -> HTTPResponse | None:
        given = request.headers.get(SECRET_HEADER, "")
        if request.path == "/health" or hmac.compare_digest(given.encode(), secret.encode()):
            return None
        return response.json({"error": "forbidden"}, status=403)

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        return await _run(app.ctx.executor, request.json)

    if renew is not None:
        read = renew

        @app.post("/content")
        async def content(_request: Request) -> HTTPResponse:
            try:
                app.ctx.services = await asyncio.to_thread(read, app.ctx.services)
            except ValueError as error:
                return response.json({"error": str(error)}, status=409)
            app.ctx.executor = _executor(app.ctx.services)
            return response.json({})

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> HTTPResponse:
        status = getattr(error, "status_code", 500)
        if status >= 500:
            logger.error("action_failed", exc_info=error)
        return response.json({"error": "failed"}, status=status)

    return app


def _executor(services: Services) -> ActionExecutor:
    executor = ActionExecutor()
    for action in all_actions(services):
        executor.register_action(action)
    return executor


async def _run(executor: ActionExecutor, call: Any) -> HTTPResponse:
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        return response.json({"error": "bad_request"}, status=422)
    try:
        return response.json(await executor.run(call))
    except ActionNotFoundException:
        logger.error("action_unknown", action=call["next_action"])
        return response.json({"error": "unknown"}, status=404)
