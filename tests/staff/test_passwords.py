"""How passwords are kept: slowly, with a salt each, and whatever keyboard they came from."""

from __future__ import annotations

import pytest

from helder.staff import passwords


def test_a_password_is_kept_as_rfc_9106_recommends() -> None:
    assert passwords.hashed("a long password").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.NOBODYS.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_same_password_is_never_kept_the_same() -> None:
    one, other = passwords.hashed("a long password"), passwords.hashed("a long password")
    assert one != other
    assert passwords.fits(one, "a long password")
    assert passwords.fits(other, "a long password")


@pytest.mark.parametrize(
    "typed", ["a long passworD", "a long password ", "", "a" * (passwords.LONGEST + 1)]
)
def test_another_password_does_not_fit(typed: str) -> None:
    assert not passwords.fits(passwords.hashed("a long password"), typed)


def test_the_same_letters_fit_from_every_keyboard() -> None:
    assert passwords.fits(passwords.hashed("caf\u00e9 aan zee 9"), "cafe\u0301 aan zee 9")


def test_what_is_no_hash_fits_nothing() -> None:
    assert not passwords.fits("a long password", "a long password")
