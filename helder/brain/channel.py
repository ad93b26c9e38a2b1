"""The only way into Rasa: turns from our own gateway. Named in credentials.yml.

`POST /webhooks/helder/turn` with the shared secret runs one turn and answers when it is saved; what
the assistant says is in the log, not in the answer. `GET /webhooks/helder/health` tells whether
turns can be run, and by which model. `POST /webhooks/helder/why` with the secret tells which words
made a text read as it is (why.py). `POST /webhooks/helder/content` with the secret loads another
model or other texts; it is there only while `swap` is set, which serve.py does on a designer's
machine.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

import structlog
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from helder.brain import guard, prepared, why
from helder.brain.errors import ActionsUnreachable, SaveRefused, SilentTurn, TurnFailed
from helder.brain.events import MESSAGE_ID, NOTE, SENT, SHOWN
from helder.brain.swap import Swap, SwapRefused
from helder.brain.turn import Turn, current
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.errors import (
    Conflict,
    ConversationError,
    NotPending,
    Tampered,
    TooLarge,
    UnknownConversation,
)
from helder.keyfiles import SECRET_HEADER

guard.install()
prepared.install()
logger = structlog.get_logger(__name__)


class HelderChannel(InputChannel):
    """Turns from the gateway."""

    swap: ClassVar[Swap | None] = None

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        """The channel's name: part of its address, and what responses may be conditioned on."""
        return "helder"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> HelderChannel:
        """From credentials.yml.

        Raises:
            ValueError: the shared secret is missing.
        """
        secret = (credentials or {}).get("secret")
        if not secret or len(secret) < 32:
            raise ValueError("credentials.yml gives the channel no secret; start with `make run`.")
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's addresses."""
        blueprint = Blueprint("helder", __name__)

        @blueprint.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            told = {"ready": ready, **(_model(agent) if ready else {})}
            return response.json(told, status=200 if ready else 503)

        @blueprint.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_ours(request):
                return response.json({"error": "forbidden"}, status=403)
            return await _run(request.json or {}, on_new_message)

        @blueprint.post("/why")
        async def why_read(request: Request) -> HTTPResponse:
            if not self._is_ours(request):
                return response.json({"error": "forbidden"}, status=403)
            return await _why(request)

        if self.swap is not None:
            swap = self.swap

            @blueprint.post("/content")
            async def content(request: Request) -> HTTPResponse:
                if not self._is_ours(request):
                    return response.json({"error": "forbidden"}, status=403)
                return await _swapped(swap, request)

        return blueprint

    def _is_ours(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode(), self._secret.encode())


def _model(agent: Any) -> dict[str, str]:
    """Which model answers, and when it was trained (ISO 8601, UTC)."""
    processor = agent.processor
    trained = processor.model_metadata.trained_at
    return {"model": processor.model_filename, "trained": f"{trained.isoformat()}Z"}


async def _why(request: Request) -> HTTPResponse:
    agent, text = getattr(request.app.ctx, "agent", None), (request.json or {}).get("text")
    if agent is None or not agent.is_ready():
        return response.json({"error": "not_ready"}, status=503)
    if not isinstance(text, str) or not text.strip() or text.lstrip().startswith("/"):
        return response.json({"error": "bad_request"}, status=422)
    return response.json(await why.why(agent, text))


async def _swapped(swap: Swap, request: Request) -> HTTPResponse:
    model = (request.json or {}).get("model")
    try:
        await (swap.model(request.app, Path(model)) if model else swap.texts(request.app))
    except SwapRefused as refused:
        return response.json({"error": str(refused)}, status=409)
    return response.json({})


async def _run(
    body: dict[str, Any], on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> HTTPResponse:
    turn = Turn(
        ConversationId(body["conversation"]), MessageId(body["message"]), int(body["epoch"])
    )
    message = UserMessage(
        text=body.get("payload") or disarm(body["text"]),
        output_channel=LogOnlyChannel(),
        sender_id=turn.conversation,
        input_channel=HelderChannel.name(),
        metadata={
            MESSAGE_ID: turn.message,
            SHOWN: body["text"],
            SENT: body.get("sent") or "",
            **_noted(body.get("note")),
        },
    )
    token = current.set(turn)
    try:
        await on_new_message(message)
    except Exception as error:
        return _refusal(error)
    finally:
        current.reset(token)
    if turn.head is None:
        return response.json({"error": "not_saved"}, status=500)
    return response.json({"seq": turn.head.position.seq, "said": turn.said})


def _noted(note: dict[str, str] | None) -> dict[str, Any]:
    return {NOTE: note} if note else {}


def _refusal(error: Exception) -> HTTPResponse:
    statuses = (
        (NotPending, 200, "answered"),
        (Conflict, 409, "conflict"),
        (UnknownConversation, 404, "unknown"),
        (SilentTurn, 422, "silent"),
        (Tampered, 423, "damaged"),
        (TooLarge, 500, "refused"),
        (ConversationError, 503, "log"),
        (ActionsUnreachable, 503, "actions"),
        (SQLAlchemyError, 503, "database"),
        (TurnFailed, 502, "action"),
        (SaveRefused, 500, "refused"),
    )
    matching = (entry[1:] for entry in statuses if isinstance(error, entry[0]))
    status, code = next(matching, (500, "failed"))
    if status >= 422:
        action = getattr(error, "action", None)
        logger.error("turn_failed", code=code, action=action, exc_info=error)
    return response.json({"error": code}, status=status)


def disarm(text: str) -> str:
    """Text that Rasa will not take for a command: it obeys `/intent{…}` after any white space."""
    armed = text.lstrip()
    while armed.startswith("/"):
        armed = armed[1:].lstrip()
    return armed if text.lstrip().startswith("/") else text


class LogOnlyChannel(OutputChannel):
    """Sends nothing: what is said is delivered from the log, once it is saved."""

    @classmethod
    def name(cls) -> str:
        """The name that responses may be conditioned on."""
        return "helder"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Nothing: see above."""
