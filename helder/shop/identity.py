"""Signed identity: the host site tells the widget who is logged in, by a short-lived token.

A JWT (RFC 7519) with `sub` (the customer), `aud`, `iat`, `exp` and `jti`; good for five minutes
at most, for one audience, and once. Algorithms are pinned by the kind of key (RFC 8725 §3.1).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Protocol

import jwt
import structlog

from .errors import IdentityRefused
from .model import CustomerId

log = structlog.get_logger()

LIFETIME = 300  # seconds between iat and exp, at most
LEEWAY = 30  # seconds that two clocks may differ
LONGEST = 4096  # characters of a token
SHORTEST_SECRET = 32  # bytes, as many as SHA-256 gives (RFC 7518 §3.2)

_SHARED = ("HS256",)
_PUBLIC = ("RS256", "EdDSA")
_CLAIMS = ("sub", "aud", "iat", "exp", "jti")


class Spent(Protocol):
    """Remembers which tokens were shown; `helder.spent` does so for all processes."""

    def spend(self, mark: bytes, until: float) -> bool:
        """Remember a fingerprint until a time, in seconds since 1970. False: it was there."""
        ...


class SpentHere:
    """Remembers them in this process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._seen: dict[bytes, float] = {}
        self._lock = Lock()

    def spend(self, mark: bytes, until: float) -> bool:
        """Remember a fingerprint; False if it was there."""
        now = self._clock()
        with self._lock:
            self._seen = {k: end for k, end in self._seen.items() if end > now}
            if mark in self._seen:
                return False
            self._seen[mark] = until
            return True


class IdentityVerifier:
    """Checks tokens against one key. `clock` is in seconds since 1970."""

    def __init__(
        self,
        audience: str,
        *,
        secret: str | None = None,
        public_key: str | None = None,
        clock: Callable[[], float] = time.time,
        spent: Spent | None = None,
    ) -> None:
        """`secret` for HS256, or `public_key` (PEM) with RS256 or EdDSA; exactly one of them.

        Without `spent` a token is good once in this process, not in every other.
        """
        if (secret is None) == (public_key is None):
            raise ValueError("identity needs a shared secret or a public key, and not both")
        if secret is not None and len(secret.encode()) < SHORTEST_SECRET:
            raise ValueError(f"the identity secret needs {SHORTEST_SECRET} bytes")
        self._key = secret or public_key or ""
        # Pinned: a public key taken for an HMAC secret would let anybody sign.
        self._algorithms = _SHARED if secret is not None else _PUBLIC
        self._audience = audience
        self._clock = clock
        self._spent = spent or SpentHere(clock)

    def verify(self, token: str) -> CustomerId:
        """Who the customer is. A token is good once.

        Raises:
            IdentityRefused: whatever is wrong with it; the reason is logged as a code.
        """
        try:
            claims = self._signed(token)
            self._in_time(claims)
            customer = _word(claims, "sub")
            self._first_time(_word(claims, "jti"), claims["exp"])
        except IdentityRefused as refused:
            log.warning("identity.refused", code=refused.code)
            raise
        log.info("identity.accepted")
        return CustomerId(customer)

    def _signed(self, token: str) -> Mapping[str, Any]:
        if len(token) > LONGEST:
            raise IdentityRefused("too_long")
        # Times are checked below, against the injected clock.
        options: Any = {
            "require": list(_CLAIMS),
            "strict_aud": True,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        }
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=self._algorithms,
                audience=self._audience,
                options=options,
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise IdentityRefused(type(error).__name__) from None
        return claims

    def _in_time(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
        begins = _seconds(claims, "nbf") if "nbf" in claims else issued
        if not 0 < expires - issued <= LIFETIME:
            raise IdentityRefused("lifetime")
        if max(issued, begins) > now + LEEWAY:
            raise IdentityRefused("early")
        if expires <= now - LEEWAY:
            raise IdentityRefused("expired")

    def _first_time(self, jti: str, expires: float) -> None:
        # Keyed, since a site may make its `jti` of something that says who the customer is.
        name = jti.encode("utf-8", "surrogatepass")
        mark = hmac.new(self._key.encode(), name, hashlib.sha256).digest()
        if not self._spent.spend(mark, expires + LEEWAY):
            raise IdentityRefused("replayed")


def mint(
    customer: CustomerId,
    audience: str,
    secret: str,
    *,
    now: float | None = None,
    lifetime: int = 120,
) -> str:
    """A token as a host site would make it, for the demo page and for tests (HS256)."""
    issued = int(time.time() if now is None else now)
    claims = {"sub": customer, "aud": audience, "iat": issued, "exp": issued + lifetime}
    return jwt.encode(claims | {"jti": secrets.token_urlsafe(16)}, secret, algorithm="HS256")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise IdentityRefused("malformed")
    try:
        seconds = float(value)
    except OverflowError:
        raise IdentityRefused("malformed") from None
    if not math.isfinite(seconds):
        raise IdentityRefused("malformed")
    return seconds


def _word(claims: Mapping[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise IdentityRefused("malformed")
    return value
