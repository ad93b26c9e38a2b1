"""Every action there is. The domain must declare the same names (tests/actions/test_registry)."""

from __future__ import annotations

from actions import (
    clarify,
    contact,
    corrections,
    delivery,
    language,
    order_forms,
    orders,
    person,
    returns,
    tracking,
    trust,
)
from actions.base import HelderAction
from actions.services import Services

ACTIONS: tuple[type[HelderAction], ...] = (
    orders.TrackForm,
    orders.CancelForm,
    returns.ReturnForm,
    person.MessageForm,
    order_forms.AskOrderNumber,
    orders.AskCancelConfirmed,
    returns.AskReturnLines,
    returns.AskReturnConfirmed,
    tracking.TrackOrder,
    orders.CancelOrder,
    returns.RegisterReturn,
    person.OfferPerson,
    person.LeaveMessage,
    contact.TellContact,
    delivery.DeliveryOptions,
    delivery.DeliveryPeriod,
    clarify.Clarify,
    corrections.OtherOrder,
    corrections.Stop,
    corrections.Why,
    corrections.Inform,
    trust.MyData,
    language.SetLanguage,
    language.TellLanguage,
)


def all_actions(services: Services) -> list[HelderAction]:
    """One of each."""
    return [action(services) for action in ACTIONS]
