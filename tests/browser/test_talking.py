"""A conversation: sending, choices, who speaks, people, languages, transcript, a new start."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .fake_gateway import FakeGateway
from .page import Widget

EVIL = (
    '<img src=x onerror="window.evil=1"> <script>window.evil=1</script> '
    "javascript:alert(1) {n} & \u202eevil"
)


def _talk(widget: Widget, gateway: FakeGateway, text: str = "Hello") -> None:
    widget.send(text)
    expect(widget.message(text)).to_contain_text("Sent")
    gateway.wait_for_stream()


def test_enter_sends_shift_enter_breaks_the_line_and_composing_is_left_alone(
    widget: Widget, gateway: FakeGateway
) -> None:
    widget.text.press_sequentially("one")
    widget.text.press("Shift+Enter")
    widget.text.press_sequentially("two")
    widget.text.dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    )
    assert gateway.posts == []
    widget.text.press("Enter")
    widget.expect_texts("one\ntwo")
    expect(widget.text).to_have_value("")
    widget.text.fill("   \n ")
    widget.text.press("Enter")
    expect(widget.bubbles).to_have_count(1)
    assert [post["text"] for post in gateway.posted(1)] == ["one\ntwo"]


def test_each_message_says_in_sight_who_speaks(widget: Widget, gateway: FakeGateway) -> None:
    _talk(widget, gateway)
    gateway.say("One", minutes_ago=20)
    gateway.say("Two", minutes_ago=19)
    gateway.say("Three", minutes_ago=1)
    gateway.say("Anna has joined.", "system", "")
    gateway.say("Hi", "employee", "Anna")
    expect(widget.bubbles).to_have_count(6)
    who = widget.messages.locator(".who")
    expect(who).to_have_text(
        ["You", *["Helder · AI assistant"] * 3, "Message from us", "Anna · Employee"]
    )  # fmt: skip
    for at in range(6):
        box = who.nth(at).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 10


def test_markup_in_a_message_is_only_text(widget: Widget, gateway: FakeGateway) -> None:
    _talk(widget, gateway, EVIL)
    gateway.say(EVIL, name=EVIL, choices=(EVIL,))
    expect(widget.bubbles).to_have_count(2)
    widget.expect_texts(EVIL, EVIL)
    expect(widget.choice("onerror")).to_be_visible()
    assert widget.page.evaluate("() => window.evil") is None
    assert widget.log.locator("img, script, .bubble a").count() == 0


def test_a_card_number_is_gone_from_sight_and_store_once_it_is_masked(
    widget: Widget, gateway: FakeGateway
) -> None:
    clear, masked = "My card is 4111 1111 1111 1111.", "My card is [card number]."
    gateway.masked = {clear: masked}
    held = gateway.fail("post", 200, held=threading.Event()).held
    assert held is not None
    widget.send(clear)
    widget.expect_texts(clear)  # on its way
    held.set()
    widget.expect_texts(masked)
    expect(widget.message(masked)).to_contain_text("Sent")
    gateway.say("I made your card number unreadable.", "system", "")
    expect(widget.bubbles).to_have_count(2)
    assert "4111" not in widget.host.evaluate("(host) => host.shadowRoot.innerHTML")
    assert "4111" not in str(widget.stored())


def test_web_addresses_become_safe_links_and_other_schemes_do_not(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    gateway.say(
        "See (https://example.com/a?b=1&c=2), http://example.org. Not javascript:alert(1) or ftp://x.y/z\nBye"
    )
    expect(widget.bubbles).to_have_count(2)
    links = widget.bubbles.nth(1).get_by_role("link")
    assert [each.get_attribute("href") for each in links.all()] == [
        "https://example.com/a?b=1&c=2",
        "http://example.org/",
    ]
    assert {each.get_attribute("rel") for each in links.all()} == {"noopener noreferrer"}
    expect(widget.bubbles.nth(1)).to_have_css("white-space", "pre-wrap")


def test_a_choice_is_sent_as_it_was_offered_and_stays_to_be_read(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    gateway.say("Which one?", choices=("The blue one", "The red one"))
    widget.choice("The red one").click()
    expect(widget.bubbles).to_have_text(["Hello", "Which one?", "The red one"])
    sent = gateway.posted(2)[1]
    assert sent["choice"] == "opaque-The red one"
    assert "text" not in sent
    expect(widget.choice("The red one")).to_contain_text("your choice: The red one")
    widget.choice("The blue one").dispatch_event("click")
    widget.page.reload()
    expect(widget.choice("The red one")).to_contain_text("your choice")
    expect(widget.choice("The blue one")).to_have_attribute("aria-disabled", "true")
    assert len(gateway.posts) == 2


@pytest.mark.parametrize("owner", ["assistant", "waiting", "closed"])
def test_a_person_can_be_asked_for_whoever_but_a_person_owns_the_conversation(
    widget: Widget, gateway: FakeGateway, owner: str
) -> None:
    widget.person.click()
    widget.expect_texts("I want to talk to a person")
    gateway.wait_for_stream()
    gateway.own(owner)
    status = {
        "assistant": "an AI assistant",
        "waiting": "Your messages go to a colleague",
        "closed": "The AI assistant answers again",
    }
    expect(widget.status).to_contain_text(status[owner])
    widget.person.click()
    expect(widget.message("I want to talk to a person").last).to_contain_text("Sent")
    assert [post["person"] for post in gateway.posted(2)] == [True] * 2
    assert len(gateway.conversations) == 1


def test_switching_the_language_changes_every_word_and_sends_nothing(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    widget.text.fill("a draft")
    widget.language.click()
    expect(widget.status).to_have_text("Je praat met een AI-assistent")
    expect(widget.person).to_have_text("Praat met een medewerker")
    expect(widget.notice.locator("summary")).to_have_text("Voordat je begint")
    expect(widget.text).to_have_value("a draft")
    expect(widget.panel).to_have_attribute("lang", "nl")
    assert widget.focused() == "button.round.tongue"
    expect(widget.bubbles).to_have_count(2)
    expect(widget.message("Voordat je begint").locator(".who")).to_have_text("Bericht van ons")
    expect(widget.message("Voordat je begint").locator(".bubble")).to_have_attribute("lang", "nl")
    assert len(gateway.posts) == 1
    widget.page.reload()
    expect(widget.status).to_have_text("Je praat met een AI-assistent")


def test_whoever_has_the_notice_in_sight_has_that_said_when_the_conversation_begins(
    widget: Widget, gateway: FakeGateway
) -> None:
    widget.language.click()
    expect(widget.notice.locator("summary")).to_have_text("Voordat je begint")
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Verstuurd")
    assert gateway.begun[0]["notice"] == {"version": 1, "language": "nl"}


def test_whoever_could_not_load_it_does_not_say_so(widget: Widget, gateway: FakeGateway) -> None:
    gateway.fail("notice", 500)
    widget.language.click()
    expect(widget.notice.get_by_role("button")).to_be_visible()
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Verstuurd")
    assert "notice" not in gateway.begun[0]


def test_the_transcript_can_be_copied_and_downloaded(
    widget: Widget, gateway: FakeGateway, tmp_path: Path
) -> None:
    widget.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _talk(widget, gateway, "Où est-il? 🧣")
    gateway.say("On its way.\nTomorrow.")
    expect(widget.bubbles).to_have_count(2)
    with widget.page.expect_download() as download:
        widget.menu_button.click()
        widget.download.click()
    file = tmp_path / "transcript.txt"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert download.value.suggested_filename == "chat.txt"
    assert "] You: Où est-il? 🧣\n" in text
    assert "] Helder · AI assistant: On its way.\nTomorrow.\n" in text
    widget.menu_button.click()
    widget.copy.click()
    expect(widget.banner).to_have_text("The conversation is on your clipboard.")
    assert widget.page.evaluate("() => navigator.clipboard.readText()") == text


def test_starting_again_asks_first_and_forgets_the_old_conversation(
    widget: Widget, gateway: FakeGateway
) -> None:
    _talk(widget, gateway)
    widget.menu_button.click()
    widget.new_conversation.click()
    widget.keep.click()
    widget.expect_texts("Hello")
    widget.menu_button.click()
    widget.new_conversation.click()
    widget.restart.click()
    expect(widget.bubbles).to_have_count(0)
    expect(widget.notice).to_have_attribute("open", "")
    assert widget.stored()["session"] == {}
    _talk(widget, gateway, "Again")
    assert len(gateway.conversations) == 2


def test_a_long_message_is_counted_near_the_limit_and_not_sent_above_it(
    widget: Widget, gateway: FakeGateway
) -> None:
    widget.text.fill("a" * 1700)
    expect(widget.count).to_have_text("")
    widget.text.fill("🧣" * 1999)
    expect(widget.count).to_have_text("1 character left")
    widget.text.fill("a" * 2012)
    expect(widget.count).to_have_text("12 characters too many")
    widget.text.press("Enter")
    widget.send_button.dispatch_event("click")
    expect(widget.text).to_have_value("a" * 2012)
    assert gateway.posts == []


def test_typing_is_shown_until_the_message_is_there(widget: Widget, gateway: FakeGateway) -> None:
    _talk(widget, gateway)
    gateway.typing()
    expect(widget.typing).to_contain_text("The assistant is typing")
    gateway.say("Here it is.")
    expect(widget.typing).to_be_hidden()
    gateway.typing()
    expect(widget.typing).to_be_visible()
    gateway.typing(typing=False)
    expect(widget.typing).to_be_hidden()


def test_a_reload_and_another_page_go_on_where_it_was(
    widget: Widget, gateway: FakeGateway, page: Page
) -> None:
    _talk(widget, gateway)
    gateway.say("First answer.")
    expect(widget.bubbles).to_have_count(2)
    page.reload()
    widget.expect_texts("Hello", "First answer.")
    assert widget.focused() == "body"
    page.get_by_role("link", name="Another page").click()
    widget.expect_texts("Hello", "First answer.")
    _talk(widget, gateway, "And on")
    assert len(gateway.conversations) == 1
    widget.close_button.click()
    page.reload()
    expect(widget.launcher).to_be_visible()
    gateway.wait_for_stream()
    gateway.say("While closed.")
    expect(widget.badge).to_contain_text("1 new message")
    widget.open()
    expect(widget.bubbles.last).to_have_text("While closed.")
    expect(widget.badge).to_be_hidden()
