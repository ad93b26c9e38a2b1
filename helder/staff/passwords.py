"""Passwords: argon2id, and which ones are refused (NIST SP 800-63B-4 §3.1.1.2).

No rules of composition and no expiry: they make people choose worse ones. The parameters are the
second recommendation of RFC 9106 §4, above the minimum of OWASP's Password Storage Cheat Sheet.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helder.staff.errors import WeakPassword

SHORTEST = 12
LONGEST = 200
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# Without letters and digits that look alike.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# What is in front of every list of leaked passwords and has twelve characters; compared without
# case, spaces and signs.
_COMMON = (
    "123456789012 1234567890123 123123123123 111111111111 000000000000 121212121212 987654321098 "
    "qwertyuiopas qwertyuiop123 qwerty123456 1q2w3e4r5t6y 1qaz2wsx3edc asdfghjklzxc abcdefghijkl "
    "abcd12345678 abc123abc123 password1234 passwordpassword password12345 password123456 "
    "mypassword123 changeme1234 letmeinletmein letmein123456 welcome12345 welcome123456 "
    "administrator administrator1 adminadminadmin admin1234567 iloveyou1234 iloveyouiloveyou "
    "wachtwoord12 wachtwoord123 wachtwoord1234 welkomwelkom welkom123456 welkom2026welkom "
    "correcthorsebatterystaple trustno1trustno1 sunshinesunshine footballfootball "
    "helderhelder helder123456 klantenservice klantenservice1 customerservice"
)


def hashed(password: str) -> str:
    """The password as it is kept: argon2id with a salt of its own, in the PHC format."""
    return _HASHER.hash(_normal(password))


def fits(kept: str, password: str) -> bool:
    """Whether this is the password. A password longer than any that is allowed is not tried."""
    if len(password) > LONGEST:
        return fits(kept, "") and False
    try:
        return _HASHER.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def new_one_time() -> str:
    """Twenty characters of 31 in groups of five: 99 bits, and can be read aloud."""
    letters = [secrets.choice(_ALPHABET) for _ in range(20)]
    return "-".join("".join(letters[at : at + 5]) for at in range(0, 20, 5))


def refuse_weak(password: str, names: tuple[str, ...] = ()) -> None:
    """Raises WeakPassword: it is short, common, or made of one of their names."""
    if len(_normal(password)) < SHORTEST:
        raise WeakPassword("too_short")
    if len(password) > LONGEST:
        raise WeakPassword("too_long")
    plain = _plain(password)
    if plain in _COMMON.split() or len(set(plain)) < 5:
        raise WeakPassword("common")
    for name in map(_plain, names):
        # What is left without the name would not do as a password.
        if len(name) > 2 and name in plain and len(plain.replace(name, "")) < SHORTEST // 2:
            raise WeakPassword("like_name")


def _normal(password: str) -> str:
    # The same keys give other code points on another system (SP 800-63B-4 §3.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", _normal(text).casefold())


# Checked where there is nobody with the name that was given: it takes the same time.
NOBODYS = hashed(secrets.token_urlsafe(32))
