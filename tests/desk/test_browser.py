"""The desk in Chromium: usable by keyboard, at 320 px, in the dark, and axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import axe_playwright_python
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from helder.audit.acts import UNKNOWN, Act
from helder.desk.state import build
from helder.handoff.tables import service
from helder.staff.managing import Accounts

from .conftest import PASSWORD, House

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
expect.set_options(timeout=30_000)  # milliseconds; a busy machine is slow
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced": {"forced_colors": "active"},
}


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Makes pages on the sign-in, at whose end no policy may have been broken."""
    contexts, wrongs = [], []

    def make(language: str = "en", **options: object) -> Page:
        context = browser.new_context(locale=language, **options)  # type: ignore[arg-type]  # passed on as it came
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrongs.append(message.text))
        page.on("pageerror", lambda error: wrongs.append(str(error)))
        page.goto(house.url)
        return page

    yield make
    for context in contexts:
        context.close()
    # Chromium tells every answer of 403 or 404, and advises a field for a user's name.
    assert [text for text in wrongs if not text.startswith(("Failed to load", "[DOM]"))] == []


def give(page: Page, *typed: str) -> None:
    """Type into the fields, of which the first has the focus by itself."""
    expect(page.locator("main input:not([type=hidden])").first).to_be_focused()
    for index, each in enumerate(typed):
        if index:
            page.keyboard.press("Tab")
        page.keyboard.type(each)
    page.keyboard.press("Enter")


def sign_in(page: Page, house: House) -> None:
    """By keyboard alone."""
    anna = house.hire()
    give(page, "anna", PASSWORD)
    page.wait_for_url("**/sign-in/code")
    give(page, house.code(anna.secret))
    page.wait_for_url(house.url + "/queue")
    page.goto(house.url + "/messages")


def violations(page: Page) -> list[str]:
    """What breaks a rule of WCAG 2.2 A or AA, or cannot be read out of the page's width."""
    page.wait_for_load_state("load")  # without its style sheets nothing has a colour
    page.evaluate(AXE)
    result = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags },"
        " rules: { 'target-size': { enabled: true } } })",
        TAGS,
    )
    # While a dialog is open axe looks at that alone.
    whole = set() if page.locator("dialog[open]").count() else {"document-title"}
    assert {"color-contrast", *whole} <= {rule["id"] for rule in result["passes"]}
    unclear = [rule for rule in result["incomplete"] if rule["id"] == "color-contrast"]
    found = [
        f"{rule['id']}: {node['html'][:140]}"
        for rule in result["violations"] + unclear
        for node in rule["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page is wider than the screen")
    return found


@pytest.mark.parametrize(
    ("language", "look"), [("en", "light"), ("nl", "dark"), ("nl", "narrow"), ("en", "forced")]
)
def test_axe_finds_nothing_on_any_page(
    open_page: Callable[..., Page], house: House, language: str, look: str
) -> None:
    page = open_page(language, **LOOKS[look])
    seen: dict[str, list[str]] = {"sign-in": violations(page)}
    give(page, "anna", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    seen["wrong password"] = violations(page)
    accounts = Accounts(house.employees)
    _bram, once = accounts.add("bram", display="Bram", roles=["agent"], languages=["nl"])
    page.goto(house.url)
    give(page, "bram", once)
    page.wait_for_url("**/sign-in/password")
    seen["password"] = violations(page)
    page.locator("#former").fill(once)
    for field in ("#new", "#again"):
        page.locator(field).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/app")
    seen["app"] = violations(page)
    page.locator("summary").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("#code").fill(house.code(secret))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    seen["recovery codes"] = violations(page)
    page.locator("main a.primary").click()
    page.goto(house.url + "/account")
    seen["account"] = violations(page)
    page.goto(house.url + "/messages")
    expect(page.locator(".empty")).to_be_visible()
    seen["empty"] = violations(page)
    house.leave("KD-AAAA-AA", contact="a.very.long.address@" + "sub.domain." * 8 + "example.com")
    house.leave("KD-CCCC-CC", contact="", text="Word" * 99, reason="assistant_unavailable")
    for path in (
        "/queue",
        "/messages",
        "/messages/KD-AAAA-AA",
        "/messages/KD-CCCC-CC",
        "/messages/find",
        "/no",
    ):
        page.goto(house.url + path)
        seen[path] = violations(page)
    page.goto(house.url + "/messages/KD-AAAA-AA")
    page.locator("main form button").click()
    expect(page.locator(".state.waits")).to_have_count(0)
    seen["handled"] = violations(page)
    page.goto(house.url + "/messages")
    seen["list with handled"] = violations(page)
    assert {name: found for name, found in seen.items() if found} == {}


def test_an_employee_answers_a_message(open_page: Callable[..., Page], house: House) -> None:
    house.leave("KD-7F3K-9Q", text="<b>Where</b> is it?", contact="06-12345678")
    page = open_page()
    sign_in(page, house)
    page.get_by_label("Find by reference").fill("7f3k9q")
    page.keyboard.press("Enter")
    expect(page.get_by_text("<b>Where</b> is it?")).to_be_visible()
    link = page.get_by_role("link", name="06-12345678")
    expect(link).to_have_attribute("href", "tel:+31612345678")
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_role("status")).to_have_text("Handled")
    assert house.is_handled("KD-7F3K-9Q")
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("status")).to_have_text("Open")
    page.get_by_role("link", name="All messages").click()
    page.get_by_role("link", name="Nederlands").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berichten")
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("status")).to_have_text("Je bent uitgelogd.")
    page.go_back()
    expect(page.get_by_label("Wachtwoord")).to_be_visible()  # nothing was kept to go back to


