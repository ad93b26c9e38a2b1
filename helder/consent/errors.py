"""What goes wrong with consent.

ConsentError
├── NotGranted       the customer has not agreed to this purpose
├── UnknownPurpose   policies/consent.yml has no such purpose
└── UnknownReceipt   no grant of this conversation has such a receipt
"""

from __future__ import annotations


class ConsentError(Exception):
    """Anything about consent."""


class NotGranted(ConsentError):
    """The customer has not agreed to this purpose, or not any more, or only to an older version."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"the customer has not agreed to {purpose}")
        self.purpose = purpose


class UnknownPurpose(ConsentError):
    """Nobody is asked for this."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"policies/consent.yml has no purpose {purpose[:40]}")


class UnknownReceipt(ConsentError):
    """There is no such receipt in this conversation."""
