"""A second decoder of format 2, written from docs/encryption.md alone.

It imports nothing from Helder. What is bound to what it takes from the page itself. It shares no
more with `helder.conversation` than the library's AES: GCM through the low-level cipher, HKDF from
RFC 5869 with Python's `hmac`. Everything that does not fit is `Wrong`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import zlib
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Row = dict[str, Any]
PAGE = Path(__file__).parents[2] / "docs" / "encryption.md"
FIRST_TAG = bytes(16)


class Wrong(Exception):
    """What is stored is not what the page says."""


def formulas() -> dict[str, list[str]]:
    """Every `bind("helder …", …)` of the page: its label, and the names of its other parts."""
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    found = re.findall(r'bind\("(helder [a-z ]+)"((?:, \w+)*)\)', text)
    if len({label for label, _ in found}) != len(found):
        raise Wrong("The page gives something twice.")
    return {label: names.split(", ")[1:] for label, names in found}


def words() -> bytes:
    """The dictionary of the entries, if it is the one that the page means."""
    content = (PAGE.parents[1] / "helder" / "conversation" / "words.bin").read_bytes()
    if hashlib.sha256(content).hexdigest() not in PAGE.read_text(encoding="utf-8"):
        raise Wrong("The words are others.")
    return content


FORMULAS, WORDS = formulas(), words()


def bind(*parts: bytes | str | int) -> bytes:
    """Each part with its length, four bytes big-endian, before it."""
    written = b""
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8")
        written += len(data).to_bytes(4, "big") + data
    return written


def bound(label: str, **values: Any) -> bytes:
    """What the page binds under this label; numbers stand for themselves."""
    return bind(label, *(n if n.isdigit() else values[n] for n in FORMULAS[label]))


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, sections 2.2 and 2.3, with SHA-256."""
    extracted = hmac.digest(salt or bytes(32), secret, "sha256")
    output, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + info + bytes([counter]), "sha256")
        output += block
    return output[:length]


