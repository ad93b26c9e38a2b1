"""The example shop's rules: pure functions of an order, the policies and the time.

What may be is decided by policies/*.yml alone; here is what no policy can say otherwise, and how
its decisions become the port's refusals.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta

from helder.decisions.evaluate import Case
from helder.decisions.record import Decision

from .errors import BadRequest, NotAllowed, Reason
from .facts import SHOP_ZONE, YEAR, case_of, local_day, pieces_left, returned_quantities
from .model import (
    Address,
    Money,
    Order,
    OrderState,
    RefundCause,
    Returnable,
    ReturnLine,
    ReturnReason,
)
from .policy import ADDRESS, CANCELLATION, COMPENSATION, GOODWILL, RETURNS, ShopPolicy

__all__ = [
    "SHOP_ZONE", "change_decision", "check_cancel", "check_change_address", "check_compensate",
    "check_return", "checked_email", "local_day", "return_decision", "returnable",
    "returned_quantities",
]  # fmt: skip

LONGEST_LINE = 200  # characters of one line of an address
LONGEST_EMAIL = 254  # characters (RFC 5321)


def check_cancel(order: Order, policy: ShopPolicy, now: datetime) -> Decision:
    """Raises NotAllowed unless the policy lets this order be cancelled now."""
    return _allowed(policy.decide(CANCELLATION, case_of(order, now), now), _since(order))


def check_change_address(
    order: Order, address: Address, policy: ShopPolicy, now: datetime
) -> Decision:
    """Raises NotAllowed when the policy does not let it go there; BadRequest for an address that
    no label could show."""
    _allowed(change_decision(order, None, policy, now), _since(order))
    if not all(_printable(getattr(address, field.name)) for field in fields(address)):
        raise BadRequest("an address has an empty, overlong or unprintable line")
    decision = change_decision(order, address, policy, now)
    return _allowed(decision, {"country": order.address.country})


def change_decision(
    order: Order, address: Address | None, policy: ShopPolicy, now: datetime
) -> Decision:
    """May the order go elsewhere; to `address`, once that is known?"""
    same = None if address is None else address.country == order.address.country
    return policy.decide(ADDRESS, case_of(order, now, same_country=same), now)


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


def _allowed(decision: Decision, facts: dict[str, str]) -> Decision:
    """The decision, if it is no refusal. Raises NotAllowed with the rule as its reason."""
    if not decision.refused:
        return decision
    known = {reason.value for reason in Reason}
    reason = Reason(decision.rule) if decision.rule in known else Reason.BY_POLICY
    raise NotAllowed(reason, facts, decision)


def _since(order: Order) -> dict[str, str]:
    """The state of the order, and since when it is in it."""
    facts = {"state": order.state.value}
    since = {
        OrderState.PACKED: order.packed_at,
        OrderState.SHIPPED: order.shipped_at,
        OrderState.DELIVERED: order.delivered_at,
        OrderState.CANCELLED: order.cancelled_at,
    }.get(order.state)
    if since is not None:
        facts["since"] = since.isoformat()
    return facts


def returnable(order: Order, policy: ShopPolicy, now: datetime) -> Returnable:
    """What may still be sent back, and until when. Raises NotAllowed when the policy says no.

    The window runs from the last parcel (Directive 2011/83/EU art. 9(2)(b)(i)); what came in an
    earlier parcel may be returned before the last one is there.
    """
    _allowed(return_decision(order, None, None, policy, now), _window(order, policy, now))
    lines = tuple(_left(order, policy, now))
    return Returnable(order.number, lines, _last_day(order, policy, now))


def return_decision(
    order: Order,
    wanted: Sequence[ReturnLine] | None,
    reason: ReturnReason | None,
    policy: ShopPolicy,
    now: datetime,
) -> Decision:
    """May this come back: these pieces, or (None) whatever still can?"""
    chosen = _left(order, policy, now) if wanted is None else wanted
    why = None if reason is None else reason.value
    return policy.decide(RETURNS, case_of(order, now, chosen, return_reason=why), now)


def _left(order: Order, policy: ShopPolicy, now: datetime) -> list[ReturnLine]:
    kept = policy.terms(now).not_returnable
    kinds = {line.id: line.category for line in order.lines}
    left = pieces_left(order).items()
    return [ReturnLine(line, n) for line, n in left if n > 0 and kinds[line] not in kept]


def _last_day(order: Order, policy: ShopPolicy, now: datetime) -> date:
    # While a parcel is still to come, the window has not begun.
    begins = local_day(order.delivered_at or now)
    return begins + timedelta(days=policy.terms(now).window_days)


def _window(order: Order, policy: ShopPolicy, now: datetime) -> dict[str, str]:
    """What a refusal tells of the days."""
    if order.delivered_at is None:
        return {"state": order.state.value}
    delivered, terms = local_day(order.delivered_at), policy.terms(now)
    return {
        "delivered_on": delivered.isoformat(),
        "last_day": _last_day(order, policy, now).isoformat(),
        "window_days": str(terms.window_days),
        "guarantee_until": (delivered + timedelta(days=YEAR * terms.guarantee_years)).isoformat(),
    }


def check_return(
    order: Order,
    wanted: Sequence[ReturnLine],
    reason: ReturnReason,
    policy: ShopPolicy,
    now: datetime,
) -> Money:
    """May these pieces come back? The answer is the amount that the customer gets for them.

    Raises NotAllowed; BadRequest for no lines, a line twice, or a line of another order.
    """
    ids = [line.line for line in wanted]
    by_id = {line.id: line for line in order.lines}
    if not ids or len(set(ids)) < len(ids) or not set(ids) <= set(by_id):
        raise BadRequest("a return names lines of its order, each once")
    _allowed(return_decision(order, None, reason, policy, now), _window(order, policy, now))
    left = {line.line: line.quantity for line in _left(order, policy, now)}
    for line in wanted:
        if line.quantity > left.get(line.line, 0):
            why = _why_not(order, line, policy, now)
            raise NotAllowed(why, {"left": str(left.get(line.line, 0))})
    decision = _allowed(return_decision(order, wanted, reason, policy, now), {})
    return decision.pays or Money(0, order.total.currency)


def check_compensate(
    order: Order, case: Case, cause: RefundCause, policy: ShopPolicy, now: datetime
) -> Decision:
    """What is given for an order. Raises NotAllowed unless the policy of the cause gives something;
    BadRequest for a cause that no policy is for."""
    if cause.value not in (COMPENSATION, GOODWILL):
        raise BadRequest("money is given for a late delivery or as goodwill")
    return _allowed(policy.decide(cause.value, case, now), _since(order))


def _why_not(order: Order, wanted: ReturnLine, policy: ShopPolicy, now: datetime) -> Reason:
    line = next(line for line in order.lines if line.id == wanted.line)
    if line.category in policy.terms(now).not_returnable:
        return Reason.NOT_RETURNABLE
    if wanted.quantity > line.quantity:
        raise BadRequest("more pieces than were ordered")
    if returned_quantities(order)[line.id]:
        return Reason.ALREADY_RETURNED
    return Reason.NOT_DELIVERED
