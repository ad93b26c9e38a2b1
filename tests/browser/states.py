"""Every state that a customer can meet, and how to get there; test_states.py goes through all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from ruamel.yaml import YAML

from .fake_gateway import AFTER_DAMAGE, NOTICE, FakeGateway
from .page import Widget

POLICIES = Path(__file__).parents[2] / "policies"
State = Callable[[Widget, FakeGateway, str], None]
SAID: dict[str, dict[str, Any]] = {
    "en": {
        "ask": "Hi, where is my order KD-20418?",
        "answer": "Your order KD-20418 is on its way. The courier expects to be at your door on "
        "Tuesday between 10:00 and 12:00.\n\nFollow it here: https://example.com/track/3SKADE20418",
        "more": "Can I do anything else for you?",
        "choices": ("Change the delivery", "Cancel the order", "No, thanks"),
        "again": "And can I still change the address?",
        "queue": "You are in line for a colleague. 2 people are before you. Expect to wait between "
        "3 and 8 minutes. What you write here goes along; the assistant does not read it.",
        "instead": ("Leave a message", "Back to the assistant"),
        "nobody": "There is no colleague here right now. We are here again on Wednesday at 09:00. "
        "You can leave a message with a way to reach you, or go back to the assistant. If you "
        "stay, you keep your place.",
        "detail": "It is about the blue blanket. It came with a hole in it.",
        "lost": "Sorry, Anna has dropped out. You are back at the front of the line, and the next "
        "colleague can read everything: you need not say it again.",
        "passed": "Anna is passing you on to a colleague who can help you better. They can read "
        "everything: you need not say it again.",
        "closed": "Anna has ended the conversation. If you write again, the assistant answers, an "
        "AI.",
        "returned": "Anna has left the conversation. You are talking to the assistant again, an "
        "AI.",
        "joined": "Anna has joined. You are talking to a person now.",
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
        "queue": "Je staat in de rij voor een collega. Er zijn 2 mensen voor je. Reken op 3 tot 8 "
        "minuten wachten. Wat je hier schrijft, gaat mee; de assistent leest het niet.",
        "instead": ("Bericht achterlaten", "Terug naar de assistent"),
        "nobody": "Er is nu even geen collega. We zijn er weer op woensdag om 09:00. Je kunt een "
        "bericht achterlaten, met hoe we je kunnen bereiken, of teruggaan naar de assistent. Blijf "
        "je, dan houd je je plek.",
        "detail": "Het gaat om de blauwe deken. Er zat een gat in.",
        "lost": "Sorry, Anna is weggevallen. Je staat weer vooraan in de rij, en de volgende "
        "collega kan alles lezen: je hoeft niets te herhalen.",
        "passed": "Anna geeft je door aan een collega die je beter kan helpen. Die kan alles "
        "lezen: je hoeft niets te herhalen.",
        "closed": "Anna heeft het gesprek afgesloten. Schrijf je weer iets, dan antwoordt de "
        "assistent, een AI.",
        "returned": "Anna is uit het gesprek. Je praat nu weer met de assistent, een AI.",
        "joined": "Anna is erbij. Je praat nu met een mens.",
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
    stand(gateway, language, "queue", 2, (3, 8))
    expect(widget.line).to_be_visible()


def stand(
    gateway: FakeGateway, language: str, said: str, ahead: int, wait: str | tuple[int, int]
) -> None:
    """The customer comes into the line, and is told so, as the gateway does it."""
    gateway.own("waiting")
    gateway.say(SAID[language][said], "system", "", choices=SAID[language]["instead"])
    gateway.wait(ahead, wait)


def waiting_on(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Next, for how long nobody knows, and more was written meanwhile."""
    waiting(widget, gateway, language)
    widget.send(SAID[language]["detail"])
    expect(widget.message(SAID[language]["detail"])).to_be_visible()
    gateway.wait(0, "too_few_observations")
    expect(widget.line).not_to_contain_text("2")


