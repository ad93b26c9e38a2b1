"""Every page and act, for every role and for nobody: what the table of rights says, no more."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from helder.desk import guard
from helder.desk.app import create_app
from helder.desk.state import build
from helder.staff.permissions import ALLOWED, Action, Role

from .conftest import House, found

PLACES = {"conversation": "0" * 32, "reference": "KD-7F3K-9Q"}


def routes(app: Starlette) -> list[tuple[str, str, Action | None]]:
    """Method, path and action of every route."""
    return [
        (method, route.path, route.endpoint.action)
        for route in app.routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
        if method != "HEAD"
    ]


@pytest.fixture
def house(tmp_path: object) -> House:
    return found(tmp_path)  # type: ignore[arg-type]  # pytest's own path


def test_each_route_lets_in_whom_the_table_allows_and_nobody_else(house: House) -> None:
    desk = build(house.settings, house.clock)
    app = create_app(desk)
    wrong = []
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        people = {role: house.hire(role.value, role.value) for role in Role}
        tried = 0
        for method, path, action in routes(app):
            if path.endswith("/live"):
                continue  # an open stream never ends by itself: tests/desk/test_line.py has them
            for role in (None, *Role):
                let_in = is_let_in(client, house, method, path, role and people[role].id)
                expected = action is None or (role is not None and role in ALLOWED[action])
                if let_in != expected:
                    wrong.append((method, path, action, role))
                tried += 1
    assert wrong == []
    assert tried > 150


def is_let_in(client: TestClient, house: House, method: str, path: str, who: str | None) -> bool:
    """Is this employee, or nobody, let in, with a form of their own?"""
    client.cookies.clear()
    desk = client.app.state.desk  # type: ignore[attr-defined]  # Starlette's
    visitor = "somebody"
    if who is None:
        client.cookies.set("helder-desk-visitor", visitor)
    else:
        session = house.session(who)
        client.cookies.set("helder-desk", session)
        visitor = desk.sessions.resume(session).id
    fields = {"why": "x", "text": "x", "id": "12345678", "to": "person:x"}
    data = {**fields, "token": desk.signing.form_token(visitor)} if method == "POST" else None
    headers = {"Origin": "http://127.0.0.1", "Accept": "application/json"}
    answer = client.request(method, path.format(**PLACES), data=data, headers=headers)
    aim = answer.headers.get("location", "")
    if aim.startswith("/sign-in") and aim != "/sign-in?left":
        return path.startswith("/sign-in")
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    # A form can be refused for what it says, too; that is not what this is about.
    return not (is_json and answer.json().get("code") == "not_allowed")


def test_a_route_that_does_not_say_who_may_use_it_stops_the_start() -> None:
    async def page(_request: Request) -> Response:
        return Response()

    with pytest.raises(RuntimeError, match="/new does not say"):
        guard.check([Route("/new", page)])


def test_an_administrator_reads_no_customers_words() -> None:
    reading = {
        Action.SEE_OWN_CONVERSATION,
        Action.SEE_ANY_CONVERSATION,
        Action.WATCH_LIVE,
        Action.READ_LEFT_MESSAGES,
        Action.UNMASK,
        Action.SEARCH,
    }
    assert not [each for each in reading if Role.ADMINISTRATOR in ALLOWED[each]]
    assert set(ALLOWED) == set(Action)
