"""What is looked for, and what was found of it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

MASK = "•"


class Kind(str, Enum):
    """A kind of thing that is masked."""

    CARD = "card"
    CODE = "code"  # a card's verification code: CVV, CVC, CID
    BSN = "bsn"
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "street"  # with its house number
    POSTCODE = "postcode"  # with the house number beside it


# Never kept, not even encrypted: cards and codes by PCI DSS 4.0 req. 3.3 and 3.4, the Dutch citizen
# service number by UAVG art. 46. No policy can say otherwise.
ALWAYS = frozenset({Kind.CARD, Kind.CODE, Kind.BSN})
BY_POLICY = frozenset(Kind) - ALWAYS
EVERYTHING = frozenset(Kind)


class Span(NamedTuple):
    """`text[start:end]` is something of this kind."""

    start: int
    end: int
    kind: Kind
