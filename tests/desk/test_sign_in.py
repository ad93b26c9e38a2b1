"""Getting in, staying in, getting out; and who does not get in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import httpx
import pytest
from itsdangerous import URLSafeSerializer

from .conftest import House
from .visitor import Visitor

LOCKED_AFTER = 5


def test_a_stranger_is_sent_to_the_sign_in(visitor: Visitor) -> None:
    answer = visitor.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "Access key" in visitor.get("/sign-in").text


def test_the_access_key_opens_the_desk(visitor: Visitor, house: House) -> None:
    answer = visitor.try_key(house.key)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "<h1>Messages</h1>" in visitor.get("/").text


def test_a_key_pasted_with_blanks_around_it_is_the_key(visitor: Visitor, house: House) -> None:
    assert visitor.sign_in(f"  {house.key}\n").is_signed_in()


@pytest.mark.parametrize("key", ["", "wrong", "ünïcödé", "x" * 2000])
def test_another_key_does_not(visitor: Visitor, house: House, key: str) -> None:
    answer = visitor.try_key(key)
    assert answer.status_code == 403
    assert "That is not the access key." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not visitor.is_signed_in()
    assert visitor.try_key(house.key[:-1]).status_code == 403


def test_after_the_sign_in_one_is_where_one_wanted_to_be(visitor: Visitor, house: House) -> None:
    house.leave("KD-7F3K-9Q")
    there = visitor.get("/messages/KD-7F3K-9Q").headers["location"]
    assert there == "/sign-in?then=/messages/KD-7F3K-9Q"
    assert 'value="/messages/KD-7F3K-9Q"' in visitor.get(there).text
    answer = visitor.try_key(house.key, then="/messages/KD-7F3K-9Q")
    assert answer.headers["location"] == "/messages/KD-7F3K-9Q"


@pytest.mark.parametrize(
    "there", ["https://evil.example", "//evil.example", "/\\evil.example", "/messages/../sign-out"]
)
def test_a_sign_in_never_leads_to_another_site(visitor: Visitor, house: House, there: str) -> None:
    assert visitor.try_key(house.key, then=there).headers["location"] == "/"


def test_sign_out_ends_every_copy_of_the_session(agent: Visitor) -> None:
    copied = dict(agent.client.cookies)
    answer = agent.press("/", "/sign-out")
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


def test_a_forged_session_is_none(come: Callable[..., Visitor], house: House) -> None:
    agent = come().sign_in(house.key)
    cookie = agent.client.cookies["helder-desk"]
    content, signature = cookie.rsplit(".", 1)
    session = {"id": "mine", "begun": 1795179780, "seen": 1795179780}
    with_own_key = URLSafeSerializer("a key of my own", salt="desk session").dumps(session)
    changed = base64.urlsafe_b64encode(json.dumps(session).encode()).decode().rstrip("=")
    for forged in ("", "x", content, f"{changed}.{signature}", with_own_key, cookie[:-2]):
        stranger = come(Cookie=f"helder-desk={forged}")
        assert not stranger.is_signed_in()


def test_a_sign_in_gets_a_session_that_nobody_knew(
    come: Callable[..., Visitor], house: House
) -> None:
    first, second = (come().sign_in(house.key).client.cookies["helder-desk"] for _ in range(2))
    assert first != second


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: Visitor, house: House
) -> None:
    header = session_cookie(visitor.try_key(house.key))
    assert header.startswith("helder-desk=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(header.split("; "))
    assert not {"Secure", "Max-Age", "Domain"} & {p.split("=")[0] for p in header.split("; ")}
    assert house.key not in header


def test_over_tls_the_cookie_is_bound_to_this_host(serve: Callable[..., House]) -> None:
    house = serve(HELDER_TRUST_PROXY="yes")
    headers = {"X-Forwarded-Proto": "https", "Host": "desk.example", "Accept-Language": "en"}
    with httpx.Client(base_url=house.url, trust_env=False, timeout=60, headers=headers) as client:
        visitor = Visitor(client)
        token = visitor.token("/sign-in")
        # The client itself speaks plain HTTP to the proxy's place, so it keeps no Secure cookies.
        seen = client.get("/sign-in").headers["set-cookie"]
        assert seen.startswith("__Host-helder-desk-visitor=")
        fields = {"token": token, "key": house.key}
        client.cookies.clear()
        assert visitor.post("/sign-in", fields, origin="https://desk.example").status_code == 403
        page = client.get("/sign-in")
        name = page.headers["set-cookie"].split(";")[0]
        fields["token"] = page.text.split('name="token" value="')[1].split('"')[0]
        answer = client.post(
            "/sign-in", data=fields, headers={"Cookie": name, "Origin": "https://desk.example"}
        )
    header = session_cookie(answer)
    assert header.startswith("__Host-helder-desk=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(header.split("; "))
    assert "Domain" not in header


def test_without_tls_a_forwarded_header_from_nobody_is_not_believed(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["set-cookie"].startswith("helder-desk-visitor=")


def test_five_wrong_keys_slow_that_address_and_no_other(serve: Callable[..., House]) -> None:
    house = serve(HELDER_TRUST_PROXY="yes")

    def visitor_at(address: str) -> Visitor:
        headers = {"X-Forwarded-For": f"6.6.6.6, {address}", "Accept-Language": "en"}
        return Visitor(
            httpx.Client(base_url=house.url, trust_env=False, timeout=60, headers=headers)
        )

    guesser, colleague = visitor_at("203.0.113.7"), visitor_at("203.0.113.8")
    for _ in range(LOCKED_AFTER):
        assert guesser.try_key("a guess").status_code == 403
    answer = guesser.try_key(house.key)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "31")
    assert "Try again in 31 seconds." in answer.text
    assert not guesser.is_signed_in()
    assert colleague.sign_in(house.key).is_signed_in()
    house.clock.move(seconds=31)
    assert guesser.sign_in(house.key).is_signed_in()
    for each in (guesser, colleague):
        each.client.close()


def test_who_is_signed_in_needs_no_sign_in(agent: Visitor) -> None:
    answer = agent.get("/sign-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def session_cookie(answer: httpx.Response) -> str:
    """The Set-Cookie header of the session."""
    assert answer.status_code == 303, answer.text
    headers = answer.headers.get_list("set-cookie")
    return next(each for each in headers if "helder-desk=" in each.split(";")[0])
