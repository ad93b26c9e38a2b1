"""What the example shop does every read and write with: transactions, and each write once."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..database import reading
from . import tables as t
from . import wire
from .errors import BadRequest, KeyReused, NotFound, ShopUnavailable
from .model import Customer
from .policy import ShopPolicy
from .rows import findable, to_customer

log = structlog.get_logger()
T = TypeVar("T")


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(timezone.utc)


class SqlStore:
    """The example shop's database. `clock` gives aware times; `dice` makes return numbers."""

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
