"""The words of a shop: orders, deliveries, returns, money and the people who order.

Everything is frozen. Times are aware and in UTC, days are days in the shop's time zone, money is
whole cents (integers, so that sums are exact) with an ISO 4217 currency, and languages are `nl`
and `en`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from .states import (
    AccountState,
    DeliveryState,
    DocumentType,
    NewsletterState,
    OrderState,
    PaymentMethod,
    PaymentState,
    RefundCause,
    RefundState,
    ReturnReason,
    ReturnState,
)
from .values import Address, Document, Money, Text

__all__ = [
    "Accepted", "AccountState", "Address", "Cancellation", "Customer", "CustomerId", "Delivery",
    "DeliveryOption", "DeliveryState", "Document", "DocumentType", "Invoice", "InvoiceNumber",
    "LineId", "Money",
    "NewsletterState", "Order", "OrderContact", "OrderLine", "OrderNumber", "OrderState",
    "Payment", "PaymentMethod", "PaymentState", "Product", "Refund", "RefundCause", "RefundId",
    "RefundState", "Return", "ReturnLine", "ReturnNumber", "ReturnReason", "ReturnState",
    "Returnable", "Sku", "Text", "TrackEvent", "TrackingCode",
]  # fmt: skip

OrderNumber = NewType("OrderNumber", str)
LineId = NewType("LineId", str)
CustomerId = NewType("CustomerId", str)
ReturnNumber = NewType("ReturnNumber", str)
InvoiceNumber = NewType("InvoiceNumber", str)
RefundId = NewType("RefundId", str)
TrackingCode = NewType("TrackingCode", str)
Sku = NewType("Sku", str)


@dataclass(frozen=True)
class OrderLine:
    """One product in an order. `category` decides whether it may be returned."""

    id: LineId
    sku: Sku
    name: Text
    category: str
    quantity: int
    unit_price: Money

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError("a line holds at least one piece")

    @property
    def total(self) -> Money:
        """What the whole line costs."""
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class TrackEvent:
    """One step of a parcel, as the carrier reported it."""

    state: DeliveryState
    at: datetime
    place: str


@dataclass(frozen=True)
class Delivery:
    """One parcel. `expected_from`–`expected_to` is when it should come, if anybody knows."""

    tracking: TrackingCode
    carrier: str
    state: DeliveryState
    lines: tuple[LineId, ...]
    events: tuple[TrackEvent, ...]
    expected_from: datetime | None
    expected_to: datetime | None
    tracking_url: str

    @property
    def delivered_at(self) -> datetime | None:
        """When it was handed over, if it was."""
        times = [event.at for event in self.events if event.state is DeliveryState.DELIVERED]
        return max(times) if self.state is DeliveryState.DELIVERED and times else None


@dataclass(frozen=True)
class Payment:
    """One attempt to pay. `at` is when it was started, or when it was paid if it was."""

    method: PaymentMethod
    state: PaymentState
    amount: Money
    at: datetime


@dataclass(frozen=True)
class Refund:
    """Money that goes back to the customer. `paid_at` is empty until it is on its way."""

    id: RefundId
    cause: RefundCause
    state: RefundState
    amount: Money
    requested_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True)
class ReturnLine:
    """How many pieces of one order line come back."""

    line: LineId
    quantity: int

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError("a return holds at least one piece of a line")


@dataclass(frozen=True)
class Return:
    """Something that is sent back. `amount` is what the customer gets for it."""

    number: ReturnNumber
    order: OrderNumber
    state: ReturnState
    reason: ReturnReason
    lines: tuple[ReturnLine, ...]
    amount: Money
    requested_at: datetime
    send_before: date
    received_at: datetime | None


@dataclass(frozen=True)
class Invoice:
    """What was charged. `total` includes `vat`; `vat_percent` is a whole number."""

    number: InvoiceNumber
    order: OrderNumber
    issued_on: date
    total: Money
    vat: Money
    vat_percent: int


@dataclass(frozen=True)
class Order:
    """An order with all that happened to it. Lines, deliveries and returns are in order of time."""

    number: OrderNumber
    customer: CustomerId
    state: OrderState
    email: str
    address: Address
    delivery_option: str
    lines: tuple[OrderLine, ...]
    shipping: Money
    total: Money
    promised_on: date
    placed_at: datetime
    paid_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    deliveries: tuple[Delivery, ...]
    payments: tuple[Payment, ...]
    returns: tuple[Return, ...]
    refunds: tuple[Refund, ...]


@dataclass(frozen=True)
class OrderContact:
    """What a customer can prove that an order is theirs with."""

    number: OrderNumber
    email: str
    postcode: str


@dataclass(frozen=True)
class Customer:
    """A person who ordered. `language` is the one they chose in the shop."""

    id: CustomerId
    name: str
    email: str
    language: str
    account: AccountState
    newsletter: NewsletterState
    since: datetime
    address: Address


@dataclass(frozen=True)
class DeliveryOption:
    """One way to get a parcel. Days are working days after the order, if placed by `order_before`
    (HH:MM, the shop's time). From `free_from` on it costs nothing."""

    code: str
    name: Text
    description: Text
    country: str
    price: Money
    free_from: Money | None
    days_min: int
    days_max: int
    order_before: str


@dataclass(frozen=True)
class Product:
    """Something for sale. `prices` holds one amount per currency."""

    sku: Sku
    name: Text
    description: Text
    category: str
    prices: tuple[Money, ...]
    in_stock: int


@dataclass(frozen=True)
class Cancellation:
    """An order that was cancelled. `refund` is empty if nothing had been paid."""

    order: OrderNumber
    cancelled_at: datetime
    refund: Refund | None


@dataclass(frozen=True)
class Returnable:
    """What may still be sent back of an order, and the last day on which to say so."""

    order: OrderNumber
    lines: tuple[ReturnLine, ...]
    last_day: date


@dataclass(frozen=True)
class Accepted:
    """A request was taken in; what came of it is not told here."""

    accepted: bool

    def __post_init__(self) -> None:
        if not self.accepted:
            raise ValueError("a request that is not accepted is an error")
