"""The example shop: the port over SQLAlchemy Core, in a database of its own."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..database import reading
from . import rules, wire, writes
from . import tables as t
from .catalogue import payment_methods
from .errors import BadRequest, KeyReused, NotFound, ShopUnavailable
from .invoice import page
from .model import (
    Address,
    Cancellation,
    Customer,
    CustomerId,
    DeliveryOption,
    Document,
    Invoice,
    InvoiceNumber,
    NewsletterState,
    Order,
    OrderContact,
    OrderNumber,
    OrderState,
    PaymentMethod,
    Product,
    Return,
    Returnable,
    ReturnLine,
    ReturnReason,
    ReturnState,
)
from .policy import ShopPolicy
from .rows import (
    address_columns,
    findable,
    load_invoices,
    load_order,
    searched,
    to_customer,
    to_option,
    to_product,
)

log = structlog.get_logger()
T = TypeVar("T")


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(timezone.utc)


class SqlShop:
    """A ShopBackend on SQLAlchemy. `clock` gives aware times; `dice` makes return numbers."""

    def __init__(
        self,
        engine: Engine,
        policy: ShopPolicy,
        *,
        clock: Callable[[], datetime] = utc_now,
        dice: random.Random | None = None,
    ) -> None:
        self.engine = engine
        self._policy = policy
        self._clock = clock
        self._dice = dice or random.SystemRandom()

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

    def customer(self, customer: CustomerId) -> Customer:
        """See ShopBackend."""
        with self._reading() as connection:
            return self._customer(connection, t.customers.c.id, customer)

    def find_customer(self, email: str) -> Customer:
        """See ShopBackend."""
        with self._reading() as connection:
            return self._customer(connection, t.customers.c.email, email.strip().lower())

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
        rules.check_cancel(self.order(number), self._policy)

    def returnable(self, number: OrderNumber) -> Returnable:
        """See ShopBackend."""
        return rules.returnable(self.order(number), self._policy, self._clock())

    # Writes

    def cancel_order(self, number: OrderNumber, *, idempotency_key: str) -> Cancellation:
        """See ShopBackend."""

        def cancel(connection: Any) -> Cancellation:
            order = writes.lock(connection, number)
            rules.check_cancel(order, self._policy)
            now = self._clock()
            change = sa.update(t.orders).where(t.orders.c.number == number)
            connection.execute(change.values(state=OrderState.CANCELLED.value, cancelled_at=now))
            writes.close_payments(connection, number)
            refund = writes.refund(connection, order, now) if order.paid_at else None
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
            amount = rules.check_return(order, lines, self._policy, now)
            new = Return(
                number=writes.return_number(connection, self._dice),
                order=number,
                state=ReturnState.REQUESTED,
                reason=reason,
                lines=tuple(sorted(lines, key=lambda line: line.line)),
                amount=amount,
                requested_at=now,
                send_before=rules.local_day(now) + timedelta(days=self._policy.send_within_days),
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
            rules.check_change_address(order, address)
            update = sa.update(t.orders).where(t.orders.c.number == number)
            connection.execute(update.values(**address_columns(address)))
            return replace(order, address=address)

        request = ("address", number, wire.encode(address))
        return self._once(idempotency_key, Order, change, *request)

    def set_newsletter(
        self, customer: CustomerId, subscribed: bool, *, idempotency_key: str
    ) -> Customer:
        """See ShopBackend."""
        state = NewsletterState.SUBSCRIBED if subscribed else NewsletterState.UNSUBSCRIBED

        def turn(connection: Any) -> Customer:
            before = self._customer(connection, t.customers.c.id, customer)
            mine = t.customers.c.id == customer
            connection.execute(sa.update(t.customers).where(mine).values(newsletter=state.value))
            return replace(before, newsletter=state)

        return self._once(idempotency_key, Customer, turn, "newsletter", customer, subscribed)

    # How

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        try:
            with reading(self.engine).begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            raise self._unavailable(error) from None

    def _once(self, key: str, kind: type[T], write: Callable[[Any], T], *request: object) -> T:
        """Do `write` unless this key did it before, in one transaction with remembering it."""
        if not key:
            raise BadRequest("a write needs an idempotency key")
        key, digest = _digest(key), _digest(json.dumps(request, sort_keys=True))
        mine = t.done.c.key == key
        try:
            with self.engine.begin() as connection:
                # First of all the key: a second attempt at the same time waits here, and is
                # turned away when this one is done.
                row = {"key": key, "request": digest, "answer": "", "at": self._clock()}
                connection.execute(sa.insert(t.done).values(**row))
                answer = write(connection)
                text = json.dumps(wire.encode(answer))
                connection.execute(sa.update(t.done).where(mine).values(answer=text))
                return answer
        except IntegrityError:
            return self._earlier(mine, digest, kind)
        except (DBAPIError, PoolTimeout) as error:
            raise self._unavailable(error) from None

    def _earlier(self, mine: Any, digest: str, kind: type[T]) -> T:
        """What was answered under this key."""
        with self._reading() as connection:
            before = connection.execute(sa.select(t.done).where(mine)).first()
        if before is None:  # not the key was refused, but something else
            raise ShopUnavailable("the shop's database refused a row")
        if before.request != digest:
            raise KeyReused("this idempotency key belongs to another request")
        return wire.decode(kind, json.loads(before.answer))

    def _unavailable(self, error: Exception) -> ShopUnavailable:
        log.error("shop.database_failed", kind=type(error).__name__)
        return ShopUnavailable("the shop's database did not answer")

    def _customer(self, connection: Any, column: Any, value: str) -> Customer:
        found = sa.select(t.customers).where(column == findable(value, "customer"))
        row = connection.execute(found).first()
        if row is None:
            raise NotFound("customer")
        return to_customer(row)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