def waiting_for_nobody(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    widget.person.click()
    expect(widget.bubbles).to_have_count(4)
    stand(gateway, language, "nobody", 0, "nobody_present")
    expect(widget.line).to_be_visible()


def joined(widget: Widget, gateway: FakeGateway, language: str) -> None:
    waiting(widget, gateway, language)
    gateway.own("employee")
    gateway.say(SAID[language]["joined"], "system", "Anna")
    expect(widget.line).to_be_hidden()
    expect(widget.status).to_contain_text("Anna")


def employee(widget: Widget, gateway: FakeGateway, language: str) -> None:
    joined(widget, gateway, language)
    gateway.say(SAID[language]["anna"], "employee", "Anna")
    gateway.typing("employee")
    expect(widget.typing).to_be_visible()


def colleague_lost(widget: Widget, gateway: FakeGateway, language: str) -> None:
    employee(widget, gateway, language)
    gateway.typing("employee", False)
    stand(gateway, language, "lost", 0, (0, 4))
    expect(widget.line).to_be_visible()


def passed_on(widget: Widget, gateway: FakeGateway, language: str) -> None:
    employee(widget, gateway, language)
    gateway.typing("employee", False)
    gateway.own("waiting")
    gateway.say(SAID[language]["passed"], "system", "Anna")
    expect(widget.message(SAID[language]["passed"])).to_be_visible()


def handed_back(widget: Widget, gateway: FakeGateway, language: str) -> None:
    _served(widget, gateway, language)
    gateway.own("assistant")
    gateway.say(SAID[language]["returned"], "system", "Anna")
    expect(widget.message(SAID[language]["returned"])).to_be_visible()
    expect(widget.rating).to_be_visible()


def closed_by_colleague(widget: Widget, gateway: FakeGateway, language: str) -> None:
    _served(widget, gateway, language)
    gateway.own("closed")
    gateway.say(SAID[language]["closed"], "system", "Anna")
    expect(widget.message(SAID[language]["closed"])).to_be_visible()
    expect(widget.rating).to_be_visible()


def rated(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """A score, with words that could not be sent yet."""
    closed_by_colleague(widget, gateway, language)
    said = {
        "en": "We cannot reach our system right now.",
        "nl": "We kunnen even niet bij ons systeem.",
    }
    gateway.fail("rating", 503, times=9, message=said[language])
    widget.score({"en": "Very well", "nl": "Heel goed"}[language]).check()
    widget.rating.locator("textarea").fill(SAID[language]["detail"])
    widget.rating.get_by_role("button").first.click()
    expect(widget.rating.get_by_role("status")).to_have_text(said[language])


def assistant_asked(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Begun anew: how the assistant did in what is left."""
    asked_to_start_again(widget, gateway, language)
    widget.restart.click()
    expect(widget.rating).to_be_visible()


def _served(widget: Widget, gateway: FakeGateway, language: str) -> None:
    employee(widget, gateway, language)
    gateway.typing("employee", False)
    expect(widget.typing).to_be_hidden()


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
    gateway.fail("messages", 401, times=100)
    gateway.drop_streams()
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


def data_before(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Nothing was written yet."""
    widget.open().open_data()


def data_loading(widget: Widget, gateway: FakeGateway, language: str) -> None:
    talking(widget, gateway, language)
    gateway.fail("consents", 200, held=threading.Event())
    widget.menu_button.click()
    widget.data_door.click()
    expect(widget.data.locator(".sheet .quiet")).to_be_visible()


def data(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Nothing was asked yet."""
    talking(widget, gateway, language)
    widget.open_data()


def data_answered(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """A yes, a no, one taken back; receipts; signed in, with an order."""
    talking(widget, gateway, language)
    own = gateway.conversation.own
    own.signed_in, own.orders = True, ["HD-204817", "HD-204902"]
    for purpose, given in (("order_data", True), ("improvement", True), ("improvement", False)):
        own.chosen({"purpose": purpose, "given": given}, gateway.clock().isoformat())
    widget.open_data()
    widget.in_data("keep_conversation-no").click()
    expect(widget.data_told).to_be_visible()


def data_terms(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """What a purpose means, unfolded."""
    data(widget, gateway, language)
    widget.data.locator("summary").first.click()
    expect(widget.data.locator("dd").first).to_be_visible()


def data_receipts(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Further down: receipts, what is known, erasing, links."""
    data_answered(widget, gateway, language)
    widget.data.locator(".pages").scroll_into_view_if_needed()


def without_ai(widget: Widget, gateway: FakeGateway, language: str) -> None:
    data(widget, gateway, language)
    widget.in_data("ai").click()
    expect(widget.data_told).to_be_visible()


def chat_without_ai(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """The chat after it: what the system says, a message passed on, the button to undo it."""
    texts = YAML(typ="safe").load(POLICIES / "texts.yml")["system"]
    said = {name: text[language] for name, text in texts.items()}
    talking(widget, gateway, language)
    gateway.own("waiting")
    how = said["no_ai_how"].format(
        lead=said["no_ai_now"],
        within=said["no_ai_within_one"],
        phone="020-012 34 56",
        lasts=said["no_ai_here"],
    )
    gateway.say(how, "system", "", choices=(said["no_ai_undo"],))
    expect(widget.message(said["no_ai_now"])).to_be_visible()
    taken = said["no_ai_taken"].format(reference="KD-7F3K-9Q")
    gateway.answer(taken, author="system", name="", choices=(said["no_ai_undo"],))
    widget.send(SAID[language]["again"])
    expect(widget.message("KD-7F3K-9Q")).to_be_visible()


def data_erasing(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """Asked once more before it is done."""
    data(widget, gateway, language)
    widget.in_data("erase").click()
    expect(widget.in_data("no")).to_be_focused()


def data_erased(widget: Widget, gateway: FakeGateway, language: str) -> None:
    data_erasing(widget, gateway, language)
    widget.in_data("yes").click()
    expect(widget.data_told).to_be_visible()
    expect(widget.in_data("erase")).to_have_count(0)


def data_failed(widget: Widget, gateway: FakeGateway, language: str) -> None:
    """It cannot be loaded."""
    talking(widget, gateway, language)
    gateway.fail(
        "consents",
        503,
        message={
            "en": "We cannot reach our system right now. Please try again in a moment.",
            "nl": "We kunnen even niet bij ons systeem. Probeer het zo nog eens.",
        }[language],
    )
    widget.menu_button.click()
    widget.data_door.click()
    expect(widget.in_data("again")).to_be_visible()


def _settled(gateway: FakeGateway) -> None:
    """The stream is open: what is said now arrives by it."""
    gateway.wait_for_stream()


_ALL = (
    *(closed, notice, notice_failed, menu, writing, talking, chosen, typing, waiting, employee),
    *(waiting_on, waiting_for_nobody, joined, colleague_lost, passed_on, handed_back),
    *(closed_by_colleague, rated, assistant_asked),
    told,
    *(sending, failed, offline, server_error, too_fast, near_the_limit, too_long),
    *(refused_as_too_long, over, damaged, after_damage, asked_to_start_again, copied),
    *(hard_texts, scrolled_up, unread),
    *(data_before, data_loading, data, data_answered, data_terms, data_receipts, data_failed),
    *(data_erasing, data_erased, without_ai, chat_without_ai),
)
STATES: dict[str, State] = {state.__name__: state for state in _ALL}
