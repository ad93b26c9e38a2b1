"""What every answer carries, and what a name that is not ours gets."""

from __future__ import annotations

import re

import pytest

from .conftest import House
from .visitor import Visitor

PATHS = ("/", "/sign-in", "/nowhere", "/healthz", "/static/desk.css", "/static/tokens.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded_and_kept_nowhere(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri"):
        assert part in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_no_page_holds_a_script_or_a_style_of_its_own(agent: Visitor, house: House) -> None:
    house.leave()
    for path in ("/messages", "/messages/KD-7F3K-9Q", "/nowhere"):
        page = agent.get(path).text
        assert not re.search(r"<script|<style|style=|\son\w+=|https?://", page)


def test_the_look_is_the_widgets(visitor: Visitor, house: House) -> None:
    served = visitor.get("/static/tokens.css")
    assert served.headers["content-type"].startswith("text/css")
    assert served.content == (house.settings.project / "widget" / "tokens.css").read_bytes()


@pytest.mark.parametrize("path", ["/static/../state.py", "/static/%2e%2e/state.py", "/static/"])
def test_only_the_static_files_are_served(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_another_hosts_name_is_refused_without_a_proxy(visitor: Visitor) -> None:
    assert visitor.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    assert visitor.get("/sign-in", headers={"Host": "localhost:9000"}).status_code == 200


def test_health_is_open_and_tells_nothing_else(visitor: Visitor) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_other_methods_are_refused_with_a_page(visitor: Visitor, method: str) -> None:
    answer = visitor.client.request(method, "/sign-in")
    assert answer.status_code in {400, 405}
