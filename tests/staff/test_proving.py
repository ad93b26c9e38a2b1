"""How somebody proves who they are, and what ends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from helder.staff import codes, passwords
from helder.staff.errors import NotSignedIn, WeakPassword
from helder.staff.proving import Proving
from tests.staff.conftest import PASSWORD, House

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert codes.code_at(RFC_SECRET, seconds // codes.STEP) == code
    assert codes.step_of(RFC_SECRET, code, seconds, -1) == seconds // codes.STEP


def test_a_code_of_a_clock_that_is_a_step_off_is_taken_and_of_two_is_not() -> None:
    now = 1_800_000_000
    for off, taken in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = codes.code_at(RFC_SECRET, now // codes.STEP + off)
        assert (codes.step_of(RFC_SECRET, code, now, -1) is not None) is taken


def test_the_right_name_password_and_code_sign_in(house: House) -> None:
    who = house.hire()
    assert house.proving.by_password("Anna", PASSWORD).id == who
    house.proving.by_code(who, house.code(who))
    session = house.sessions.resume(house.sessions.begin(who))
    assert session.employee.display == "Anna"


def test_a_wrong_name_is_checked_as_a_wrong_password_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.hire()
    checked: list[str] = []
    really = passwords.fits

    def fits(kept: str, password: str) -> bool:
        checked.append(kept)
        return really(kept, password)

    monkeypatch.setattr(passwords, "fits", fits)
    told = []
    for name in ("anna", "nobody"):
        with pytest.raises(NotSignedIn) as refused:
            house.proving.by_password(name, "wrong" * 4)
        told.append(str(refused.value))
    assert told[0] == told[1]
    # One hash each, of the same parameters, so of the same work.
    assert len(checked) == 2
    assert checked[0].split("$")[:4] == checked[1].split("$")[:4]


def test_a_code_is_taken_once_even_by_eight_at_once(house: House) -> None:
    who = house.hire()
    code = house.code(who)

    def use(_: int) -> bool:
        try:
            house.proving.by_code(who, code)
        except NotSignedIn:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_a_recovery_code_works_once_however_it_is_typed(house: House) -> None:
    who = house.hire()
    shown = house.proving.new_recovery_codes(who)
    assert len(set(shown)) == codes.RECOVERY_CODES
    assert house.proving.by_recovery_code(who, f" {shown[0].upper()} ") == 9
    with pytest.raises(NotSignedIn):
        house.proving.by_recovery_code(who, shown[0])
    house.proving.new_recovery_codes(who)
    with pytest.raises(NotSignedIn):
        house.proving.by_recovery_code(who, shown[1])


def test_who_has_an_app_cannot_be_given_another_without_a_reset(house: House) -> None:
    who = house.hire()
    secret = codes.new_secret()
    code = codes.code_at(secret, house.step)
    with pytest.raises(NotSignedIn):
        house.proving.enrol(who, secret, code)
    _, once = house.accounts.reset("anna")
    house.proving.change_password(who, once, PASSWORD)
    assert house.proving.enrol(who, secret, code)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("eleven char", "too_short"),
        ("x" * 201, "too_long"),
        ("Wachtwoord 1234", "common"),
        ("abababababab", "common"),
        ("anna-2026-anna", "like_name"),
        ("anna12345anna", "like_name"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, code: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        passwords.refuse_weak(password, ("anna",))
    assert refused.value.code == code


def test_long_words_alone_make_a_good_password() -> None:
    passwords.refuse_weak(PASSWORD, ("anna", "Anna"))
    passwords.refuse_weak("hannah drinks warm tea", ("anna",))


def test_the_one_time_password_cannot_be_kept_nor_begin_a_session(house: House) -> None:
    made, once = house.accounts.add("bo", display="Bo", roles=["agent"], languages=["en"])
    assert house.proving.by_password("bo", once).account.one_time
    with pytest.raises(WeakPassword):
        house.proving.change_password(made.id, once, once)
    with pytest.raises(NotSignedIn):
        house.sessions.begin(made.id)


def test_a_password_typed_on_another_system_is_the_same(house: House) -> None:
    made, once = house.accounts.add("bo", display="Bo", roles=["agent"], languages=["en"])
    house.proving.change_password(made.id, once, "cre\u0301me bru\u0302le\u0301e 12")
    composed = "cr\u00e9me br\u00fbl\u00e9e 12"
    assert house.proving.by_password("bo", composed).id == made.id


def test_who_is_disabled_proves_nothing(house: House) -> None:
    who = house.hire()
    house.accounts.disable("anna")
    proving: Proving = house.proving
    with pytest.raises(NotSignedIn):
        proving.by_password("anna", PASSWORD)
    with pytest.raises(NotSignedIn):
        proving.by_code(who, house.code(who))
    with pytest.raises(NotSignedIn):
        house.sessions.begin(who)
