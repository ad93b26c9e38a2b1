"""One AES-GCM ciphertext that is authentic under two keys: GCM does not commit to its key.

The tag is E(K, J0) xor GHASH(H), and GHASH is a polynomial in H = E(K, 0) whose coefficients are
the blocks of associated data, ciphertext and lengths (NIST SP 800-38D, 6.4 and 7.1). The sums of
two keys are linear in any one block, so one block can be chosen that makes them equal. (Dodis,
Grubbs, Ristenpart, Woodage: Fast Message Franking, CRYPTO 2018. Len, Grubbs, Ristenpart:
Partitioning Oracle Attacks, USENIX Security 2021.)
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK = 16
_ONE = 1 << 127  # the field's 1: its bits are counted from the left (SP 800-38D, 6.3)
_R = 0xE1 << 120


def times(x: int, y: int) -> int:
    """The product in GF(2^128)."""
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (_R if y & 1 else 0)
    return product


def power(x: int, exponent: int) -> int:
    """x to this power, by squaring."""
    result = _ONE
    while exponent:
        if exponent & 1:
            result = times(result, x)
        x, exponent = times(x, x), exponent >> 1
    return result


def inverse(x: int) -> int:
    """x to the power 2^128 - 2 (Fermat)."""
    return power(x, 2**128 - 2)


def under_both(
    keys: tuple[bytes, bytes], bound: tuple[bytes, bytes], nonce: bytes, ciphertext: bytes
) -> bytes:
    """Ciphertext and tag that are authentic under both keys, each with its own associated data.

    The last whole block of `ciphertext` becomes another; all before and after it stays.
    """
    free = len(ciphertext) // BLOCK - 1
    start = free * BLOCK
    content = bytearray(ciphertext)
    content[start : start + BLOCK] = bytes(BLOCK)
    hashes = [_encrypted(key, bytes(BLOCK)) for key in keys]
    # How often the free block is multiplied with H, in the sum of each key.
    blocks_after = -(-len(ciphertext) // BLOCK) - free + 1
    weight = power(hashes[0], blocks_after) ^ power(hashes[1], blocks_after)
    tags = [_tag(key, nonce, each, bytes(content)) for key, each in zip(keys, bound, strict=True)]
    chosen = times(tags[0] ^ tags[1], inverse(weight))
    content[start : start + BLOCK] = chosen.to_bytes(BLOCK, "big")
    tag = _tag(keys[0], nonce, bound[0], bytes(content))
    return bytes(content) + tag.to_bytes(BLOCK, "big")


def _tag(key: bytes, nonce: bytes, bound: bytes, ciphertext: bytes) -> int:
    h, total = _encrypted(key, bytes(BLOCK)), 0
    lengths = (len(bound) * 8).to_bytes(8, "big") + (len(ciphertext) * 8).to_bytes(8, "big")
    for block in (*_blocks(bound), *_blocks(ciphertext), lengths):
        total = times(total ^ int.from_bytes(block, "big"), h)
    return total ^ _encrypted(key, nonce + (1).to_bytes(4, "big"))


def _blocks(content: bytes) -> list[bytes]:
    starts = range(0, len(content), BLOCK)
    return [content[start : start + BLOCK].ljust(BLOCK, b"\0") for start in starts]


def _encrypted(key: bytes, block: bytes) -> int:
    encryptor = Cipher(AES(key), ECB()).encryptor()
    return int.from_bytes(encryptor.update(block), "big")
