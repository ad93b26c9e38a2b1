"""The vectors of NIST, Wycheproof and the RFCs, through the library and through Helder's own code.

Nothing of `helder.conversation.cipher` is replaced but what stands around a primitive: what is
bound (a vector brings its own associated data), the deflating, and the random nonce.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helder.conversation import cipher
from helder.conversation.cipher import DataKey, WrappedKey, blind_index
from helder.conversation.errors import EntryTampered, WrongKey
from tests.vectors import decoder
from tests.vectors.fixed import FixedKeyring

FOLDER = Path(__file__).parent / "public"
OWNER = "somebody"


@dataclass(frozen=True)
class Gcm:
    """A vector of AES-256-GCM. `msg` is unknown in some that are not valid."""

    origin: str
    key: bytes
    iv: bytes
    aad: bytes
    msg: bytes
    ct: bytes
    tag: bytes
    valid: bool

    @property
    def sealed(self) -> bytes:
        """As Helder stores it."""
        return self.iv + self.ct + self.tag


@dataclass(frozen=True)
class Hkdf:
    """A vector of HKDF-SHA256; not valid if more is asked than it may give."""

    origin: str
    ikm: bytes
    salt: bytes
    info: bytes
    size: int
    okm: bytes
    valid: bool


@dataclass(frozen=True)
class Hmac:
    """A vector of HMAC-SHA256."""

    origin: str
    key: bytes
    msg: bytes
    mac: bytes


class EntryKey(DataKey):
    """A data key of which only the key of the entries is known."""

    def __init__(self, entry: bytes) -> None:
        self._entry = AESGCM(entry)


class MacKey(DataKey):
    """A data key whose two HMAC keys are this one."""

    def __init__(self, key: bytes) -> None:
        self._head = self._choice = key


def _rows(name: str) -> list[list[object]]:
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    hexadecimal = {"key", "iv", "aad", "msg", "ct", "tag", "ikm", "salt", "info", "okm", "mac"}
    columns = [column in hexadecimal for column in content["columns"]]
    return [
        [bytes.fromhex(each) if is_hex else each for each, is_hex in zip(row, columns, strict=True)]
        for row in content["vectors"]
    ]


def gcm(*names: str) -> list[Gcm]:
    return [Gcm(*row) for name in names for row in _rows(name)]  # type: ignore[arg-type]  # passed on as it came


NIST, WYCHEPROOF = "nist_aes_gcm.json", "wycheproof_aes_gcm.json"
GCM = gcm(NIST, WYCHEPROOF)
OTHER_LENGTHS = gcm("other_lengths_aes_gcm.json")
HKDFS = [Hkdf(*row) for row in _rows("hkdf_sha256.json")]  # type: ignore[arg-type]  # passed on as it came
HMACS = [Hmac(*row) for row in _rows("hmac_sha256.json")]  # type: ignore[arg-type]  # passed on as it came


@contextmanager
def nothing_packed() -> Iterator[None]:
    """What is sealed is the message itself."""
    with mock.patch.multiple(cipher, pack=bytes, unpack=bytes, squeeze=bytes, unsqueeze=bytes):
        yield


@contextmanager
def binding(label: str, bound: bytes) -> Iterator[None]:
    """Under this label something is bound to these bytes and nothing else."""
    real = cipher.bind

    def bind(*parts: bytes | str | int) -> bytes:
        return bound if parts[0] == label else real(*parts)

    with mock.patch.object(cipher, "bind", bind):
        yield


def test_there_are_as_many_vectors_as_the_page_says() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.json"):
        assert f"| `{path.name}` | {len(_rows(path.name))} |" in page
    assert (len(GCM), len(OTHER_LENGTHS), len(HKDFS), len(HMACS)) == (816, 59, 55, 6)
    assert sum(not vector.valid for vector in GCM) == 218
    assert {len(v.key) for v in GCM} == {32}
    assert {len(v.iv) for v in GCM} == {12}
    assert {len(v.tag) for v in GCM} == {16}


def test_the_library_and_the_second_decoder_open_what_is_valid_and_nothing_else() -> None:
    for v in GCM:
        if v.valid:
            assert AESGCM(v.key).encrypt(v.iv, v.msg, v.aad) == v.ct + v.tag, v.origin
            assert AESGCM(v.key).decrypt(v.iv, v.ct + v.tag, v.aad) == v.msg, v.origin
            assert decoder.gcm_open(v.key, v.sealed, v.aad) == v.msg, v.origin
        else:
            with pytest.raises(InvalidTag):
                AESGCM(v.key).decrypt(v.iv, v.ct + v.tag, v.aad)
            with pytest.raises(decoder.Wrong):
                decoder.gcm_open(v.key, v.sealed, v.aad)


def test_an_entry_key_opens_what_is_valid_and_calls_everything_else_tampered() -> None:
    with nothing_packed():
        for v in GCM:
            if v.valid:
                assert EntryKey(v.key).open_entry(v.sealed, v.aad) == v.msg, v.origin
                assert EntryKey(v.key).open_sealed(v.sealed, v.aad) == v.msg, v.origin
            else:
                with pytest.raises(EntryTampered):
                    EntryKey(v.key).open_entry(v.sealed, v.aad)
                with pytest.raises(EntryTampered):
                    EntryKey(v.key).open_sealed(v.sealed, v.aad)


def test_an_entry_key_seals_to_the_very_bytes_of_the_vector() -> None:
    with nothing_packed():
        for v in GCM:
            if v.valid:
                with mock.patch("os.urandom", lambda _length, iv=v.iv: iv):
                    assert EntryKey(v.key).seal_entry(v.msg, v.aad, 0) == v.sealed, v.origin
                    assert EntryKey(v.key).seal(v.msg, v.aad) == v.sealed, v.origin


def test_a_nonce_or_tag_of_another_length_is_refused() -> None:
    with nothing_packed():
        for v in OTHER_LENGTHS:
            assert (len(v.iv), len(v.tag)) != (12, 16), v.origin
            with pytest.raises(EntryTampered):
                EntryKey(v.key).open_sealed(v.sealed, v.aad)
            with pytest.raises(decoder.Wrong):
                decoder.gcm_open(v.key, v.sealed, v.aad)


def test_a_master_key_unwraps_what_is_valid_and_calls_everything_else_a_wrong_key() -> None:
    opened = refused = 0
    for v in GCM:
        if len(v.ct) != 32:  # only a key can be wrapped
            continue
        keyring = FixedKeyring({"master": {1: v.key}, "index": {1: v.key}})
        with binding("helder wrapped key", v.aad):
            if v.valid:
                stored = WrappedKey(1, v.sealed, DataKey(v.msg).commitment)
                key = DataKey.open(keyring, OWNER, stored)
                assert key.commitment == stored.commitment
                with mock.patch("os.urandom", lambda _length, iv=v.iv: iv):
                    assert key.wrap(keyring, OWNER) == stored, v.origin
                opened += 1
            else:
                with pytest.raises(WrongKey, match="cannot be unwrapped"):
                    DataKey.open(keyring, OWNER, WrappedKey(1, v.sealed, bytes(32)))
                refused += 1
    assert (opened, refused) == (109, 41)


def test_a_wrapped_key_with_a_nonce_or_tag_of_another_length_is_refused() -> None:
    for v in OTHER_LENGTHS:
        keyring = FixedKeyring({"master": {1: v.key}, "index": {1: v.key}})
        with binding("helder wrapped key", v.aad), pytest.raises(WrongKey):
            DataKey.open(keyring, OWNER, WrappedKey(1, v.sealed, bytes(32)))


def test_keys_are_derived_as_rfc_5869_says() -> None:
    for v in HKDFS:
        if v.valid:
            derived = HKDF(SHA256(), v.size, salt=v.salt or None, info=v.info).derive(v.ikm)
            assert derived == v.okm, v.origin
            assert decoder.hkdf(v.ikm, v.salt, v.info, v.size) == v.okm, v.origin
        else:
            with pytest.raises(ValueError, match="large"):
                HKDF(SHA256(), v.size, salt=v.salt or None, info=v.info)


def test_the_four_keys_of_a_data_key_are_those_of_the_vectors() -> None:
    applicable = [v for v in HKDFS if v.valid and not v.salt and v.size <= 128]
    assert len(applicable) == 24
    for v in applicable:
        with (
            binding("helder data key", v.info),
            mock.patch.object(cipher, "AESGCM", lambda entry: SimpleNamespace(entry=entry)),
        ):
            key = DataKey(v.ikm)
        entry: bytes = key._entry.entry  # type: ignore[attr-defined]  # the stand-in above
        block = entry + key._head + key._choice + key.commitment
        assert len(block) == 128
        assert block[: v.size] == v.okm, v.origin


def test_authenticators_are_made_as_rfc_4231_says() -> None:
    for v in HMACS:
        assert MacKey(v.key).head(v.msg) == v.mac, v.origin
        assert MacKey(v.key).choice(v.msg) == v.mac[:8].hex(), v.origin
        with binding("helder index", v.msg):
            keyring = FixedKeyring({"master": {1: v.key}, "index": {1: v.key}})
            assert blind_index(keyring, "anything", "at all") == f"1.{v.mac.hex()}", v.origin
