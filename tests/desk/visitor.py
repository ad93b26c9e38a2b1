"""Somebody at a browser without a screen: follows what a page offers, keeps cookies."""

from __future__ import annotations

import html
import re

import httpx


class Visitor:
    """Gets pages and sends the forms that stand on them."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str, **more: object) -> httpx.Response:
        return self.client.get(path, **more)  # type: ignore[arg-type]  # passed on as it came

    def token(self, path: str) -> str:
        """The token of the forms on a page."""
        page = self.get(path).text
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found, f"no form on {path}"
        return html.unescape(found[1])

    def post(
        self,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        origin: str | None = "",
        **more: object,
    ) -> httpx.Response:
        """Send a form as a browser does; `origin=None` leaves that header out."""
        own = str(self.client.base_url).rstrip("/")
        headers = {} if origin is None else {"Origin": origin or own}
        return self.client.post(path, data=fields, headers=headers, **more)  # type: ignore[arg-type]  # passed on as it came

    def try_password(self, name: str, password: str, then: str = "/") -> httpx.Response:
        """Fill in the sign-in form."""
        fields = {"name": name, "password": password, "then": then}
        return self.post("/sign-in", {"token": self.token("/sign-in"), **fields})

    def try_code(self, code: str, then: str = "/") -> httpx.Response:
        """Fill in the form for the second proof."""
        fields = {"token": self.token("/sign-in/code"), "code": code, "then": then}
        return self.post("/sign-in/code", fields)

    def sign_in(self, session: str) -> Visitor:
        """With a session that was begun already."""
        secure = self.client.base_url.scheme == "https"
        name = "__Host-helder-desk" if secure else "helder-desk"
        self.client.cookies.set(name, session)
        return self

    def press(self, page: str, action: str) -> httpx.Response:
        """Press the button on a page that posts to `action`."""
        return self.post(action, {"token": self.token(page)})

    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200
