"""How an entry is sealed: AES-256-GCM under the conversation's own data key.

The data key is random, wrapped by a versioned master key with the conversation as associated data.
From it HKDF-SHA256 (RFC 5869) derives one subkey per use and a commitment: GCM alone would let one
ciphertext open under two keys, so the commitment is compared before anything is decrypted.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import zlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helder.conversation.errors import EntryTampered, WrongKey
from helder.conversation.keyring import MASTER, Keyring

FORMAT = 1
TAG_BYTES = 16
_NONCE_BYTES = 12
_SUBKEY_BYTES = 32
_MAX_PLAIN_BYTES = 16 * 1024 * 1024


def bind(*parts: bytes | str | int) -> bytes:
    """Parts as one unambiguous byte string: each with its length before it."""
    encoded = [p if isinstance(p, bytes) else str(p).encode() for p in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it is stored: under which master key, the ciphertext, the commitment."""

    version: int
    wrapped: bytes
    commitment: bytes


class DataKey:
    """One data key in use; what it seals opens only with it and with the same associated data."""

    def __init__(self, secret: bytes) -> None:
        derived = HKDF(SHA256(), 4 * _SUBKEY_BYTES, salt=None, info=bind("helder data key", FORMAT))
        block = derived.derive(secret)
        entry, self._head, self._choice, self.commitment = (
            block[i : i + _SUBKEY_BYTES] for i in range(0, len(block), _SUBKEY_BYTES)
        )
        self._entry = AESGCM(entry)

    @classmethod
    def create(cls, keyring: Keyring, owner: str) -> tuple[DataKey, WrappedKey]:
        """A new random data key for `owner`, and its wrapped form to store."""
        master = keyring.current(MASTER)
        secret = os.urandom(_SUBKEY_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        bound = bind("helder wrapped key", FORMAT, owner, master.version)
        wrapped = nonce + AESGCM(master.secret).encrypt(nonce, secret, bound)
        key = cls(secret)
        return key, WrappedKey(master.version, wrapped, key.commitment)

    @classmethod
    def open(cls, keyring: Keyring, owner: str, stored: WrappedKey) -> DataKey:
        """Unwrap the data key of `owner`.

        Raises:
            WrongKey: it was wrapped for somebody else, changed, or is not the committed one.
            KeyringError: its master key is missing.
        """
        master = keyring.get(MASTER, stored.version)
        bound = bind("helder wrapped key", FORMAT, owner, stored.version)
        nonce, sealed = stored.wrapped[:_NONCE_BYTES], stored.wrapped[_NONCE_BYTES:]
        try:
            key = cls(AESGCM(master.secret).decrypt(nonce, sealed, bound))
        except (InvalidTag, ValueError):
            raise WrongKey("The data key cannot be unwrapped.") from None
        if not hmac.compare_digest(key.commitment, stored.commitment):
            raise WrongKey("The data key is not the one that was committed to.")
        return key

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag. Text is deflated first: events repeat themselves a lot."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._entry.encrypt(nonce, zlib.compress(plain, 6), bound)

    def open_sealed(self, sealed: bytes, bound: bytes) -> bytes:
        """What `seal` was given.

        Raises:
            EntryTampered: a single bit of the ciphertext or of what it is bound to differs.
        """
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            deflated = self._entry.decrypt(nonce, body, bound)
        except (InvalidTag, ValueError):
            raise EntryTampered("Something stored under this key was changed.") from None
        return zlib.decompressobj().decompress(deflated, _MAX_PLAIN_BYTES)

    def head(self, bound: bytes) -> bytes:
        """The authenticator of a conversation's row."""
        return hmac.new(self._head, bound, hashlib.sha256).digest()

    def choice(self, bound: bytes) -> str:
        """The authenticator of a choice that was offered; short, for use in an address."""
        return hmac.new(self._choice, bound, hashlib.sha256).hexdigest()[:16]


def tag_of(sealed: bytes) -> bytes:
    """The last bytes of a sealed entry: what the next entry is bound to."""
    return sealed[-TAG_BYTES:]


def blind_index(keyring: Keyring, what: str, value: str, version: int | None = None) -> str:
    """A keyed fingerprint of a personal value, to look it up without storing it.

    `what` keeps equal values of different kinds apart; the key's version is part of the result.
    """
    key = keyring.current("index") if version is None else keyring.get("index", version)
    digest = hmac.new(key.secret, bind("helder index", what, value), hashlib.sha256)
    return f"{key.version}.{digest.hexdigest()}"
