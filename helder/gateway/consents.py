"""The customer's own overview of what they agreed to: seen, given, taken back, and its receipts.

Each change is an entry of the log, so that everybody who watches the conversation sees it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from helder.consent.errors import UnknownPurpose, UnknownReceipt
from helder.consent.purposes import Purpose
from helder.consent.receipts import receipt, schema
from helder.consent.records import Method, Record, State
from helder.conversation.clock import iso
from helder.conversation.entries import Author, ConversationId, Draft, Kind, Message
from helder.conversation.errors import ConversationError
from helder.gateway import intake
from helder.gateway.api import address_of, admitted, gateway_of
from helder.gateway.errors import ApiError
from helder.gateway.pages import TEMPLATES
from helder.gateway.state import Gateway
from helder.links import LinkRefused, ReceiptLink
from helder.texts import LANGUAGES, accepted

Json = dict[str, Any]
PRIVATE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


async def consents(request: Request) -> JSONResponse:
    """Every purpose with its words, and what the customer answered."""
    gateway, conversation = gateway_of(request), await admitted(request)
    language = await _language(request, gateway, conversation)
    found = await asyncio.to_thread(gateway.consents.states, conversation)
    purposes = gateway.consents.purposes.all
    shown = [_shown(purposes[name], record, language) for name, record in found.items()]
    return JSONResponse({"language": language, "consents": shown})


async def answer(request: Request) -> JSONResponse:
    """A yes or a no, as easy as each other (GDPR art. 7(3)). It holds from now on."""
    gateway, conversation = gateway_of(request), await admitted(request)
    content = await intake.read_object(request, {"purpose", "given"})
    name, given = intake.text_field(content, "purpose"), content.get("given")
    if name is None or not isinstance(given, bool):
        raise ApiError(400, "bad_request")
    gateway.limits.message(conversation, address_of(request))
    language = await _language(request, gateway, conversation)
    try:
        purpose = gateway.consents.purpose(name)
    except UnknownPurpose:
        raise ApiError(400, "bad_request") from None
    if given:  # the receipt names the notice that was shown
        await asyncio.to_thread(gateway.disclosure.tell, conversation)
    said = _said(gateway, purpose, given, language)
    write = gateway.consents.give if given else gateway.consents.decline
    record = await asyncio.to_thread(write, conversation, name, language, Method.PANEL, said)
    gateway.changes.changed(conversation)
    return JSONResponse(_shown(purpose, record, language))


async def receipts(request: Request) -> JSONResponse:
    """The receipts of this conversation, newest first, with links that end after a while."""
    gateway, conversation = gateway_of(request), await admitted(request)
    language = await _language(request, gateway, conversation)
    records = await asyncio.to_thread(gateway.consents.records, conversation)
    given = [each for each in reversed(records) if each.state is State.GIVEN]
    shown = [_receipt(gateway, conversation, each, language) for each in given]
    return JSONResponse({"receipts": shown})


async def page(request: Request) -> Response:
    """A receipt to read, in the language of the link or the other one."""
    found = await _opened(request)
    if isinstance(found, Response):
        return found
    gateway, link, record, withdrawn = found
    wanted = request.query_params.get("language")
    language = wanted if wanted in LANGUAGES else link.language
    content = receipt(record, link.conversation, withdrawn, language)
    html = TEMPLATES.get_template("receipt.html").render(
        language=language,
        other="en" if language == "nl" else "nl",
        words=gateway.texts.section("receipt", language),
        receipt=content,
        purpose=content["pii_processing"]["purposes"][0],
        controller=content["party_identification"][0],
        here=f"/receipts/{request.path_params['link']}",
    )
    return HTMLResponse(html, headers=PRIVATE)


async def download(request: Request) -> Response:
    """A receipt as JSON, to keep."""
    found = await _opened(request)
    if isinstance(found, Response):
        return found
    _, link, record, withdrawn = found
    headers = PRIVATE | {
        "Content-Disposition": f'attachment; filename="consent-{record.id[:12]}.json"'
    }
    content = receipt(record, link.conversation, withdrawn, link.language)
    return JSONResponse(content, headers=headers)


async def receipt_schema(_request: Request) -> JSONResponse:
    """What every receipt fits (JSON Schema)."""
    return JSONResponse(schema(), media_type="application/schema+json")


async def _opened(
    request: Request,
) -> tuple[Gateway, ReceiptLink, Record, Record | None] | Response:
    gateway = gateway_of(request)
    gateway.limits.reading(address_of(request))
    try:
        link = gateway.links.open_receipt(request.path_params["link"])
        conversation = ConversationId(link.conversation)
        found = await asyncio.to_thread(gateway.consents.grant, conversation, link.receipt)
    except (LinkRefused, UnknownReceipt, ConversationError):
        language = accepted(request.headers.get("accept-language"))
        text = gateway.texts.system("link_over", language)
        told = TEMPLATES.get_template("told.html").render(language=language, text=text)
        return HTMLResponse(told, 404, headers=PRIVATE)
    return gateway, link, *found


async def _language(request: Request, gateway: Gateway, conversation: ConversationId) -> str:
    wanted = request.query_params.get("language")
    if wanted in LANGUAGES:
        return wanted
    return await asyncio.to_thread(gateway.log.language, conversation)


def _said(gateway: Gateway, purpose: Purpose, given: bool, language: str) -> Draft:
    words = purpose.said(language)
    key = "consent_given" if given else "consent_taken_back"
    values = {"title": words.title} if given else {"title": words.title, "without": words.without}
    text = gateway.texts.system(key, language, **values)
    return Draft(Kind.SAID, (Message(Author.SYSTEM, text, iso(gateway.clock())),))


def _shown(purpose: Purpose, record: Record | None, language: str) -> Json:
    words = purpose.said(language)
    return {
        "purpose": purpose.name,
        "version": purpose.version,
        "legal_basis": purpose.legal_basis,
        "state": record.state.value if record else "not_asked",
        "since": record.time if record else None,
        "title": words.title,
        "question": words.question,
        "yes": words.yes_button,
        "no": words.no_button,
        "without": words.without,
        "data": list(words.data),
        "retention": words.retention,
    }


def _receipt(gateway: Gateway, conversation: ConversationId, record: Record, language: str) -> Json:
    sealed = gateway.links.seal(ReceiptLink(conversation, record.id, language))
    terms = record.terms or {}
    return {
        "receipt": record.id,
        "purpose": record.purpose,
        "version": record.version,
        "title": terms["words"][language]["title"],
        "time": record.time,
        "page": f"/receipts/{sealed}",
        "download": f"/receipts/{sealed}/json",
    }
