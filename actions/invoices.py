"""The invoices of an order: what is on them, and a link that opens them."""

from __future__ import annotations

from typing import ClassVar

from actions.about_order import AfterProof
from actions.base import Voice
from actions.order_forms import OrderForm
from actions.turn import Turn
from helder.links import MINUTES
from helder.shop.gate import ProvenShop
from helder.shop.model import Invoice, Order, OrderNumber, OrderState


class CheckInvoiceForm(OrderForm):
    """A look at an invoice: number and proof are enough."""

    form = "check_invoice_form"
    begun_by = "check_invoice"


class GetInvoiceForm(OrderForm):
    """The invoice itself: number and proof are enough."""

    form = "get_invoice_form"
    begun_by = "get_invoice"


class TellInvoices(AfterProof):
    """Names every invoice of a proven order, with its link."""

    response: ClassVar[str]

    def tell(self, number: OrderNumber, shop: ProvenShop, turn: Turn, voice: Voice) -> None:
        """See AfterProof."""
        self._tell(shop.order(number), shop.invoices(number), turn, voice)

    def _tell(self, order: Order, invoices: tuple[Invoice, ...], turn: Turn, voice: Voice) -> None:
        if invoices:
            lines = "\n".join(self._line(invoice, turn, voice) for invoice in invoices)
            voice.say(self.response, order_number=order.number, lines=lines, minutes=str(MINUTES))
        elif order.state is OrderState.OPEN:
            voice.say("utter_invoice_not_yet", order_number=order.number)
        else:
            voice.say("utter_invoice_none", order_number=order.number)

    def _line(self, invoice: Invoice, turn: Turn, voice: Voice) -> str:
        words = voice.words
        return words.phrase(
            "utter_word_invoice",
            number=invoice.number,
            day=words.day(invoice.issued_on),
            amount=words.money(invoice.total),
            vat=words.money(invoice.vat),
            url=self.services.link_to(invoice, turn.conversation, words.language),
        )


class CheckInvoice(TellInvoices):
    """What is on it, and who looks at it when something is wrong."""

    called = "action_check_invoice"
    task = "check_invoice"
    response = "utter_invoice_checked"


class GetInvoice(TellInvoices):
    """Here it is."""

    called = "action_get_invoice"
    task = "get_invoice"
    response = "utter_invoice_here"
