"""How the customer was helped, by colleague or assistant: one answer, with words or not."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from helder.gateway import intake
from helder.gateway.api import address_of, admitted, gateway_of
from helder.gateway.errors import ApiError
from helder.handoff.errors import NothingToRate
from helder.handoff.ratings import LONGEST, SCORES, About


async def rate(request: Request) -> Response:
    """Keep the answer; the same question answered again replaces it."""
    gateway, conversation = gateway_of(request), await admitted(request)
    content = await intake.read_object(request, {"about", "score", "words"})
    score, words = content.get("score"), intake.text_field(content, "words")
    # True is 1 to Python, and no score.
    if type(score) is not int or score not in SCORES:
        raise ApiError(400, "bad_request")
    try:
        about = About(intake.text_field(content, "about") or "")
    except ValueError:
        raise ApiError(400, "bad_request") from None
    gateway.limits.message(conversation, address_of(request))
    said = "" if words is None else intake.kept(words, gateway.masker).text
    if len(said) > LONGEST:
        raise ApiError(400, "bad_request")
    try:
        await asyncio.to_thread(gateway.ratings.rate, conversation, about, score, said)
    except NothingToRate:
        raise ApiError(400, "bad_request") from None
    return Response(status_code=204)
