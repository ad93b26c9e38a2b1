"""The customers' API: open a conversation, send, read. Errors are `ApiError`s (see errors.py)."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helder.addresses import caller
from helder.conversation.clock import iso
from helder.conversation.entries import ConversationId, Head, MessageId, Notice, Owner, Shown
from helder.conversation.errors import InboxFull, UnknownChoice
from helder.conversation.inbox import Received
from helder.gateway import intake
from helder.gateway.choices import PERSON
from helder.gateway.errors import ApiError
from helder.gateway.metrics import MESSAGES, OPENED
from helder.gateway.state import Gateway
from helder.handoff.activity import CUSTOMER
from helder.shop.errors import IdentityRefused
from helder.texts import LANGUAGES, accepted, pick


def gateway_of(request: Request) -> Gateway:
    """The services behind this request."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def address_of(request: Request) -> str:
    """Whom to count against: the client, or what a trusted proxy in front says it is."""
    return caller(
        request.client.host if request.client else None,
        request.headers.getlist("x-forwarded-for"),
        trust_proxy=gateway_of(request).settings.trust_proxy,
    )


async def notice(request: Request) -> JSONResponse:
    """The AI and data notice (AI Act art. 50(1), GDPR art. 13), before anything is sent."""
    gateway = gateway_of(request)
    wanted = request.query_params.get("language")
    language = pick(wanted) if wanted else accepted(request.headers.get("accept-language"))
    words = asdict(gateway.disclosure.words(language))
    return JSONResponse({"version": gateway.disclosure.version, "language": language, **words})


async def tell(request: Request) -> JSONResponse:
    """The notice, said in the conversation, for who goes on in another language than before."""
    gateway, conversation = gateway_of(request), await admitted(request)
    content = await intake.read_object(request, {"language"})
    language = intake.text_field(content, "language")
    if language not in LANGUAGES:
        raise ApiError(400, "bad_request")
    gateway.limits.message(conversation, address_of(request))
    await asyncio.to_thread(gateway.disclosure.tell, conversation, language)
    return JSONResponse({"version": gateway.disclosure.version, "language": language})


async def open_conversation(request: Request) -> JSONResponse:
    """A new conversation, for somebody known or unknown, perhaps in the place of a damaged one."""
    gateway = gateway_of(request)
    gateway.limits.opening(address_of(request))
    content = await intake.read_object(request, {"language", "identity", "after", "notice"})
    language = intake.text_field(content, "language")
    after = intake.text_field(content, "after")
    if language not in (None, *LANGUAGES) or after not in (None, "damaged"):
        raise ApiError(400, "bad_request")
    language = language or accepted(request.headers.get("accept-language"))
    token = intake.text_field(content, "identity")
    customer = await asyncio.to_thread(_verified, gateway, token)
    life = timedelta(hours=gateway.settings.token_hours)
    shown = _shown(gateway, content)
    opened = await asyncio.to_thread(gateway.log.open, language, life, shown)
    if customer is not None:
        await asyncio.to_thread(gateway.proofs.record, opened.conversation, "customer", customer)
    await asyncio.to_thread(gateway.disclosure.tell, opened.conversation, language)
    await asyncio.to_thread(gateway.without_ai.begins, opened.conversation)
    if after is not None:
        await asyncio.to_thread(gateway.person.after_damage, opened.conversation)
    OPENED.inc()
    return JSONResponse(
        {"conversation": opened.conversation, "token": opened.token, "language": language}, 201
    )


async def send(request: Request) -> JSONResponse:
    """A message of the customer: kept before it is acknowledged, answered in its turn."""
    gateway, conversation = gateway_of(request), await admitted(request)
    content = await intake.read_object(request, {"id", "text", "choice", "person"})
    message = MessageId(intake.message_id(content))
    if not await asyncio.to_thread(gateway.inbox.knows, conversation, message):
        gateway.limits.message(conversation, address_of(request))
        received = await _received(gateway, conversation, message, content)
        # Before it is kept: from then on the assistant may read it.
        await asyncio.to_thread(gateway.disclosure.tell, conversation)
        try:
            await asyncio.to_thread(gateway.inbox.put, conversation, received)
        except InboxFull:
            raise ApiError(429, "too_fast", retry_after=5) from None
        MESSAGES.inc()
    # Also when it is repeated: it may have been kept without our knowing, and nobody woken.
    gateway.turns.wake(conversation)
    return JSONResponse({"id": message}, 202)


