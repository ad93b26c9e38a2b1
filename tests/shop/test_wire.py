from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helder.shop import errors, refusals, wire
from helder.shop.model import (
    Address,
    Cancellation,
    Customer,
    CustomerId,
    Delivery,
    DeliveryOption,
    Invoice,
    Money,
    Order,
    OrderContact,
    Product,
    Refund,
    Returnable,
    TrackEvent,
)
from helder.shop.seed import demo_orders
from helder.shop.sql import SqlShop

_words = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=20)
_moments = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants it without  # hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - hypothesis wants it without
    timezones=st.just(timezone.utc),
)
st.register_type_strategy(datetime, _moments)
st.register_type_strategy(str, _words)
st.register_type_strategy(
    Money, st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "GBP"]))
)
ON_THE_WIRE = [Address, Cancellation, Customer, Delivery, DeliveryOption, Invoice, OrderContact,
               Product, Refund, TrackEvent]  # fmt: skip


@pytest.mark.parametrize("kind", ON_THE_WIRE)
def test_what_is_written_is_read_back(kind: Any) -> None:
    @given(st.builds(kind, **{f.name: ... for f in fields(kind)}))
    @settings(max_examples=25, deadline=None)
    def there_and_back(value: Any) -> None:
        assert wire.decode(kind, json.loads(json.dumps(wire.encode(value)))) == value

    there_and_back()


def test_every_order_of_the_example_shop_is_read_back(read_only: SqlShop) -> None:
    for index in range(0, 300, 5):
        orders = read_only.orders(CustomerId(f"C-{20_000 + 7 * index}"))
        assert wire.decode_list(Order, json.loads(json.dumps(wire.encode(orders)))) == orders


def _contact(**changes: Any) -> dict[str, Any]:
    return {"number": "HD-1", "email": "a@example.com", "postcode": "1000"} | changes


@pytest.mark.parametrize(
    "data",
    [
        None, [], "x", 1, {}, _contact(number=None), _contact(number=1), _contact(number=["x"]),
        _contact(extra=1), _contact(email=True), _contact(email="\ud800"),
        {"number": "HD-1", "email": "a"},
    ],
)  # fmt: skip
def test_what_is_missing_too_much_or_of_a_wrong_type_is_refused(data: Any) -> None:
    with pytest.raises(wire.WireError, match="OrderContact"):
        wire.decode(OrderContact, data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("placed_at", "2026-11-20T12:00:00"),  # whose clock?
        ("placed_at", "yesterday"),
        ("placed_at", 1_700_000_000),
        ("placed_at", "0001-01-01T00:00:00+14:00"),
        ("placed_at", None),
        ("promised_on", "2026-13-01"),
        ("promised_on", "2026-11-20T12:00:00+00:00"),
        ("state", "lost"),
        ("state", ["paid"]),
        ("total", {"cents": 1.5, "currency": "EUR"}),
        ("total", {"cents": True, "currency": "EUR"}),
        ("total", {"cents": "100", "currency": "EUR"}),
        ("total", {"cents": 100, "currency": "euro"}),
        ("lines", {}),
        ("lines", [None]),
    ],
)
def test_a_wrong_field_of_an_order_is_named_and_its_value_is_not(
    read_only: SqlShop, name: str, value: Any
) -> None:
    data = wire.encode(read_only.order(demo_orders(read_only)[0].number)) | {name: value}
    with pytest.raises(wire.WireError, match=f"Order.{name}") as refused:
        wire.decode(Order, data)
    assert str(value) not in str(refused.value) or value is None


def test_a_quantity_of_nothing_is_refused(read_only: SqlShop) -> None:
    data = wire.encode(read_only.returnable(demo_orders(read_only)[3].number))
    data["lines"][0]["quantity"] = 0
    with pytest.raises(wire.WireError, match=r"Returnable\.lines\[0\]"):
        wire.decode(Returnable, data)


def test_the_z_of_others_is_read_as_utc() -> None:
    data = {"state": "in_transit", "at": "2026-11-20T12:00:00Z", "place": "Gent"}
    assert wire.decode(TrackEvent, data).at == datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def test_a_number_with_a_comma_is_not_on_the_wire() -> None:
    with pytest.raises(TypeError):
        wire.encode({"price": 1.5})


@pytest.mark.parametrize(
    "error",
    [
        errors.NotFound("order"),
        errors.NotAllowed(errors.Reason.WINDOW_OVER, {"last_day": "2026-11-20"}),
        errors.NotAllowed(errors.Reason.ALREADY_PACKED),
        errors.KeyReused("x"),
        errors.BadRequest("x"),
    ],
)
def test_an_error_crosses_the_wire(error: errors.ShopError) -> None:
    status, body = refusals.to_wire(error)
    back = refusals.from_wire(status, json.loads(json.dumps(body)))
    assert type(back) is type(error)
    for name in ("what", "reason", "facts"):
        assert getattr(back, name, None) == getattr(error, name, None)


def test_every_other_error_says_only_that_the_shop_is_unavailable() -> None:
    for error in (errors.ShopUnavailable("db at 10.0.0.1"), errors.BadAnswer("x")):
        assert refusals.to_wire(error) == (503, {"error": {"code": "unavailable"}})
