"""Every state that a customer can meet, and how to get there; test_states.py goes through all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from .fake_gateway import AFTER_DAMAGE, NOTICE, FakeGateway
from .page import Widget

State = Callable[[Widget, FakeGateway, str], None]
SAID: dict[str, dict[str, Any]] = {
    "en": {
        "ask": "Hi, where is my order KD-20418?",
        "answer": "Your order KD-20418 is on its way. The courier expects to be at your door on "
        "Tuesday between 10:00 and 12:00.\n\nFollow it here: https://example.com/track/3SKADE20418",
        "more": "Can I do anything else for you?",
        "choices": ("Change the delivery", "Cancel the order", "No, thanks"),
        "again": "And can I still change the address?",
        "queue": "We have asked an employee to join. There are two people before you.",
        "joined": "Anna has joined. You are talking to a person.",
        "anna": "Hi! I am Anna. I can change that for you. What is the new address?",
        "hard": "<b>bold</b> <img src=x onerror=alert(1)> & "
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikundsoweiterundsofort 🧣",
        "rtl": "مرحبا، أين طلبي KD-20418؟",
    },
    "nl": {
        "ask": "Hoi, waar blijft mijn bestelling KD-20418?",
        "answer": "Je bestelling KD-20418 is onderweg. De bezorger denkt dinsdag tussen 10.00 en "
        "12.00 uur bij je te zijn.\n\nVolg je pakket hier: https://example.com/volg/3SKADE20418",
        "more": "Kan ik nog iets voor je doen?",
        "choices": ("Bezorging wijzigen", "Bestelling annuleren", "Nee, dank je"),
        "again": "En kan ik het adres nog wijzigen?",
        "queue": "We hebben een medewerker erbij gevraagd. Er zijn twee mensen voor je.",
        "joined": "Anna is erbij gekomen. Je praat nu met een mens.",
        "anna": "Hoi! Ik ben Anna. Dat regel ik even voor je. Wat is het nieuwe adres?",
        "hard": "<b>vet</b> <img src=x onerror=alert(1)> & "
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikundsoweiterundsofort 🧣",
        "rtl": "مرحبا، أين طلبي KD-20418؟",
    },
}


def closed(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Only the launcher."""


def notice(widget: Widget, gateway: FakeGateway, language: str) -> None:
    widget.open()


def notice_failed(widget: Widget, gateway: FakeGateway, language: str) -> None:
    gateway.fail("notice", 500)
    widget.open()


def menu(widget: Widget, gateway: FakeGateway, language: str) -> None:
    widget.open()
    widget.menu_button.click()


def writing(widget: Widget, gateway: FakeGateway, language: str) -> None:
    widget.open()
    widget.text.fill((SAID[language]["again"] + "\n") * 5)


