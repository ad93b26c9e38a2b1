"""Links that open one thing for a short while: an invoice that was asked for in a conversation, or
the receipt of a consent.

A link is sealed (AES-256-GCM, under a key that HKDF-SHA256 makes of the master key), so what it
opens cannot be read from it or changed. Who has it can open it until it ends; so it ends soon, and
with the conversation.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helder.conversation.clock import Clock, utc_now
from helder.conversation.errors import KeyringError
from helder.conversation.keyring import KEY_BYTES, MASTER, Key, Keyring

MINUTES = 15
_NAME = b"helder invoice link 1"
_VERSION_BYTES = 4
_NONCE_BYTES = 12
_LONGEST = 1000  # characters; ours have about 250


class LinkRefused(ValueError):
    """Not a link of ours, or it has ended. It is not told which."""


@dataclass(frozen=True)
class InvoiceLink:
    """What a link opens."""

    conversation: str
    order: str
    invoice: str
    language: str


@dataclass(frozen=True)
class ReceiptLink:
    """A receipt of helder.consent."""

    conversation: str
    receipt: str
    language: str


Link = TypeVar("Link", InvoiceLink, ReceiptLink)


class Links:
    """Makes links, and reads them back."""

    def __init__(self, keyring: Keyring, clock: Clock = utc_now) -> None:
        self._keyring = keyring
        self._clock = clock

    def seal(self, link: InvoiceLink | ReceiptLink) -> str:
        """The last part of the link's address."""
        until = self._clock() + timedelta(minutes=MINUTES)
        plain = json.dumps([int(until.timestamp()), asdict(link)]).encode()
        master = self._keyring.current(MASTER)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = _cipher(master).encrypt(nonce, plain, _bound(master.version))
        whole = master.version.to_bytes(_VERSION_BYTES, "big") + nonce + sealed
        return base64.urlsafe_b64encode(whole).decode().rstrip("=")

    def open(self, text: str) -> InvoiceLink:
        """What `seal` was given, of an invoice. Raises LinkRefused."""
        return self._opened(text, InvoiceLink)

    def open_receipt(self, text: str) -> ReceiptLink:
        """What `seal` was given, of a receipt. Raises LinkRefused."""
        return self._opened(text, ReceiptLink)

    def _opened(self, text: str, kind: type[Link]) -> Link:
        try:
            until, link = json.loads(self._unsealed(text))
        except (InvalidTag, KeyringError, ValueError):
            raise LinkRefused("not a link of ours") from None
        if set(link) != {field.name for field in fields(kind)}:
            raise LinkRefused("it opens something else")
        if self._clock().timestamp() >= until:
            raise LinkRefused("the link has ended")
        return kind(**link)

    def _unsealed(self, text: str) -> bytes:
        if len(text) > _LONGEST:
            raise ValueError("too long")
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        version = int.from_bytes(whole[:_VERSION_BYTES], "big")
        nonce, sealed = (
            whole[_VERSION_BYTES : _VERSION_BYTES + _NONCE_BYTES],
            whole[_VERSION_BYTES + _NONCE_BYTES :],
        )
        master = self._keyring.get(MASTER, version)
        return _cipher(master).decrypt(nonce, sealed, _bound(version))


def _cipher(master: Key) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=None, info=_NAME).derive(master.secret))


def _bound(version: int) -> bytes:
    return _NAME + version.to_bytes(_VERSION_BYTES, "big")
