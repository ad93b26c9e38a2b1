"""An invoice opened by its link: for whoever has it, for a while, and only with the proof."""

from __future__ import annotations

import base64

import pytest

from helder.consent.purposes import ORDER_DATA
from helder.consent.records import Method
from helder.conversation.entries import ConversationId
from helder.conversation.shredding import Shredder
from helder.links import MINUTES, InvoiceLink
from helder.shop.errors import ShopUnavailable
from helder.shop.model import Document, DocumentType
from helder.shop.seed import demo_orders
from helder.shop.sql import SqlShop
from tests.gateway.conftest import Front


@pytest.fixture
def link(front: Front) -> str:
    """The address of an invoice that somebody proved to be theirs, and agreed to be looked up."""
    address, _ = front.open()
    conversation = address.rsplit("/", 1)[1]
    front.gateway.consents.give(ConversationId(conversation), ORDER_DATA, "nl", Method.BUTTON)
    shop = front.gateway.shop()
    assert isinstance(shop, SqlShop)
    (number,) = [d.number for d in demo_orders(shop) if d.scenario == "delivered_5_days_ago"]
    front.gateway.proofs.record(ConversationId(conversation), "order", number)
    (invoice,) = shop.invoices(number)
    sealed = front.gateway.links.seal(InvoiceLink(conversation, number, invoice.number, "nl"))
    return f"/invoices/{sealed}"


def test_the_invoice_is_shown_and_can_do_nothing(front: Front, link: str) -> None:
    answer = front.client.get(link)
    assert answer.status_code == 200
    assert "Factuurnummer" in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("language", "says"), [("nl", "Deze link werkt niet meer"), ("en", "This link no longer")]
)
def test_after_a_while_it_says_so(front: Front, link: str, language: str, says: str) -> None:
    front.clock.move(minutes=MINUTES)
    answer = front.client.get(link, headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert says in answer.text


def test_it_ends_with_the_conversation(front: Front, link: str) -> None:
    sealed = link.rsplit("/", 1)[1]
    conversation = ConversationId(front.gateway.links.open(sealed).conversation)
    log = front.gateway.log
    Shredder(log.engine, log.keyring, log.clock, log.anchor).shred(conversation, "asked")
    assert front.client.get(link).status_code == 404


def test_it_ends_when_the_consent_is_taken_back(front: Front, link: str) -> None:
    conversation = ConversationId(front.gateway.links.open(link.rsplit("/", 1)[1]).conversation)
    front.gateway.consents.decline(conversation, ORDER_DATA, "nl", Method.WORDS)
    assert front.client.get(link).status_code == 404


def test_a_link_without_proof_opens_nothing(front: Front, link: str) -> None:
    known = front.gateway.links.open(link.rsplit("/", 1)[1])
    address, _ = front.open()
    other = ConversationId(address.rsplit("/", 1)[1])
    front.gateway.consents.give(other, ORDER_DATA, "nl", Method.BUTTON)
    stolen = InvoiceLink(other, known.order, known.invoice, "nl")
    answer = front.client.get(f"/invoices/{front.gateway.links.seal(stolen)}")
    assert answer.status_code == 404


@pytest.mark.parametrize("text", ["x", "AAAA", "%00", "%2e%2e%2fapi"])
def test_what_is_no_link_opens_nothing(front: Front, text: str) -> None:
    assert front.client.get(f"/invoices/{text}").status_code == 404


def test_a_pdf_of_the_shop_is_downloaded(
    front: Front, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = Document(DocumentType.PDF, base64.b64encode(b"%PDF-1.7 ...").decode())
    monkeypatch.setattr(SqlShop, "invoice_document", lambda *_: pdf)
    answer = front.client.get(link)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="IN-')
    assert answer.content == b"%PDF-1.7 ..."


def test_a_shop_that_is_out_is_said_to_be(
    front: Front, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out(*_: object) -> Document:
        raise ShopUnavailable("it is out")

    monkeypatch.setattr(SqlShop, "invoice_document", out)
    answer = front.client.get(link)
    assert answer.status_code == 503
    assert "try again" in answer.text
