"""The real widget on the real demo page, with the four real processes behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helder.shop.seed import demo_orders, open_shop
from tests.browser.page import Widget
from tests.running import Running

WORDS = {
    "en": ("where is my parcel?", "order number", "on its way", "thank you"),
    "nl": ("waar blijft mijn pakket?", "bestelnummer", "onderweg", "dankjewel"),
}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_customer_is_helped_and_finds_the_conversation_again(
    stack: Running, new_page: Callable[..., Page], language: str
) -> None:
    ask, question, answer, thanks = WORDS[language]
    order = next(
        o for o in demo_orders(open_shop(stack.settings.shop_url)) if o.scenario == "on_its_way"
    )
    page = new_page(locale="nl-NL" if language == "nl" else "en-GB")
    widget = Widget(page, stack.gateway_url).visit("/", lang=language).open()
    expect(page.get_by_text(order.number)).to_be_visible()
    assert widget.stored()["session"] == {}
    widget.send(ask)
    expect(widget.bubbles.last).to_contain_text(question)
    widget.send(order.number)
    expect(widget.bubbles.last).to_contain_text(order.number)
    widget.send(order.postcode)
    expect(widget.bubbles.last).to_contain_text(answer)
    said = widget.bubbles.all_inner_texts()
    page.reload()
    expect(widget.bubbles).to_have_text(said)
    widget.send(thanks)
    expect(widget.bubbles).to_have_count(len(said) + 2)


def test_the_button_for_a_person_ends_in_a_reference_number(
    stack: Running, new_page: Callable[..., Page]
) -> None:
    widget = Widget(new_page(), stack.gateway_url).visit("/", lang="en").open()
    widget.person.click()
    expect(widget.bubbles).to_have_count(3)
    widget.send("My kettle arrived with a dent and I would like to know what to do.")
    expect(widget.bubbles.last).to_contain_text("e-mail")
    widget.send("sam@example.com")
    expect(widget.bubbles.last).to_contain_text("KD-")


def test_a_break_of_the_gateway_is_bridged_and_nothing_is_shown_twice(
    stack: Running, new_page: Callable[..., Page]
) -> None:
    widget = Widget(new_page(), stack.gateway_url).visit("/", lang="en").open()
    widget.send("what are your opening hours?")
    expect(widget.bubbles.last).to_contain_text("09:00")
    before = widget.bubbles.all_inner_texts()
    stack.stack.kill("gateway")
    widget.send("thanks a lot")
    expect(widget.bubbles).to_have_count(len(before) + 2, timeout=30_000)
    assert widget.bubbles.all_inner_texts()[: len(before)] == before
