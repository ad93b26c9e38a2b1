"""Small values that everything in a shop is made of: amounts, words in two languages, addresses,
documents."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .states import DocumentType


@dataclass(frozen=True)
class Money:
    """An exact amount: whole cents of an ISO 4217 currency."""

    cents: int
    currency: str

    def __post_init__(self) -> None:
        code = self.currency
        if not (len(code) == 3 and code.isascii() and code.isupper() and code.isalpha()):
            raise ValueError("a currency is three capital letters, ISO 4217")

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError("amounts in two currencies cannot be added")
        return Money(self.cents + other.cents, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.cents * times, self.currency)


@dataclass(frozen=True)
class Text:
    """The same words in both languages."""

    nl: str
    en: str

    def of(self, language: str) -> str:
        """The words in `language`; English for a language that we do not speak."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True)
class Address:
    """Where a parcel goes. `country` is an ISO 3166-1 alpha-2 code."""

    name: str
    street: str
    house: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True)
class Document:
    """Something to open, such as an invoice. `data` is its bytes in base64 (RFC 4648)."""

    media_type: DocumentType
    data: str

    def __post_init__(self) -> None:
        try:
            base64.b64decode(self.data, validate=True)
        except ValueError:
            raise ValueError("a document is written in base64") from None

    @property
    def content(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.data)
