"""The real widget and a colleague, whose part the domain plays as the desk does it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Engine

from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.handoff.activity import CUSTOMER, Activities
from helder.handoff.claims import Claims
from helder.handoff.happened import Did, happened
from helder.handoff.line import Colleague
from helder.handoff.policy import load_handoff
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.priority import load_priority
from helder.handoff.tables import rating
from helder.handoff.talking import Talking
from helder.installation import anchor_of, keyring_of
from helder.settings import PROJECT
from helder.texts import Texts
from tests.browser.page import Widget
from tests.running import PATIENCE, Running
from tests.summing import summaries

ANNA = Colleague("anna-id", "Anna", frozenset({"en", "nl"}), capacity=3)
WORDS = {
    "en": {
        "ask": "what are your opening hours?",
        "answer": "09:00",
        "before": "The lid of my kettle is loose.",
        "next": "You are next",
        "instead": "Back to the assistant",
        "joined": "You are talking to Anna, a person",
        "typing": "Anna is typing",
        "hello": "Hello, I am Anna. I am sending you a new lid.",
        "again": "The AI assistant answers again",
        "score": "Very well",
        "assistant": "You are talking to an AI assistant",
    },
    "nl": {
        "ask": "wat zijn jullie openingstijden?",
        "answer": "09:00",
        "before": "Het deksel van mijn ketel zit los.",
        "next": "Je bent als volgende aan de beurt",
        "instead": "Terug naar de assistent",
        "joined": "Je praat met Anna, een mens",
        "typing": "Anna is aan het typen",
        "hello": "Hoi, ik ben Anna. Ik stuur je een nieuw deksel.",
        "again": "De AI-assistent antwoordt weer",
        "score": "Heel goed",
        "assistant": "Je praat met een AI-assistent",
    },
}


@dataclass
class Desk:
    """What Anna works with."""

    engine: Engine
    log: ConversationLog
    claims: Claims
    talking: Talking
    activities: Activities

    def sees(self, conversation: ConversationId) -> None:
        """Returns when Anna sees that the customer types."""
        end = time.monotonic() + PATIENCE
        while not any(
            each.typing for each in self.activities.of(conversation) if each.who == CUSTOMER
        ):
            assert time.monotonic() < end, "nobody types"


@pytest.fixture
def desk(stack: Running) -> Iterator[Desk]:
    """Anna is there."""
    settings = stack.settings
    engine, policies = connect(settings.database_url), PROJECT / "policies"
    log = ConversationLog(engine, keyring_of(settings), anchor=anchor_of(settings))
    texts = Texts(policies / "texts.yml")
    priority = load_priority(policies / "priority.yml")
    policy = load_handoff(policies / "handoff.yml")
    presences = Presences(engine)
    presences.here(ANNA.id, ANNA.languages, ANNA.skills, ANNA.capacity, available=True)
    yield Desk(
        engine,
        log,
        Claims(log, texts, priority, policy, _unrecorded, Previews(log, summaries(settings))),
        Talking(log, texts, _unrecorded),
        Activities(engine),
    )
    presences.gone(ANNA.id)
    engine.dispose()


def _unrecorded(*_: object, **__: str) -> None:
    """What is recorded of employees is tested where it is recorded."""


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_customer_waits_is_joined_talks_and_says_how_it_was(
    stack: Running, desk: Desk, new_page: Callable[..., Page], language: str
) -> None:
    words = WORDS[language]
    page = new_page(locale="nl-NL" if language == "nl" else "en-GB")
    widget = Widget(page, stack.gateway_url).visit("/", lang=language).open()
    widget.send(words["ask"])
    expect(widget.bubbles.last).to_contain_text(words["answer"])
    widget.person.click()
    expect(widget.line.locator("strong")).to_have_text(words["next"])
    widget.send(words["before"])
    expect(widget.choice(words["instead"])).to_be_enabled()

    conversation = desk.claims.take_next(ANNA).conversation
    expect(widget.status).to_have_text(words["joined"])
    expect(widget.line).to_be_hidden()
    desk.activities.here(conversation, ANNA.id, typing=True)
    expect(widget.typing).to_have_text(words["typing"])
    message = MessageId(str(uuid.uuid4()))
    desk.talking.say(conversation, ANNA, words["hello"], message)
    expect(widget.message(words["hello"]).locator(".who")).to_contain_text("Anna")
    widget.text.press_sequentially("d")
    desk.sees(conversation)

    desk.talking.close(conversation, ANNA)
    expect(widget.status).to_have_text(words["again"])
    with page.expect_response("**/rating") as answer:
        widget.score(words["score"]).check()
    assert answer.value.status == 204
    widget.rating.locator("textarea").fill("4111 1111 1111 1111")
    widget.rating.get_by_role("button").first.click()
    expect(widget.rating).to_have_count(0)
    told = [e.detail for e in happened(desk.log.history(conversation)) if e.did is Did.RATED]
    assert "4111" not in told[-1]["words"]
    with desk.engine.connect() as connection:
        mine = sa.select(rating).where(rating.c.ticket == int(told[-1]["ticket"]))
        (row,) = connection.execute(mine).all()
    assert (row.about, row.employee, row.score, row.language) == ("employee", ANNA.id, 5, language)

    widget.send(words["ask"])
    expect(widget.bubbles.last).to_contain_text(words["answer"])
    expect(widget.status).to_have_text(words["assistant"])


def test_who_goes_back_to_the_assistant_from_the_line_is_answered_by_it(
    stack: Running, desk: Desk, new_page: Callable[..., Page]
) -> None:
    words = WORDS["en"]
    widget = Widget(new_page(), stack.gateway_url).visit("/", lang="en").open()
    widget.person.click()
    expect(widget.line).to_be_visible()
    widget.send(words["before"])
    widget.choice(words["instead"]).click()
    expect(widget.line).to_be_hidden()
    expect(widget.status).to_have_text(words["assistant"])
    widget.send(words["ask"])
    expect(widget.bubbles.last).to_contain_text(words["answer"])
    expect(widget.rating).to_have_count(0)
