"""What may count in the order of the queue, and for how much: a closed list.

The options are members of enumerations, so that what tells a group of people (language, name,
place, spending, channel) cannot be written as one, neither in a policy nor in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Factor(Enum):
    """What may count."""

    TIME = "time_waited"
    KIND = "kind_of_case"
    PROMISE = "promise_made"
    SAFETY = "safety"


class Kind(Enum):
    """What a case is about."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    CONTESTED = "decision_contested"
    IN_MOTION = "order_in_motion"
    BEREAVEMENT = "bereavement"


class Promise(Enum):
    """What we promised this customer and did not keep."""

    NONE = "none"
    OVERDUE = "reply_overdue"
    AGENT_LOST = "agent_lost"


class Safety(Enum):
    """Whether somebody may come to harm."""

    NONE = "none"
    VULNERABLE = "vulnerable"
    DANGER = "danger"


Option = Kind | Promise | Safety
# Whoever was being helped already goes before everybody (order.py), so it has no weight.
BEFORE_ALL = Promise.AGENT_LOST
OPTIONS: Mapping[Factor, type[Kind] | type[Promise] | type[Safety]] = {
    Factor.KIND: Kind,
    Factor.PROMISE: Promise,
    Factor.SAFETY: Safety,
}


@dataclass(frozen=True)
class Weights:
    """What the order is computed with. Points; `most` is how many who came later may go first."""

    minute: int
    heads: Mapping[Option, int]
    most: int

    @property
    def longest_lead(self) -> int:
        """The most minutes by which somebody can have come later and still go first; rounded up."""
        leads = 0
        for options in OPTIONS.values():
            points = [self.heads[option] for option in options]
            leads += max(points) - min(points)
        return -(-leads // self.minute)
