"""Finds any of many thousands of needles in files: plain, written in other ways, or packed away."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import tarfile
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import numpy as np
from numpy.typing import NDArray

SHORTEST = 8
_MULTIPLIER = np.uint32(2_654_435_761)  # Knuth's
_BITS = 21
_SHIFT = np.uint32(32 - _BITS)
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_MOST_INFLATED = 4_000_000
_DEEPEST = 4


class Needles:
    """Byte strings of at least `SHORTEST` bytes, each with a name. The case of letters is nothing.

    Every place is looked at: a table says for its next four bytes whether anything begins so, and
    what passes is compared in full.
    """

    def __init__(self, named: Iterable[tuple[str, bytes]]) -> None:
        self._named: dict[bytes, dict[bytes, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, needle in named:
            small = needle.lower()
            assert len(small) >= SHORTEST, needle
            self._named[small[:SHORTEST]][small].add(name)
        beginnings = b"".join(self._named)
        self._beginnings = np.sort(np.frombuffer(beginnings, "<u8"))
        self._table = np.zeros(1 << _BITS, dtype=bool)
        self._table[_hashed(np.frombuffer(beginnings, "<u4")[::2])] = True

    def __len__(self) -> int:
        return sum(map(len, self._named.values()))

    def names(self) -> set[str]:
        """What can be found."""
        return {n for many in self._named.values() for names in many.values() for n in names}

    def found_in(self, content: bytes) -> set[str]:
        """The names of all needles in a byte string."""
        small = content.lower()
        found: set[str] = set()
        for place in self._candidates(small):
            for needle, names in self._named.get(small[place : place + SHORTEST], {}).items():
                if small.startswith(needle, place):
                    found |= names
        return found

    def found_under(self, paths: Iterable[Path]) -> dict[str, set[str]]:
        """The names of all needles in files and folders, by the place where they are."""
        found = {}
        for path in _files(paths):
            for where, content in unpacked(str(path), path.read_bytes()):
                if names := self.found_in(content):
                    found[where] = names
        return found

    def _candidates(self, content: bytes) -> Iterator[int]:
        for shift in range(4):
            count = (len(content) - shift) // 4
            if count < SHORTEST // 4:
                continue
            words = np.frombuffer(content, "<u4", count, shift)
            maybe = np.flatnonzero(self._table[_hashed(words[:-1])])
            eight = words[maybe].astype("<u8") | words[maybe + 1].astype("<u8") << np.uint64(32)
            for word in maybe[np.isin(eight, self._beginnings)]:
                yield int(word) * 4 + shift


def _hashed(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (words * _MULTIPLIER) >> _SHIFT


def spellings(text: str) -> set[bytes]:
    """A text in every way in which software is likely to write it."""
    plain = unicodedata.normalize("NFC", text)
    bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    encoded = plain.encode()
    ways = {
        encoded,
        plain.upper().encode(),
        plain.lower().encode(),
        bare.encode(),
        unicodedata.normalize("NFD", plain).encode(),
        plain.encode("utf-16-le"),
        plain.encode("utf-16-be"),
        plain.encode("latin-1", "replace"),
        plain.encode("unicode_escape"),
        repr(encoded)[2:-1].encode(),
        encoded.hex().encode(),
        quote(plain, safe="").encode(),
        quote_plus(plain).encode(),
        json.dumps(plain)[1:-1].encode(),
        html.escape(plain).encode("ascii", "xmlcharrefreplace"),
    }
    return {way for way in ways | _base64(encoded) if len(way) >= SHORTEST}


def _base64(content: bytes) -> set[bytes]:
    # Three ways, by where in the whole it begins; the digits at both ends depend on what is around.
    found = set()
    for offset in range(3):
        whole = base64.b64encode(bytes(offset) + content).rstrip(b"=")
        first = -(-offset * 8 // 6)
        last = (offset + len(content)) * 8 // 6
        inner = whole[first:last]
        found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def unpacked(where: str, content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """A file's content, and that of everything packed into it."""
    yield where, content
    if depth == _DEEPEST:
        return
    for name, inner in _packed(content):
        yield from unpacked(f"{where}!{name}", inner, depth + 1)


def _packed(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:2] == b"\x1f\x8b":
        yield "gzip", gzip.decompress(content)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.namelist():
                yield entry, archive.read(entry)
    elif content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as members:
            for member in members:
                taken = members.extractfile(member) if member.isfile() else None
                if taken is not None:
                    yield member.name, taken.read()
    else:
        for match in _ZLIB.finditer(content):
            if inflated := _inflated(content[match.start() : match.start() + _MOST_INFLATED]):
                yield f"zlib at {match.start()}", inflated


def _inflated(content: bytes) -> bytes:
    inflating = zlib.decompressobj()
    found = b""
    try:
        # As far as it goes: of what was cut off in the middle there is a beginning.
        for start in range(0, len(content), 512):
            found += inflating.decompress(content[start : start + 512], _MOST_INFLATED)
            if inflating.eof or len(found) > _MOST_INFLATED:
                break
    except zlib.error:
        pass  # most places in a file begin no compressed text
    return found if len(found) >= SHORTEST else b""


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        yield from (each for each in inside if each.is_file() and not each.is_symlink())
