"""The port over HTTP: a company's own shop behind a small server. docs/shop.md is its contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import structlog

from . import wire
from .errors import BadAnswer, NotFound
from .model import (
    Accepted,
    Address,
    Cancellation,
    Customer,
    CustomerId,
    DeliveryOption,
    Document,
    Invoice,
    InvoiceNumber,
    Order,
    OrderContact,
    OrderNumber,
    PaymentMethod,
    Product,
    Refund,
    RefundCause,
    Return,
    Returnable,
    ReturnLine,
    ReturnReason,
)
from .transport import Transport

log = structlog.get_logger()
T = TypeVar("T")

# What a number or an id may be made of. Anything else exists nowhere, and would be a way to
# reach other paths of the shop's server.
_PIECE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}")


class HttpShop:
    """A ShopBackend that asks a server. For the methods, see ShopBackend."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def contact(self, number: OrderNumber) -> OrderContact:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/contact"
        return self._get(OrderContact, "contact", path)

    def order(self, number: OrderNumber) -> Order:
        """See ShopBackend."""
        return self._get(Order, "order", f"/v1/orders/{_piece(number, 'order')}")

    def orders(self, customer: CustomerId) -> tuple[Order, ...]:
        """See ShopBackend."""
        path = f"/v1/customers/{_piece(customer, 'customer')}/orders"
        return self._get_list(Order, "orders", path)

    def invoices(self, number: OrderNumber) -> tuple[Invoice, ...]:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/invoices"
        return self._get_list(Invoice, "invoices", path)

    def invoice_document(
        self, number: OrderNumber, invoice: InvoiceNumber, language: str
    ) -> Document:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/invoices/{_piece(invoice, 'invoice')}"
        params = {"language": _sendable(language, "invoice")}
        data = self._transport.call("invoice_document", "GET", path, params=params)
        return self._one(Document, "invoice_document", data)

    def customer(self, customer: CustomerId) -> Customer:
        """See ShopBackend."""
        return self._get(Customer, "customer", f"/v1/customers/{_piece(customer, 'customer')}")

    def find_customer(self, email: str) -> Customer:
        """See ShopBackend. In the body: addresses of requests end up in servers' logs."""
        body = {"email": _sendable(email, "customer")}
        data = self._transport.call("find_customer", "POST", "/v1/customers/find", body=body)
        return self._one(Customer, "find_customer", data)

    def delivery_options(self, country: str) -> tuple[DeliveryOption, ...]:
        """See ShopBackend."""
        params = {"country": _sendable(country, "country")}
        return self._get_list(DeliveryOption, "delivery_options", "/v1/delivery-options", params)

    def payment_methods(self, country: str) -> tuple[PaymentMethod, ...]:
        """See ShopBackend."""
        params = {"country": _sendable(country, "country")}
        return self._get_list(PaymentMethod, "payment_methods", "/v1/payment-methods", params)

    def find_products(self, words: str, limit: int = 5) -> tuple[Product, ...]:
        """See ShopBackend."""
        params = {"words": _sendable(words, "product"), "limit": str(max(0, limit))}
        return self._get_list(Product, "find_products", "/v1/products", params)

    def check_cancel(self, number: OrderNumber) -> None:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/cancellation"
        if self._transport.call("check_cancel", "GET", path) != {"allowed": True}:
            raise BadAnswer("neither allowed nor refused")

    def returnable(self, number: OrderNumber) -> Returnable:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/returnable"
        return self._get(Returnable, "returnable", path)

    def cancel_order(self, number: OrderNumber, *, idempotency_key: str) -> Cancellation:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/cancellation"
        data = self._transport.call("cancel_order", "POST", path, key=idempotency_key)
        return self._one(Cancellation, "cancel_order", data)

    def request_return(
        self,
        number: OrderNumber,
        lines: Sequence[ReturnLine],
        reason: ReturnReason,
        *,
        idempotency_key: str,
    ) -> Return:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/returns"
        body = {"lines": wire.encode(tuple(lines)), "reason": reason.value}
        data = self._transport.call("request_return", "POST", path, body=body, key=idempotency_key)
        return self._one(Return, "request_return", data)

    def change_address(
        self, number: OrderNumber, address: Address, *, idempotency_key: str
    ) -> Order:
        """See ShopBackend."""
        path, body = f"/v1/orders/{_piece(number, 'order')}/address", wire.encode(address)
        data = self._transport.call("change_address", "PUT", path, body=body, key=idempotency_key)
        return self._one(Order, "change_address", data)

    def compensate(
        self,
        number: OrderNumber,
        cause: RefundCause,
        reason: ReturnReason,
        *,
        signed_in: bool,
        idempotency_key: str,
    ) -> Refund:
        """See ShopBackend."""
        path = f"/v1/orders/{_piece(number, 'order')}/compensation"
        body = {"cause": cause.value, "reason": reason.value, "signed_in": signed_in}
        data = self._transport.call("compensate", "POST", path, body=body, key=idempotency_key)
        return self._one(Refund, "compensate", data)

    def set_newsletter(
        self, customer: CustomerId, subscribed: bool, *, idempotency_key: str
    ) -> Customer:
        """See ShopBackend."""
        path = f"/v1/customers/{_piece(customer, 'customer')}/newsletter"
        body, key = {"subscribed": subscribed}, idempotency_key
        data = self._transport.call("set_newsletter", "PUT", path, body=body, key=key)
        return self._one(Customer, "set_newsletter", data)

    def close_account(self, customer: CustomerId, *, idempotency_key: str) -> Customer:
        """See ShopBackend."""
        path = f"/v1/customers/{_piece(customer, 'customer')}/closure"
        data = self._transport.call("close_account", "POST", path, key=idempotency_key)
        return self._one(Customer, "close_account", data)

    def ask_newsletter(
        self, email: str, subscribed: bool, language: str, *, idempotency_key: str
    ) -> None:
        """See ShopBackend."""
        body = {"email": email, "subscribed": subscribed, "language": language}
        path, key = "/v1/newsletter", idempotency_key
        data = self._transport.call("ask_newsletter", "PUT", path, body=body, key=key)
        self._one(Accepted, "ask_newsletter", data)

    def send_password_link(self, email: str, language: str, *, idempotency_key: str) -> None:
        """See ShopBackend."""
        body, key = {"email": email, "language": language}, idempotency_key
        path = "/v1/password-links"
        data = self._transport.call("send_password_link", "POST", path, body=body, key=key)
        self._one(Accepted, "send_password_link", data)

    def _get(self, kind: type[T], operation: str, path: str) -> T:
        return self._one(kind, operation, self._transport.call(operation, "GET", path))

    def _get_list(
        self, kind: type[T], operation: str, path: str, params: dict[str, str] | None = None
    ) -> tuple[T, ...]:
        data = self._transport.call(operation, "GET", path, params=params)
        try:
            return wire.decode_list(kind, data)
        except wire.WireError as error:
            raise _bad(operation, error) from None

    def _one(self, kind: type[T], operation: str, data: Any) -> T:
        try:
            return wire.decode(kind, data)
        except wire.WireError as error:
            raise _bad(operation, error) from None


def _bad(operation: str, error: wire.WireError) -> BadAnswer:
    log.error("shop.bad_answer", operation=operation, why=str(error))
    return BadAnswer(str(error))


def _piece(text: str, what: str) -> str:
    if _PIECE.fullmatch(text) is None:
        raise NotFound(what)
    return text


def _sendable(text: str, what: str) -> str:
    """Half a character cannot be sent, and is nowhere to be found."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotFound(what) from None
    return text
