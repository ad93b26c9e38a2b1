"""A customer and colleagues, each in a browser of their own, on the processes as they run: from the
question to the rating, with the network gone and the desk killed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from helder.conversation.entries import Author, ConversationId
from tests.browser.page import Widget
from tests.running import Running, running
from tests.staffed import somebodys_session

LONG = 60_000  # milliseconds: a process that was killed starts again, on a busy machine


@dataclass(frozen=True)
class Script:
    """What is said and read, in one language."""

    locale: str
    question: str
    answered: str  # a part of the assistant's answer
    wrong: str
    instead: str
    right: str
    thanks: str
    summed_up: str
    joined: str
    back: str
    score: str
    none_lost: tuple[str, ...]


SCRIPTS = {
    "en": Script(
        locale="en-GB",
        question="what are your opening hours?",
        answered="09:00",
        wrong="Something is wrong",
        instead="What should my colleague read instead?",
        right="It is about a lamp, not about hours.",
        thanks="My colleague reads that with it.",
        summed_up="what are your opening hours?",
        joined="You are talking to {name}, a person",
        back="You are talking to an AI assistant",
        score="Well",
        none_lost=(
            "Hello, I am here.",
            "It is broken.",
            "Sent while you were away.",
            "Offline, me.",
            "Said as the desk came back.",
            "Hello, I know about lamps.",
            "Good, thank you.",
        ),
    ),
    "nl": Script(
        locale="nl-NL",
        question="wat zijn jullie openingstijden?",
        answered="09:00",
        wrong="Er klopt iets niet",
        instead="Wat moet mijn collega dan lezen?",
        right="Het gaat om een lamp, niet om de tijden.",
        thanks="Mijn collega leest dat erbij.",
        summed_up="wat zijn jullie openingstijden?",
        joined="Je praat met {name}, een mens",
        back="Je praat met een AI-assistent",
        score="Goed",
        none_lost=(
            "Hoi, ik ben er.",
            "Hij is stuk.",
            "Gestuurd toen je weg was.",
            "Ik, zonder net.",
            "Gezegd toen de werkplek er weer was.",
            "Hoi, ik weet van lampen.",
            "Fijn, dank je.",
        ),
    ),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Processes of its own: the desk is killed here."""
    with running(tmp_path_factory.mktemp("two")) as started:
        yield started


class AtDesk:
    """A colleague in a browser."""

    def __init__(self, house: Running, page: Page, name: str) -> None:
        self.house = house
        self.page = page
        self.name = name
        self.talk = page.locator("#talk")
        self.text = page.locator("#text")

    def queue(self) -> AtDesk:
        self.page.goto(f"{self.house.desk_url}/queue")
        return self

    def take(self) -> None:
        next_ = self.page.locator("#next")
        expect(next_).to_be_enabled(timeout=LONG)
        next_.click()
        self.page.wait_for_url("**/conversations/*")
        expect(self.page.locator("#reply")).to_be_visible(timeout=LONG)

    def says(self, text: str) -> None:
        self.text.fill(text)
        self.page.locator("#reply button.primary").click()

    def heard(self, text: str) -> Locator:
        return self.talk.locator(".what", has_text=text)

    @property
    def conversation(self) -> ConversationId:
        return ConversationId(self.page.url.rsplit("/", 1)[1])


@pytest.fixture
def hire(house: Running, new_page: Callable[..., Page]) -> Callable[[str], AtDesk]:
    def make(locale: str) -> AtDesk:
        session = somebodys_session(house.settings, "agent")
        page = new_page(locale=locale)
        cookie = {"name": "helder-desk", "value": session, "url": house.desk_url}
        page.context.add_cookies([cookie])
        page.goto(f"{house.desk_url}/account")
        return AtDesk(house, page, page.locator(".bar .who, .bar a[href='/account']").inner_text())

    return make


