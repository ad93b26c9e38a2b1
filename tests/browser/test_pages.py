"""The pages of text on the real gateway: accessible, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helder import model
from helder.card import read_card
from helder.settings import PROJECT
from tests.browser.axe import violations
from tests.browser.conftest import Watch
from tests.browser.page import Widget
from tests.running import Running

SIZES = {"desk": {"width": 1280, "height": 800}, "narrow": {"width": 320, "height": 640}}
TITLE = {"en": "How this assistant works", "nl": "Hoe deze assistent werkt"}


@pytest.mark.parametrize("path", ["how-it-works", "privacy"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_passes_all_rules_and_fits_its_screen(
    stack: Running,
    new_page: Callable[..., Page],
    watch: Watch,
    screenshots: Path,
    language: str,
    size: str,
    path: str,
) -> None:
    page = new_page(viewport=SIZES[size])
    page.goto(f"{stack.gateway_url}/{path}?language={language}")
    watch.looking = False  # axe and the camera add styles, which the page's policy refuses
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        name = f"page-{path}-{language}-{size}-{scheme}.png"
        page.screenshot(path=screenshots / name, full_page=True)
        assert violations(page, looked_at={"color-contrast", "link-name", "heading-order"}) == []
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 1


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_notice_leads_to_the_page_which_tells_of_the_model_that_answers(
    stack: Running, new_page: Callable[..., Page], language: str
) -> None:
    page = new_page(locale="nl-NL" if language == "nl" else "en-GB")
    widget = Widget(page, stack.gateway_url).visit("/", lang=language).open()
    with page.context.expect_page() as opened:
        widget.notice.get_by_role("link", name=TITLE[language]).click()
    tells = opened.value
    expect(tells.get_by_role("heading", level=1)).to_have_text(TITLE[language])
    made = model.fitting_model(PROJECT)
    assert made is not None
    expect(tells.locator("#model")).to_contain_text(made.name.removesuffix(".tar.gz"))
    card = read_card(made)
    if card is None:  # a model that was made before there were cards
        expect(tells.locator("#topics")).to_have_count(0)
    else:
        expect(tells.locator("#topics li")).to_have_text(list(card.topics[language]))
    said = stack.talk(language).say({"en": "how do you work?", "nl": "hoe werk je?"}[language])
    assert f"/how-it-works?language={language}" in said[0]
