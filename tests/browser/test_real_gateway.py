"""The real widget on the real demo page, with the four real processes behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from helder.commands.locks import tell_locks
from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.database import connect
from helder.shop.seed import demo_orders, open_shop
from tests.browser.conftest import Watch
from tests.browser.page import Widget
from tests.running import Running

WORDS = {
    "en": ("where is my parcel?", "Yes, you may", "order number", "on its way", "thank you"),
    "nl": ("waar blijft mijn pakket?", "Ja, dat mag", "bestelnummer", "onderweg", "dankjewel"),
}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_customer_is_helped_and_finds_the_conversation_again(
    stack: Running, new_page: Callable[..., Page], language: str
) -> None:
    ask, agreed, question, answer, thanks = WORDS[language]
    order = next(
        o for o in demo_orders(open_shop(stack.settings.shop_url)) if o.scenario == "on_its_way"
    )
    page = new_page(locale="nl-NL" if language == "nl" else "en-GB")
    widget = Widget(page, stack.gateway_url).visit("/", lang=language).open()
    expect(page.get_by_text(order.number)).to_be_visible()
    assert widget.stored()["session"] == {}
    widget.send(ask)
    page.get_by_role("button", name=agreed).click()
    expect(widget.bubbles.last).to_contain_text(question)
    widget.send(order.number)
    expect(widget.bubbles.last).to_contain_text(order.number)
    widget.send(order.postcode)
    expect(widget.bubbles.last).to_contain_text(answer)
    said = widget.bubbles.all_inner_texts()
    page.reload()
    expect(widget.bubbles).to_have_text(said)
    widget.send(thanks)
    expect(widget.bubbles).to_have_count(len(said) + 2)


def test_the_button_for_a_person_ends_in_a_reference_number(
    stack: Running, new_page: Callable[..., Page]
) -> None:
    widget = Widget(new_page(), stack.gateway_url).visit("/", lang="en").open()
    widget.person.click()
    expect(widget.bubbles.last).to_contain_text("e-mail")
    widget.send("My kettle has a dent. I am sam@example.com.")
    expect(widget.bubbles.last).to_contain_text("KD-")


def test_a_break_of_the_gateway_is_bridged_and_nothing_is_shown_twice(
    stack: Running, new_page: Callable[..., Page]
) -> None:
    widget = Widget(new_page(), stack.gateway_url).visit("/", lang="en").open()
    widget.send("what are your opening hours?")
    expect(widget.bubbles.last).to_contain_text("09:00")
    before = widget.bubbles.all_inner_texts()
    stack.stack.kill("gateway")
    widget.send("thanks a lot")
    expect(widget.bubbles).to_have_count(len(before) + 2, timeout=30_000)
    assert widget.bubbles.all_inner_texts()[: len(before)] == before


DAMAGE = {
    "en": ("locked", "what can you do?", "Leave a message for a colleague", "reference is"),
    "nl": ("op slot", "wat kun je?", "Bericht achterlaten voor een collega", "referentie is"),
}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_conversation_that_somebody_changed_is_locked_and_a_person_is_offered(
    stack: Running,
    new_page: Callable[..., Page],
    language: str,
    screenshots: Path,
    watch: Watch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    locked, ask, button, reference = DAMAGE[language]
    page = new_page(locale="nl-NL" if language == "nl" else "en-GB", reduced_motion="reduce")
    widget = Widget(page, stack.gateway_url).visit("/", lang=language).open()
    bystander = stack.talk(language)
    widget.send(ask)
    expect(widget.bubbles).to_have_count(2)
    conversation = damage_newest(stack)
    widget.send("06-12345678")
    expect(widget.banner).to_contain_text(locked)
    expect(widget.message("06-12345678").locator("strong")).to_be_visible()
    watch.looking = False  # the camera adds styles of its own, which the page's policy refuses
    photograph(page, screenshots, f"real-damaged-{language}")
    widget.restart.click()
    expect(widget.choice(button)).to_be_visible()
    expect(widget.bubbles.filter(has_text=locked)).to_be_visible()
    expect(widget.text).to_have_value("06-12345678")
    photograph(page, screenshots, f"real-after-damage-{language}")
    widget.choice(button).click()
    expect(widget.bubbles).to_have_count(3)
    widget.send("mila@example.com")
    expect(widget.bubbles.last).to_contain_text(reference)
    assert bystander.say(ask)
    tell_locks(stack.settings)
    assert f"{conversation}  EntryTampered" in capsys.readouterr().out
    metrics = httpx.get(f"{stack.gateway_url}/metrics", trust_env=False).text
    assert re.search(r"^helder_conversations_locked [1-9]", metrics, re.MULTILINE)
    assert httpx.get(f"{stack.gateway_url}/readyz", trust_env=False).status_code == 200


def damage_newest(stack: Running) -> str:
    """Somebody flips a bit of what the assistant said last."""
    entry, engine = tables.entry, connect(stack.settings.database_url)
    conversation = str(FileAnchor(stack.settings.anchor).newest())
    with engine.begin() as connection:
        mine = sa.select(entry).where(entry.c.conversation == conversation)
        row = connection.execute(mine.order_by(entry.c.seq.desc()).limit(1)).one()
        changed = row.body[:40] + bytes([row.body[40] ^ 1]) + row.body[41:]
        which = (entry.c.conversation == conversation) & (entry.c.seq == row.seq)
        connection.execute(sa.update(entry).where(which).values(body=changed))
    engine.dispose()
    return conversation


def photograph(page: Page, screenshots: Path, name: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=screenshots / f"{name}-{scheme}.png")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_your_data_is_true_and_does_what_it_says(
    stack: Running, new_page: Callable[..., Page], language: str
) -> None:
    words = {
        "en": ("I want no AI", "Use the assistant again", "From now on no AI", "Your reference is"),
        "nl": (
            "Ik wil geen AI",
            "Praat weer met de assistent",
            "leest er geen AI",
            "referentie is",
        ),
    }
    no_ai, again, told, taken = words[language]
    page = new_page(locale="nl-NL" if language == "nl" else "en-GB")
    widget = Widget(page, stack.gateway_url).visit("/", lang=language).open()
    widget.open_data()
    expect(widget.in_data("ai")).to_have_text(no_ai)
    widget.in_data("ai").click()
    expect(widget.in_data("ai")).to_have_text(again)
    widget.in_data("improvement").click()
    href = widget.data.locator(".rows a").first.get_attribute("href")
    assert href
    assert httpx.get(href, trust_env=False).status_code == 200
    page.keyboard.press("Escape")
    expect(widget.bubbles.first).to_contain_text(told)
    widget.send("HD-204817, jane@example.com")
    expect(widget.bubbles.last).to_contain_text(taken)
    widget.choice(again).last.click()
    expect(widget.bubbles.last).to_contain_text("AI")
    expect(widget.status).to_contain_text("AI")
    widget.open_data()
    expect(widget.in_data("ai")).to_have_text(no_ai)
    widget.in_data("erase").click()
    widget.in_data("yes").click()
    expect(widget.in_data("erase")).to_have_count(0)
    assert httpx.get(href, trust_env=False).status_code == 404
