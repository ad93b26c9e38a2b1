"""A customer's own conversation, outside the dialogue: what is known in it, without AI, erased."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helder.conversation.entries import ConversationId
from helder.conversation.shredding import Shredder
from helder.gateway import intake
from helder.gateway.api import address_of, admitted, gateway_of
from helder.gateway.errors import ApiError
from helder.gateway.state import Gateway

_REASON = "request"


async def data(request: Request) -> JSONResponse:
    """What the assistant knows and keeps here, beside what was consented to (GDPR art. 15)."""
    gateway, conversation = gateway_of(request), await admitted(request)
    return JSONResponse(await asyncio.to_thread(_data, gateway, conversation))


async def choose(request: Request) -> JSONResponse:
    """No AI from now on, or AI again: as easy as each other, and said in the conversation."""
    gateway, conversation = gateway_of(request), await admitted(request)
    content = await intake.read_object(request, {"opted_out"})
    out = content.get("opted_out")
    if not isinstance(out, bool):
        raise ApiError(400, "bad_request")
    gateway.limits.message(conversation, address_of(request))
    if not out:  # from then on the assistant may read what is sent (AI Act art. 50(1))
        await asyncio.to_thread(gateway.disclosure.tell, conversation)
    await asyncio.to_thread(gateway.without_ai.chosen, conversation, out=out)
    gateway.changes.changed(conversation)
    return JSONResponse(await asyncio.to_thread(_opt_out, gateway, conversation))


async def erase(request: Request) -> Response:
    """Destroy this conversation now: its key, its words, its consents (GDPR art. 17)."""
    gateway, conversation = gateway_of(request), await admitted(request)
    gateway.limits.message(conversation, address_of(request))
    shredder = Shredder(gateway.engine, gateway.log.keyring, gateway.clock, gateway.anchor)
    await asyncio.to_thread(shredder.shred, conversation, _REASON)
    gateway.changes.changed(conversation)  # its streams end
    return Response(status_code=204)


def _data(gateway: Gateway, conversation: ConversationId) -> dict[str, Any]:
    evidence = gateway.consents.evidence(conversation)
    return {
        "messages": gateway.log.head(conversation).number,
        "signed_in": bool(evidence.customers()),
        "orders": list(evidence.orders()),
        "minutes": gateway.kept.conversation_minutes,
        "days": gateway.consents.kept_days(conversation) or None,
        **_opt_out(gateway, conversation),
    }


def _opt_out(gateway: Gateway, conversation: ConversationId) -> dict[str, bool]:
    opt_outs = gateway.without_ai.opt_outs
    return {
        "opted_out": opt_outs.holds(conversation),
        "remembered": opt_outs.is_remembered(conversation),
    }