@pytest.mark.parametrize("language", ["en", "nl"])
def test_from_the_question_to_the_rating_nothing_is_lost_doubled_or_out_of_order(
    house: Running, hire: Callable[[str], AtDesk], new_page: Callable[..., Page], language: str
) -> None:
    script = SCRIPTS[language]
    hello, broken, away, offline, restarted, known, good = script.none_lost
    anna, bram = hire(script.locale).queue(), hire(script.locale)
    customer = new_page(locale=script.locale)
    widget = Widget(customer, house.gateway_url).visit("/", lang=language).open()

    # Asks, is answered, wants a person, and puts right what they would read.
    widget.send(script.question)
    expect(widget.bubbles.last).to_contain_text(script.answered, timeout=LONG)
    expect(anna.page.locator("#next")).to_be_visible()
    widget.person.click()
    expect(widget.line).to_be_visible(timeout=LONG)
    widget.choice(script.wrong).click()
    expect(widget.bubbles.last).to_have_text(script.instead)
    widget.send(script.right)
    expect(widget.bubbles.last).to_contain_text(script.thanks)

    # Anna comes, and reads it.
    anna.take()
    conversation = anna.conversation
    summary = anna.page.locator("#packet")
    expect(summary.locator(".summary")).to_contain_text(script.summed_up)
    expect(summary.locator(".put-right")).to_contain_text(script.right)
    expect(widget.status).to_have_text(script.joined.format(name=anna.name))

    # Both see the other type, and what the other says.
    anna.text.press_sequentially("H")
    expect(widget.typing).to_contain_text(anna.name)
    anna.says(hello)
    expect(widget.message(hello).locator(".who")).to_contain_text(anna.name)
    widget.text.press_sequentially("I")
    expect(anna.page.locator("#typing")).not_to_be_empty()
    widget.send(broken)
    expect(anna.heard(broken)).to_be_visible()

    # The customer's network is gone for a while; each wrote meanwhile.
    customer.context.set_offline(True)
    widget.send(offline)
    anna.says(away)
    expect(anna.heard(away)).to_be_visible()
    customer.context.set_offline(False)
    expect(widget.message(away)).to_have_count(1, timeout=LONG)
    if widget.retry.count():
        widget.retry.click()
    expect(anna.heard(offline)).to_have_count(1, timeout=LONG)

    # The desk is killed; what Anna writes stays until it is there again, and is said once.
    house.stack.kill("desk")
    anna.text.fill(restarted)
    expect(anna.page.locator("#trouble")).not_to_be_empty(timeout=LONG)
    expect(anna.page.locator("#trouble")).to_be_empty(timeout=LONG)
    expect(anna.text).to_have_value(restarted)
    anna.says(restarted)
    expect(widget.message(restarted)).to_have_count(1, timeout=LONG)

    # Passed on, with a note, to Bram.
    bram.queue()
    anna.page.locator("#pass-to").select_option(label=bram.name, timeout=LONG)
    anna.page.locator("#pass-note").fill("lamp")
    anna.page.locator("#pass-on button").click()
    anna.page.wait_for_url("**/queue")
    bram.take()
    assert bram.conversation == conversation
    expect(bram.page.locator("#notes")).to_contain_text("lamp")
    expect(bram.page.locator("#packet .put-right")).to_contain_text(script.right)
    expect(widget.status).to_have_text(script.joined.format(name=bram.name))
    bram.says(known)
    expect(widget.message(known).locator(".who")).to_contain_text(bram.name)
    widget.send(good)
    expect(bram.heard(good)).to_be_visible()

    # Back to the assistant, which answers; the customer says how it was.
    bram.page.locator("[data-act='give-back']").click()
    bram.page.wait_for_url("**/queue")
    expect(widget.status).to_have_text(script.back)
    with customer.expect_response("**/rating") as rated:
        widget.score(script.score).check()
    assert rated.value.status == 204
    widget.rating.get_by_role("button").last.click()
    widget.send(script.question)
    expect(widget.bubbles.last).to_contain_text(script.answered, timeout=LONG)
    expect(widget.status).to_have_text(script.back)

    _, shown = house.log().shown(conversation, 0)
    people = (Author.CUSTOMER, Author.EMPLOYEE)
    said = [each.message.text for each in shown if each.message.author in people]
    middle = said[said.index(hello) : said.index(good) + 1]
    assert sorted(middle) == sorted(script.none_lost)
    assert [each for each in middle if each not in (away, offline)] == [
        each for each in script.none_lost if each not in (away, offline)
    ]
    seen = [text for text in widget.bubbles.all_inner_texts() if text in script.none_lost]
    assert seen == middle
    by = {each.message.text: each.number for each in shown}
    between = [each for each in shown if by[hello] <= each.number <= by[good]]
    assert all(each.message.author is not Author.ASSISTANT for each in between)
