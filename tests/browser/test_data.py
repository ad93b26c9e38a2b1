""" "Your data": what is known and allowed, one press to change it, and nobody trapped in it."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Page, Response, expect

from .fake_gateway import FakeGateway
from .page import Widget
from .states import talking

KB = 1024  # bytes


@pytest.fixture
def talk(widget: Widget, gateway: FakeGateway) -> Widget:
    """In the middle of a conversation."""
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    return widget


def test_it_is_fetched_when_it_is_opened_and_weighs_six_kilobytes(
    page: Page, gateway: FakeGateway
) -> None:
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    widget = Widget(page, gateway.url).visit()
    talking(widget, gateway, "en")
    mine = ("data.js", "data.css")
    assert not [each for each in fetched if each.url.endswith(mine)]
    widget.open_data()
    bodies = [each.body() for each in fetched if each.url.endswith(mine)]
    assert len(bodies) == 3
    assert sum(len(gzip.compress(each, 9)) for each in bodies) <= 6 * KB


def test_a_yes_and_taking_it_back_are_one_press_each_and_the_focus_stays(
    talk: Widget, gateway: FakeGateway
) -> None:
    talk.open_data()
    talk.in_data("order_data").click()
    expect(talk.data_told).to_contain_text("You agreed: Use my order data.")
    expect(talk.in_data("order_data")).to_have_text("Take it back")
    assert talk.focused().startswith("button#order_data")
    talk.page.keyboard.press("Enter")
    expect(talk.data_told).to_contain_text("“Use my order data” is off.")
    expect(talk.in_data("order_data")).to_have_text("Yes, you may")
    assert gateway.posts[-2:] == [
        {"purpose": "order_data", "given": True},
        {"purpose": "order_data", "given": False},
    ]


def test_yes_and_no_are_alike(talk: Widget) -> None:
    talk.open_data()
    looks = [
        talk.in_data(name).evaluate(
            """(e) => { const s = getComputedStyle(e);
            return [s.color, s.backgroundColor, s.borderColor, s.fontSize, s.fontWeight,
                    e.getBoundingClientRect().height]; }"""
        )
        for name in ("improvement", "improvement-no")
    ]
    assert looks[0] == looks[1]


def test_each_receipt_is_a_link_to_read_and_one_to_download(
    talk: Widget, gateway: FakeGateway
) -> None:
    talk.open_data()
    talk.in_data("keep_conversation").click()
    read = talk.data.get_by_role("link", name="Read: Keep this conversation")
    expect(read).to_have_attribute("href", f"{gateway.url}/receipts/keep_conversation")
    file = talk.data.get_by_role("link", name="Download: Keep this conversation")
    expect(file).to_have_attribute("href", f"{gateway.url}/receipts/keep_conversation/json")
    expect(talk.data).to_contain_text("Kept until 90 days after the last message")


def test_no_ai_and_back_are_one_press_each(talk: Widget, gateway: FakeGateway) -> None:
    talk.open_data()
    talk.in_data("ai").click()
    expect(talk.in_data("ai")).to_have_text("Use the assistant again")
    expect(talk.data).to_contain_text("No AI reads your messages.")
    talk.in_data("ai").click()
    expect(talk.in_data("ai")).to_have_text("I want no AI")
    assert gateway.posts[-2:] == [{"opted_out": True}, {"opted_out": False}]


def test_who_wants_no_ai_from_the_start_says_so_before_the_first_word(
    widget: Widget, gateway: FakeGateway
) -> None:
    widget.open_data()
    assert gateway.conversations == {}
    expect(widget.data).to_contain_text("Nothing of you is known or kept here now.")
    widget.in_data("ai").click()
    expect(widget.in_data("ai")).to_have_text("Use the assistant again")
    assert gateway.posts == [{"opted_out": True}]
    assert gateway.begun[0]["notice"] == {"version": 1, "language": "en"}
    widget.page.keyboard.press("Escape")
    expect(widget.status).to_have_text("Your messages go to a colleague")


def test_erasing_asks_once_more_and_leaves_nothing(talk: Widget, gateway: FakeGateway) -> None:
    talk.open_data()
    talk.in_data("erase").click()
    expect(talk.in_data("no")).to_be_focused()  # a second press of Enter erases nothing
    talk.page.keyboard.press("Enter")
    expect(talk.in_data("erase")).to_be_focused()
    assert len(gateway.conversations) == 1
    talk.in_data("erase").click()
    talk.in_data("yes").click()
    expect(talk.data_told).to_have_text("This conversation is erased.")
    assert gateway.conversations == {}
    assert talk.stored()["session"] == {}
    talk.page.keyboard.press("Escape")
    expect(talk.bubbles).to_have_count(0)
    talk.send("Hello again")
    expect(talk.message("Hello again")).to_contain_text("Sent")


def test_what_could_not_be_erased_is_still_there_and_that_is_said(
    talk: Widget, gateway: FakeGateway
) -> None:
    talk.open_data()
    gateway.fail("erase", 503, message="We cannot reach our system right now.")
    talk.in_data("erase").click()
    talk.in_data("yes").click()
    expect(talk.data_told).to_have_text("We cannot reach our system right now.")
    talk.page.keyboard.press("Escape")
    expect(talk.bubbles).to_have_count(1)


def test_what_cannot_be_loaded_can_be_tried_again(talk: Widget, gateway: FakeGateway) -> None:
    gateway.fail("receipts", 500, message="Not now.")
    talk.menu_button.click()
    talk.data_door.click()
    expect(talk.data_told).to_have_text("Not now.")
    talk.in_data("again").click()
    expect(talk.in_data("ai")).to_be_visible()
    expect(talk.data_told).to_have_text("")


def test_without_a_line_the_door_says_so_and_the_chat_goes_on(
    talk: Widget, gateway: FakeGateway
) -> None:
    talk.page.route("**/data.js", lambda route: route.abort(), times=1)
    talk.menu_button.click()
    talk.data_door.click()
    expect(talk.banner).to_contain_text("You seem to be offline")
    expect(talk.data).to_have_count(0)
    expect(talk.text).to_be_editable()


def test_the_keyboard_goes_round_inside_and_escape_leads_back(
    talk: Widget, gateway: FakeGateway
) -> None:
    talk.open_data()
    assert talk.focused() == "h2#data-title"
    seen = set()
    for _ in range(40):
        talk.page.keyboard.press("Tab")
        inside = talk.host.evaluate(
            "({ shadowRoot: r }) => !r.activeElement || r.querySelector('dialog.data')"
            ".contains(r.activeElement)"
        )
        assert inside
        seen.add(talk.focused())
    for name in ("ai", "order_data", "order_data-no", "erase"):
        assert any(each.startswith(f"button#{name}") for each in seen), name
    assert not any("search" in each for each in seen)  # the page behind
    talk.page.keyboard.press("Escape")
    expect(talk.data).to_have_count(0)
    expect(talk.panel).to_be_visible()
    assert ".more" in talk.focused()


def test_it_is_named_modal_and_tells_what_happened(talk: Widget) -> None:
    talk.open_data()
    expect(talk.page.get_by_role("dialog", name="Your data")).to_be_visible()
    assert talk.data.evaluate("(e) => e.matches(':modal')")
    expect(talk.data_told).to_have_attribute("role", "status")
    headings = talk.data.get_by_role("heading").all_inner_texts()
    assert headings[0] == "Your data"
    assert {"Who reads your messages", "What you allow", "Your receipts"} <= set(headings)


def test_turning_the_phone_and_closing_the_chat_leave_no_panel_behind(
    talk: Widget, gateway: FakeGateway
) -> None:
    talk.open_data()
    talk.page.set_viewport_size({"width": 390, "height": 844})
    expect(talk.data).to_be_visible()
    talk.in_data("ai").click()  # it still lies on top
    expect(talk.in_data("ai")).to_have_text("Use the assistant again")
    talk.page.evaluate("() => document.querySelector('helder-chat').removeAttribute('open')")
    expect(talk.data).to_have_count(0)
    expect(talk.panel).to_be_hidden()
