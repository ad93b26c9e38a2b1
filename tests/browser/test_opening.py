"""Before and while it opens: weight, language, notice, storage, the button."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from .conftest import Watch
from .fake_gateway import NOTICE, FakeGateway
from .page import Widget
from .states import closed_by_colleague

KB = 1024  # bytes
PEOPLE = ("/people.js", "/rating.js", "/people.css", "/texts/people.js")
NOTHING = {"session": {}, "local": {}, "cookies": "", "databases": 0, "caches": 0}


def _weigh(responses: list[Response]) -> int:
    """Bytes of the widget's own files, each compressed as it travels."""
    return sum(len(gzip.compress(r.body(), 9)) for r in responses if "/widget/" in r.url)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_weighs_three_kilobytes_closed_and_fifteen_open(
    page: Page, gateway: FakeGateway, language: str
) -> None:
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    widget = Widget(page, gateway.url).visit(language=language)
    page.wait_for_load_state("networkidle")
    assert 0 < _weigh(fetched) <= 3 * KB
    widget.open()
    page.wait_for_load_state("networkidle")
    assert any("chat.js" in each.url for each in fetched)
    assert _weigh(fetched) <= 15 * KB


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_person_weighs_five_and_a_half_kilobytes_more(
    page: Page, gateway: FakeGateway, language: str
) -> None:
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    widget = Widget(page, gateway.url).visit(language=language)
    closed_by_colleague(widget, gateway, language)
    mine = [each for each in fetched if each.url.endswith(PEOPLE)]
    assert len(mine) == len(PEOPLE)
    assert _weigh(fetched) - _weigh(mine) <= 15 * KB
    assert _weigh(mine) <= 5.5 * KB


def test_it_asks_nothing_of_anyone_but_its_own_gateway(page: Page, gateway: FakeGateway) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Widget(page, gateway.url).visit().open().send("Hello")
    gateway.wait_for_stream()
    assert {url.split("/")[2] for url in asked} == {gateway.url.split("/")[2]}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_notice_is_there_before_the_first_send(
    page: Page, gateway: FakeGateway, language: str
) -> None:
    widget = Widget(page, gateway.url).visit(language=language).open()
    told = NOTICE[language]
    expect(widget.notice.locator("summary")).to_have_text(str(told["title"]))
    for part in str(told["text"]).split("\n"):
        expect(widget.notice).to_contain_text(part)
    expect(widget.notice.get_by_role("link")).to_have_attribute(
        "href", f"{gateway.url}/privacy?lang={language}"
    )
    assert widget.panel.get_attribute("aria-describedby") == "notice"


def test_who_cannot_load_the_notice_is_still_told_and_can_load_it_again(
    page: Page, gateway: FakeGateway
) -> None:
    gateway.fail("notice", 500)
    widget = Widget(page, gateway.url).visit().open()
    expect(widget.notice).to_contain_text("AI assistant")
    widget.notice.get_by_role("button").click()
    expect(widget.notice).to_contain_text(str(NOTICE["en"]["text"])[:40])


def test_nothing_is_stored_before_the_first_send(page: Page, gateway: FakeGateway) -> None:
    widget = Widget(page, gateway.url).visit().open()
    widget.text.fill("I am still thinking")
    widget.language.click()
    expect(widget.status).to_have_text("Je praat met een AI-assistent")
    widget.menu_button.click()
    widget.new_conversation.click()
    widget.close_button.click()
    assert widget.stored() == NOTHING
    assert gateway.conversations == {}
    widget.open().send("Now I know")
    expect(widget.bubbles).to_have_count(1)
    assert list(widget.stored()["session"]) == [f"{gateway.url}/api/"]


@pytest.mark.parametrize(
    ("attributes", "page_language", "locale", "words"),
    [
        ("", "nl", "en-GB", "Hulp nodig?"),
        ("", "en", "nl-NL", "Need help?"),
        ("language=auto", "de", "nl-BE", "Hulp nodig?"),
        ("language=auto", "de", "fr-FR", "Need help?"),
        ("language=nl", "en", "en-GB", "Hulp nodig?"),
    ],
)
def test_it_speaks_the_language_of_attribute_page_or_browser(
    new_page: Callable[..., Page],
    gateway: FakeGateway,
    attributes: str,
    page_language: str,
    locale: str,
    words: str,
) -> None:
    widget = Widget(new_page(locale=locale), gateway.url).visit(
        language=page_language, attributes=attributes
    )
    expect(widget.launcher).to_have_text(words)


def test_the_open_attribute_opens_it_without_taking_the_focus(
    page: Page, gateway: FakeGateway
) -> None:
    widget = Widget(page, gateway.url).visit(attributes="open")
    expect(widget.panel).to_be_visible()
    assert widget.focused() == "body"
    page.evaluate("() => document.querySelector('helder-chat').removeAttribute('open')")
    expect(widget.panel).to_be_hidden()
    page.evaluate("() => document.querySelector('helder-chat').setAttribute('open', '')")
    expect(widget.panel).to_be_visible()


def test_the_identity_goes_along_when_a_conversation_begins(
    page: Page, gateway: FakeGateway
) -> None:
    widget = (
        Widget(page, gateway.url).visit(attributes="identity=a.signed.token").open().send("Hello")
    )
    expect(widget.bubbles).to_have_count(1)
    gateway.wait_for_stream()
    assert gateway.conversation.identity == "a.signed.token"


def test_where_storage_is_refused_it_works_all_the_same(page: Page, gateway: FakeGateway) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no'); } })"
    )
    widget = Widget(page, gateway.url).visit().open()
    gateway.answer("Hello to you.")
    widget.send("Hello")
    widget.expect_texts("Hello", "Hello to you.")


def test_a_button_that_cannot_open_the_chat_says_so_and_tries_again(
    page: Page, gateway: FakeGateway, watch: Watch
) -> None:
    watch.looking = False  # it tells the console as well
    page.route("**/chat.css", lambda route: route.abort())
    page.route("**/texts/en.js", lambda route: route.abort(), times=1)
    widget = Widget(page, gateway.url).visit()
    widget.launcher.click()
    expect(widget.launcher).to_have_text("Could not open. Try again")


def test_the_demo_shop_hides_its_orders_when_there_are_none(
    page: Page, gateway: FakeGateway
) -> None:
    page.goto(f"{gateway.url}/?lang=nl")
    expect(page.get_by_role("cell", name="Onderweg")).to_be_visible()
    expect(page).to_have_title("Kade – voor thuis en buiten")
    gateway.fail("orders", 404)
    page.goto(f"{gateway.url}/?lang=en")
    expect(page.get_by_role("heading", name="Good things")).to_be_visible()
    expect(page.locator("#orders")).to_be_hidden()