async def read(request: Request) -> JSONResponse:
    """What was said after message number N."""
    gateway, conversation = gateway_of(request), await admitted(request)
    after = intake.count(request.query_params.get("after"))
    head, shown = await asyncio.to_thread(gateway.log.shown, conversation, after)
    return JSONResponse({"owner": owner_of(head), "messages": [as_json(s) for s in shown]})


async def types(request: Request) -> Response:
    """The customer writes something; a colleague who has the conversation sees that."""
    gateway, conversation = gateway_of(request), await admitted(request)
    await intake.read_object(request, set())
    head = await asyncio.to_thread(gateway.log.head, conversation)
    if head.owner is Owner.EMPLOYEE:
        here = gateway.activities.here
        await asyncio.to_thread(here, conversation, CUSTOMER, typing=True)
    return Response(status_code=204)


async def admitted(request: Request) -> ConversationId:
    """The conversation of this address, if the token opens it.

    Raises:
        ApiError: 401 for a wrong, foreign or expired token and for no conversation alike.
    """
    gateway = gateway_of(request)
    gateway.limits.reading(address_of(request))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    conversation = request.path_params["conversation"]
    if scheme.lower() != "bearer" or not await asyncio.to_thread(
        gateway.log.admits, conversation, token.strip()
    ):
        raise ApiError(401, "unauthorized")
    # From here on errors are said in the conversation's own language (see app.refuse).
    request.state.conversation = ConversationId(conversation)
    return ConversationId(conversation)


def as_json(shown: Shown) -> dict[str, Any]:
    """A message as the API and the event stream give it."""
    message = shown.message
    content: dict[str, Any] = {
        "seq": shown.number,
        "author": message.author.value,
        "name": message.name,
        "text": message.text,
        "choices": [
            {"choice": opaque, "title": choice.title}
            for opaque, choice in zip(shown.choices, message.choices, strict=True)
        ],
        "time": message.time,
    }
    if message.id is not None:
        content["id"] = message.id
    if shown.notice is not None:
        content["notice"] = {"version": shown.notice.version, "language": shown.notice.language}
        content["language"] = shown.notice.language
    return content


def owner_of(head: Head) -> str:
    """Who answers now."""
    return head.owner.value


async def _received(
    gateway: Gateway, conversation: ConversationId, message: MessageId, content: dict[str, Any]
) -> Received:
    """What the customer says: their text, or the title and payload of what they chose."""
    text, choice = intake.text_field(content, "text"), intake.text_field(content, "choice")
    now = iso(gateway.clock())
    if content.get("person") is True and text is choice is None:
        language = await asyncio.to_thread(gateway.log.language, conversation)
        wish = gateway.texts.system("handoff_wish", language)
        return Received(message, wish, now, PERSON)
    if (text is None) == (choice is None) or "person" in content:
        raise ApiError(400, "bad_request")
    if choice is None:
        kept = intake.kept(text or "", gateway.masker)
        kinds = tuple(sorted(kind.value for kind in kept.kinds))
        return Received(message, kept.text, now, masked=kinds)
    try:
        chosen, offered = await asyncio.to_thread(gateway.log.choose, conversation, choice)
    except UnknownChoice:
        raise ApiError(409, "unknown_choice") from None
    return Received(message, chosen.title, now, chosen.payload, offered)


def _shown(gateway: Gateway, content: dict[str, Any]) -> Notice | None:
    """Which notice the client has shown the customer already, if it says so."""
    given = content.get("notice")
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != {"version", "language"}:
        raise ApiError(400, "bad_request")
    shown = gateway.disclosure.shown(given["version"], given["language"])
    if shown is None:
        raise ApiError(400, "bad_request")
    return shown


def _verified(gateway: Gateway, token: str | None) -> str | None:
    if token is None:
        return None
    if gateway.identity is None:
        raise ApiError(400, "identity_refused")
    try:
        return str(gateway.identity.verify(token))
    except IdentityRefused:
        raise ApiError(400, "identity_refused") from None
