"""Tasks about an order, and which of them a message is for that names an order first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Tasks about an order, each with a form of its name; a message that names an order as well as a
# task reads as "inform" first, and as the task with at least this confidence, and clearly more
# of it than the next task: a wrong one would be done.
TASKS = (
    "track_order",
    "cancel_order",
    "return_item",
    "change_order",
    "check_cancellation_fee",
    "change_shipping_address",
    "check_invoice",
    "get_invoice",
    "payment_issue",
    "get_refund",
    "track_refund",
    "ask_compensation",
)
HINT = 0.08
CLEARLY = 1.5


def likeliest(ranking: Sequence[Mapping[str, Any]]) -> str | None:
    """The likeliest of the tasks in a ranking of intents, if it is clearly that."""
    tasks = [each for each in ranking if each.get("name") in TASKS]
    likely = [each.get("confidence") or 0.0 for each in tasks[:2]]
    if not likely or likely[0] < HINT or likely[0] < CLEARLY * sum(likely[1:]):
        return None
    return str(tasks[0]["name"])
