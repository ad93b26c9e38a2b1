"""The example shop's rules: pure functions of an order, the policy and the time."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .errors import BadRequest, NotAllowed, Reason
from .model import Address, LineId, Money, Order, OrderState, Returnable, ReturnLine
from .policy import ShopPolicy

SHOP_ZONE = ZoneInfo("Europe/Amsterdam")
LONGEST_LINE = 200  # characters of one line of an address
LONGEST_EMAIL = 254  # characters (RFC 5321)

_TOO_LATE = {
    OrderState.PACKED: Reason.ALREADY_PACKED,
    OrderState.SHIPPED: Reason.ALREADY_SHIPPED,
    OrderState.DELIVERED: Reason.ALREADY_DELIVERED,
    OrderState.CANCELLED: Reason.ALREADY_CANCELLED,
}


def local_day(moment: datetime) -> date:
    """The day on the shop's calendar."""
    return moment.astimezone(SHOP_ZONE).date()


def check_cancel(order: Order, policy: ShopPolicy) -> None:
    """Raises NotAllowed unless the policy lets this order be cancelled now."""
    if order.state not in policy.free_while:
        raise _too_late(order)


def check_change_address(order: Order, address: Address) -> None:
    """Raises NotAllowed once it is packed (the label is printed), or for another country;
    BadRequest for an address that no label could show."""
    if order.state not in {OrderState.OPEN, OrderState.PAID}:
        raise _too_late(order)
    if not all(_printable(getattr(address, field.name)) for field in fields(address)):
        raise BadRequest("an address has an empty, overlong or unprintable line")
    if address.country != order.address.country:
        raise NotAllowed(Reason.COUNTRY_NOT_SERVED, {"country": order.address.country})


def checked_email(email: str) -> str:
    """An e-mail address as it is kept. Raises BadRequest for what no mail could reach."""
    local, _, domain = email.strip().rpartition("@")
    length = len(email.strip())
    if not local or not domain or length > LONGEST_EMAIL or not _printable(email.strip()):
        raise BadRequest("this is no e-mail address")
    return email.strip().lower()


def _printable(line: str) -> bool:
    control = {"Cc", "Cs"}
    return 0 < len(line.strip()) <= len(line) <= LONGEST_LINE and not any(
        unicodedata.category(character) in control for character in line
    )


def _too_late(order: Order) -> NotAllowed:
    facts = {"state": order.state.value}
    since = {
        OrderState.PACKED: order.packed_at,
        OrderState.SHIPPED: order.shipped_at,
        OrderState.DELIVERED: order.delivered_at,
        OrderState.CANCELLED: order.cancelled_at,
    }.get(order.state)
    if since is not None:
        facts["since"] = since.isoformat()
    return NotAllowed(_TOO_LATE.get(order.state, Reason.NOT_CANCELLABLE), facts)


def returnable(order: Order, policy: ShopPolicy, now: datetime) -> Returnable:
    """What may still be sent back: delivered, of a kind that is taken back, not yet returned.

    The window runs from the last parcel (Directive 2011/83/EU art. 9(2)(b)(i)); what came in an
    earlier parcel may be returned before the last one is there.
    Raises NotAllowed with the first reason that leaves nothing.
    """
    arrived = {line for parcel in order.deliveries if parcel.delivered_at for line in parcel.lines}
    if not arrived:
        raise NotAllowed(Reason.NOT_DELIVERED, {"state": order.state.value})
    last_day = _last_day(order, policy, now)
    kinds = [line for line in order.lines if line.id in arrived]
    kinds = [line for line in kinds if line.category not in policy.not_returnable]
    if not kinds:
        raise NotAllowed(Reason.NOT_RETURNABLE)
    gone = returned_quantities(order)
    left = [(line.id, line.quantity - gone[line.id]) for line in kinds]
    lines = tuple(ReturnLine(line, quantity) for line, quantity in left if quantity > 0)
    if not lines:
        raise NotAllowed(Reason.ALREADY_RETURNED)
    return Returnable(order.number, lines, last_day)


def _last_day(order: Order, policy: ShopPolicy, now: datetime) -> date:
    if order.delivered_at is None:  # a parcel is still to come: the window has not begun
        return local_day(now) + timedelta(days=policy.window_days)
    delivered = local_day(order.delivered_at)
    last_day = delivered + timedelta(days=policy.window_days)
    if local_day(now) > last_day:
        guarantee = delivered + timedelta(days=365 * policy.guarantee_years)
        facts = {
            "delivered_on": delivered.isoformat(),
            "last_day": last_day.isoformat(),
            "window_days": str(policy.window_days),
            "guarantee_until": guarantee.isoformat(),
        }
        raise NotAllowed(Reason.WINDOW_OVER, facts)
    return last_day


def returned_quantities(order: Order) -> Counter[LineId]:
    """How many pieces of each line were already sent back or announced."""
    gone: Counter[LineId] = Counter()
    for each in order.returns:
        for line in each.lines:
            gone[line.line] += line.quantity
    return gone


def check_return(
    order: Order, wanted: Sequence[ReturnLine], policy: ShopPolicy, now: datetime
) -> Money:
    """May these pieces come back? The answer is the amount that the customer gets for them.

    Shipping is paid back too when the whole order comes back at once (2011/83/EU art. 13(1)).
    Raises NotAllowed; BadRequest for no lines, a line twice, or a line of another order.
    """
    ids = [line.line for line in wanted]
    by_id = {line.id: line for line in order.lines}
    if not ids or len(set(ids)) < len(ids) or not set(ids) <= set(by_id):
        raise BadRequest("a return names lines of its order, each once")
    left = {line.line: line.quantity for line in returnable(order, policy, now).lines}
    for line in wanted:
        if line.quantity > left.get(line.line, 0):
            raise NotAllowed(_why_not(order, line, policy), {"left": str(left.get(line.line, 0))})
    amount = Money(0, order.total.currency)
    for line in wanted:
        amount += by_id[line.line].unit_price * line.quantity
    whole = {line.id: line.quantity for line in order.lines}
    return amount + order.shipping if {w.line: w.quantity for w in wanted} == whole else amount


def _why_not(order: Order, wanted: ReturnLine, policy: ShopPolicy) -> Reason:
    line = next(line for line in order.lines if line.id == wanted.line)
    if line.category in policy.not_returnable:
        return Reason.NOT_RETURNABLE
    if wanted.quantity > line.quantity:
        raise BadRequest("more pieces than were ordered")
    if returned_quantities(order)[line.id]:
        return Reason.ALREADY_RETURNED
    return Reason.NOT_DELIVERED
