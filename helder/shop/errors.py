"""Everything that can go wrong between Helder and a shop, drawn in one place.

ShopError
├── ShopUnavailable      the shop did not answer in time, or not usefully: try again later
│   └── BadAnswer        it answered with something that its contract does not allow
├── NotFound             there is no such order, customer or product
├── NotAllowed           the shop's rules refuse it; `reason` says which, `facts` on what grounds
├── BadRequest           the caller asked for something that cannot be (a mistake in our code)
└── KeyReused            an idempotency key came back with another request (a mistake in our code)

ProofError
├── ProofRefused         the order number and the answer do not belong together
└── TooManyAttempts      try again after `retry_after` seconds

NotAnOrderNumber         what was typed cannot be an order number, whatever the shop knows

IdentityRefused          an identity token that is not accepted; `code` is for the log only

No message carries personal data: they may be logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from helder.decisions.record import Decision


class Reason(str, Enum):
    """Which rule refused a request."""

    ALREADY_PACKED = "already_packed"
    ALREADY_SHIPPED = "already_shipped"
    ALREADY_DELIVERED = "already_delivered"
    ALREADY_CANCELLED = "already_cancelled"
    NOT_CANCELLABLE = "not_cancellable"  # the policy allows it in no state that came before
    NOT_DELIVERED = "not_delivered"
    WINDOW_OVER = "window_over"
    ALREADY_RETURNED = "already_returned"
    NOT_RETURNABLE = "not_returnable"
    COUNTRY_NOT_SERVED = "country_not_served"
    BY_POLICY = "by_policy"  # a rule of the shop's own, which has no name here


class ShopError(Exception):
    """The shop did not do what was asked."""


class ShopUnavailable(ShopError):
    """The shop did not answer in time, or not usefully. Trying later may help."""


class BadAnswer(ShopUnavailable):
    """The shop answered something that its contract does not allow."""


class NotFound(ShopError):
    """There is no such thing. `what` is a word such as "order", never the value."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class NotAllowed(ShopError):
    """The shop's rules refuse it.

    `facts` are what the rule looked at, as ISO 8601 texts or counts, so that the refusal can be
    explained (GDPR art. 22(3) asks for a reason that a customer can contest). `decision` is the
    whole of it, if the shop decides by policies of this house; it does not go over the wire.
    """

    def __init__(
        self,
        reason: Reason,
        facts: Mapping[str, str] | None = None,
        decision: Decision | None = None,
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.decision = decision
        self.facts: Mapping[str, str] = MappingProxyType(dict(facts or {}))


class BadRequest(ShopError, ValueError):
    """The request cannot be, whatever the shop's rules say: no lines, a quantity of 0 …"""


class KeyReused(ShopError):
    """One idempotency key was used for two different requests."""


class ProofError(Exception):
    """It is not proven that this order is the customer's."""


class ProofRefused(ProofError):
    """Number and answer do not belong together; it is not told which of them is wrong."""

    def __init__(self) -> None:
        super().__init__("the order number and the answer do not belong together")


class TooManyAttempts(ProofError):
    """Too many wrong answers. `retry_after` is in whole seconds, at least 1."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


class NotAnOrderNumber(ValueError):
    """What was typed cannot be an order number."""

    def __init__(self) -> None:
        super().__init__("not an order number")


class IdentityRefused(Exception):
    """The identity token is not accepted. One message for every reason; `code` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__("the identity token is not accepted")
        self.code = code