def test_the_first_tab_offers_to_skip_to_the_content(
    open_page: Callable[..., Page], house: House
) -> None:
    page = open_page()
    sign_in(page, house)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_no_secret_is_ever_in_an_address(open_page: Callable[..., Page], house: House) -> None:
    page, addresses = open_page(), []
    page.on("request", lambda request: addresses.append(request.url))
    sign_in(page, house)
    assert addresses
    said = (PASSWORD, quote(PASSWORD), quote_plus(PASSWORD), "code=")
    assert not [address for address in addresses if any(each in address for each in said)]


@pytest.mark.parametrize(
    ("language", "look"), [("nl", "light"), ("en", "dark"), ("nl", "narrow"), ("en", "forced")]
)
def test_axe_finds_nothing_on_the_audits_page(
    open_page: Callable[..., Page], house: House, language: str, look: str
) -> None:
    petra = house.hire("petra", "privacy_officer")
    recording = build(house.settings, house.clock).recording
    recording.audit.record(Act.CLAIM, petra.id, "c" * 32, turn="out", why="Word" * 40)
    recording.did(Act.SIGN_IN_REFUSED, UNKNOWN)
    page = open_page(language, **LOOKS[look])
    cookie = {"name": "helder-desk", "value": house.session(petra.id), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dict
    seen = {}
    for path in ("/audit", "/audit?act=export", "/audit?from=2026-11-20&to=2026-11-19"):
        page.goto(house.url + path)
        seen[path] = violations(page)
    assert {path: found for path, found in seen.items() if found} == {}
    page.goto(house.url + "/audit")
    page.locator("#act").select_option("sign_in_refused")
    page.keyboard.press("Tab")
    page.locator("form.filters button").click()
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("language", "look"), [("en", "light"), ("nl", "dark"), ("en", "narrow"), ("nl", "forced")]
)
def test_axe_finds_nothing_in_the_guide_and_the_figures(
    open_page: Callable[..., Page], house: House, language: str, look: str
) -> None:
    lea = house.hire("lea", "supervisor", reads=False)
    page = open_page(language, **LOOKS[look])
    cookie = {"name": "helder-desk", "value": house.session(lea.id), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dict
    page.goto(house.url)
    page.wait_for_url("**/guide")
    seen = {"guide": violations(page)}
    page.locator("main form button").click()
    page.wait_for_url("**/queue")
    page.goto(house.url + "/guide")
    expect(page.locator(".notice")).to_be_visible()
    seen["guide, read"] = violations(page)
    page.goto(house.url + "/guide/whole")
    expect(page.locator(".manual h1")).to_be_visible()
    seen["whole guide"] = violations(page)
    page.goto(house.url + "/figures")
    seen["no figures"] = violations(page)
    minute = int(house.clock().timestamp()) // 60
    row = {"number": 1, "minute": minute, "language": "en", "reason": "asked", "employee": None}
    row |= {"waited": 75, "answered": 12, "handled": 340, "outcome": "closed"}
    with house.engine.begin() as connection:
        connection.execute(sa.insert(service).values(**row))
    page.goto(house.url + "/figures?days=90")
    expect(page.locator(".charts rect")).not_to_have_count(0)
    seen["figures"] = violations(page)
    assert {name: found for name, found in seen.items() if found} == {}


@pytest.mark.parametrize(("language", "look"), [("en", "dark"), ("nl", "narrow")])
def test_the_sheet_of_shortcuts_opens_by_a_key_and_turns_them_off(
    open_page: Callable[..., Page], house: House, language: str, look: str
) -> None:
    page = open_page(language, **LOOKS[look])
    cookie = {"name": "helder-desk", "value": house.session(house.hire().id), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dict
    page.goto(house.url + "/queue")
    expect(page.locator("#waiting li")).to_have_count(1)  # the stream has come: scripts run
    sheet = page.get_by_role("dialog")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    assert violations(page) == []
    page.locator("#shortcuts-on").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.keyboard.press("?")
    expect(sheet).to_have_count(0)
    page.reload()
    page.locator("#shortcuts-open").click()  # the button stays, and so does the choice
    expect(sheet).to_be_visible()
    expect(page.locator("#shortcuts-on")).not_to_be_checked()
    page.locator("#shortcuts-close").click()
    expect(sheet).to_have_count(0)
