"""Waiting for a colleague, and talking to one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .fake_gateway import FakeGateway
from .page import Widget
from .states import SAID, employee, joined, stand, waiting

EN = SAID["en"]


@pytest.fixture
def page_of(page: Page, gateway: FakeGateway) -> Widget:
    """Not open yet: the states open it."""
    return Widget(page, gateway.url).visit()


def test_the_button_sends_no_words_and_is_shown_at_once_while_the_assistant_types(
    widget: Widget, gateway: FakeGateway
) -> None:
    widget.send("Hello")
    expect(widget.message("Hello")).to_contain_text("Sent")
    gateway.wait_for_stream()
    gateway.typing()
    expect(widget.typing).to_be_visible()
    widget.person.click()
    expect(widget.message("I want to talk to a person")).to_contain_text("Sent")
    sent = gateway.posted(2)[1]
    assert set(sent) == {"id", "person"}
    assert sent["person"] is True


@pytest.mark.parametrize(
    ("ahead", "wait", "place", "long"),
    [
        (0, (0, 1), "You are next", "Less than a minute to go."),
        (1, (0, 4), "One person before you", "It takes 4 minutes at most."),
        (2, (3, 8), "2 people before you", "It takes 3 to 8 minutes."),
        (3, (5, 5), "3 people before you", "It takes about 5 minutes."),
        (4, "too_few_observations", "4 people before you", "We cannot say yet how long it takes."),
        (1, "nobody_present", "No colleague is here right now", "You keep your place."),
    ],
)
def test_who_waits_sees_who_is_before_them_and_how_long_it_takes(
    page_of: Widget,
    gateway: FakeGateway,
    ahead: int,
    wait: str | tuple[int, int],
    place: str,
    long: str,
) -> None:
    waiting(page_of, gateway, "en")
    gateway.wait(ahead, wait)
    expect(page_of.line.locator("strong")).to_have_text(place)
    expect(page_of.line.locator("p")).to_have_text(long)


def test_what_is_written_in_line_closes_no_choice_of_it(
    page_of: Widget, gateway: FakeGateway
) -> None:
    waiting(page_of, gateway, "en")
    page_of.send("One more thing.").send("And another.")
    expect(page_of.message("And another.")).to_contain_text("Sent")
    expect(page_of.person).to_be_hidden()
    leave = page_of.line.get_by_role("button", name="Leave a message")
    leave.click()
    assert gateway.posted(5)[4]["choice"] == "opaque-Leave a message"
    expect(page_of.line.get_by_role("button")).to_have_count(0)
    assert page_of.focused() == "div.log"


def test_a_place_is_spoken_when_it_changes_and_at_most_every_half_minute(
    page: Page, gateway: FakeGateway
) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit()
    waiting(widget, gateway, "en")
    widget.record_speech()
    page.clock.run_for(31_000)
    gateway.wait(2, (2, 7))
    expect(widget.line).to_contain_text("2 to 7")
    assert widget.spoken() == []
    gateway.wait(1, (2, 6))
    expect(widget.line).to_contain_text("One person")
    gateway.wait(0, (1, 4))
    expect(widget.line).to_contain_text("You are next")
    assert widget.spoken() == ["One person before you. It takes 2 to 6 minutes."]
    page.clock.run_for(29_000)
    assert len(widget.spoken()) == 1
    page.clock.run_for(2_000)
    assert widget.spoken()[1:] == ["You are next. It takes 1 to 4 minutes."]
    page.clock.run_for(60_000)
    assert sum("It takes" in said for said in widget.spoken()) == 2


def test_who_comes_back_to_the_line_hears_their_place_once(
    page_of: Widget, gateway: FakeGateway
) -> None:
    waiting(page_of, gateway, "en")
    page_of.page.reload()
    expect(page_of.panel).to_be_visible()
    gateway.wait_for_stream()
    page_of.record_speech()
    gateway.wait(1, (2, 6))
    expect(page_of.line).to_be_visible()
    gateway.wait(1, (2, 5))
    expect(page_of.line).to_contain_text("2 to 5")
    assert page_of.spoken() == ["One person before you. It takes 2 to 6 minutes."]


def test_the_place_in_line_is_told_in_the_language_that_the_customer_switches_to(
    page_of: Widget, gateway: FakeGateway
) -> None:
    waiting(page_of, gateway, "en")
    page_of.language.click()
    expect(page_of.line.locator("strong")).to_have_text("Nog 2 mensen voor je")
    expect(page_of.text).to_have_attribute("placeholder", "Je bericht aan de collega")


def test_a_colleague_is_named_as_soon_as_they_join(page_of: Widget, gateway: FakeGateway) -> None:
    joined(page_of, gateway, "en")
    expect(page_of.status).to_have_text("You are talking to Anna, a person")
    expect(page_of.text).to_have_attribute("placeholder", "Your message to Anna")
    expect(page_of.person).to_be_hidden()
    expect(page_of.choice("Leave a message")).to_have_attribute("aria-disabled", "true")
    expect(page_of.message(EN["joined"]).locator(".who")).to_have_text("Message from us")
    gateway.typing("employee")
    expect(page_of.typing).to_have_text("Anna is typing")
    gateway.say(EN["anna"], "employee", "Anna")
    expect(page_of.message(EN["anna"]).locator(".who")).to_have_text("Anna · Employee")
    expect(page_of.typing).to_be_hidden()


def test_the_header_follows_who_has_the_conversation(page_of: Widget, gateway: FakeGateway) -> None:
    employee(page_of, gateway, "en")
    stand(gateway, "en", "lost", 0, (0, 4))
    expect(page_of.status).to_have_text("Your messages go to a colleague")
    expect(page_of.line).to_be_visible()
    gateway.own("employee")
    gateway.say("Bram has joined.", "system", "Bram")
    expect(page_of.status).to_have_text("You are talking to Bram, a person")
    expect(page_of.line).to_be_hidden()
    gateway.own("assistant")
    gateway.say("Bram has left.", "system", "Bram")
    expect(page_of.status).to_have_text("You are talking to an AI assistant")
    expect(page_of.person).to_be_visible()


def test_what_a_colleague_closed_can_be_written_in_again(
    page_of: Widget, gateway: FakeGateway
) -> None:
    employee(page_of, gateway, "en")
    gateway.own("closed")
    gateway.say(EN["closed"], "system", "Anna")
    expect(page_of.status).to_have_text("The AI assistant answers again")
    expect(page_of.text).to_have_attribute("placeholder", "Type your message")
    page_of.send("One more question")
    expect(page_of.message("One more question")).to_contain_text("Sent")
    gateway.own("assistant")
    expect(page_of.status).to_have_text("You are talking to an AI assistant")
    assert len(gateway.conversations) == 1


def test_a_colleague_is_told_that_the_customer_types_at_most_every_three_seconds(
    page: Page, gateway: FakeGateway
) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit()
    waiting(widget, gateway, "en")
    widget.text.press_sequentially("to the line")
    gateway.own("employee")
    gateway.say(EN["joined"], "system", "Anna")
    expect(widget.status).to_contain_text("Anna")
    assert gateway.typed == 0
    with page.expect_response("**/typing"):
        widget.text.press_sequentially("abc")
    page.clock.run_for(2_900)
    widget.text.press_sequentially("d")
    page.clock.run_for(200)
    with page.expect_response("**/typing"):
        widget.text.press_sequentially("e")
    assert gateway.typed == 2
    gateway.own("assistant")
    expect(widget.status).to_contain_text("AI assistant")
    page.clock.run_for(4_000)
    widget.text.press_sequentially("f")
    widget.text.press("Enter")
    gateway.posted(3)
    assert gateway.typed == 2
