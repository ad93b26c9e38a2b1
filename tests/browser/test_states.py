"""Every state, in both languages, light and dark, on three screens: seen by axe and by camera."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .axe import violations
from .conftest import Watch
from .fake_gateway import FakeGateway
from .page import Widget
from .states import STATES

SIZES = {
    "desk": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
    "narrow": {"width": 320, "height": 640},
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_passes_all_rules_and_fits_its_screen(
    state: str,
    language: str,
    size: str,
    new_page: Callable[..., Page],
    gateway: FakeGateway,
    screenshots: Path,
    watch: Watch,
) -> None:
    page = new_page(viewport=SIZES[size], has_touch=size != "desk", reduced_motion="reduce")
    widget = Widget(page, gateway.url).visit(
        "/" if size == "desk" else "/host", language=language, lang=language
    )
    STATES[state](widget, gateway, language)
    watch.looking = (
        False  # axe and the camera add styles of their own, which the page's policy refuses
    )
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=screenshots / f"{state}-{language}-{size}-{scheme}.png")
        if size == "desk" or (size == "narrow" and scheme == "light"):
            assert (
                violations(page, "html" if state in {"closed", "notice"} else "helder-chat") == []
            )
    too_wide = page.evaluate(
        """() => {
            const { shadowRoot } = document.querySelector('helder-chat');
            const boxes = shadowRoot.querySelectorAll('dialog, .log, .foot, .sheet');
            return [document.documentElement, ...boxes]
                .filter((e) => e.scrollWidth > e.clientWidth + 1)
                .map((e) => e.className || e.tagName);
        }"""
    )
    assert too_wide == []
