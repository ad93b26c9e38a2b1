"""What a policy may look at in a shop, and how an order tells it. Pure.

The words for each fact are in policies/facts.yml. A fact that nobody told is not known: then no
condition on it is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helder.decisions.evaluate import Case
from helder.decisions.facts import Catalogue, Fact, Source, Type, Value
from helder.decisions.record import Given

from .model import (
    LineId,
    Money,
    Order,
    OrderLine,
    OrderState,
    RefundCause,
    ReturnLine,
    ReturnReason,
)

SHOP_ZONE = ZoneInfo("Europe/Amsterdam")
YEAR = 365  # days, as the guarantee counts them
_MAKES_UP = {RefundCause.COMPENSATION, RefundCause.GOODWILL}
_STATES = tuple(state.value for state in OrderState)
_REASONS = tuple(reason.value for reason in ReturnReason)

FACTS = Catalogue(
    [
        Fact("order_state", Type.ONE_OF, Source.ORDER, options=_STATES),
        Fact("paid", Type.YES_NO, Source.ORDER),
        Fact("order_total", Type.MONEY, Source.ORDER),
        Fact("shipping", Type.MONEY, Source.ORDER),
        Fact("days_since_order", Type.WHOLE, Source.CLOCK),
        Fact("promised_on", Type.DATE, Source.ORDER),
        Fact("days_late", Type.WHOLE, Source.CLOCK),
        # Delivered: the last parcel, from which the law counts (Directive 2011/83/EU art. 9).
        Fact("arrived", Type.YES_NO, Source.PARCEL),
        Fact("delivered_on", Type.DATE, Source.PARCEL, may_be_unknown=True),
        Fact("days_since_delivery", Type.WHOLE, Source.CLOCK, may_be_unknown=True),
        Fact("years_since_delivery", Type.WHOLE, Source.CLOCK, may_be_unknown=True),
        Fact("kinds", Type.LIST, Source.ORDER),
        Fact("kinds_left", Type.LIST, Source.ORDER),
        Fact("goods", Type.MONEY, Source.CUSTOMER),
        Fact("whole_order", Type.YES_NO, Source.CUSTOMER, influenced=True),
        # What happened cannot be influenced: advice to give another reason would be to lie.
        Fact("return_reason", Type.ONE_OF, Source.CUSTOMER, False, _REASONS, may_be_unknown=True),
        # A colleague takes it, not the chat: the words of the advice say so.
        Fact("photo", Type.YES_NO, Source.CUSTOMER, influenced=True),
        Fact("same_country", Type.YES_NO, Source.CUSTOMER, influenced=True, may_be_unknown=True),
        Fact("same_in_stock", Type.YES_NO, Source.ORDER, may_be_unknown=True),
        Fact("earlier_orders", Type.WHOLE, Source.ORDER, may_be_unknown=True),
        Fact("compensated", Type.YES_NO, Source.ORDER),
    ]
)


@dataclass(frozen=True)
class Besides:
    """What is known of a case besides its order: which pieces (None: all that are left) and why, as
    the customer says; and whether they are signed in, so that their other orders may count."""

    lines: tuple[ReturnLine, ...] | None = None
    reason: ReturnReason | None = None
    signed_in: bool = False


NOTHING = Besides()


def local_day(moment: datetime) -> date:
    """The day on the shop's calendar."""
    return moment.astimezone(SHOP_ZONE).date()


def case_of(
    order: Order,
    now: datetime,
    chosen: Sequence[ReturnLine] | None = None,
    **told: Value,
) -> Case:
    """Everything that is known of an order at this moment.

    `chosen` are the pieces that are to come back (None: all that are still with the customer);
    `told` are facts that the order does not hold, such as `return_reason`.
    """
    values = {**_of_order(order, now), **_of_delivery(order, now), **_of_return(order, chosen)}
    values |= {"photo": False} | told
    given = tuple(Given(name, values.get(name), fact.source) for name, fact in FACTS.items())
    return Case(str(order.number), order.total.currency, given)


def _of_order(order: Order, now: datetime) -> Mapping[str, Value]:
    over = local_day(order.delivered_at or now)
    if order.state is OrderState.CANCELLED:
        over = min(over, local_day(order.cancelled_at or now))
    return {
        "order_state": order.state.value,
        "paid": order.paid_at is not None,
        "order_total": order.total,
        "shipping": order.shipping,
        "days_since_order": max(0, (local_day(now) - local_day(order.placed_at)).days),
        "promised_on": order.promised_on,
        "days_late": max(0, (over - order.promised_on).days),
        "compensated": any(each.cause in _MAKES_UP for each in order.refunds),
    }


def _of_delivery(order: Order, now: datetime) -> Mapping[str, Value]:
    arrived = arrived_lines(order)
    # As long as nothing came, the kinds are those of all that is to come.
    found: dict[str, Value] = {
        "arrived": bool(arrived),
        "kinds": frozenset(line.category for line in arrived or order.lines),
    }
    if order.delivered_at is not None:
        delivered = local_day(order.delivered_at)
        days = max(0, (local_day(now) - delivered).days)
        years = max(0, days - 1) // YEAR  # the last day of a year still belongs to it
        found |= {
            "delivered_on": delivered,
            "days_since_delivery": days,
            "years_since_delivery": years,
        }
    return found


def _of_return(order: Order, chosen: Sequence[ReturnLine] | None) -> Mapping[str, Value]:
    left = pieces_left(order) or {line.id: line.quantity for line in order.lines}
    by_id = {line.id: line for line in order.lines}
    if chosen is None:
        chosen = [ReturnLine(line, count) for line, count in left.items() if count > 0]
    goods = Money(0, order.total.currency)
    for each in chosen:
        goods += by_id[each.line].unit_price * each.quantity
    whole = {line.id: line.quantity for line in order.lines}
    return {
        "kinds_left": frozenset(by_id[line].category for line, count in left.items() if count > 0),
        "goods": goods,
        "whole_order": {each.line: each.quantity for each in chosen} == whole,
    }


def arrived_lines(order: Order) -> list[OrderLine]:
    """What is in a parcel that was handed over."""
    arrived = {line for parcel in order.deliveries if parcel.delivered_at for line in parcel.lines}
    return [line for line in order.lines if line.id in arrived]


def pieces_left(order: Order) -> dict[LineId, int]:
    """How many pieces of each line that arrived were not yet sent back or announced."""
    gone = returned_quantities(order)
    return {line.id: line.quantity - gone[line.id] for line in arrived_lines(order)}


def returned_quantities(order: Order) -> Counter[LineId]:
    """How many pieces of each line were already sent back or announced."""
    gone: Counter[LineId] = Counter()
    for each in order.returns:
        for line in each.lines:
            gone[line.line] += line.quantity
    return gone
