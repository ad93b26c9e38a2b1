"""How an entry is sealed: AES-256-GCM under the conversation's own data key.

The data key is random, wrapped by a versioned master key with the conversation as associated data.
From it HKDF-SHA256 (RFC 5869) derives one subkey per use and a commitment: GCM alone would let one
ciphertext open under two keys, so the commitment is compared before anything is decrypted.
docs/encryption.md has all of it, byte by byte.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helder.conversation.errors import EntryTampered, KeyExhausted, WrongKey
from helder.conversation.keyring import INDEX, MASTER, Key, Keyring
from helder.conversation.packing import pack, squeeze, unpack, unsqueeze

FORMAT = 2
# The format of data keys and how they are wrapped; format 2 of conversations did not change it.
KEY_FORMAT = 1
TAG_BYTES = 16
# Random nonces of 96 bits are safe for 2³² messages under one key (NIST SP 800-38D, 8.3). Stopping
# at 2²⁰ keeps the chance that two are alike below 2⁻⁵⁴.
ENTRIES_PER_KEY = 2**20
_NONCE_BYTES = 12
_SUBKEY_BYTES = 32


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
        info = bind("helder data key", KEY_FORMAT)
        block = HKDF(SHA256(), 4 * _SUBKEY_BYTES, salt=None, info=info).derive(secret)
        self._secret = secret
        entry, self._head, self._choice, self.commitment = (
            block[i : i + _SUBKEY_BYTES] for i in range(0, len(block), _SUBKEY_BYTES)
        )
        self._entry = AESGCM(entry)

    @classmethod
    def create(cls, keyring: Keyring, owner: str) -> tuple[DataKey, WrappedKey]:
        """A new random data key for `owner`, and its wrapped form to store."""
        key = cls(os.urandom(_SUBKEY_BYTES))
        return key, key.wrap(keyring, owner)

    @classmethod
    def open(cls, keyring: Keyring, owner: str, stored: WrappedKey) -> DataKey:
        """Unwrap the data key of `owner`.

        Raises:
            WrongKey: it was wrapped for somebody else, changed, or is not the committed one.
            KeyringError: its master key is missing.
        """
        if not isinstance(stored.wrapped, bytes) or not isinstance(stored.commitment, bytes):
            raise WrongKey("The data key cannot be unwrapped.")
        master = keyring.get(MASTER, stored.version)
        nonce, sealed = stored.wrapped[:_NONCE_BYTES], stored.wrapped[_NONCE_BYTES:]
        try:
            secret = AESGCM(master.secret).decrypt(nonce, sealed, _bound_to(owner, master))
        except (InvalidTag, ValueError):
            raise WrongKey("The data key cannot be unwrapped.") from None
        key = cls(secret)
        if not hmac.compare_digest(key.commitment, stored.commitment):
            raise WrongKey("The data key is not the one that was committed to.")
        return key

    def wrap(self, keyring: Keyring, owner: str) -> WrappedKey:
        """This key under the current master key, for `owner` alone."""
        master = keyring.current(MASTER)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(master.secret).encrypt(nonce, self._secret, _bound_to(owner, master))
        return WrappedKey(master.version, nonce + sealed, self.commitment)

    def succeed(self, former: DataKey, bound: bytes) -> bytes:
        """The key that this one takes the place of, sealed under this one."""
        return self.seal(former._secret, bound)

    def predecessor(self, sealed: bytes, bound: bytes) -> DataKey:
        """The key that `succeed` was given. Raises EntryTampered."""
        return DataKey(self.open_sealed(sealed, bound))

    def seal_entry(self, plain: bytes, bound: bytes, used: int) -> bytes:
        """An entry: nonce, ciphertext and tag, over what is packed with the dictionary.

        Raises:
            KeyExhausted: `used`, how many entries this key has sealed, is all that it may.
        """
        if used >= ENTRIES_PER_KEY:
            raise KeyExhausted("The data key has sealed as many entries as are safe under one key.")
        return self._encrypt(pack(plain), bound)

    def open_entry(self, sealed: bytes, bound: bytes) -> bytes:
        """What `seal_entry` was given. Raises EntryTampered."""
        return unpack(self._decrypt(sealed, bound))

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Anything else: nonce, ciphertext and tag, over what is deflated."""
        return self._encrypt(squeeze(plain), bound)

    def open_sealed(self, sealed: bytes, bound: bytes) -> bytes:
        """What `seal` was given.

        Raises:
            EntryTampered: a single bit of the ciphertext or of what it is bound to differs.
        """
        return unsqueeze(self._decrypt(sealed, bound))

    def _encrypt(self, packed: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._entry.encrypt(nonce, packed, bound)

    def _decrypt(self, sealed: bytes, bound: bytes) -> bytes:
        if not isinstance(sealed, bytes):
            raise EntryTampered("Something stored under this key was changed.")
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._entry.decrypt(nonce, body, bound)
        except (InvalidTag, ValueError):
            raise EntryTampered("Something stored under this key was changed.") from None

    def head(self, bound: bytes) -> bytes:
        """The authenticator of a conversation's row."""
        return hmac.digest(self._head, bound, "sha256")

    def choice(self, bound: bytes) -> str:
        """The authenticator of a choice that was offered; short, for use in an address."""
        return hmac.new(self._choice, bound, hashlib.sha256).hexdigest()[:16]


def tag_of(sealed: bytes) -> bytes:
    """The last bytes of a sealed entry: what the next entry is bound to."""
    if not isinstance(sealed, bytes):
        raise EntryTampered("An entry was changed.")
    return sealed[-TAG_BYTES:]


def blind_index(keyring: Keyring, what: str, value: str) -> str:
    """A keyed fingerprint of a personal value, to look it up without storing it.

    `what` keeps equal values of different kinds apart; the key's version is part of the result.
    """
    return _fingerprint(keyring.current(INDEX), what, value)


def blind_index_of(keyring: Keyring, version: int, what: str, value: str) -> str:
    """The fingerprint under one version of the index key. Raises KeyringError: it is missing."""
    return _fingerprint(keyring.get(INDEX, version), what, value)


def blind_indexes(keyring: Keyring, what: str, value: str) -> tuple[str, ...]:
    """The fingerprint under every version of the index key: what a search must look for."""
    versions = keyring.versions(INDEX)
    return tuple(blind_index_of(keyring, version, what, value) for version in versions)


def _fingerprint(key: Key, what: str, value: str) -> str:
    digest = hmac.digest(key.secret, bind("helder index", what, value), "sha256")
    return f"{key.version}.{digest.hex()}"


def _bound_to(owner: str, master: Key) -> bytes:
    return bind("helder wrapped key", KEY_FORMAT, owner, master.version)
