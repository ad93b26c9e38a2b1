"""WCAG 2.2 AA where axe cannot look: keyboard, focus, speech, zoom, motion, forced colours."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .axe import violations
from .conftest import Watch
from .fake_gateway import FakeGateway
from .page import Widget


def _talk(widget: Widget, gateway: FakeGateway) -> None:
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()


def test_the_keyboard_alone_is_enough(page: Page, gateway: FakeGateway) -> None:
    widget = Widget(page, gateway.url).visit()
    press = page.keyboard.press
    while "launcher" not in widget.focused():
        press("Tab")
    press("Enter")
    expect(widget.panel).to_be_visible()
    assert widget.focused() == "textarea#write"
    page.keyboard.type("Where is my order?")
    press("Enter")
    expect(widget.message("Where is my order?")).to_contain_text("Sent")
    gateway.wait_for_stream()
    gateway.say("Which?", choices=("This one", "That one"))
    expect(widget.choice("That one")).to_be_visible()
    while not widget.choice("That one").evaluate("(e) => e.getRootNode().activeElement === e"):
        press("Shift+Tab")
    press("Space")
    expect(widget.choice("That one")).to_contain_text("your choice")
    assert "pill" in widget.focused(), "the chosen button keeps the focus"
    while ".more" not in widget.focused():
        press("Shift+Tab")
    press("Enter")
    expect(widget.menu).to_be_visible()
    press("Escape")
    expect(widget.menu).to_be_hidden()
    assert ".more" in widget.focused()
    press("Escape")
    expect(widget.panel).to_be_hidden()
    assert "launcher" in widget.focused()


def test_focus_is_seen_on_everything_and_behind_nothing(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    gateway.say("Which?", choices=("This one", "That one"))
    expect(widget.choice("That one")).to_be_visible()
    widget.text.fill("x")
    seen = set()
    for _ in range(12):
        widget.page.keyboard.press("Tab")
        look = widget.host.evaluate(
            """({ shadowRoot }) => {
                const e = shadowRoot.activeElement;
                if (!e) return null;
                const { x, y, width, height } = e.getBoundingClientRect();
                const at = shadowRoot.elementFromPoint(x + width / 2, y + Math.min(height / 2, 20));
                const style = getComputedStyle(e.id === 'write' ? e.parentNode : e);
                return {
                    name: e.className || e.id || e.tagName,
                    line: parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none',
                    top: e.contains(at) || at?.contains(e),
                };
            }"""
        )
        if look:
            seen.add(look["name"])
            assert look["line"], look
            assert look["top"], look
    assert {"round tongue", "round more", "round", "log", "person"} <= seen


def test_each_new_message_is_spoken_once_and_the_region_is_emptied(
    page: Page, gateway: FakeGateway
) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit().open()
    _talk(widget, gateway)
    widget.record_speech()
    gateway.say("Your order is on its way.", choices=("Track it", "Thanks"))
    gateway.say("Anna has joined.", "system", "")
    gateway.say("Hi!", "employee", "Anna")
    expect(widget.bubbles).to_have_count(4)
    assert widget.spoken() == [
        "Helder · AI assistant: Your order is on its way. Choose an answer: Track it, Thanks",
        "Message from us: Anna has joined.",
        "Anna · Employee: Hi!",
    ]
    page.clock.run_for(6_000)
    assert [region.text_content() for region in widget.live.all()] == ["", ""]
    assert len(widget.spoken()) == 3
    assert widget.log.get_attribute("aria-live") is None


def test_failures_are_spoken_and_so_is_what_comes_while_it_is_closed(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    widget.record_speech()
    gateway.fail("post", 500, message="Our server is not well.")
    widget.send("Again")
    expect(widget.retry).to_be_visible()
    assert widget.spoken() == ["Not sent. Our server is not well."]
    widget.close_button.click()
    gateway.say("Are you there?")
    expect(widget.badge).to_be_visible()
    assert widget.spoken()[1:] == ["Helder · AI assistant: Are you there?"]


def test_what_was_read_before_a_reload_is_not_spoken_again(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    gateway.say("Old news.")
    expect(widget.bubbles).to_have_count(2)
    widget.page.reload()
    expect(widget.bubbles).to_have_count(2)
    widget.record_speech()
    assert "".join(region.text_content() or "" for region in widget.live.all()) == ""


def test_arrivals_never_move_the_focus(widget: Widget, gateway: FakeGateway) -> None:
    _talk(widget, gateway)
    spots = {
        "input#search": widget.page.locator("#search"),
        "textarea#write": widget.text,
        "button.round.more": widget.menu_button,
    }
    for number, (name, spot) in enumerate(spots.items()):
        spot.focus()
        gateway.typing()
        gateway.say("News", choices=("Yes", "No"))
        gateway.own("waiting" if number % 2 else "assistant")
        expect(widget.bubbles).to_have_count(number + 2)
        assert widget.focused() == name


def test_who_reads_above_is_not_scrolled_away(widget: Widget, gateway: FakeGateway) -> None:
    _talk(widget, gateway)
    for _ in range(8):
        gateway.say("A long story.\n\n\nIt goes on.")
    expect(widget.bubbles).to_have_count(9)
    expect(widget.bubbles.last).to_be_in_viewport()
    widget.log.evaluate("(log) => { log.scrollTop = 0; }")
    gateway.say("The end.")
    expect(widget.newer).to_be_visible()
    assert widget.log.evaluate("(log) => log.scrollTop") == 0
    widget.newer.click()
    expect(widget.bubbles.last).to_be_in_viewport()
    expect(widget.newer).to_be_hidden()


def test_on_a_phone_the_page_behind_is_inert_and_escape_still_closes(
    new_page: Callable[..., Page], gateway: FakeGateway
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    widget = Widget(page, gateway.url).visit().open()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.tagName") in {"HELDER-CHAT", "BODY"}
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(widget.modal).to_have_count(0)
    expect(widget.panel).to_be_visible()
    page.locator("#search").focus()
    assert widget.focused() == "input#search"
    widget.text.focus()
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    assert "launcher" in widget.focused()


def test_at_four_hundred_percent_everything_can_be_reached_by_scrolling_one_way(
    new_page: Callable[..., Page], gateway: FakeGateway, watch: Watch
) -> None:
    page = new_page(viewport={"width": 320, "height": 256})
    widget = Widget(page, gateway.url).visit().open()
    _talk(widget, gateway)
    gateway.say(
        "Your order is on its way and will be there tomorrow.", choices=("Track it", "Thanks")
    )
    for spot in (
        widget.close_button,
        widget.choice("Thanks"),
        widget.person,
        widget.text,
        widget.send_button,
    ):
        spot.scroll_into_view_if_needed()
        expect(spot).to_be_in_viewport(ratio=1)
    assert widget.panel.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    watch.looking = False
    assert violations(page) == []


def test_nothing_moves_for_who_wants_less_motion(
    new_page: Callable[..., Page], gateway: FakeGateway
) -> None:
    widget = Widget(new_page(reduced_motion="reduce"), gateway.url).visit().open()
    _talk(widget, gateway)
    gateway.typing()
    expect(widget.typing).to_be_visible()
    assert widget.page.evaluate("() => document.getAnimations().length") == 0
    assert (
        widget.typing.locator("i").first.evaluate("(e) => getComputedStyle(e).animationName")
        == "none"
    )


def test_forced_colours_keep_the_lines(new_page: Callable[..., Page], gateway: FakeGateway) -> None:
    widget = Widget(new_page(forced_colors="active"), gateway.url).visit().open()
    _talk(widget, gateway)
    for spot in (widget.bubbles.first, widget.send_button, widget.close_button):
        look = spot.evaluate(
            """(e) => {
                const style = getComputedStyle(e);
                return [style.borderTopWidth, style.borderTopColor, style.backgroundColor];
            }"""
        )
        assert look[0] != "0px"
        assert look[1] != look[2]
