"""Every action there is. The domain must declare the same names (tests/actions/test_registry)."""

from __future__ import annotations

from actions import (
    address,
    clarify,
    contact,
    corrections,
    delivery,
    invoices,
    language,
    order_forms,
    ordering,
    orders,
    payment,
    person,
    refunds,
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
    ordering.ChangeOrderForm,
    ordering.FeeForm,
    address.AddressForm,
    invoices.CheckInvoiceForm,
    invoices.GetInvoiceForm,
    payment.PaymentForm,
    refunds.GetRefundForm,
    refunds.TrackRefundForm,
    person.MessageForm,
    order_forms.AskOrderNumber,
    orders.AskCancelConfirmed,
    returns.AskReturnLines,
    returns.AskReturnConfirmed,
    address.AskAddressConfirmed,
    tracking.TrackOrder,
    orders.CancelOrder,
    returns.RegisterReturn,
    address.ChangeAddress,
    invoices.CheckInvoice,
    invoices.GetInvoice,
    payment.PaymentIssue,
    payment.PaymentMethods,
    refunds.RefundPolicy,
    refunds.GetRefund,
    refunds.TrackRefund,
    ordering.PlaceOrder,
    ordering.ChangeOrder,
    ordering.CancellationFee,
    ordering.ExchangeItem,
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
