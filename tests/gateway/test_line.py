"""The line as a customer meets it: asked for, told honestly, left, lost; no word through NLU."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from helder.conversation.entries import ConversationId, MessageId, Owner
from helder.gateway import attempts
from helder.gateway.stream import _follow
from helder.handoff.claims import Claims
from helder.handoff.line import Colleague
from helder.handoff.packet import packet
from helder.handoff.policy import load_handoff
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.priority import load_priority
from helder.handoff.reasons import Reason
from helder.handoff.talking import Talking
from helder.handoff.tickets import Outcome
from tests.aio import run
from tests.databases import both as database  # noqa: F401 - a fixture
from tests.gateway.conftest import Front
from tests.handoff.house import ANNA, BRAM, POLICIES, Recorded
from tests.handoff.spoken import turn
from tests.summing import summaries

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)


class Visit:
    """A customer in the widget, and the desk's side of the same conversation."""

    def __init__(self, front: Front, language: str = "en") -> None:
        self.front = front
        self.address, self.headers = front.open(language)
        self.id = ConversationId(self.address.rsplit("/", 1)[1])
        gateway, recorded = front.gateway, Recorded()
        priority = load_priority(POLICIES / "priority.yml")
        policy = load_handoff(POLICIES / "handoff.yml")
        previews = Previews(gateway.log, summaries(gateway.settings))
        self.claims = Claims(gateway.log, gateway.texts, priority, policy, recorded, previews)
        self.talking = Talking(gateway.log, gateway.texts, recorded)

    def turn(self, text: str, intent: str) -> None:
        """A turn of the assistant's, as Rasa would have written it."""
        head = self.front.gateway.log.head(self.id)
        language = self.front.gateway.log.language(self.id)
        draft = turn(text, intent, ("utter_x", "One moment."), language=language)
        self.front.gateway.log.append(head.position.conversation, draft)

    def here(self, who: Colleague) -> None:
        presences = Presences(self.front.gateway.engine, self.front.clock)
        presences.here(who.id, who.languages, who.skills, who.capacity, available=True)

    def send(self, **body: Any) -> str:
        id_ = str(uuid.uuid4())
        url = f"{self.address}/messages"
        sent = self.front.client.post(url, headers=self.headers, json={"id": id_, **body})
        assert sent.status_code == 202, sent.text
        return id_

    def press(self, title: str) -> str:
        choices = [c for message in self.state()["messages"] for c in message["choices"]]
        return self.send(choice=next(c["choice"] for c in choices if c["title"] == title))

    def state(self) -> Json:
        url = f"{self.address}/messages"
        found: Json = self.front.client.get(url, headers=self.headers).json()
        return found

    def until(self, text: str) -> Json:
        """The state, once the last message has this in it."""

        def said(answer: Any) -> bool:
            messages = answer.json()["messages"]
            return bool(messages) and text in messages[-1]["text"]

        found: Json = self.front.until(self.address, self.headers, said).json()
        return found


def test_the_button_brings_a_customer_into_the_line_and_no_word_of_theirs_to_the_assistant(
    front: Front,
) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    told = visit.until("You are in line for a colleague. You are next.")
    assert told["owner"] == "waiting"
    assert told["messages"][0]["text"] == "I want to talk to a person"
    assert [c["title"] for c in told["messages"][-1]["choices"]] == [
        "Leave a message",
        "Back to the assistant",
    ]
    visit.send(text="it is about my broken kettle")
    assert visit.until("broken kettle")["owner"] == "waiting"
    visit.claims.claim(visit.id, ANNA)
    visit.talking.say(visit.id, ANNA, "Hello, a broken kettle you say?", MessageId("a"))
    visit.send(text="yes, since yesterday")
    state = visit.until("since yesterday")
    assert state["owner"] == "employee"
    assert [m["author"] for m in state["messages"]][-3:] == ["system", "employee", "customer"]
    assert state["messages"][-2]["name"] == "Anna"
    assert front.brain.asked == []


