"""An invoice that was asked for in a conversation, opened by its link."""

from __future__ import annotations

import asyncio
import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from helder.consent.errors import NotGranted
from helder.conversation.entries import ConversationId
from helder.conversation.errors import ConversationError
from helder.gateway.api import address_of, gateway_of
from helder.gateway.pages import TEMPLATES
from helder.gateway.state import Gateway
from helder.links import InvoiceLink, LinkRefused
from helder.shop.errors import NotFound, ShopUnavailable
from helder.shop.gate import NotProven, ProvenShop
from helder.shop.model import Document, DocumentType, InvoiceNumber, OrderNumber
from helder.texts import accepted

# The shop's page may look as it likes, and do and load nothing (OWASP ASVS 5.0, V3.4.3).
_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PRIVATE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


async def invoice(request: Request) -> Response:
    """The invoice, or in plain words that the link has ended."""
    gateway = gateway_of(request)
    gateway.limits.reading(address_of(request))
    try:
        link = gateway.links.open(request.path_params["link"])
        document = await asyncio.to_thread(_document, gateway, link)
    except (LinkRefused, NotGranted, NotProven, NotFound, ConversationError):
        return _told(request, 404, gateway.texts.system("link_over", _language(request)))
    except ShopUnavailable:
        return _told(request, 503, gateway.texts.error("unavailable", _language(request)))
    headers = dict(_PRIVATE)
    if document.media_type is DocumentType.HTML:
        headers["Content-Security-Policy"] = _PAGE
    else:
        headers["Content-Disposition"] = f'attachment; filename="{_file(link.invoice)}"'
    return Response(document.content, media_type=document.media_type.value, headers=headers)


def _document(gateway: Gateway, link: InvoiceLink) -> Document:
    # The conversation must still be there, and the proof and the consent in it.
    evidence = gateway.consents.evidence(ConversationId(link.conversation))
    shop = ProvenShop(gateway.shop(), evidence)
    number, invoice = OrderNumber(link.order), InvoiceNumber(link.invoice)
    return shop.invoice_document(number, invoice, link.language)


def _file(number: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", number)[:64] + ".pdf"


def _language(request: Request) -> str:
    return accepted(request.headers.get("accept-language"))


def _told(request: Request, status: int, text: str) -> Response:
    page = TEMPLATES.get_template("told.html").render(language=_language(request), text=text)
    return HTMLResponse(page, status, headers=_PRIVATE)
