"""An answer that asked for an order number, or whether to look at the order, and the yes to it."""

from __future__ import annotations

from actions.turn import Turn

# How the key of such an answer goes on after `utter_`, and the task whose form looks at the order.
_OFFERS = {
    "fee_until": "check_cancellation_fee",
    "fee_depends": "check_cancellation_fee",
    "change_order_how": "change_order",
    "refund_how": "get_refund",
    "fee_none": "cancel_order",
    "fee_some": "cancel_order",
}

# Answers about an e-mail address that was given: another address after it corrects that one.
_ADDRESSED = {
    "newsletter_on": "newsletter",
    "newsletter_off": "newsletter",
    "password_sent": "recover_password",
}


def offered(turn: Turn) -> str | None:
    """The task that was offered in the turn before this one, if any."""
    for said, task in _OFFERS.items():
        if turn.said_before(f"utter_{said}"):
            return task
    return None


def readdressed(turn: Turn) -> str | None:
    """The task that was done with a wrong e-mail address, if this message gives the right one."""
    if turn.form or turn.is_choice or not turn.entity("email"):
        return None
    for said, task in _ADDRESSED.items():
        if turn.said_before(f"utter_{said}"):
            return task
    return None
