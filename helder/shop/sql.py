"""The example shop: the port over SQLAlchemy Core, in a database of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from helder.decisions.record import Decision

from . import known, rules, wire, writes
from . import tables as t
from .catalogue import payment_methods
from .errors import NotFound
from .facts import NOTHING, Besides
from .invoice import page
from .model import (
    Address,
    Cancellation,
    CustomerId,
    DeliveryOption,
    Document,
    Invoice,
    InvoiceNumber,
    Money,
    Order,
    OrderContact,
    OrderNumber,
    OrderState,
    PaymentMethod,
    Product,
    Refund,
    RefundCause,
    RefundId,
    Return,
    Returnable,
    ReturnLine,
    ReturnReason,
    ReturnState,
)
from .policy import RETURNS, ShopPolicy
from .rows import (
    address_columns,
    findable,
    load_invoices,
    load_order,
    searched,
    to_option,
    to_product,
)
from .sql_accounts import SqlAccounts
from .sql_store import utc_now

__all__ = ["SqlShop", "utc_now"]


class SqlShop(SqlAccounts):
    """A ShopBackend on SQLAlchemy: orders, money and products; accounts are in SqlAccounts."""

    def deciding_by(self, policy: ShopPolicy) -> SqlShop:
        """The same shop, on the same connections, by other policies."""
        return SqlShop(self.engine, policy, clock=self._clock, dice=self._dice)

    # Reads

    def contact(self, number: OrderNumber) -> OrderContact:
        """See ShopBackend."""
        columns = t.orders.c
        findable(number, "order")
        found = sa.select(columns.number, columns.email, columns.postcode)
        with self._reading() as connection:
            row = connection.execute(found.where(columns.number == number)).first()
        if row is None:
            raise NotFound("order")
        return OrderContact(row.number, row.email, row.postcode)

    def order(self, number: OrderNumber) -> Order:
        """See ShopBackend."""
        with self._reading() as connection:
            return load_order(connection, number)

    def orders(self, customer: CustomerId) -> tuple[Order, ...]:
        """See ShopBackend."""
        found = sa.select(t.orders.c.number).where(t.orders.c.customer == customer)
        found = found.order_by(t.orders.c.placed_at.desc(), t.orders.c.number)
        with self._reading() as connection:
            self._customer(connection, t.customers.c.id, customer)
            numbers = list(connection.execute(found).scalars())
            return tuple(load_order(connection, number) for number in numbers)

    def invoices(self, number: OrderNumber) -> tuple[Invoice, ...]:
        """See ShopBackend."""
        with self._reading() as connection:
            return load_invoices(connection, number)

    def invoice_document(
        self, number: OrderNumber, invoice: InvoiceNumber, language: str
    ) -> Document:
        """See ShopBackend."""
        found = [each for each in self.invoices(number) if each.number == invoice]
        if not found:
            raise NotFound("invoice")
        return page(self.order(number), found[0], language)

    def delivery_options(self, country: str) -> tuple[DeliveryOption, ...]:
        """See ShopBackend."""
        columns = t.delivery_options.c
        findable(country, "country")
        found = sa.select(t.delivery_options).where(columns.country == country.upper())
        with self._reading() as connection:
            return tuple(map(to_option, connection.execute(found.order_by(columns.position))))

    def payment_methods(self, country: str) -> tuple[PaymentMethod, ...]:
        """See ShopBackend."""
        return payment_methods(findable(country, "country"))

    def find_products(self, words: str, limit: int = 5) -> tuple[Product, ...]:
        """See ShopBackend. The catalogue is small: it is searched word by word in Python, so that
        case means nothing in any script."""
        wanted = words.casefold().split()
        with self._reading() as connection:
            rows = connection.execute(sa.select(t.products).order_by(t.products.c.sku))
            products = [to_product(row) for row in rows]
        found = [each for each in products if wanted and all(w in searched(each) for w in wanted)]
        return tuple(found[: max(0, limit)])

    def check_cancel(self, number: OrderNumber) -> None:
        """See ShopBackend."""
        rules.check_cancel(self.order(number), self._policy, self._clock())

    def returnable(self, number: OrderNumber) -> Returnable:
        """See ShopBackend."""
        return rules.returnable(self.order(number), self._policy, self._clock())

    def decide(self, policy: str, number: OrderNumber, besides: Besides = NOTHING) -> Decision:
        """See gate.Deciding."""
        order, now = self.order(number), self._clock()
        if policy == RETURNS:
            return rules.return_decision(order, besides.lines, besides.reason, self._policy, now)
        with self._reading() as connection:
            return self._policy.decide(policy, known.case(connection, order, besides, now), now)

    # Writes

    def cancel_order(self, number: OrderNumber, *, idempotency_key: str) -> Cancellation:
        """See ShopBackend."""

        def cancel(connection: Any) -> Cancellation:
            order = writes.lock(connection, number)
            now = self._clock()
            fee = rules.check_cancel(order, self._policy, now).fee
            change = sa.update(t.orders).where(t.orders.c.number == number)
            connection.execute(change.values(state=OrderState.CANCELLED.value, cancelled_at=now))
            writes.close_payments(connection, number)
            refund = writes.refund(connection, order, now, fee) if order.paid_at else None
            return Cancellation(number, now, refund)

        return self._once(idempotency_key, Cancellation, cancel, "cancel", number)

    def request_return(
        self,
        number: OrderNumber,
        lines: Sequence[ReturnLine],
        reason: ReturnReason,
        *,
        idempotency_key: str,
    ) -> Return:
        """See ShopBackend."""

        def register(connection: Any) -> Return:
            order = writes.lock(connection, number)
            now = self._clock()
            within = self._policy.terms(now).send_within_days
            amount = rules.check_return(order, lines, reason, self._policy, now)
            new = Return(
                number=writes.return_number(connection, self._dice),
                order=number,
                state=ReturnState.REQUESTED,
                reason=reason,
                lines=tuple(sorted(lines, key=lambda line: line.line)),
                amount=amount,
                requested_at=now,
                send_before=rules.local_day(now) + timedelta(days=within),
                received_at=None,
            )
            writes.insert_return(connection, new)
            return new

        request = ("return", number, wire.encode(tuple(lines)), reason.value)
        return self._once(idempotency_key, Return, register, *request)

    def change_address(
        self, number: OrderNumber, address: Address, *, idempotency_key: str
    ) -> Order:
        """See ShopBackend."""

        def change(connection: Any) -> Order:
            order = writes.lock(connection, number)
            rules.check_change_address(order, address, self._policy, self._clock())
            update = sa.update(t.orders).where(t.orders.c.number == number)
            connection.execute(update.values(**address_columns(address)))
            return replace(order, address=address)

        request = ("address", number, wire.encode(address))
        return self._once(idempotency_key, Order, change, *request)

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

        def give(connection: Any) -> Refund:
            order = writes.lock(connection, number)
            now, besides = self._clock(), Besides(reason=reason, signed_in=signed_in)
            case = known.case(connection, order, besides, now)
            given = rules.check_compensate(order, case, cause, self._policy, now).pays
            amount = given or Money(0, order.total.currency)
            # One of each cause: the name is the key of its row.
            name = RefundId(f"RF-{number}-{cause.value}")
            return writes.promise(connection, order, name, cause, amount, now)

        request = ("compensate", number, cause.value, reason.value, signed_in)
        return self._once(idempotency_key, Refund, give, *request)
