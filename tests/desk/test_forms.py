"""Only a form that we gave to this very visitor changes anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import House
from .visitor import Visitor

PAGE = "/messages/KD-7F3K-9Q"
ACTION = f"{PAGE}/handled"


@pytest.fixture(autouse=True)
def _message(house: House) -> None:
    house.leave("KD-7F3K-9Q")


@pytest.mark.parametrize("action", [ACTION, f"{PAGE}/open", "/sign-out", "/sign-in"])
@pytest.mark.parametrize("token", [None, "", "forged", "é"])
def test_a_form_without_its_token_is_refused(
    agent: Visitor, action: str, token: str | None
) -> None:
    answer = agent.post(action, {} if token is None else {"token": token})
    assert answer.status_code == 403
    assert "This page was too old" in answer.text
    assert agent.is_signed_in()


def test_a_token_of_somebody_elses_session_is_refused(
    agent: Visitor, come: Callable[..., Visitor], house: House
) -> None:
    other = come().sign_in(house.session(house.hire("bram").id))
    assert agent.post(ACTION, {"token": other.token(PAGE)}).status_code == 403
    assert not house.is_handled("KD-7F3K-9Q")


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1:1"])
def test_a_form_from_another_site_is_refused_even_with_the_token(
    agent: Visitor, house: House, origin: str | None
) -> None:
    answer = agent.post(ACTION, {"token": agent.token(PAGE)}, origin=origin)
    assert answer.status_code == 403
    assert "That did not come from the desk" in answer.text
    assert not house.is_handled("KD-7F3K-9Q")


def test_a_stranger_cannot_change_anything(visitor: Visitor, house: House) -> None:
    answer = visitor.post(ACTION, {"token": visitor.token("/sign-in")})
    assert answer.headers["location"] == f"/sign-in?then={PAGE}"
    assert not house.is_handled("KD-7F3K-9Q")


def test_a_link_cannot_change_anything(agent: Visitor, house: House) -> None:
    for path in (ACTION, f"{PAGE}/open", "/sign-out"):
        assert agent.get(path).status_code == 405
    assert agent.is_signed_in()
    assert not house.is_handled("KD-7F3K-9Q")


def test_a_form_that_is_too_large_is_not_read(agent: Visitor) -> None:
    answer = agent.post("/sign-in", {"token": "x", "name": "x" * 1_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"token=%ff%fe", b"&".join([b"a=1"] * 99), b"{}"]
)
def test_what_is_no_form_gets_an_answer_and_changes_nothing(
    agent: Visitor, house: House, body: bytes
) -> None:
    answer = agent.client.post(ACTION, content=body, headers={"Origin": house.url})
    assert answer.status_code in {400, 403}
    assert not house.is_handled("KD-7F3K-9Q")
