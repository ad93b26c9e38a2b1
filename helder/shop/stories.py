"""What can have happened to an order: stories that the generator tells, relative to today."""

from __future__ import annotations

from dataclasses import dataclass

from .model import DeliveryState, OrderState, ReturnState


@dataclass(frozen=True)
class Story:
    """How one order went.

    `ago` is how many days ago its last parcel came, or should have come (negative: still to
    come); for an order without parcels, when it was placed. `parcels` holds the state of each.
    """

    name: str
    state: OrderState
    ago: int
    parcels: tuple[DeliveryState, ...] = ()
    returned: ReturnState | None = None
    paid: bool = True


_S, _D, _R = OrderState, DeliveryState, ReturnState

# The orders that the demo page lists, in its order, with the country of the customer.
DEMO: tuple[tuple[Story, str], ...] = (
    (Story("on_its_way", _S.SHIPPED, -1, (_D.IN_TRANSIT,)), "NL"),
    (Story("out_for_delivery", _S.SHIPPED, 0, (_D.OUT_FOR_DELIVERY,)), "GB"),
    (Story("just_paid", _S.PAID, 1), "NL"),
    (Story("delivered_5_days_ago", _S.DELIVERED, 5, (_D.DELIVERED,)), "GB"),
    (Story("delivered_60_days_ago", _S.DELIVERED, 60, (_D.DELIVERED,)), "NL"),
    (Story("cancelled", _S.CANCELLED, 4), "GB"),
    (Story("delayed", _S.SHIPPED, 1, (_D.DELAYED,)), "BE"),
    (Story("two_parcels", _S.SHIPPED, -1, (_D.DELIVERED, _D.IN_TRANSIT)), "NL"),
)


def _spread(story: Story, *days: int) -> list[Story]:
    return [Story(story.name, story.state, ago, story.parcels, story.returned, story.paid)
            for ago in days]  # fmt: skip


def all_stories() -> list[Story]:
    """Some 600 stories in every state, in a fixed order."""
    delivered = Story("delivered", _S.DELIVERED, 1, (_D.DELIVERED,))
    two = Story("two_delivered", _S.DELIVERED, 2, (_D.DELIVERED, _D.DELIVERED))
    stories = _spread(delivered, *range(1, 31), *range(1, 31), *range(31, 400, 2))
    stories += _spread(two, *range(2, 34), *range(40, 120, 8))
    for story, count in _COUNTS:
        stories += [story] * count
    return stories


_COUNTS: tuple[tuple[Story, int], ...] = (
    (Story("unpaid", _S.OPEN, 1, paid=False), 14),
    (Story("paid", _S.PAID, 1), 36),
    (Story("packed", _S.PACKED, -2, (_D.ANNOUNCED,)), 30),
    (Story("in_transit", _S.SHIPPED, -1, (_D.IN_TRANSIT,)), 44),
    (Story("out_for_delivery", _S.SHIPPED, 0, (_D.OUT_FOR_DELIVERY,)), 30),
    (Story("delayed", _S.SHIPPED, 1, (_D.DELAYED,)), 16),
    (Story("very_late", _S.SHIPPED, 6, (_D.DELAYED,)), 4),
    (Story("attempted", _S.SHIPPED, 1, (_D.ATTEMPTED,)), 10),
    (Story("pickup_point", _S.SHIPPED, 1, (_D.AT_PICKUP_POINT,)), 16),
    (Story("sent_back", _S.SHIPPED, 9, (_D.SENT_BACK,)), 5),
    (Story("two_parcels", _S.SHIPPED, -1, (_D.DELIVERED, _D.IN_TRANSIT)), 18),
    (Story("cancelled", _S.CANCELLED, 2), 12),
    (Story("cancelled", _S.CANCELLED, 24), 16),
    (Story("never_paid", _S.CANCELLED, 8, paid=False), 8),
    (Story("return_requested", _S.DELIVERED, 9, (_D.DELIVERED,), _R.REQUESTED), 14),
    (Story("return_in_transit", _S.DELIVERED, 14, (_D.DELIVERED,), _R.IN_TRANSIT), 12),
    (Story("return_received", _S.DELIVERED, 18, (_D.DELIVERED,), _R.RECEIVED), 10),
    (Story("return_refunded", _S.DELIVERED, 38, (_D.DELIVERED,), _R.REFUNDED), 22),
    (Story("payment_failed", _S.OPEN, 1, paid=False), 8),
    (Story("paid_twice", _S.PAID, 1), 8),
    (Story("refund_late", _S.CANCELLED, 20), 4),
)
