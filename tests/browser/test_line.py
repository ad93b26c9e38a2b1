"""When the line, the server or the customer is not what it should be."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Page, expect

from .fake_gateway import FakeGateway
from .page import Widget


@pytest.fixture
def talking(widget: Widget, gateway: FakeGateway) -> Widget:
    """One message sent, and a stream that is open."""
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    return widget


def test_after_a_broken_stream_what_was_missed_is_shown_once_and_in_order(
    talking: Widget, gateway: FakeGateway
) -> None:
    gateway.say("One")
    expect(talking.bubbles).to_have_count(2)
    talking.record_speech()
    gateway.drop_streams()
    streams = list(gateway.conversation.streams)
    missed = [gateway.say(text) for text in ("Two", "Three", "Four")]
    talking.expect_texts("Hello", "One", "Two", "Three", "Four")
    gateway.wait_for_stream()
    for message in reversed(missed):
        gateway.repeat(message)
    gateway.say("Five")
    talking.expect_texts("Hello", "One", "Two", "Three", "Four", "Five")
    assert talking.spoken() == [
        f"Helder · AI assistant: {each}" for each in ("Two", "Three", "Four", "Five")
    ]
    assert streams is not None


def test_messages_out_of_order_are_put_in_order(talking: Widget, gateway: FakeGateway) -> None:
    late = {
        "seq": 50,
        "author": "assistant",
        "name": "Helder",
        "text": "Second",
        "choices": [],
        "time": "2026-01-01T10:00:01Z",
    }
    soon = {**late, "seq": 49, "text": "First"}
    gateway.repeat(late)
    expect(talking.message("Second")).to_be_visible()
    gateway.repeat(soon)
    talking.expect_texts("Hello", "First", "Second")


def test_it_comes_back_by_itself_from_a_sick_server(talking: Widget, gateway: FakeGateway) -> None:
    gateway.fail("messages", 503, times=2)
    gateway.fail("events", 500)
    gateway.drop_streams()
    expect(talking.banner).to_contain_text("Something is wrong on our side")
    gateway.say("Back again.")
    expect(talking.message("Back again.")).to_be_visible(timeout=20_000)
    expect(talking.banner).to_be_hidden(timeout=20_000)


def test_a_failed_message_is_sent_again_with_the_same_id(
    talking: Widget, gateway: FakeGateway
) -> None:
    gateway.fail("post", 500, message="Our server is not well.")
    talking.send("Are you there?")
    expect(talking.message("Are you there?")).to_contain_text("Not sent. Our server is not well.")
    talking.retry.click()
    expect(talking.message("Are you there?")).to_contain_text("Sent")
    expect(talking.bubbles).to_have_count(2)
    assert gateway.posts[-1] == gateway.posts[-2]
    assert talking.focused() == "div.log"


def test_a_message_that_arrived_although_its_answer_was_lost_is_shown_once(
    talking: Widget, gateway: FakeGateway
) -> None:
    talking.page.route("**/messages", lambda route: (route.fetch(), route.abort()), times=1)
    talking.send("Did you get this?")
    expect(talking.message("Did you get this?")).to_have_count(1)
    expect(talking.message("Did you get this?")).to_contain_text("Sent")
    talking.expect_texts("Hello", "Did you get this?")


def test_offline_is_said_and_what_was_written_goes_out_when_the_network_is_back(
    talking: Widget, gateway: FakeGateway
) -> None:
    talking.page.context.set_offline(True)
    expect(talking.banner).to_contain_text("You seem to be offline")
    talking.send("From the tunnel")
    expect(talking.message("From the tunnel")).to_contain_text("Not sent.")
    talking.page.context.set_offline(False)
    expect(talking.message("From the tunnel")).to_contain_text("Sent")
    expect(talking.banner).to_be_hidden()
    talking.expect_texts("Hello", "From the tunnel")


def test_too_fast_waits_as_long_as_it_is_told_and_then_sends_the_same_message(
    page: Page, gateway: FakeGateway
) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit().open()
    widget.record_speech()
    gateway.fail("post", 429, retry_after=30)
    widget.send("Quick")
    expect(widget.banner).to_contain_text("in 30 sec.")
    page.clock.run_for(20_000)
    expect(widget.banner).to_contain_text("in 10 sec.")
    assert len(gateway.posts) == 1
    page.clock.run_for(11_000)
    expect(widget.message("Quick")).to_contain_text("Sent")
    expect(widget.banner).to_be_hidden()
    assert gateway.posts[0] == gateway.posts[1]
    assert sum("a bit fast" in said for said in widget.spoken()) == 1


def test_what_the_gateway_finds_too_long_can_be_changed(
    talking: Widget, gateway: FakeGateway
) -> None:
    gateway.fail("post", 413, message="Too long for us.")
    talking.send("A whole novel")
    expect(talking.message("A whole novel")).to_contain_text("Too long for us.")
    talking.retry.click()
    expect(talking.text).to_have_value("A whole novel")
    talking.expect_texts("Hello")


@pytest.mark.parametrize("status", [401, 404])
def test_an_expired_conversation_is_over_and_its_unsent_words_begin_a_new_one(
    talking: Widget, gateway: FakeGateway, status: int
) -> None:
    gateway.fail("post", status)
    talking.send("Still there?")
    expect(talking.banner).to_contain_text("This conversation is over")
    expect(talking.text).to_be_hidden()
    talking.expect_texts("Hello", "Still there?")
    talking.restart.click()
    expect(talking.text).to_have_value("Still there?")
    talking.text.press("Enter")
    expect(talking.message("Still there?")).to_contain_text("Sent")
    assert len(gateway.conversations) == 2


def test_an_expired_stream_ends_the_conversation(talking: Widget, gateway: FakeGateway) -> None:
    gateway.fail("messages", 404)
    gateway.drop_streams()
    expect(talking.banner).to_contain_text("This conversation is over")
    talking.page.reload()
    expect(talking.launcher).to_be_visible()
    assert talking.stored()["session"] == {}


def test_a_first_message_that_fails_begins_only_one_conversation(
    widget: Widget, gateway: FakeGateway
) -> None:
    gateway.fail("begin", 503)
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Not sent.")
    widget.retry.click()
    expect(widget.message("Hello")).to_contain_text("Sent")
    assert len(gateway.conversations) == 1


def test_a_message_under_way_survives_a_reload(talking: Widget, gateway: FakeGateway) -> None:
    gateway.fail("post", 200, held=threading.Event())
    talking.send("On its way")
    expect(talking.message("On its way")).to_contain_text("Sending…")
    talking.page.reload()
    expect(talking.message("On its way")).to_contain_text("Sent")
    talking.expect_texts("Hello", "On its way")
    assert gateway.posts[-1] == gateway.posts[-2]


def test_a_silent_stream_is_given_up_and_opened_again(page: Page, gateway: FakeGateway) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit().open().send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(39_000)
    assert not any("events" in url for url in asked)
    with page.expect_request("**/events?*"):
        page.clock.run_for(45_000)


def test_a_page_that_slept_opens_its_stream_again(page: Page, gateway: FakeGateway) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit().open().send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    page.clock.run_for(25_000)
    with page.expect_request("**/events?*"):
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        page.clock.run_for(2_000)