def talking(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """A question, an answer and choices."""
    widget.open().send(SAID[language]["ask"])
    expect(widget.message(SAID[language]["ask"])).to_be_visible()
    expect(widget.bubbles).to_have_count(1)
    _settled(gateway)
    gateway.say(SAID[language]["answer"])
    gateway.say(SAID[language]["more"], choices=SAID[language]["choices"])
    expect(widget.choice(SAID[language]["choices"][2])).to_be_visible()


def chosen(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    widget.choice(SAID[language]["choices"][0]).click()
    expect(widget.choice(SAID[language]["choices"][0])).to_have_attribute("aria-disabled", "true")


def typing(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.typing()
    expect(widget.typing).to_be_visible()


def waiting(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    widget.person.click()
    expect(widget.bubbles).to_have_count(4)
    gateway.own("waiting")
    gateway.say(SAID[language]["queue"], "system", "")
    expect(widget.message(SAID[language]["queue"])).to_be_visible()


def employee(widget: Widget, gateway: FakeGateway, language: str) -> None:
    waiting(widget, gateway, language)
    gateway.own("employee")
    gateway.say(SAID[language]["joined"], "system", "")
    gateway.say(SAID[language]["anna"], "employee", "Anna")
    gateway.typing("employee")
    expect(widget.typing).to_be_visible()


def told(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """The customer switched to another language and back, and reads the notice in both."""
    talking(widget, gateway, language)
    other = {"en": "nl", "nl": "en"}[language]
    for wanted, title in ((other, NOTICE[other]["title"]), (language, NOTICE[language]["title"])):
        widget.language.click()
        expect(widget.panel).to_have_attribute("lang", wanted)
        expect(widget.message(str(title))).to_have_count(1)


def sending(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.fail("post", 200, held=threading.Event())
    widget.send(SAID[language]["again"])


def failed(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.fail(
        "post",
        500,
        message={"en": "Our server is not well.", "nl": "Onze server doet het even niet."}[
            language
        ],
    )
    widget.send(SAID[language]["again"])
    expect(widget.retry).to_be_visible()


def offline(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    widget.page.context.set_offline(True)
    widget.send(SAID[language]["again"])
    expect(widget.retry).to_be_visible()
    expect(widget.banner).to_be_visible()


def server_error(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.fail("messages", 503, times=1000)
    gateway.drop_streams()
    expect(widget.banner).to_be_visible()


def too_fast(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.fail("post", 429, retry_after=20)
    widget.send(SAID[language]["again"])
    expect(widget.banner).to_be_visible()


def near_the_limit(widget: Widget, gateway: FakeGateway, language: str) -> None:
    widget.open()
    widget.text.fill("a" * 1990)


def too_long(widget: Widget, gateway: FakeGateway, language: str) -> None:
    widget.open()
    widget.text.fill("a " * 1010 + "a")


def refused_as_too_long(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.fail(
        "post",
        413,
        message={"en": "This message is too long.", "nl": "Dit bericht is te lang."}[language],
    )
    widget.send(SAID[language]["again"])
    expect(widget.retry).to_be_visible()


def over(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.own("closed")
    expect(widget.restart).to_be_visible()


def damaged(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Locked while the customer waited for an answer."""
    talking(widget, gateway, language)
    gateway.waits = True
    widget.send(SAID[language]["again"])
    expect(widget.message(SAID[language]["again"])).to_be_visible()
    gateway.damage()
    expect(widget.restart).to_be_visible()


def after_damage(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Begun anew: what happened, and a way to a person; the unanswered words wait in the field."""
    damaged(widget, gateway, language)
    gateway.repair()
    widget.restart.click()
    expect(widget.choice(AFTER_DAMAGE[language]["choice"])).to_be_visible()


def asked_to_start_again(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    widget.menu_button.click()
    widget.new_conversation.click()


def copied(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    widget.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    widget.menu_button.click()
    widget.copy.click()
    expect(widget.banner).to_be_visible()


def data(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """What was agreed to: one yes, one that was taken back, one not asked."""
    talking(widget, gateway, language)
    gateway.conversation.consents = {"order_data": "given", "keep_conversation": "withdrawn"}
    widget.menu_button.click()
    widget.data_button.click()
    expect(widget.data.locator("section")).to_have_count(3)


def hard_texts(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Markup, very long words, right to left, line breaks."""
    widget.open().send(SAID[language]["hard"])
    expect(widget.bubbles).to_have_count(1)
    _settled(gateway)
    gateway.say(SAID[language]["rtl"])
    gateway.say(SAID[language]["hard"], choices=(SAID[language]["rtl"], SAID[language]["hard"]))
    expect(widget.bubbles).to_have_count(3)


def scrolled_up(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """A new message below while the customer reads above."""
    talking(widget, gateway, language)
    for _ in range(4):
        gateway.say(SAID[language]["answer"])
    expect(widget.bubbles).to_have_count(7)
    widget.log.evaluate("(log) => { log.scrollTop = 0; }")
    gateway.say(SAID[language]["more"])
    expect(widget.newer).to_be_visible()


def unread(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Closed, and two messages came."""
    talking(widget, gateway, language)
    widget.close_button.click()
    gateway.say(SAID[language]["answer"])
    gateway.say(SAID[language]["more"])
    expect(widget.badge).to_contain_text("2")


def _settled(gateway: FakeGateway) -> None:
    """The stream is open: what is said now arrives by it."""
    gateway.wait_for_stream()


_ALL = (
    *(closed, notice, notice_failed, menu, writing, talking, chosen, typing, waiting, employee),
    told,
    *(sending, failed, offline, server_error, too_fast, near_the_limit, too_long),
    *(refused_as_too_long, over, damaged, after_damage, asked_to_start_again, copied),
    data,
    *(hard_texts, scrolled_up, unread),
)
STATES: dict[str, State] = {state.__name__: state for state in _ALL}