def test_the_same_press_sent_twice_is_one_place_in_line(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    id_ = visit.send(person=True)
    visit.until("You are in line")
    url = f"{visit.address}/messages"
    again = front.client.post(url, headers=visit.headers, json={"id": id_, "person": True})
    assert again.status_code == 202
    visit.send(person=True)
    visit.until("You are in line already")
    texts = [m["text"] for m in visit.state()["messages"]]
    assert texts.count("I want to talk to a person") == 2
    assert sum("You are next" in text for text in texts) == 1


@pytest.mark.parametrize(
    "body", [{"person": "yes"}, {"person": True, "text": "x"}, {"person": False}]
)
def test_a_wish_for_a_person_that_is_none_is_refused(front: Front, body: Json) -> None:
    visit = Visit(front)
    url = f"{visit.address}/messages"
    body = {"id": str(uuid.uuid4()), **body}
    assert front.client.post(url, headers=visit.headers, json=body).status_code == 400


def test_back_to_the_assistant_which_answers_the_next_message(front: Front) -> None:
    visit = Visit(front, "nl")
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("Je staat in de rij voor een collega. Je bent als volgende aan de beurt.")
    visit.press("Terug naar de assistent")
    assert visit.until("Je staat niet meer in de rij")["owner"] == "assistant"
    visit.send(text="waar is mijn pakket")
    visit.until("echo: waar is mijn pakket")
    assert front.brain.asked == ["waar is mijn pakket"]


def test_a_message_can_be_left_instead_of_waiting(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("You are in line")
    visit.press("Leave a message")
    assert visit.until("Write your message here")["owner"] == "waiting"
    visit.send(text="call me on 06 12345678")
    assert "KD-" in visit.until("Your reference is")["messages"][-1]["text"]
    assert front.brain.asked == []


def test_with_nobody_there_a_message_is_taken_at_once(front: Front) -> None:
    visit = Visit(front)
    visit.send(person=True)
    assert visit.until("Write your message here")["owner"] == "waiting"


def test_who_waits_while_nobody_is_there_is_told_so_with_the_next_opening(front: Front) -> None:
    visit = Visit(front, "nl")  # it is Sunday
    head = front.gateway.log.head(visit.id)
    front.gateway.line._asking.ask(head.position, Reason.ASKED)
    told = visit.until("Er is nu even geen collega.")
    assert "We zijn er weer op maandag 23 november om 09:00." in told["messages"][-1]["text"]


def test_how_long_it_takes_is_said_to_be_unknown_until_it_is_known(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("How long that takes I cannot say yet.")


def test_the_stream_tells_where_a_customer_stands(front: Front) -> None:
    first, second = Visit(front), Visit(front)
    first.here(ANNA)
    first.send(person=True)
    first.until("You are next")
    second.send(person=True)
    second.until("One person is before you")
    front.gateway.line.once()
    assert front.gateway.line.shown(second.id) == {"ahead": 1, "wait": "too_few_observations"}
    token = second.headers["Authorization"].removeprefix("Bearer ")

    async def first_of(name: str) -> Json:
        async for event in _follow(front.gateway, second.id, token, 0):
            if event.startswith(f"event: {name}"):
                found: Json = json.loads(event.partition("data: ")[2])
                return found
        raise AssertionError("The stream ended.")

    assert run(first_of("waiting")) == {"ahead": 1, "wait": "too_few_observations"}


def test_a_colleague_who_says_nothing_loses_the_customer_who_is_told(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("You are in line")
    visit.claims.claim(visit.id, ANNA)
    front.clock.move(minutes=4)
    visit.here(ANNA)
    front.gateway.line.once()
    assert visit.state()["owner"] == "employee"
    front.clock.move(minutes=2)
    visit.here(ANNA)
    front.gateway.line.once()
    texts = [m["text"] for m in visit.state()["messages"]]
    assert any("Anna has dropped out" in text for text in texts)
    assert visit.state()["owner"] == "waiting"


def test_a_colleague_whose_desk_is_gone_loses_the_customer_to_the_next(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("You are in line")
    visit.claims.claim(visit.id, ANNA)
    visit.talking.say(visit.id, ANNA, "One moment please.", MessageId("a"))
    front.clock.move(seconds=91)
    visit.here(BRAM)
    front.gateway.line.once()
    assert visit.claims.take_next(BRAM).conversation == visit.id


def test_who_is_gone_for_long_gives_up_their_place_and_reads_so_when_they_are_back(
    front: Front,
) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("You are in line")
    front.clock.move(minutes=16)
    front.gateway.line.once()
    state = visit.state()
    assert state["owner"] == "assistant"
    assert "You had closed the chat for a while" in state["messages"][-1]["text"]
    visit.press("Back to the assistant")
    assert visit.until("That choice came too late")["owner"] == "assistant"
    assert front.brain.asked == []


def test_who_wants_no_ai_comes_into_the_line_and_is_sent_back_to_it_by_their_own_button_only(
    front: Front,
) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    out = front.client.post(
        f"{visit.address}/opt-out", headers=visit.headers, json={"opted_out": True}
    )
    assert out.status_code == 200
    told = visit.until("You are in line")
    assert told["owner"] == "waiting"
    texts = [m["text"] for m in told["messages"]]
    assert "From now on no AI reads what you write. A colleague comes to you here." in texts
    visit.send(text="my kettle is broken")
    visit.until("kettle is broken")
    visit.claims.claim(visit.id, ANNA)
    visit.talking.close(visit.id, ANNA)
    visit.send(text="are you still there?")
    assert visit.until("You are in line")["owner"] == "waiting"
    visit.press("Use the assistant again")
    assert visit.until("talking to the AI assistant again")["owner"] == "assistant"
    assert front.brain.asked == []


def test_after_a_colleague_closed_the_next_message_is_answered_by_the_assistant(
    front: Front,
) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.send(person=True)
    visit.until("You are in line")
    visit.claims.claim(visit.id, ANNA)
    visit.talking.close(visit.id, ANNA)
    assert visit.until("Anna has ended")["owner"] == "closed"
    visit.send(text="one more thing")
    visit.until("echo: one more thing")
    texts = [(m["author"], m["text"]) for m in visit.state()["messages"]]
    assert ("system", "You are talking to the assistant again, an AI.") in texts


def test_the_customers_typing_reaches_the_colleague_and_the_other_way_round(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    typing = f"{visit.address}/typing"
    assert front.client.post(typing, headers=visit.headers, json={}).status_code == 204
    assert front.gateway.activities.of(visit.id) == ()
    visit.send(person=True)
    visit.until("You are in line")
    visit.claims.claim(visit.id, ANNA)
    front.client.post(typing, headers=visit.headers, json={})
    assert [(a.who, a.typing) for a in front.gateway.activities.of(visit.id)] == [
        ("customer", True)
    ]
    front.gateway.activities.here(visit.id, "anna-id", typing=True)
    head = front.gateway.log.head(visit.id)
    assert head.owner is Owner.EMPLOYEE
    assert front.gateway.colleague_types(visit.id, head)
    front.clock.move(seconds=6)
    assert not front.gateway.colleague_types(visit.id, head)


def test_something_wrong_in_the_summary_is_put_right_before_the_colleague_comes(
    front: Front,
) -> None:
    visit = Visit(front, "nl")
    visit.here(ANNA)
    visit.turn("waar is mijn ketel?", "track_order")
    visit.send(person=True)
    shown = visit.until("Je staat in de rij")["messages"][-2]
    assert "• Vraag: Waar is mijn bestelling?: “waar is mijn ketel?”" in shown["text"]
    visit.press("Er klopt iets niet")
    assert visit.until("Wat moet mijn collega dan lezen?")["owner"] == "waiting"
    visit.send(text="het gaat om een lamp")
    visit.until("Dank je. Mijn collega leest dat erbij.")
    visit.send(text="een groene")
    visit.until("een groene")
    visit.claims.claim(visit.id, ANNA)
    log = front.gateway.log
    made = packet(log.history(visit.id), summaries(front.gateway.settings), "en")
    assert [each.text for each in made.corrected] == ["het gaat om een lamp"]
    assert [each.text for each in made.added] == ["een groene"]
    assert made.was_shown
    assert front.brain.asked == []


def test_the_button_under_a_summary_whose_line_is_over_is_too_late(front: Front) -> None:
    visit = Visit(front)
    visit.here(ANNA)
    visit.turn("where is it?", "track_order")
    visit.send(person=True)
    visit.until("You are in line")
    choices = [c for m in visit.state()["messages"] for c in m["choices"]]
    wrong = next(c["choice"] for c in choices if c["title"] == "Something is wrong")
    front.gateway.line._asking.leave(
        front.gateway.log.head(visit.id).position, Outcome.LEFT, "handoff_left"
    )
    visit.until("You are out of the line")
    visit.send(choice=wrong)
    assert "too late" in visit.until("too late")["messages"][-1]["text"]
    assert front.brain.asked == []
