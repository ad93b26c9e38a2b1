"""The customers of the example shop: their accounts, and the newsletter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from . import rules
from . import tables as t
from .errors import NotFound
from .model import Accepted, AccountState, Customer, CustomerId, NewsletterState
from .sql_store import SqlStore


class SqlAccounts(SqlStore):
    """The part of ShopBackend that is about people. No e-mail leaves the example shop: what it
    would send stands in the table `mails`."""

    def customer(self, customer: CustomerId) -> Customer:
        """See ShopBackend."""
        with self._reading() as connection:
            return self._customer(connection, t.customers.c.id, customer)

    def find_customer(self, email: str) -> Customer:
        """See ShopBackend."""
        with self._reading() as connection:
            return self._customer(connection, t.customers.c.email, email.strip().lower())

    def set_newsletter(
        self, customer: CustomerId, subscribed: bool, *, idempotency_key: str
    ) -> Customer:
        """See ShopBackend."""
        state = NewsletterState.SUBSCRIBED if subscribed else NewsletterState.UNSUBSCRIBED

        def turn(connection: Any) -> Customer:
            before = self._customer(connection, t.customers.c.id, customer)
            mine = t.customers.c.id == customer
            connection.execute(sa.update(t.customers).where(mine).values(newsletter=state.value))
            self._ask_no_more(connection, before.email)
            return replace(before, newsletter=state)

        return self._once(idempotency_key, Customer, turn, "newsletter", customer, subscribed)

    def ask_newsletter(
        self, email: str, subscribed: bool, language: str, *, idempotency_key: str
    ) -> None:
        """See ShopBackend."""
        email = rules.checked_email(email)

        def ask(connection: Any) -> Accepted:
            wanted = NewsletterState.PENDING if subscribed else NewsletterState.UNSUBSCRIBED
            known = t.customers.c.email == email
            has_it = t.customers.c.newsletter == NewsletterState.SUBSCRIBED.value
            mine = sa.update(t.customers).where(known)
            # Who has it keeps it while the new request is not confirmed.
            mine = mine.where(~has_it) if subscribed else mine
            connection.execute(mine.values(newsletter=wanted.value))
            self._ask_no_more(connection, email)
            if subscribed:
                row = {"email": email, "language": language[:2], "at": self._clock()}
                connection.execute(sa.insert(t.newsletter_asked).values(**row))
                self._mail(connection, email, "newsletter", language)
            return Accepted(True)

        self._once(idempotency_key, Accepted, ask, "ask newsletter", email, subscribed)

    def send_password_link(self, email: str, language: str, *, idempotency_key: str) -> None:
        """See ShopBackend."""
        email = rules.checked_email(email)

        def send(connection: Any) -> Accepted:
            try:
                customer = self._customer(connection, t.customers.c.email, email)
            except NotFound:
                return Accepted(True)
            if customer.account is not AccountState.GUEST:
                self._mail(connection, email, "password", language)
            return Accepted(True)

        self._once(idempotency_key, Accepted, send, "password", email)

    def close_account(self, customer: CustomerId, *, idempotency_key: str) -> Customer:
        """See ShopBackend. The orders stay as a guest's: their invoices must be kept."""

        def close(connection: Any) -> Customer:
            before = self._customer(connection, t.customers.c.id, customer)
            state = AccountState.GUEST, NewsletterState.UNSUBSCRIBED
            mine = sa.update(t.customers).where(t.customers.c.id == customer)
            values = {"account": state[0].value, "newsletter": state[1].value}
            connection.execute(mine.values(**values))
            self._ask_no_more(connection, before.email)
            return replace(before, account=state[0], newsletter=state[1])

        return self._once(idempotency_key, Customer, close, "close", customer)

    def _ask_no_more(self, connection: Any, email: str) -> None:
        table = t.newsletter_asked
        connection.execute(sa.delete(table).where(table.c.email == email))

    def _mail(self, connection: Any, email: str, about: str, language: str) -> None:
        row = {"id": self._new_id(), "email": email, "about": about, "language": language[:2]}
        connection.execute(sa.insert(t.mails).values(**row, at=self._clock()))

    def _new_id(self) -> str:
        return f"{self._dice.getrandbits(128):032x}"
