"""A conversation that was found damaged: said plainly, nothing lost that can be kept, a way on."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Page, expect

from .fake_gateway import AFTER_DAMAGE, LOCKED, FakeGateway
from .page import Widget
from .states import SAID, damaged

TOLD = {
    "en": ("locked", "not safe to go on", "read nothing from it", "write to a person"),
    "nl": ("op slot", "niet veilig", "niets meer uit lezen", "een medewerker schrijven"),
}


@pytest.fixture
def locked(widget: Widget, gateway: FakeGateway) -> Widget:
    """In the middle of a conversation, while a message waits for its answer."""
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    gateway.waits = True
    widget.send("Where is it?")
    expect(widget.message("Where is it?")).to_contain_text("Sent")
    gateway.damage()
    expect(widget.restart).to_be_visible()
    return widget


@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_is_said_in_the_customers_language_and_nothing_more_can_be_written(
    page: Page, gateway: FakeGateway, language: str
) -> None:
    widget = Widget(page, gateway.url).visit(language=language)
    damaged(widget, gateway, language)
    for words in TOLD[language]:
        expect(widget.banner).to_contain_text(words)
    expect(widget.banner).not_to_contain_text("read it here")
    expect(widget.text).to_be_hidden()
    expect(widget.person).to_be_visible()
    assert widget.stored()["session"] == {}
    other = "nl" if language == "en" else "en"
    widget.language.click()
    expect(widget.banner).to_contain_text(TOLD[other][0])


def test_it_is_spoken_once(widget: Widget, gateway: FakeGateway) -> None:
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    widget.record_speech()
    gateway.damage()
    expect(widget.restart).to_be_visible()
    assert sum("read nothing from it" in words for words in widget.spoken()) == 1
    assert not any("our side" in words for words in widget.spoken())


def test_a_message_that_was_not_answered_is_marked_and_waits_in_the_next_conversation(
    locked: Widget, gateway: FakeGateway
) -> None:
    expect(locked.message("Where is it?")).to_contain_text("Not sent.")
    expect(locked.retry).to_have_count(0)
    gateway.repair()
    locked.restart.click()
    expect(locked.text).to_have_value("Where is it?")


def test_the_next_conversation_begins_when_its_notice_is_in_sight_so_it_is_not_told_again(
    locked: Widget, gateway: FakeGateway
) -> None:
    gateway.repair()
    slow = threading.Event()
    gateway.fail("notice", 200, held=slow)
    locked.restart.click()
    expect(locked.bubbles).to_have_count(0)
    assert len(gateway.begun) == 1
    slow.set()
    locked.expect_texts(AFTER_DAMAGE["en"]["text"])
    assert gateway.begun[1]["notice"] == {"version": 1, "language": "en"}


def test_the_next_conversation_is_opened_at_once_and_offers_a_person(
    locked: Widget, gateway: FakeGateway
) -> None:
    gateway.repair()
    locked.restart.click()
    told = AFTER_DAMAGE["en"]
    locked.expect_texts(told["text"])
    locked.choice(told["choice"]).click()
    expect(locked.choice(told["choice"])).to_have_attribute("aria-disabled", "true")
    assert [body.get("after") for body in gateway.begun] == [None, "damaged"]
    assert gateway.posted(2)[-1]["choice"] == f"opaque-{told['choice']}"


def test_to_ask_for_a_person_begins_one_conversation_and_asks_there(
    locked: Widget, gateway: FakeGateway
) -> None:
    gateway.repair()
    locked.person.click()
    expect(locked.message("I want to talk to a person")).to_contain_text("Sent")
    locked.expect_texts(AFTER_DAMAGE["en"]["text"], "I want to talk to a person")
    assert len(gateway.begun) == 2


def test_if_it_cannot_be_opened_at_once_the_first_message_opens_it(
    locked: Widget, gateway: FakeGateway
) -> None:
    gateway.repair()
    gateway.fail("begin", 503)
    locked.restart.click()
    locked.send("Once more")
    expect(locked.message("Once more")).to_contain_text("Sent")
    assert [body.get("after") for body in gateway.begun] == [None, "damaged"]
    expect(locked.bubbles.first).to_have_text(AFTER_DAMAGE["en"]["text"])


def test_a_later_new_conversation_comes_after_nothing(locked: Widget, gateway: FakeGateway) -> None:
    gateway.repair()
    locked.restart.click()
    expect(locked.bubbles).to_have_count(1)
    gateway.wait_for_stream()
    locked.menu_button.click()
    locked.new_conversation.click()
    locked.restart.click()
    locked.send("Hello again")
    expect(locked.message("Hello again")).to_contain_text("Sent")
    assert [body.get("after") for body in gateway.begun] == [None, "damaged", None]


def test_whoever_writes_at_that_moment_is_told_why_it_was_not_sent(
    widget: Widget, gateway: FakeGateway
) -> None:
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.fail("post", 423, message=LOCKED)
    widget.send(SAID["en"]["again"])
    expect(widget.message(SAID["en"]["again"])).to_contain_text(f"Not sent. {LOCKED}")
    expect(widget.banner).to_contain_text("read nothing from it")


def test_a_page_that_is_opened_later_says_it_too(widget: Widget, gateway: FakeGateway) -> None:
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    widget.close_button.click()
    gateway.damage()
    widget.page.reload()
    widget.launcher.click()
    expect(widget.banner).to_contain_text("read nothing from it")
    expect(widget.bubbles).to_have_count(0)
