"""The example shop's own database. It knows nothing of conversations."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


class Moment(sa.TypeDecorator):  # type: ignore[misc]  # SQLAlchemy is untyped to mypy here
    """An aware time, kept in UTC: SQLite would drop the zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - the interface has it
        """To naive UTC; a naive time is a mistake and refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - the interface has it
        """Back to aware UTC."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


def _id(name: str = "id") -> Any:
    return sa.Column(name, sa.String(64), primary_key=True)


def _to(target: str, name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, sa.String(64), sa.ForeignKey(target), nullable=nullable, index=True)


def _text(name: str, length: int = 200) -> Any:
    return sa.Column(name, sa.String(length), nullable=False)


def _whole(name: str) -> Any:
    return sa.Column(name, sa.Integer, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> Any:
    return sa.Column(name, Moment, nullable=nullable)


def _day(name: str) -> Any:
    return sa.Column(name, sa.Date, nullable=False)


def _address() -> list[Any]:
    """The columns of an Address, in its order."""
    return [_text("addressee"), _text("street"), _text("house"), _text("postcode"), _text("city"),
            _text("country", 2)]  # fmt: skip


customers = sa.Table(
    "customers", metadata, _id(), _text("name"),
    sa.Column("email", sa.String(200), nullable=False, unique=True),  # lower case
    _text("language", 2), _text("account"), _text("newsletter"), _moment("since"), *_address(),
)  # fmt: skip

products = sa.Table(
    "products", metadata, _id("sku"), _text("name_nl"), _text("name_en"),
    _text("description_nl", 1000), _text("description_en", 1000), _text("category"),
    _whole("eur"), _whole("gbp"), _whole("in_stock"),
)  # fmt: skip

delivery_options = sa.Table(
    "delivery_options", metadata, _id("code"), _whole("position"), _text("country", 2),
    _text("name_nl"), _text("name_en"), _text("description_nl", 1000),
    _text("description_en", 1000), _text("currency", 3), _whole("price"),
    sa.Column("free_from", sa.Integer), _whole("days_min"), _whole("days_max"),
    _text("order_before", 5),
)  # fmt: skip

orders = sa.Table(
    "orders", metadata, _id("number"), _to("customers.id", "customer"), _text("state"),
    _text("email"), *_address(), _to("delivery_options.code", "delivery_option"),
    _text("currency", 3), _whole("shipping"), _whole("total"), _day("promised_on"),
    _moment("placed_at"), _moment("paid_at", nullable=True), _moment("packed_at", nullable=True),
    _moment("shipped_at", nullable=True), _moment("delivered_at", nullable=True),
    _moment("cancelled_at", nullable=True),
)  # fmt: skip

deliveries = sa.Table(
    "deliveries", metadata, _id("tracking"), _to("orders.number", "order"), _whole("position"),
    _text("carrier"), _text("state"), _moment("expected_from", nullable=True),
    _moment("expected_to", nullable=True), _text("tracking_url", 500),
)  # fmt: skip

track_events = sa.Table(
    "track_events", metadata, _id(), _to("deliveries.tracking", "tracking"), _text("state"),
    _moment("at"), _text("place"),
)  # fmt: skip

order_lines = sa.Table(
    "order_lines", metadata, _id(), _to("orders.number", "order"), _whole("position"),
    _to("products.sku", "sku"), _text("name_nl"), _text("name_en"), _text("category"),
    _whole("quantity"), _whole("unit_price"),
    _to("deliveries.tracking", "tracking", nullable=True),  # the parcel that it is in
    sa.CheckConstraint("quantity > 0"),
)  # fmt: skip

payments = sa.Table(
    "payments", metadata, _id(), _to("orders.number", "order"), _text("method"), _text("state"),
    _whole("amount"), _moment("at"),
)  # fmt: skip

invoices = sa.Table(
    "invoices", metadata, _id("number"), _to("orders.number", "order"), _day("issued_on"),
    _whole("total"), _whole("vat"), _whole("vat_percent"),
)  # fmt: skip

returns = sa.Table(
    "returns", metadata, _id("number"), _to("orders.number", "order"), _text("state"),
    _text("reason"), _whole("amount"), _moment("requested_at"), _day("send_before"),
    _moment("received_at", nullable=True),
)  # fmt: skip

return_lines = sa.Table(
    "return_lines", metadata,
    sa.Column("return", sa.ForeignKey("returns.number"), primary_key=True),
    sa.Column("line", sa.ForeignKey("order_lines.id"), primary_key=True),
    _whole("quantity"), sa.CheckConstraint("quantity > 0"),
)  # fmt: skip

refunds = sa.Table(
    "refunds", metadata, _id(), _to("orders.number", "order"), _text("cause"), _text("state"),
    _whole("amount"), _moment("requested_at"), _moment("paid_at", nullable=True),
)  # fmt: skip

# Who asked for the newsletter, customer or not, and has not confirmed it yet.
newsletter_asked = sa.Table(
    "newsletter_asked", metadata,
    sa.Column("email", sa.String(254), primary_key=True), _text("language", 2), _moment("at"),
)  # fmt: skip

# The e-mails that a real shop would have sent.
mails = sa.Table(
    "mails", metadata, _id(), _text("email", 254), _text("about"), _text("language", 2),
    _moment("at"),
)  # fmt: skip

# What was done under which idempotency key (SHA-256 of it), and the answer (JSON, see wire.py).
done = sa.Table(
    "done", metadata, _id("key"), _text("request", 64), _moment("at"),
    sa.Column("answer", sa.Text, nullable=False),
)  # fmt: skip

# One row once the shop is filled: with which seed, and which day its dates are relative to.
seeding = sa.Table("seeding", metadata, _whole("seed"), _day("today"))

demo_orders = sa.Table(
    "demo_orders", metadata, _id("scenario"), _whole("position"), _to("orders.number", "order")
)
