"""The second factor: codes of an authenticator app (RFC 6238), and codes for when it is lost.

Codes have six digits and live for thirty seconds, by SHA-1: what every app can do. That is no
weakness here, since HMAC does not rest on SHA-1 being free of collisions (RFC 6151, RFC 4226 §B.2).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP = 30  # seconds
DIGITS = 6
RECOVERY_CODES = 10
_SECRET_BYTES = 20  # as long as the hash, RFC 4226 §4
_DRIFT = 1  # steps that a clock may be off, RFC 6238 §5.2
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A secret for an app: 160 bits in base32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def grouped(secret: str) -> str:
    """The secret in groups of four, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def address(secret: str, name: str, issuer: str) -> str:
    """What the QR code says: the otpauth address that apps read."""
    label = f"{quote(issuer, safe='')}:{quote(name, safe='')}"
    given = f"secret={secret}&issuer={quote(issuer, safe='')}"
    return f"otpauth://totp/{label}?{given}&algorithm=SHA1&digits={DIGITS}&period={STEP}"


def step_of(secret: str, code: str, now: int, after: int) -> int | None:
    """The time step that a code is of, or None if it is of none that may still be used.

    `now` is in seconds since 1970; a step up to and with `after` was used before.
    """
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit() and len(plain) == DIGITS):
        return None
    present = now // STEP
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        same = hmac.compare_digest(code_at(secret, step), plain)
        if same and step > after and found is None:
            found = step
    return found


def code_at(secret: str, step: int) -> str:
    """The code of a time step."""
    try:
        key = base64.b32decode(secret)
    except binascii.Error:
        raise ValueError("The secret is not base32.") from None
    return HOTP(key, DIGITS, SHA1()).generate(step).decode("ascii")  # noqa: S303 - see above


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of ten characters (49 bits each), to be kept on paper."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def hashed_recovery(who: str, code: str) -> str:
    """A recovery code as it is kept, for one employee.

    It is random, so that a plain hash is enough; and the account is sealed besides.
    """
    plain = "".join(each for each in code.lower() if each.isalnum())
    return hashlib.sha256(f"helder recovery {who} {plain}".encode()).hexdigest()


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"
