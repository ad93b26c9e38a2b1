"""How it was: asked once, answered with one tap, and never in the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .fake_gateway import FakeGateway
from .page import Widget
from .states import SAID, assistant_asked, closed_by_colleague, employee, handed_back

FIVE = {
    "en": ["Very badly", "Badly", "So-so", "Well", "Very well"],
    "nl": ["Heel slecht", "Slecht", "Gaat wel", "Goed", "Heel goed"],
}


@pytest.fixture
def page_of(page: Page, gateway: FakeGateway) -> Widget:
    return Widget(page, gateway.url).visit()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_one_tap_is_enough(page: Page, gateway: FakeGateway, language: str) -> None:
    widget = Widget(page, gateway.url).visit(language=language)
    closed_by_colleague(widget, gateway, language)
    group = widget.rating.get_by_role("radiogroup")
    question = {"en": "How well did Anna help you?", "nl": "Hoe goed heeft Anna je geholpen?"}
    expect(group).to_have_accessible_name(question[language])
    assert [word.strip() for word in group.locator("label").all_inner_texts()] == FIVE[language]
    widget.score(FIVE[language][3]).check()
    assert gateway.answered(1) == [{"about": "employee", "score": 4}]


def test_words_go_along_when_they_are_sent(page_of: Widget, gateway: FakeGateway) -> None:
    handed_back(page_of, gateway, "en")
    page_of.record_speech()
    page_of.score("Very well").check()
    page_of.rating.locator("textarea").fill("x" * 600)
    expect(page_of.rating.locator("textarea")).to_have_value("x" * 500)
    page_of.rating.locator("textarea").fill(" Kind and quick. ")
    page_of.rating.get_by_role("button", name="Send").click()
    expect(page_of.rating).to_have_count(0)
    answer = {"about": "employee", "score": 5, "words": "Kind and quick."}
    assert gateway.rated[-1] == answer
    assert page_of.spoken() == ["Thank you for your answer."]
    assert page_of.focused() == "textarea#write"


def test_arrow_keys_pass_the_scores_and_only_where_they_stop_is_sent(
    page: Page, gateway: FakeGateway
) -> None:
    page.clock.install()
    widget = Widget(page, gateway.url).visit()
    closed_by_colleague(widget, gateway, "en")
    widget.score("Very badly").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.clock.run_for(700)
    assert gateway.rated == []
    page.clock.run_for(200)
    assert gateway.answered(1) == [{"about": "employee", "score": 4}]


def test_no_thanks_sends_nothing_and_is_not_asked_again(
    page_of: Widget, gateway: FakeGateway
) -> None:
    closed_by_colleague(page_of, gateway, "en")
    page_of.rating.get_by_role("button", name="No, thanks").click()
    expect(page_of.rating).to_have_count(0)
    page_of.send("One more thing")
    expect(page_of.message("One more thing")).to_contain_text("Sent")
    page_of.page.reload()
    expect(page_of.status).to_have_text("The AI assistant answers again")
    expect(page_of.text).to_have_attribute("placeholder", "Type your message")
    expect(page_of.rating).to_have_count(0)
    assert gateway.rated == []


def test_a_tap_counts_although_the_customer_adds_nothing(
    page_of: Widget, gateway: FakeGateway
) -> None:
    closed_by_colleague(page_of, gateway, "en")
    page_of.score("Badly").check()
    page_of.rating.get_by_role("button", name="No, that was it").click()
    expect(page_of.rating).to_have_count(0)
    assert gateway.answered(1)[0] == {"about": "employee", "score": 2}


def test_the_question_waits_over_a_reload_and_in_another_language(
    page_of: Widget, gateway: FakeGateway
) -> None:
    employee(page_of, gateway, "en")
    page_of.page.reload()
    expect(page_of.status).to_contain_text("Anna")
    gateway.wait_for_stream()
    gateway.own("assistant")
    gateway.say(SAID["en"]["returned"], "system", "Anna")
    expect(page_of.rating).to_be_visible()
    page_of.page.reload()
    expect(page_of.rating.locator("h3")).to_have_text("How well did Anna help you?")
    page_of.language.click()
    expect(page_of.rating.locator("h3")).to_have_text("Hoe goed heeft Anna je geholpen?")


def test_whoever_is_helped_again_is_asked_again_afterwards(
    page_of: Widget, gateway: FakeGateway
) -> None:
    closed_by_colleague(page_of, gateway, "en")
    gateway.own("employee")
    gateway.say("Bram has joined.", "system", "Bram")
    expect(page_of.rating).to_have_count(0)
    gateway.own("closed")
    expect(page_of.rating.locator("h3")).to_have_text("How well did Bram help you?")


def test_who_starts_again_is_asked_about_the_assistant_in_what_is_left(
    page_of: Widget, gateway: FakeGateway
) -> None:
    assistant_asked(page_of, gateway, "en")
    left = gateway.conversation.token
    with page_of.page.expect_request("**/rating") as sent:
        page_of.score("So-so").check()
    assert sent.value.headers["authorization"] == f"Bearer {left}"
    assert gateway.answered(1) == [{"about": "assistant", "score": 3}]
    assert page_of.stored()["session"] == {}
    page_of.send("Something else")
    expect(page_of.message("Something else")).to_contain_text("Sent")


def test_who_never_had_an_answer_of_the_assistant_is_not_asked_about_it(
    page_of: Widget, gateway: FakeGateway
) -> None:
    page_of.open().send("Hello")
    expect(page_of.message("Hello")).to_contain_text("Sent")
    page_of.menu_button.click()
    page_of.new_conversation.click()
    page_of.restart.click()
    expect(page_of.bubbles).to_have_count(0)
    expect(page_of.rating).to_have_count(0)


def test_a_failed_answer_keeps_what_was_written(page_of: Widget, gateway: FakeGateway) -> None:
    closed_by_colleague(page_of, gateway, "en")
    gateway.fail("rating", 503, times=2, message="Not now.")
    page_of.score("Well").check()
    page_of.rating.locator("textarea").fill("Fine.")
    page_of.rating.get_by_role("button", name="Send").click()
    expect(page_of.rating.get_by_role("status")).to_have_text("Not now.")
    gateway.faults["rating"].clear()
    page_of.rating.get_by_role("button", name="Send").click()
    expect(page_of.rating).to_have_count(0)
    assert gateway.rated[-1] == {"about": "employee", "score": 4, "words": "Fine."}
