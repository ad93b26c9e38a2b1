"""The panel "Your data": what the customer agreed to, and each answer changed with one press."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .fake_gateway import FakeGateway
from .page import Widget

STYLE = """(e) => { const { backgroundColor, color, fontSize, fontWeight, borderColor } =
    getComputedStyle(e); return { backgroundColor, color, fontSize, fontWeight, borderColor,
    height: e.offsetHeight }; }"""


def opened(page: Page, gateway: FakeGateway, language: str = "en") -> Widget:
    widget = Widget(page, gateway.url).visit(language=language).open()
    widget.send("Hello")
    expect(widget.bubbles).to_have_count(1)
    gateway.wait_for_stream()
    widget.menu_button.click()
    widget.data_button.click()
    expect(widget.data.locator("section")).to_have_count(3)
    return widget


def test_yes_and_no_look_alike_and_take_one_press_each(page: Page, gateway: FakeGateway) -> None:
    widget = opened(page, gateway)
    part = widget.data.locator('[data-purpose="order_data"]')
    yes, no = part.get_by_role("button").all()
    assert yes.evaluate(STYLE) == no.evaluate(STYLE)
    yes.click()
    expect(part).to_contain_text("You agreed to this.")
    assert gateway.conversation.consents == {"order_data": "given"}
    expect(part.get_by_role("button", pressed=True)).to_have_text("Yes, you may")
    expect(part.get_by_role("link")).to_have_attribute("href", f"{gateway.url}/receipts/order_data")
    assert "pill" in widget.focused()  # where it was
    part.get_by_role("button", name="No, rather not").click()
    expect(part).to_contain_text("You took this back.")
    assert gateway.conversation.consents == {"order_data": "withdrawn"}
    expect(part.get_by_role("link")).to_have_count(0)


def test_it_is_modal_and_escape_leads_back_to_the_chat(page: Page, gateway: FakeGateway) -> None:
    widget = opened(page, gateway, "nl")
    expect(widget.data.get_by_role("heading", level=2)).to_be_focused()
    assert widget.data.evaluate("(e) => e.matches(':modal')")
    page.keyboard.press("Escape")
    expect(widget.data).to_have_count(0)
    expect(widget.panel).to_be_visible()
    assert ".more" in widget.focused()


def test_what_fails_is_said_and_changes_nothing(page: Page, gateway: FakeGateway) -> None:
    widget = opened(page, gateway)
    gateway.fail("answered", 503, message="It does not work right now.")
    widget.data.get_by_role("button", name="Yes, keep it").click()
    expect(widget.data).to_contain_text("It does not work right now.")
    assert gateway.conversation.consents == {}


def test_before_there_is_a_conversation_there_is_nothing_to_choose(
    page: Page, gateway: FakeGateway
) -> None:
    widget = Widget(page, gateway.url).visit().open()
    widget.menu_button.click()
    widget.data_button.click()
    expect(widget.data).to_contain_text("There is no conversation yet")
    assert gateway.conversations == {}
