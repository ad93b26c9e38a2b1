"""How text is made small before it is sealed. Afterwards it could not be: ciphertext is random.

Turns repeat each other's words and names, but each is sealed by itself; so what they have in common
is preset as a dictionary (RFC 1950 §2.2), which halves what is stored. `words.bin` is made of turns
with the example shop, without their times, numbers and customers' words. It belongs to format 2 and
must never change: a test holds its hash.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from helder.conversation.errors import EntryTampered, TooLarge

WORDS = Path(__file__).with_name("words.bin").read_bytes()
# Nothing larger is read; so nothing larger may be written, or it could never be read.
MAX_BYTES = 16 * 1024 * 1024
_LEVEL = 6
_RAW = -15  # RFC 1951, without zlib's header and checksum: GCM authenticates


def pack(plain: bytes) -> bytes:
    """An entry, deflated with the dictionary. Raises TooLarge."""
    _refuse_too_large(plain)
    deflating = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, zlib.DEF_MEM_LEVEL, zdict=WORDS)
    return deflating.compress(plain) + deflating.flush()


def unpack(packed: bytes) -> bytes:
    """The reverse of `pack`. Raises EntryTampered: it is not what `pack` gives."""
    return _inflated(zlib.decompressobj(_RAW, zdict=WORDS), packed)


def squeeze(plain: bytes) -> bytes:
    """Anything else: zlib's own format (RFC 1950), without a dictionary. Raises TooLarge."""
    _refuse_too_large(plain)
    return zlib.compress(plain, _LEVEL)


def unsqueeze(squeezed: bytes) -> bytes:
    """The reverse of `squeeze`. Raises EntryTampered: it is not what `squeeze` gives."""
    return _inflated(zlib.decompressobj(), squeezed)


def _refuse_too_large(plain: bytes) -> None:
    if len(plain) > MAX_BYTES:
        raise TooLarge(f"{len(plain):,} bytes are more than the {MAX_BYTES:,} that may be stored.")


def _inflated(inflating: zlib._Decompress, packed: bytes) -> bytes:
    try:
        plain = inflating.decompress(packed, MAX_BYTES + 1)
    except zlib.error:
        raise EntryTampered("Something stored was not made by this code.") from None
    if len(plain) > MAX_BYTES or not inflating.eof:
        raise EntryTampered("Something stored is larger than it may be.")
    if inflating.unused_data:
        raise EntryTampered("Something stored was not made by this code.")
    return plain
