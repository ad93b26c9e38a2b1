"""Fills the example shop: a few hundred customers and orders in every state, always the same.

Order numbers are `HD-` and six digits without a pattern. They are names, not secrets: there are
only 900,000, so nothing personal is given for a number alone (see proof.py).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from ..database import alone, connect, reading
from . import tables as t
from .catalogue import catalogue
from .generator import Generator, Row
from .model import Customer, OrderNumber, OrderState
from .people import invent_people
from .policy import POLICIES, load_policy
from .rows import address_columns
from .rules import local_day
from .sql import SqlShop, utc_now
from .stories import DEMO, all_stories

SEED = 20_26


@dataclass(frozen=True)
class DemoOrder:
    """An order to try: what its story is, what proves that it is yours, and its state now."""

    scenario: str
    number: OrderNumber
    postcode: str
    email: str
    country: str
    state: OrderState


def open_shop(
    url: str, *, policies: Path = POLICIES, clock: Callable[[], datetime] = utc_now
) -> SqlShop:
    """The example shop: tables made, filled if empty, its dates moved up to today.

    Raises:
        PolicyError: a policy file cannot be used.
    """
    policy = load_policy(policies)
    engine = connect(url)
    _wake(engine)
    today = local_day(clock())
    if not seed(engine, today=today):
        move_dates(engine, today=today)
    return SqlShop(engine, policy, clock=clock)


def _wake(engine: Engine, tries: int = 100) -> None:
    # Two processes that open a new SQLite file at the same moment both switch it to its
    # write-ahead log; SQLite refuses one of them at once, whatever its busy timeout.
    for left in reversed(range(tries)):
        try:
            engine.connect().close()
        except OperationalError:
            if not left:
                raise
            time.sleep(0.05)
        else:
            return


def seed(engine: Engine, *, today: date, number: int = SEED) -> bool:
    """Make tables and rows in one transaction. False, and nothing done, if it is filled already.

    `today` is a day on the shop's calendar; every date is relative to it.
    """
    with engine.begin() as connection:
        alone(connection, "example shop")
        t.metadata.create_all(connection)
        if connection.execute(sa.select(t.seeding)).first() is not None:
            return False
        rows = _rows(today, number)
        for table in t.metadata.sorted_tables:
            if rows.get(table.name):
                connection.execute(sa.insert(table), rows[table.name])
        connection.execute(sa.insert(t.seeding).values(seed=number, today=today))
    return True


def move_dates(engine: Engine, *, today: date) -> None:
    """Move every date on by the days that passed since the shop was filled or last moved.

    So "out for delivery today" stays true in an example that is started again next week. What
    customers did meanwhile moves along. Does nothing on the same or an earlier day.
    """
    with engine.begin() as connection:
        alone(connection, "example shop")
        then = connection.execute(sa.select(t.seeding.c.today)).scalar_one()
        if today <= then:
            return
        for table in t.metadata.sorted_tables:
            _move(connection, table, today - then)
        connection.execute(sa.update(t.seeding).values(today=today))


def _move(connection: Any, table: Any, by: Any) -> None:
    dated = [c for c in table.columns if isinstance(c.type, (t.Moment, sa.Date))]
    keys = list(table.primary_key.columns)
    if not dated or not keys:
        return
    rows = connection.execute(sa.select(*keys, *dated)).all()
    where = [key == sa.bindparam(f"key_{key.name}") for key in keys]
    update = sa.update(table).where(*where)
    update = update.values({column: sa.bindparam(f"new_{column.name}") for column in dated})
    moved = []
    for row in rows:
        values = {f"key_{key.name}": row[i] for i, key in enumerate(keys)}
        for i, column in enumerate(dated, start=len(keys)):
            values[f"new_{column.name}"] = None if row[i] is None else row[i] + by
        moved.append(values)
    if moved:
        connection.execute(update, moved)


def demo_orders(shop: SqlShop) -> tuple[DemoOrder, ...]:
    """The orders for the demo page and for tests, with the state that they have now."""
    orders = t.orders.c
    found = sa.select(
        t.demo_orders.c.scenario, orders.number, orders.postcode, orders.email, orders.country,
        orders.state,
    ).join(t.orders, t.demo_orders.c.order == orders.number)  # fmt: skip
    with reading(shop.engine).begin() as connection:
        rows = connection.execute(found.order_by(t.demo_orders.c.position)).all()
    return tuple(
        DemoOrder(r.scenario, r.number, r.postcode, r.email, r.country, OrderState(r.state))
        for r in rows
    )


def _rows(today: date, number: int) -> dict[str, list[Row]]:
    customers = [person.customer for person in invent_people(number, today)]
    generator = Generator(number, today)
    rows = generator.rows
    rows["customers"] = [_customer_row(each) for each in customers]
    rows["products"], rows["delivery_options"] = _catalogue_rows()
    dice = random.Random(f"who {number}")  # noqa: S311  # nothing here is secret
    dice.shuffle(customers)
    for position, (story, country) in enumerate(DEMO):
        customer = next(each for each in customers if each.address.country == country)
        customers.remove(customer)  # one order each, so that nothing else is in sight
        order = generator.order(customer, story)
        rows["demo_orders"].append({"scenario": story.name, "position": position, "order": order})
    for index, story in enumerate(all_stories()):
        # Everybody orders once; after that some do again.
        customer = customers[index] if index < len(customers) else dice.choice(customers)
        generator.order(customer, story)
    return rows


def _customer_row(customer: Customer) -> Row:
    row: Row = {"id": customer.id, "name": customer.name, "email": customer.email}
    row |= {"language": customer.language, "account": customer.account.value}
    row |= {"newsletter": customer.newsletter.value, "since": customer.since}
    return row | address_columns(customer.address)


def _catalogue_rows() -> tuple[list[Row], list[Row]]:
    data = catalogue()
    products = [_texts(each) | _only(each, "sku", "category", "eur", "gbp")
                | {"in_stock": each["stock"]} for each in data["products"]]  # fmt: skip
    options = [
        _texts(each)
        | _only(each, "code", "country", "currency", "price", "free_from", "order_before")
        | {"position": position, "days_min": each["days"][0], "days_max": each["days"][1]}
        for position, each in enumerate(data["delivery_options"])
    ]
    return products, options


def _texts(item: Row) -> Row:
    return {
        "name_nl": item["nl"],
        "name_en": item["en"],
        "description_nl": item["about_nl"],
        "description_en": item["about_en"],
    }


def _only(item: Row, *names: str) -> Row:
    return {name: item[name] for name in names}
