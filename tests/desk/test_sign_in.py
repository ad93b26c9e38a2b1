"""Getting in, staying in, getting out; and who does not get in."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from helder.staff import codes

from .conftest import PASSWORD, House
from .visitor import Visitor

LOCKED_AFTER = 5


def test_a_stranger_is_sent_to_the_sign_in(visitor: Visitor) -> None:
    answer = visitor.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "Password" in visitor.get("/sign-in").text


def test_password_and_code_open_the_desk_and_each_code_once(
    visitor: Visitor, come: Callable[..., Visitor], house: House
) -> None:
    anna = house.hire()
    answer = visitor.try_password("Anna", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert not visitor.is_signed_in()
    assert visitor.try_code(house.code(anna.secret)).headers["location"] == "/"
    assert visitor.is_signed_in()
    other = come()
    other.try_password("anna", PASSWORD)
    assert other.try_code(house.code(anna.secret)).status_code == 403
    assert not other.is_signed_in()


def test_a_recovery_code_works_once(come: Callable[..., Visitor], house: House) -> None:
    anna = house.hire()
    for status in (303, 403):
        visitor = come()
        visitor.try_password("anna", PASSWORD)
        assert visitor.try_code(anna.recovery[3].upper()).status_code == status


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", ""), ("anna", "wrong"), ("nobody", PASSWORD), ("", PASSWORD), ("anna", "x" * 2000)],
)
def test_wrong_names_and_passwords_get_the_same_answer(
    visitor: Visitor, house: House, name: str, password: str
) -> None:
    house.hire()
    answer = visitor.try_password(name, password)
    assert answer.status_code == 403
    assert "Name and password do not go together." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "helder-desk-halfway" not in answer.headers.get("set-cookie", "")


def test_no_code_is_taken_of_who_gave_no_password(visitor: Visitor, house: House) -> None:
    anna = house.hire()
    visitor.get("/sign-in")
    token = visitor.token("/sign-in")
    answer = visitor.post("/sign-in/code", {"token": token, "code": house.code(anna.secret)})
    assert answer.status_code == 403
    assert not visitor.is_signed_in()


def test_ten_minutes_after_the_password_it_is_asked_again(visitor: Visitor, house: House) -> None:
    anna = house.hire()
    visitor.try_password("anna", PASSWORD)
    token = visitor.token("/sign-in/code")
    house.clock.move(minutes=10)
    answer = visitor.post("/sign-in/code", {"token": token, "code": house.code(anna.secret)})
    assert answer.status_code == 403
    assert "That took too long" in answer.text


def test_the_first_time_one_chooses_a_password_connects_an_app_and_gets_recovery_codes(
    visitor: Visitor, house: House
) -> None:
    from helder.staff.managing import Accounts

    accounts = Accounts(house.employees)
    _bram, once = accounts.add("bram", display="Bram", roles=["agent"], languages=["nl"])
    assert visitor.try_password("bram", once).headers["location"] == "/sign-in/password"
    assert visitor.get("/sign-in/code").headers["location"] == "/sign-in/password"
    chosen = {"former": once, "new": PASSWORD, "again": PASSWORD}
    for wrong, said in (
        ({"again": "another one here"}, "are not the same"),
        ({"new": "short", "again": "short"}, "at least 12"),
        ({"former": "not that"}, "not your present password"),
    ):
        fields = {**chosen, **wrong, "token": visitor.token("/sign-in/password")}
        answer = visitor.post("/sign-in/password", fields)
        assert answer.status_code in (400, 403)
        assert said in answer.text
    answer = visitor.post(
        "/sign-in/password", {**chosen, "token": visitor.token("/sign-in/password")}
    )
    assert answer.headers["location"] == "/sign-in/app"
    page = visitor.get("/sign-in/app").text
    assert "<svg" in page
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    token = visitor.token("/sign-in/app")
    assert visitor.post("/sign-in/app", {"token": token, "code": "000000"}).status_code == 403
    answer = visitor.post("/sign-in/app", {"token": token, "code": house.code(secret)})
    assert answer.status_code == 200
    assert answer.text.count("<code>") == codes.RECOVERY_CODES
    assert visitor.is_signed_in()
    assert visitor.get("/sign-in/app").status_code == 403  # the way there is over


def test_after_the_sign_in_one_is_where_one_wanted_to_be(visitor: Visitor, house: House) -> None:
    house.leave("KD-7F3K-9Q")
    anna, there = house.hire(), visitor.get("/messages/KD-7F3K-9Q").headers["location"]
    assert there == "/sign-in?then=/messages/KD-7F3K-9Q"
    assert 'value="/messages/KD-7F3K-9Q"' in visitor.get(there).text
    answer = visitor.try_password("anna", PASSWORD, then="/messages/KD-7F3K-9Q")
    assert answer.headers["location"] == "/sign-in/code?then=/messages/KD-7F3K-9Q"
    answer = visitor.try_code(house.code(anna.secret), then="/messages/KD-7F3K-9Q")
    assert answer.headers["location"] == "/messages/KD-7F3K-9Q"


@pytest.mark.parametrize(
    "there", ["https://evil.example", "//evil.example", "/\\evil.example", "/messages/../sign-out"]
)
def test_a_sign_in_never_leads_to_another_site(visitor: Visitor, house: House, there: str) -> None:
    anna = house.hire()
    assert visitor.try_password("anna", PASSWORD, then=there).headers["location"] == "/sign-in/code"
    assert visitor.try_code(house.code(anna.secret), then=there).headers["location"] == "/"


def test_sign_out_ends_every_copy_of_the_session(agent: Visitor) -> None:
    copied = dict(agent.client.cookies)
    answer = agent.press("/account", "/sign-out")
    assert answer.headers["location"] == "/sign-in?left"
    assert not agent.is_signed_in()
    assert "You are signed out." in agent.get("/sign-in?left").text
    agent.client.cookies.update(copied)
    assert not agent.is_signed_in()


def test_half_an_hour_without_a_request_ends_the_session(agent: Visitor, house: House) -> None:
    house.clock.move(minutes=29)
    assert agent.is_signed_in()
    house.clock.move(minutes=29)
    assert agent.is_signed_in()
    house.clock.move(minutes=30)
    assert not agent.is_signed_in()
    assert "nothing happened for 30 minutes" in agent.get("/sign-in").text


def test_after_eight_hours_everybody_signs_in_again(agent: Visitor, house: House) -> None:
    for _ in range(23):
        house.clock.move(minutes=20)
        assert agent.is_signed_in()
    house.clock.move(minutes=20)
    assert not agent.is_signed_in()


@pytest.mark.parametrize("forged", ["", "x", "%00", "A" * 43])
def test_a_forged_session_is_none(come: Callable[..., Visitor], forged: str) -> None:
    stranger = come(Cookie=f"helder-desk={forged}")
    assert not stranger.is_signed_in()


def test_who_is_disabled_or_reset_is_out_at_once(agent: Visitor, house: House) -> None:
    from helder.staff.managing import Accounts

    accounts = Accounts(house.employees)
    assert agent.is_signed_in()
    accounts.disable("anna")
    assert not agent.is_signed_in()
    accounts.enable("anna")
    assert not agent.is_signed_in()


def test_another_password_signs_out_everywhere_else(
    come: Callable[..., Visitor], house: House
) -> None:
    anna = house.hire()
    here, elsewhere = (come().sign_in(house.session(anna.id)) for _ in range(2))
    new = "a new one to remember"
    fields = {"token": here.token("/account"), "former": PASSWORD, "new": new, "again": new}
    assert here.post("/account/password", fields).headers["location"] == "/account?changed"
    assert here.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert come().try_password("anna", PASSWORD).status_code == 403
    assert come().try_password("anna", new).status_code == 303


def test_new_recovery_codes_are_shown_to_who_has_the_app(
    come: Callable[..., Visitor], house: House
) -> None:
    anna = house.hire()
    agent = come().sign_in(house.session(anna.id))
    token = agent.token("/account")
    wrong = agent.post("/account/codes", {"token": token, "code": "123456"})
    assert wrong.status_code == 403
    shown = agent.post("/account/codes", {"token": token, "code": house.code(anna.secret)})
    assert shown.text.count("<code>") == codes.RECOVERY_CODES
    visitor = come()
    visitor.try_password("anna", PASSWORD)
    assert visitor.try_code(anna.recovery[0]).status_code == 403


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: Visitor, house: House
) -> None:
    anna = house.hire()
    visitor.try_password("anna", PASSWORD)
    header = session_cookie(visitor.try_code(house.code(anna.secret)))
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(header.split("; "))
    assert not {"Secure", "Max-Age", "Domain"} & {p.split("=")[0] for p in header.split("; ")}


def test_over_tls_the_cookie_is_bound_to_this_host(serve: Callable[..., House]) -> None:
    house = serve(HELDER_TRUST_PROXY="yes")
    anna = house.hire()
    headers = {"X-Forwarded-Proto": "https", "Host": "desk.example", "Accept-Language": "en"}
    with httpx.Client(base_url=house.url, trust_env=False, timeout=60, headers=headers) as client:
        # The client itself speaks plain HTTP to the proxy's place, so it keeps no Secure cookies.
        page = client.get("/sign-in")
        assert page.headers["set-cookie"].startswith("__Host-helder-desk-visitor=")
        answer = post(client, page, "/sign-in", {"name": "anna", "password": PASSWORD}, page)
        assert answer.status_code == 303
        step = client.get("/sign-in/code", headers={"Cookie": cookies(page, answer)})
        fields = {"code": house.code(anna.secret)}
        answer = post(client, step, "/sign-in/code", fields, page, answer)
    header = session_cookie(answer)
    assert header.startswith("__Host-helder-desk=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(header.split("; "))
    assert "Domain" not in header


def test_without_tls_a_forwarded_header_from_nobody_is_not_believed(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["set-cookie"].startswith("helder-desk-visitor=")


def test_five_failures_slow_that_address_and_no_other(serve: Callable[..., House]) -> None:
    house = serve(HELDER_TRUST_PROXY="yes")
    house.hire()

    def visitor_at(address: str) -> Visitor:
        headers = {"X-Forwarded-For": f"6.6.6.6, {address}", "Accept-Language": "en"}
        return Visitor(
            httpx.Client(base_url=house.url, trust_env=False, timeout=60, headers=headers)
        )

    guesser, colleague = visitor_at("203.0.113.7"), visitor_at("203.0.113.8")
    for _ in range(LOCKED_AFTER):
        assert guesser.try_password("anna", "a guess").status_code == 403
    answer = guesser.try_password("anna", PASSWORD)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "31")
    assert "Try again in 31 seconds." in answer.text
    assert colleague.try_password("anna", PASSWORD).status_code == 303
    house.clock.move(seconds=31)
    assert guesser.try_password("anna", PASSWORD).status_code == 303
    for each in (guesser, colleague):
        each.client.close()


def test_guessed_codes_slow_the_address_too(visitor: Visitor, house: House) -> None:
    anna = house.hire()
    visitor.try_password("anna", PASSWORD)
    for _ in range(LOCKED_AFTER):
        assert visitor.try_code("000000").status_code == 403
    assert visitor.try_code(house.code(anna.secret)).status_code == 429


def test_who_is_signed_in_needs_no_sign_in(agent: Visitor) -> None:
    answer = agent.get("/sign-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def session_cookie(answer: httpx.Response) -> str:
    """The Set-Cookie header of the session."""
    assert answer.status_code == 303, answer.text
    headers = answer.headers.get_list("set-cookie")
    return next(each for each in headers if each.split("=")[0].endswith("helder-desk"))


def cookies(*answers: httpx.Response) -> str:
    """What a browser has got so far."""
    given = [each for answer in answers for each in answer.headers.get_list("set-cookie")]
    kept = dict(each.split(";")[0].split("=", 1) for each in given)
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def post(
    client: httpx.Client,
    page: httpx.Response,
    path: str,
    fields: dict[str, str],
    *got: httpx.Response,
) -> httpx.Response:
    """Send the form that stands on a page."""
    token = page.text.split('name="token" value="')[1].split('"')[0]
    headers = {"Cookie": cookies(*got), "Origin": "https://desk.example"}
    return client.post(path, data={**fields, "token": token}, headers=headers)
