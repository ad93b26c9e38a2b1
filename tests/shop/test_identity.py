from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from helder.shop.errors import IdentityRefused
from helder.shop.identity import LEEWAY, IdentityVerifier, SpentHere, mint
from helder.shop.model import CustomerId

from .conftest import Clock

SECRET = "s" * 40
ME = CustomerId("C-20000")


def _token(clock: Clock, secret: Any = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    now = int(clock.seconds())
    claims = {"sub": ME, "aud": "helder", "iat": now, "exp": now + 120, "jti": "one"} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm)


@pytest.fixture
def verifier(clock: Clock) -> IdentityVerifier:
    return IdentityVerifier("helder", secret=SECRET, clock=clock.seconds)


def test_a_minted_token_says_who_the_customer_is(verifier: IdentityVerifier, clock: Clock) -> None:
    assert verifier.verify(mint(ME, "helder", SECRET, now=clock.seconds())) == ME


def test_a_token_is_good_once(verifier: IdentityVerifier, clock: Clock) -> None:
    token = _token(clock)
    verifier.verify(token)
    with pytest.raises(IdentityRefused) as refused:
        verifier.verify(token)
    assert refused.value.code == "replayed"
    assert verifier.verify(_token(clock, jti="two")) == ME


def test_a_used_token_stays_refused_until_it_would_be_over_anyway(
    clock: Clock,
) -> None:
    spent = SpentHere(clock.seconds)
    verifier = IdentityVerifier("helder", secret=SECRET, clock=clock.seconds, spent=spent)
    token = _token(clock)
    verifier.verify(token)
    for _ in range(200):
        clock.move(seconds=1)
        with pytest.raises(IdentityRefused):
            verifier.verify(token)
    verifier.verify(_token(clock, jti="two"))
    assert len(spent._seen) == 1, "what is over is forgotten"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "other"}, "InvalidAudienceError"),
        ({"aud": ["helder", "other"]}, "InvalidAudienceError"),
        ({"aud": None}, "MissingRequiredClaimError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"iat": None}, "MissingRequiredClaimError"),
        ({"sub": None}, "MissingRequiredClaimError"),
        ({"jti": None}, "MissingRequiredClaimError"),
        ({"sub": ""}, "malformed"),
        ({"sub": "x" * 129}, "malformed"),
        ({"jti": ""}, "malformed"),
        ({"exp": True}, "malformed"),
        ({"exp": "tomorrow"}, "malformed"),
        ({"exp": float("nan")}, "malformed"),
        ({"exp": 10**400}, "malformed"),
        ({"nbf": "x"}, "malformed"),
    ],
)
def test_a_token_with_wrong_claims_is_refused(
    verifier: IdentityVerifier, clock: Clock, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(IdentityRefused) as refused:
        verifier.verify(_token(clock, **changes))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("issued", "lives", "begins", "code"),
    [
        (0, 300, None, None),
        (0, 301, None, "lifetime"),
        (0, 0, None, "lifetime"),
        (0, -5, None, "lifetime"),
        (LEEWAY, 120, None, None),
        (LEEWAY + 1, 120, None, "early"),
        (0, 120, LEEWAY + 1, "early"),
        (-120 - LEEWAY + 1, 120, None, None),
        (-120 - LEEWAY, 120, None, "expired"),
    ],
)
def test_a_token_is_good_for_five_minutes_at_most(
    verifier: IdentityVerifier, clock: Clock, issued: int, lives: int, begins: int | None,
    code: str | None,
) -> None:  # fmt: skip
    now = int(clock.seconds())
    nbf = None if begins is None else now + begins
    token = _token(clock, iat=now + issued, exp=now + issued + lives, nbf=nbf)
    if code is None:
        assert verifier.verify(token) == ME
        return
    with pytest.raises(IdentityRefused) as refused:
        verifier.verify(token)
    assert refused.value.code == code


def test_another_secret_and_another_algorithm_are_refused(
    verifier: IdentityVerifier, clock: Clock
) -> None:
    for token in (
        _token(clock, secret="t" * 40),
        _token(clock, secret="s" * 64, algorithm="HS512"),
        _token(clock, secret=None, algorithm="none"),
        _token(clock)[:-4] + "AAAA",
    ):
        with pytest.raises(IdentityRefused):
            verifier.verify(token)


@pytest.mark.parametrize("kind", ["EdDSA", "RS256"])
def test_a_public_key_verifies_and_cannot_be_used_as_a_secret(clock: Clock, kind: str) -> None:
    private: Any = (
        Ed25519PrivateKey.generate() if kind == "EdDSA" else generate_private_key(65537, 2048)
    )
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    verifier = IdentityVerifier("helder", public_key=pem.decode(), clock=clock.seconds)
    assert verifier.verify(_token(clock, secret=private, algorithm=kind)) == ME
    with pytest.raises(IdentityRefused) as refused:
        verifier.verify(_signed_with_text(clock, pem))
    assert refused.value.code == "InvalidAlgorithmError"


def _signed_with_text(clock: Clock, secret: bytes) -> str:
    """HS256 with a public key as the secret: PyJWT refuses to make it, an attacker does not."""
    import hashlib
    import hmac

    def part(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    now = int(clock.seconds())
    claims = {"sub": ME, "aud": "helder", "iat": now, "exp": now + 60, "jti": "forged"}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (signed + b"." + part(hmac.digest(secret, signed, hashlib.sha256))).decode()


@settings(deadline=None)  # a busy machine is no failure
@given(token=st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]*){2}"))
def test_any_other_text_is_refused(token: str) -> None:
    verifier = IdentityVerifier("helder", secret=SECRET, clock=Clock().seconds)
    with pytest.raises(IdentityRefused):
        verifier.verify(token)


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 5000, "\ud800.a.b", "..", "é.é.é"])
def test_nonsense_is_refused(verifier: IdentityVerifier, token: str) -> None:
    with pytest.raises(IdentityRefused):
        verifier.verify(token)


def test_every_refusal_reads_the_same_and_the_log_holds_a_code_only(
    verifier: IdentityVerifier, clock: Clock
) -> None:
    messages = set()
    with capture_logs() as logs:
        for token in (_token(clock, aud="other"), _token(clock, exp=None), "nonsense"):
            with pytest.raises(IdentityRefused) as refused:
                verifier.verify(token)
            messages.add(str(refused.value))
    assert len(messages) == 1
    assert len({entry["code"] for entry in logs}) == 3
    assert ME not in repr(logs)


def test_a_short_secret_and_two_keys_are_refused_at_the_start() -> None:
    wrong: list[dict[str, Any]] = [{"secret": "short"}, {}, {"secret": SECRET, "public_key": "x"}]
    for keys in wrong:
        with pytest.raises(ValueError, match="identity"):
            IdentityVerifier("helder", **keys)
