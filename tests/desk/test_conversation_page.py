"""A conversation's page in Chromium: what is read first, folded open, and the talk below it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helder.conversation.entries import Author, ConversationId

from .conftest import House
from .test_browser import LOOKS, violations
from .test_browser import open_page as open_page
from .test_line import Desk, Street
from .test_line import at_desk as at_desk
from .test_line import street as street
from .test_packet import waits

PARTS = ("read", "decisions", "slots", "consents")


@pytest.mark.parametrize(
    ("language", "look"), [("en", "light"), ("nl", "dark"), ("nl", "narrow"), ("en", "forced")]
)
def test_axe_finds_nothing_on_a_conversation_with_everything_folded_open(
    street: Street,
    house: House,
    at_desk: Callable[..., Desk],
    open_page: Callable[..., Page],
    language: str,
    look: str,
) -> None:
    talk = waits(street, house, language)
    anna = house.hire()
    page = open_page(language, **LOOKS[look])
    cookie = {"name": "helder-desk", "value": house.session(anna.id), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dict
    at_desk(anna).done("/queue/next")
    street.log.say(ConversationId(talk), Author.CUSTOMER, "Woord" * 60)
    page.goto(f"{house.url}/conversations/{talk}")
    expect(page.locator(".summary")).to_be_visible()
    expect(page.locator("#reply")).to_be_visible()
    # Of what is scrolled out of sight axe cannot tell the contrast.
    page.locator("#talk").evaluate("(talk) => { talk.style.maxHeight = 'none'; }")
    seen = {"folded": violations(page)}
    for part in PARTS:
        page.locator(f"#packet-{part} > summary").focus()
        page.keyboard.press("Enter")
    expect(page.locator(".readings li")).to_have_count(1)
    seen["open"] = violations(page)
    assert {name: found for name, found in seen.items() if found} == {}


def test_a_line_leads_to_its_message_by_keyboard_and_stays_open_when_more_is_said(
    street: Street, house: House, at_desk: Callable[..., Desk], open_page: Callable[..., Page]
) -> None:
    talk = waits(street, house)
    anna = house.hire()
    page = open_page("en", **LOOKS["light"])
    cookie = {"name": "helder-desk", "value": house.session(anna.id), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dict
    desk = at_desk(anna)
    desk.done("/queue/next")
    page.goto(f"{house.url}/conversations/{talk}")
    page.locator(".summary a.at").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#m1")).to_be_focused()
    page.locator("#packet-slots > summary").click()
    expect(page.locator("#packet-slots")).to_have_attribute("open", "")
    desk.done(f"/conversations/{talk}/unmask")
    page.locator("[data-act='unmask']").click()
    expect(page.locator(".summary")).to_contain_text("jan.smit@example.com")
    expect(page.locator("#packet-slots")).to_have_attribute("open", "")


def test_colleagues_who_come_and_go_are_in_the_list_and_nobody_gets_it_in_anothers_place(
    street: Street, house: House, at_desk: Callable[..., Desk], open_page: Callable[..., Page]
) -> None:
    talk = waits(street, house)
    anna, bram, cees = house.hire(), house.hire("bram"), house.hire("cees")
    page = open_page("en", **LOOKS["light"])
    cookie = {"name": "helder-desk", "value": house.session(anna.id), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dict
    at_desk(anna).done("/queue/next")
    page.goto(f"{house.url}/conversations/{talk}")
    options = page.locator("#pass-to option")
    expect(page.locator("#pass-nobody")).to_be_visible()
    for each in (bram, cees):
        at_desk(each).heard("/queue/live", "lists")
    expect(options).to_have_text(["Bram", "Cees"], timeout=20_000)
    page.locator("#pass-to").select_option(label="Bram")
    at_desk(bram).visitor.press("/account", "/sign-out")
    expect(options).to_have_text(["Cees"], timeout=20_000)
    expect(page.locator("#pass-to")).to_have_value("")
    page.locator("#pass-on button").click()
    assert page.url.endswith(talk)  # whom to pass it on to is asked first
