"""A browser, a fake gateway, and a widget that may break no rule of its page while it is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from .fake_gateway import FakeGateway
from .page import Widget

SHOTS = Path(__file__).parents[2] / "var" / "screenshots"
TELL = """document.addEventListener('securitypolicyviolation', (e) =>
    console.error(`policy broken: ${e.violatedDirective} ${e.blockedURI}`))"""


@pytest.fixture(scope="session")
def _server() -> Iterator[FakeGateway]:
    server = FakeGateway()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def gateway(_server: FakeGateway) -> FakeGateway:
    _server.reset()
    return _server


class Watch:
    """What pages complain of: broken policies, errors in the console, exceptions."""

    def __init__(self) -> None:
        self.wrongs: list[str] = []
        self.looking = True

    def note(self, text: str) -> None:
        if self.looking:
            self.wrongs.append(text)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Makes pages, at whose end nothing may have gone wrong."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options}
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        page = context.new_page()
        page.add_init_script(TELL)
        page.on("pageerror", lambda error: watch.note(str(error)))
        page.on(
            "console",
            lambda message: (
                watch.note(message.text) if _is_wrong(message.type, message.text) else None
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert watch.wrongs == []


def _is_wrong(kind: str, text: str) -> bool:
    """Chromium reports every failed request in the console; those are the tests' own doing."""
    return kind in {"error", "warning"} and not text.startswith("Failed to load resource")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def widget(page: Page, gateway: FakeGateway) -> Widget:
    """The widget, open, on a plain English page at a desk."""
    return Widget(page, gateway.url).visit().open()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
