"""The gate: the shop as one conversation may see it. Without consent and proof there is no order.

The dialogue asks for both; this refuses without them, whatever the dialogue believes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar, runtime_checkable

from helder.consent.errors import NotGranted
from helder.consent.purposes import ORDER_DATA
from helder.decisions.record import Decision

from .errors import NotFound, ProofError
from .facts import NOTHING, Besides
from .model import (
    Address,
    Cancellation,
    CustomerId,
    Document,
    Invoice,
    InvoiceNumber,
    Order,
    OrderNumber,
    Refund,
    RefundCause,
    Return,
    Returnable,
    ReturnLine,
    ReturnReason,
)
from .port import ShopBackend

T = TypeVar("T")


class NotProven(ProofError):
    """Nobody has shown here that this order is theirs."""

    def __init__(self) -> None:
        super().__init__("this order is not proven in this conversation")


class Evidence(Protocol):
    """What one conversation has proven and agreed to."""

    def granted(self, purpose: str) -> bool:
        """Has the customer agreed to this purpose (policies/consent.yml)?"""

    def orders(self) -> tuple[str, ...]:
        """The numbers of the orders that were proven."""

    def customers(self) -> tuple[str, ...]:
        """The ids of the customers who signed in."""


@runtime_checkable
class Deciding(Protocol):
    """A shop that decides by the policies of this house, and can show how."""

    def decide(self, policy: str, number: OrderNumber, besides: Besides = NOTHING) -> Decision:
        """What a policy decides about an order now. Raises NotFound, DecisionError."""


class ProvenShop:
    """A ShopBackend behind the gate. Methods raise NotGranted and NotProven besides what the port
    says: without the customer's consent to use their order data, nothing of it is even looked up.

    An order number that does not exist is NotProven too: it tells nothing apart.
    """

    def __init__(self, backend: ShopBackend, evidence: Evidence) -> None:
        self._backend = backend
        self._evidence = evidence

    def is_proven(self, number: OrderNumber) -> bool:
        """May this conversation see the order?"""
        try:
            self._prove(number)
        except (NotGranted, NotProven):
            return False
        return True

    def recent(self, limit: int) -> tuple[Order, ...]:
        """The newest orders of the customers who signed in here; none if nobody did."""
        require_order_data(self._evidence)
        found: list[Order] = []
        for customer in self._evidence.customers():
            try:
                found += self._backend.orders(CustomerId(customer))
            except NotFound:
                continue  # the shop deleted this customer since: there are no orders to show
        newest = sorted(found, key=lambda order: order.placed_at, reverse=True)
        return tuple(newest[:limit])

    def order(self, number: OrderNumber) -> Order:
        """See ShopBackend."""
        return self._behind(number, self._backend.order)

    def invoices(self, number: OrderNumber) -> tuple[Invoice, ...]:
        """See ShopBackend."""
        return self._behind(number, self._backend.invoices)

    def invoice_document(
        self, number: OrderNumber, invoice: InvoiceNumber, language: str
    ) -> Document:
        """See ShopBackend."""
        self._prove(number)
        return self._backend.invoice_document(number, invoice, language)

    def check_cancel(self, number: OrderNumber) -> None:
        """See ShopBackend."""
        self._behind(number, self._backend.check_cancel)

    def returnable(self, number: OrderNumber) -> Returnable:
        """See ShopBackend."""
        return self._behind(number, self._backend.returnable)

    def decide(
        self, policy: str, number: OrderNumber, besides: Besides = NOTHING
    ) -> Decision | None:
        """What a policy decides about an order now; None if the shop keeps its rules elsewhere.

        Whether the customer is signed in, it knows itself.
        """
        self._prove(number)
        backend = self._backend
        if not isinstance(backend, Deciding):
            return None
        return backend.decide(policy, number, replace(besides, signed_in=self._is_own(number)))

    def cancel_order(self, number: OrderNumber, *, idempotency_key: str) -> Cancellation:
        """See ShopBackend."""
        self._prove(number)
        return self._backend.cancel_order(number, idempotency_key=idempotency_key)

    def request_return(
        self,
        number: OrderNumber,
        lines: Sequence[ReturnLine],
        reason: ReturnReason,
        *,
        idempotency_key: str,
    ) -> Return:
        """See ShopBackend."""
        self._prove(number)
        return self._backend.request_return(number, lines, reason, idempotency_key=idempotency_key)

    def compensate(
        self, number: OrderNumber, cause: RefundCause, reason: ReturnReason, *, idempotency_key: str
    ) -> Refund:
        """See ShopBackend."""
        self._prove(number)
        return self._backend.compensate(
            number,
            cause,
            reason,
            signed_in=self._is_own(number),
            idempotency_key=idempotency_key,
        )

    def change_address(
        self, number: OrderNumber, address: Address, *, idempotency_key: str
    ) -> Order:
        """See ShopBackend."""
        self._prove(number)
        return self._backend.change_address(number, address, idempotency_key=idempotency_key)

    def _is_own(self, number: OrderNumber) -> bool:
        """Did the customer of the order sign in here?"""
        customers = self._evidence.customers()
        return bool(customers) and self._backend.order(number).customer in customers

    def _behind(self, number: OrderNumber, call: Callable[[OrderNumber], T]) -> T:
        self._prove(number)
        return call(number)

    def _prove(self, number: OrderNumber) -> None:
        require_order_data(self._evidence)
        if number in self._evidence.orders():
            return
        customers = self._evidence.customers()
        if not customers:
            raise NotProven
        try:
            owner = self._backend.order(number).customer
        except NotFound:
            raise NotProven from None
        if owner not in customers:
            raise NotProven


def require_order_data(evidence: Evidence) -> None:
    """Nothing, or NotGranted."""
    if not evidence.granted(ORDER_DATA):
        raise NotGranted(ORDER_DATA)