def gcm_open(key: bytes, stored: bytes, associated: bytes) -> bytes:
    """AES-256-GCM of nonce (12), ciphertext and tag (16)."""
    nonce, ciphertext, tag = stored[:12], stored[12:-16], stored[-16:]
    if len(key) != 32 or len(stored) < 28:
        raise Wrong("A key or something sealed is too short.")
    decryptor = Cipher(algorithms.AES(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(associated)
    try:
        return decryptor.update(ciphertext) + decryptor.finalize()
    except InvalidTag:
        raise Wrong("Something sealed does not open.") from None


class DataKey(NamedTuple):
    """The four keys that come from 32 bytes."""

    entry: bytes
    head: bytes
    choice: bytes
    commitment: bytes

    @classmethod
    def of(cls, secret: bytes) -> DataKey:
        if len(secret) != 32:
            raise Wrong("A data key has 32 bytes.")
        block = hkdf(secret, b"", bound("helder data key"), 128)
        return cls(*(block[start : start + 32] for start in range(0, 128, 32)))

    def open(self, stored: bytes, associated: bytes) -> bytes:
        """What was sealed: zlib's format (RFC 1950)."""
        return zlib.decompress(gcm_open(self.entry, stored, associated))

    def open_entry(self, stored: bytes, associated: bytes) -> bytes:
        """An entry: deflated (RFC 1951) with the words that every entry knows."""
        inflating = zlib.decompressobj(-15, zdict=WORDS)
        return inflating.decompress(gcm_open(self.entry, stored, associated)) + inflating.flush()


class Decoder:
    """Reads the rows of a database with its keys: `{table: [row]}`, `{purpose: {version: hex}}`."""

    def __init__(self, keys: dict[str, dict[str, str]], rows: dict[str, list[Row]]) -> None:
        self._keys = {
            (purpose, int(version)): bytes.fromhex(key)
            for purpose, versions in keys.items()
            for version, key in versions.items()
        }
        self._rows = rows

    def everything(self) -> Row:
        """In the same plain form as `view.View.everything`."""
        rows = self._rows
        return {
            "conversations": {
                row["id"]: self.conversation(row)
                for row in sorted(rows["conversation"], key=lambda row: str(row["id"]))
            },
            "left": [
                self.left(row)
                for row in sorted(rows["left_message"], key=lambda row: str(row["reference"]))
            ],
            "erased": [
                [row["conversation"], row["minute"], row["reason"]]
                for row in sorted(rows["erasure"], key=lambda row: str(row["conversation"]))
            ],
        }

    def conversation(self, row: Row) -> Row:
        """One conversation, verified as a whole."""
        if row["format"] != 2:
            raise Wrong("Another format.")
        keys = self.data_keys(row)
        head_key = keys[row["generation"]].head
        if hmac.digest(head_key, bound("helder head", **row), "sha256") != row["head"]:
            raise Wrong("The head is another.")
        entries = self._entries(row, keys)
        names = ("created", "touched", "owner", "epoch", "seq", "number", "token_expires")
        pending, answered = self._inbox(row, keys)
        return {
            **{name: row[name] for name in names},
            "entries": entries,
            "choices": _choices(row["id"], keys[1], entries),
            "pending": pending,
            "answered": answered,
            "proofs": self._proofs(row, keys),
        }

    def data_keys(self, row: Row) -> dict[int, DataKey]:
        """The data keys of all generations, back from the one that is wrapped in the row."""
        newest = self._unwrapped(row, owner=row["id"])
        keys = {row["generation"]: newest}
        former = {each["generation"]: each["sealed"] for each in self._of(row, "former_key")}
        if sorted(former) != list(range(1, row["generation"])):
            raise Wrong("A former key is missing, or there is one too many.")
        for generation in range(row["generation"] - 1, 0, -1):
            associated = bound("helder former key", conversation=row["id"], generation=generation)
            keys[generation] = DataKey.of(keys[generation + 1].open(former[generation], associated))
        return keys

    def left(self, row: Row) -> Row:
        """A message for a colleague."""
        key = self._unwrapped(row, owner=f"left message {row['reference']}")
        content = json.loads(key.open(row["body"], bound("helder left message", **row)))
        about = {name: row[name] for name in ("reference", "language", "reason", "handled")}
        return {"about": {**about, "left": row["minute"]}, **content}

    def blind_index(self, what: str, value: str, version: int) -> str:
        """As it is stored."""
        associated = bound("helder index", what=what, value=value)
        return (
            f"{version}.{hmac.new(self._keys['index', version], associated, 'sha256').hexdigest()}"
        )

    def erased_by_a_holder_of_the_keys(self, row: Row) -> bool:
        """Is this mark of something destroyed authentic?"""
        version = int(row["proof"].partition(".")[0] or 0)
        if ("index", version) not in self._keys:
            return False
        made = self.blind_index("erased conversation", row["conversation"], version)
        return bool(made == row["proof"])

    def _unwrapped(self, row: Row, owner: str) -> DataKey:
        associated = bound("helder wrapped key", **{**row, "owner": owner})
        master = self._keys["master", row["key_version"]]
        key = DataKey.of(gcm_open(master, row["wrapped_key"], associated))
        if key.commitment != row["commitment"]:
            raise Wrong("The commitment is to another key.")
        return key

    def _of(self, row: Row, table: str) -> list[Row]:
        return [each for each in self._rows[table] if each["conversation"] == row["id"]]

    def _entries(self, row: Row, keys: dict[int, DataKey]) -> list[Row]:
        stored = sorted(self._of(row, "entry"), key=lambda each: int(each["seq"]))
        tags = [FIRST_TAG, *(each["body"][-16:] for each in stored)]
        if [each["seq"] for each in stored] != list(range(1, row["seq"] + 1)):
            raise Wrong("An entry is missing, or there is one too many.")
        if tags[-1] != row["tag"] or any(
            (each["seq"] > row["since"]) != (each["generation"] == row["generation"])
            for each in stored
        ):
            raise Wrong("The entries do not lead to the head.")
        opened = []
        for each, previous in zip(stored, tags, strict=False):
            associated = bound("helder entry", previous=previous, **each)
            content = json.loads(keys[each["generation"]].open_entry(each["body"], associated))
            plain = {name: each[name] for name in ("seq", "kind", "minute", "number")}
            opened.append({**plain, "content": content})
        counts = [len(each["content"].get("messages", ())) for each in opened]
        if list(accumulate(counts)) != [each["number"] for each in opened]:
            raise Wrong("The messages are counted wrongly.")
        return opened

    def _inbox(self, row: Row, keys: dict[int, DataKey]) -> tuple[list[Row], list[str]]:
        received = sorted(self._of(row, "inbox"), key=lambda each: int(each["place"]))
        if [each["place"] for each in received] != list(range(1, row["received"] + 1)):
            raise Wrong("A row of the inbox is missing, or there is one too many.")
        waiting = [each for each in received if each["body"] is not None]
        if ",".join(str(each["place"]) for each in waiting) != row["pending"]:
            raise Wrong("Other messages wait than the row says.")
        opened = [
            json.loads(keys[each["generation"]].open(each["body"], bound("helder inbox", **each)))
            for each in waiting
        ]
        return opened, [each["message"] for each in received if each["body"] is None]

    def _proofs(self, row: Row, keys: dict[int, DataKey]) -> Row:
        stored = sorted(self._of(row, "proof"), key=lambda each: int(each["place"]))
        if [each["place"] for each in stored] != list(range(1, row["proofs"] + 1)):
            raise Wrong("A proof is missing, or there is one too many.")
        proven: Row = {"customer": [], "order": []}
        for each in stored:
            associated = bound("helder proof", **each)
            kind, subject = json.loads(keys[each["generation"]].open(each["body"], associated))
            proven[kind].append(subject)
        return proven


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def _choices(conversation: str, key: DataKey, entries: list[Row]) -> Row:
    found = {}
    for entry in entries:
        messages = entry["content"].get("messages", [])
        first = entry["number"] - len(messages) + 1
        for number, message in enumerate(messages, start=first):
            made = [
                _choice(conversation, key, number, index)
                for index, _ in enumerate(message.get("choices", ()))
            ]
            if made:
                found[str(number)] = made
    return found


def _choice(conversation: str, key: DataKey, number: int, index: int) -> str:
    associated = bound("helder choice", conversation=conversation, number=number, index=index)
    return f"{number}-{index}-{hmac.new(key.choice, associated, 'sha256').hexdigest()[:16]}"
