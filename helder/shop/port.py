"""The port: all that Helder asks of a shop. A company plugs in its own system here.

Two implementations are held to it by one test suite: `sql.SqlShop` (the example shop) and
`http.HttpShop` (a company's adapter, described in docs/shop.md). Methods are synchronous; call
them in threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .model import (
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


class ShopBackend(Protocol):
    """A shop.

    Every method raises ShopUnavailable when there is no useful answer in time, and NotFound for
    an order or a customer that does not exist. It does not ask who is asking: proof of that is
    `proof.Prover` and `identity.IdentityVerifier`, before anything personal is read.

    Writes take an `idempotency_key`, one per thing that the customer asked for. The same key with
    the same request has one effect and gives the same answer, for at least a day, even when the
    order has changed meanwhile; with another request it raises KeyReused. A refusal has no effect
    and is not remembered.
    """

    def contact(self, number: OrderNumber) -> OrderContact:
        """What proves that an order is the customer's: one cheap look, the same for all orders."""

    def order(self, number: OrderNumber) -> Order:
        """The order with all that happened to it."""

    def orders(self, customer: CustomerId) -> tuple[Order, ...]:
        """All orders of a customer, newest first."""

    def invoices(self, number: OrderNumber) -> tuple[Invoice, ...]:
        """What was charged for an order, oldest first; nothing for an order not yet paid."""

    def invoice_document(
        self, number: OrderNumber, invoice: InvoiceNumber, language: str
    ) -> Document:
        """An invoice of an order, to open and keep, in `nl` or `en` if there is a choice."""

    def customer(self, customer: CustomerId) -> Customer:
        """The account of a customer."""

    def find_customer(self, email: str) -> Customer:
        """The account with this e-mail address, whatever its case."""

    def delivery_options(self, country: str) -> tuple[DeliveryOption, ...]:
        """The ways to get a parcel in a country (ISO 3166-1), best known first; maybe none."""

    def payment_methods(self, country: str) -> tuple[PaymentMethod, ...]:
        """The ways to pay for an order to a country (ISO 3166-1), best known first; maybe none."""

    def find_products(self, words: str, limit: int = 5) -> tuple[Product, ...]:
        """Products in whose name or description all the words occur, in either language."""

    def check_cancel(self, number: OrderNumber) -> None:
        """Would `cancel_order` do it now? Raises NotAllowed if not."""

    def returnable(self, number: OrderNumber) -> Returnable:
        """What `request_return` would take back now. Raises NotAllowed if nothing."""

    def cancel_order(self, number: OrderNumber, *, idempotency_key: str) -> Cancellation:
        """Cancel the whole order and promise the money back. Raises NotAllowed, KeyReused."""

    def request_return(
        self,
        number: OrderNumber,
        lines: Sequence[ReturnLine],
        reason: ReturnReason,
        *,
        idempotency_key: str,
    ) -> Return:
        """Register a return. Raises NotAllowed, KeyReused, BadRequest (no or unknown lines)."""

    def change_address(
        self, number: OrderNumber, address: Address, *, idempotency_key: str
    ) -> Order:
        """Send the order elsewhere in the same country. Raises NotAllowed, KeyReused."""

    def compensate(
        self,
        number: OrderNumber,
        cause: RefundCause,
        reason: ReturnReason,
        *,
        signed_in: bool,
        idempotency_key: str,
    ) -> Refund:
        """Promise money for a late delivery (COMPENSATION) or as goodwill (GOODWILL), as the shop's
        rules say. `reason` is what the customer says was wrong; only of who is `signed_in` may
        other orders count. Raises NotAllowed, KeyReused, BadRequest (another cause)."""

    def set_newsletter(
        self, customer: CustomerId, subscribed: bool, *, idempotency_key: str
    ) -> Customer:
        """Newsletter on or off. Turning it on twice, or off twice, is fine. Raises KeyReused."""

    def close_account(self, customer: CustomerId, *, idempotency_key: str) -> Customer:
        """Nobody logs in with it any more and no newsletter is sent; the orders stay, as a
        guest's. Raises KeyReused."""

    # Anybody may ask for these, for any address: nothing tells whether there is an account.

    def ask_newsletter(
        self, email: str, subscribed: bool, language: str, *, idempotency_key: str
    ) -> None:
        """Newsletter to an address. Off at once; on only when the mail that is sent there is
        confirmed. Raises BadRequest (no address), KeyReused."""

    def send_password_link(self, email: str, language: str, *, idempotency_key: str) -> None:
        """Send a link for a new password, if the address has an account. Raises BadRequest (no
        address), KeyReused."""
