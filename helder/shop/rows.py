"""From rows of the example shop's tables to the types of the port, and addresses back."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from . import tables as t
from .errors import NotFound
from .model import (
    AccountState,
    Address,
    Customer,
    Delivery,
    DeliveryOption,
    DeliveryState,
    Invoice,
    Money,
    NewsletterState,
    Order,
    OrderLine,
    OrderNumber,
    OrderState,
    Payment,
    PaymentMethod,
    PaymentState,
    Product,
    Refund,
    RefundCause,
    RefundState,
    Return,
    ReturnLine,
    ReturnReason,
    ReturnState,
    Text,
    TrackEvent,
)

Row = Any  # a SQLAlchemy row; untyped in 1.4


def address_columns(address: Address) -> dict[str, str]:
    """An address as columns."""
    return {
        "addressee": address.name,
        "street": address.street,
        "house": address.house,
        "postcode": address.postcode,
        "city": address.city,
        "country": address.country,
    }


def _address(row: Row) -> Address:
    return Address(row.addressee, row.street, row.house, row.postcode, row.city, row.country)


def to_customer(row: Row) -> Customer:
    """A row of `customers`."""
    return Customer(
        id=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        account=AccountState(row.account),
        newsletter=NewsletterState(row.newsletter),
        since=row.since,
        address=_address(row),
    )


def to_product(row: Row) -> Product:
    """A row of `products`."""
    return Product(
        sku=row.sku,
        name=Text(row.name_nl, row.name_en),
        description=Text(row.description_nl, row.description_en),
        category=row.category,
        prices=(Money(row.eur, "EUR"), Money(row.gbp, "GBP")),
        in_stock=row.in_stock,
    )


def to_option(row: Row) -> DeliveryOption:
    """A row of `delivery_options`."""
    return DeliveryOption(
        code=row.code,
        name=Text(row.name_nl, row.name_en),
        description=Text(row.description_nl, row.description_en),
        country=row.country,
        price=Money(row.price, row.currency),
        free_from=None if row.free_from is None else Money(row.free_from, row.currency),
        days_min=row.days_min,
        days_max=row.days_max,
        order_before=row.order_before,
    )


def to_refund(row: Row, currency: str) -> Refund:
    """A row of `refunds`."""
    return Refund(
        id=row.id,
        cause=RefundCause(row.cause),
        state=RefundState(row.state),
        amount=Money(row.amount, currency),
        requested_at=row.requested_at,
        paid_at=row.paid_at,
    )


def findable(text: str, what: str) -> str:
    """The text, if a database can hold it. Raises NotFound: what cannot be kept is nowhere."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise NotFound(what)
    return text


def load_order(connection: Any, number: OrderNumber) -> Order:
    """The order with everything that hangs on it. Raises NotFound."""
    findable(number, "order")
    row = connection.execute(sa.select(t.orders).where(t.orders.c.number == number)).first()
    if row is None:
        raise NotFound("order")

    def of(table: Any, by: str) -> list[Row]:
        found = sa.select(table).where(table.c.order == number).order_by(table.c[by])
        return list(connection.execute(found))

    lines = of(t.order_lines, "position")
    return Order(
        number=row.number,
        customer=row.customer,
        state=OrderState(row.state),
        email=row.email,
        address=_address(row),
        delivery_option=row.delivery_option,
        lines=tuple(_line(line, row.currency) for line in lines),
        shipping=Money(row.shipping, row.currency),
        total=Money(row.total, row.currency),
        promised_on=row.promised_on,
        placed_at=row.placed_at,
        paid_at=row.paid_at,
        packed_at=row.packed_at,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        cancelled_at=row.cancelled_at,
        deliveries=_deliveries(connection, of(t.deliveries, "position"), lines),
        payments=tuple(_payment(each, row.currency) for each in of(t.payments, "at")),
        returns=_returns(connection, of(t.returns, "requested_at"), row.currency),
        refunds=tuple(to_refund(each, row.currency) for each in of(t.refunds, "requested_at")),
    )


def load_invoices(connection: Any, number: OrderNumber) -> tuple[Invoice, ...]:
    """The invoices of an order, oldest first. Raises NotFound if there is no such order."""
    findable(number, "order")
    chosen = sa.select(t.orders.c.currency).where(t.orders.c.number == number)
    currency = connection.execute(chosen).scalar()
    if currency is None:
        raise NotFound("order")
    found = sa.select(t.invoices).where(t.invoices.c.order == number)
    return tuple(
        Invoice(
            number=row.number,
            order=row.order,
            issued_on=row.issued_on,
            total=Money(row.total, currency),
            vat=Money(row.vat, currency),
            vat_percent=row.vat_percent,
        )
        for row in connection.execute(found.order_by(t.invoices.c.issued_on))
    )


def _line(row: Row, currency: str) -> OrderLine:
    name = Text(row.name_nl, row.name_en)
    price = Money(row.unit_price, currency)
    return OrderLine(row.id, row.sku, name, row.category, row.quantity, price)


def _payment(row: Row, currency: str) -> Payment:
    amount = Money(row.amount, currency)
    return Payment(PaymentMethod(row.method), PaymentState(row.state), amount, row.at)


def _deliveries(connection: Any, rows: Sequence[Row], lines: Sequence[Row]) -> tuple[Delivery, ...]:
    codes = [row.tracking for row in rows]
    found = sa.select(t.track_events).where(t.track_events.c.tracking.in_(codes))
    events = defaultdict(list)
    for row in connection.execute(found.order_by(t.track_events.c.at)):
        events[row.tracking].append(TrackEvent(DeliveryState(row.state), row.at, row.place))
    return tuple(
        Delivery(
            tracking=row.tracking,
            carrier=row.carrier,
            state=DeliveryState(row.state),
            lines=tuple(line.id for line in lines if line.tracking == row.tracking),
            events=tuple(events[row.tracking]),
            expected_from=row.expected_from,
            expected_to=row.expected_to,
            tracking_url=row.tracking_url,
        )
        for row in rows
    )


def _returns(connection: Any, rows: Sequence[Row], currency: str) -> tuple[Return, ...]:
    columns = t.return_lines.c
    found = sa.select(t.return_lines).where(columns["return"].in_([row.number for row in rows]))
    lines = defaultdict(list)
    for row in connection.execute(found.order_by(columns.line)):
        lines[row._mapping["return"]].append(ReturnLine(row.line, row.quantity))
    return tuple(
        Return(
            number=row.number,
            order=row.order,
            state=ReturnState(row.state),
            reason=ReturnReason(row.reason),
            lines=tuple(lines[row.number]),
            amount=Money(row.amount, currency),
            requested_at=row.requested_at,
            send_before=row.send_before,
            received_at=row.received_at,
        )
        for row in rows
    )


def searched(product: Product) -> str:
    """All that is said about a product, in small letters, to look for words in."""
    texts = (product.name.nl, product.name.en, product.description.nl, product.description.en)
    return " ".join(texts).casefold()
