"""The states that things in a shop can be in, and the reasons that people give."""

from __future__ import annotations

from enum import Enum


class OrderState(str, Enum):
    """How far an order is. SHIPPED as soon as one parcel left, DELIVERED when all arrived."""

    OPEN = "open"  # placed, not yet paid
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class DeliveryState(str, Enum):
    """Where one parcel is."""

    ANNOUNCED = "announced"  # the carrier knows of it and does not have it yet
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    ATTEMPTED = "attempted"  # nobody was at home
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERED = "delivered"
    SENT_BACK = "sent_back"  # undeliverable, on its way back to the shop


class PaymentMethod(str, Enum):
    """How an order is paid."""

    IDEAL = "ideal"
    BANCONTACT = "bancontact"
    CARD = "card"
    PAYPAL = "paypal"
    PAY_LATER = "pay_later"


class DocumentType(str, Enum):
    """What a document is written in."""

    HTML = "text/html"
    PDF = "application/pdf"


class PaymentState(str, Enum):
    """What became of a payment."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundState(str, Enum):
    """REQUESTED: promised, not yet on the customer's account."""

    REQUESTED = "requested"
    PAID = "paid"


class RefundCause(str, Enum):
    """Why money goes back."""

    CANCELLATION = "cancellation"
    RETURN = "return"
    COMPENSATION = "compensation"  # for a late delivery
    GOODWILL = "goodwill"


class ReturnState(str, Enum):
    """How far a return is."""

    REQUESTED = "requested"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    REFUNDED = "refunded"


class ReturnReason(str, Enum):
    """Why something is sent back. Nobody has to give a reason (Directive 2011/83/EU art. 9)."""

    CHANGED_MIND = "changed_mind"
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    NOT_AS_DESCRIBED = "not_as_described"
    TOO_LATE = "too_late"
    NOT_GIVEN = "not_given"


class AccountState(str, Enum):
    """GUEST: ordered without making an account."""

    ACTIVE = "active"
    GUEST = "guest"
    LOCKED = "locked"


class NewsletterState(str, Enum):
    """PENDING: asked for, not yet confirmed by e-mail."""

    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
