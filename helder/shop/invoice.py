"""An invoice of the example shop as a page: nothing is loaded with it, and it prints well."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import Environment

from .model import Address, Document, DocumentType, Invoice, Money, Order

_HERE = Path(__file__).parent
_LOCALES = {"nl": "nl_NL", "en": "en_GB"}


def page(order: Order, invoice: Invoice, language: str) -> Document:
    """The invoice in `nl`, or in English for any other language."""
    language = language if language in _LOCALES else "en"
    locale, texts = _LOCALES[language], _texts()
    words = {name: text[language] for name, text in texts.items() if isinstance(text, dict)}
    environment = Environment(autoescape=True)
    environment.filters["money"] = lambda amount: _money(amount, locale)
    template = environment.from_string((_HERE / "invoice.html").read_text(encoding="utf-8"))
    street, town = _lines(order.address)
    html = template.render(
        language=language,
        seller=texts["seller"],
        words=words,
        order=order,
        invoice=invoice,
        day=format_date(invoice.issued_on, "long", locale=locale),
        street=street,
        town=town,
        vat=words["vat"].format(percent=invoice.vat_percent),
    )
    return Document(DocumentType.HTML, base64.b64encode(html.encode()).decode())


def _lines(address: Address) -> tuple[str, str]:
    """Street and town, as they are written in the country."""
    if address.country == "GB":
        return f"{address.house} {address.street}", f"{address.city} {address.postcode}"
    return f"{address.street} {address.house}", f"{address.postcode} {address.city}"


def _money(amount: Money, locale: str) -> str:
    return str(format_currency(Decimal(amount.cents) / 100, amount.currency, locale=locale))


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((_HERE / "invoice.yml").read_text(encoding="utf-8"))
    return data
