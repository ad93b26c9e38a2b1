"""Proof that an order is the customer's: its number with the postcode or the e-mail address.

What is proven is weak (both stand on the parcel's label), so it opens one order, not an account,
and guessing is slow: wrong answers are limited per conversation and per order. A number that does
not exist costs the same work and gets the same answer as a wrong postcode. The limit per order
means that somebody who knows a number can keep its owner out for a while; that is chosen over
letting them guess. Not limited here: many conversations from one address (the gateway does).
"""

from __future__ import annotations

import hmac
import math
import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from helder.consent.errors import NotGranted
from helder.consent.purposes import ORDER_DATA
from helder.conversation.entries import ConversationId

from ..window import SlidingWindow, WindowFull
from .errors import NotAnOrderNumber, NotFound, ProofRefused, ShopError, TooManyAttempts
from .model import Order, OrderContact, OrderNumber
from .numbers import KADE, NumberFormat, normalise_order_number
from .port import ShopBackend

log = structlog.get_logger()

LONGEST = 254  # characters of an answer: the longest e-mail address (RFC 5321)


@dataclass(frozen=True)
class ProofLimits:
    """Wrong answers allowed, per conversation and per order, and in how many seconds."""

    per_conversation: int = 5
    conversation_seconds: float = 15 * 60
    per_order: int = 10
    order_seconds: float = 60 * 60


class Prover:
    """Asks the shop for what proves an order, and compares. `clock` is in seconds, monotonic.

    `granted` tells whether the customer of a conversation has agreed to a purpose: to compare,
    their order is looked at, so they must have been asked before.
    """

    def __init__(
        self,
        backend: ShopBackend,
        *,
        granted: Callable[[ConversationId, str], bool],
        clock: Callable[[], float] = time.monotonic,
        limits: ProofLimits | None = None,
        number_format: NumberFormat = KADE,
    ) -> None:
        limits = limits or ProofLimits()
        self._backend = backend
        self._granted = granted
        self._format = number_format
        self._conversations = SlidingWindow(
            limits.per_conversation, limits.conversation_seconds, clock
        )
        self._orders = SlidingWindow(limits.per_order, limits.order_seconds, clock)
        # Keys are hashed under a secret of this process: a memory dump names no orders.
        self._secret = secrets.token_bytes(32)
        nobody = number_format.write("0" * number_format.digits)  # no shop gives this number out
        self._nobody = OrderContact(nobody, "nobody@example.invalid", "0000 XX")

    def prove_order(self, conversation: str, order_number: str, answer: str) -> Order:
        """The order, if `answer` is its postcode or its e-mail address.

        Raises:
            NotGranted: the customer has not agreed that their order data is used.
            ProofRefused: unknown number or wrong answer; which of them is not told.
            TooManyAttempts: too many wrong answers in this conversation or for this order.
            ShopUnavailable: the shop did not answer; this does not count as an attempt.
        """
        if not self._granted(ConversationId(conversation), ORDER_DATA):
            raise NotGranted(ORDER_DATA)
        number = self._number(order_number)
        mine = self._digest("conversation", conversation)
        its = self._digest("order", number or order_number)
        self._count(mine, its)
        try:
            proven = self._check(number, answer)
            order = self._backend.order(number) if number and proven else None
        except ShopError:
            self._uncount(mine, its)
            raise
        if order is None:
            log.info("proof.refused")
            raise ProofRefused
        self._uncount(mine, its)
        log.info("proof.given")
        return order

    def locked(self, conversation: str, order_number: str) -> int:
        """For how many seconds no answer about this order is looked at here; 0: it is."""
        number = self._number(order_number)
        mine = self._digest("conversation", conversation)
        its = self._digest("order", number or order_number)
        return math.ceil(max(self._conversations.wait(mine), self._orders.wait(its)))

    def _number(self, text: str) -> OrderNumber | None:
        try:
            return normalise_order_number(text, self._format)
        except NotAnOrderNumber:
            return None

    def _check(self, number: OrderNumber | None, answer: str) -> bool:
        """The same steps whatever is wrong: one look at the shop, both comparisons."""
        try:
            contact, known = self._backend.contact(number or self._nobody.number), True
        except NotFound:
            contact, known = self._nobody, False
        postcode = self._same(fold_postcode(answer), fold_postcode(contact.postcode))
        email = self._same(fold_email(answer), fold_email(contact.email))
        return (postcode | email) & known

    def _same(self, given: str, wanted: str) -> bool:
        # Digests, since compare_digest tells the length of what it compares. Nothing given or
        # nothing on record proves nothing.
        same = hmac.compare_digest(self._digest("answer", given), self._digest("answer", wanted))
        return same & bool(given) & bool(wanted)

    def _digest(self, what: str, value: str) -> bytes:
        text = f"{what} {value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, text, "sha256")

    def _count(self, conversation: bytes, order: bytes) -> None:
        try:
            self._conversations.take(conversation)
            try:
                self._orders.take(order)
            except WindowFull:
                self._conversations.give_back(conversation)
                raise
        except WindowFull as full:
            log.warning("proof.limited")
            raise TooManyAttempts(max(1, math.ceil(full.retry_after))) from None

    def _uncount(self, conversation: bytes, order: bytes) -> None:
        self._conversations.give_back(conversation)
        self._orders.give_back(order)


def fold_postcode(text: str) -> str:
    """`1011 ab`, `NL-1011AB` → `1011AB`; `B-9000` → `9000`; `sw9 1aa` → `SW91AA`."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    plain = "".join(character for character in plain if character.isalnum())
    plain = "".join(str(unicodedata.decimal(character, character)) for character in plain)
    country = re.fullmatch(r"NL([0-9]{4}[A-Z]{2})|BE?([0-9]{4})", plain)
    return (country[1] or country[2]) if country else plain


def fold_email(text: str) -> str:
    """Without case and surrounding space. Dots and plus signs mean something and stay."""
    return unicodedata.normalize("NFKC", text[: LONGEST + 1]).strip().casefold()
