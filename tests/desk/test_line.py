"""Working in the queue: taking, talking, passing on, giving back; and only what is one's own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import Author, ConversationId, Owner
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.database import reading
from helder.handoff import tickets
from helder.handoff.asking import Asking
from helder.handoff.presence import Presences
from helder.handoff.reasons import Reason
from helder.texts import Texts
from tests.handoff.house import POLICIES

from .conftest import Hired, House
from .visitor import Visitor

Json = dict[str, Any]


class Street:
    """Customers of the same installation."""

    def __init__(self, house: House) -> None:
        keyring, anchor = FileKeyring(house.settings.keys), FileAnchor(house.settings.anchor)
        self.log = ConversationLog(house.engine, keyring, house.clock, anchor)
        self.asking = Asking(self.log, Texts(POLICIES / "texts.yml"))

    def in_line(self, *words: str, reason: Reason = Reason.ASKED, language: str = "en") -> str:
        """A customer who waits, and what they wrote before."""
        conversation = self.log.open(language, timedelta(hours=8)).conversation
        for text in words:
            self.log.say(conversation, Author.CUSTOMER, text)
        self.asking.ask(self.log.head(conversation).position, reason)
        return conversation

    def said(self, conversation: str) -> list[str]:
        _head, shown = self.log.shown(ConversationId(conversation), 0)
        return [each.message.text for each in shown]

    def owner(self, conversation: str) -> Owner:
        return self.log.head(ConversationId(conversation)).owner


class Desk:
    """A colleague at their desk, as the page's script acts for them."""

    def __init__(self, visitor: Visitor, token: str) -> None:
        self.visitor = visitor
        self.token = token

    def send(self, path: str, **fields: str) -> httpx.Response:
        origin = str(self.visitor.client.base_url).rstrip("/")
        headers = {"Origin": origin, "Accept": "application/json"}
        data = {**fields, "token": self.token}
        return self.visitor.client.post(path, data=data, headers=headers)

    def done(self, path: str, **fields: str) -> Json:
        answer = self.send(path, **fields)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def refused(self, path: str, **fields: str) -> tuple[int, str]:
        answer = self.send(path, **fields)
        return answer.status_code, answer.json()["code"]

    def heard(self, path: str, event: str) -> Any:
        """What the first event of this name in a stream says."""
        with self.visitor.client.stream("GET", path) as stream:
            lines = stream.iter_lines()
            for line in lines:
                if line == f"event: {event}":
                    return json.loads(next(lines).removeprefix("data: "))
        raise AssertionError(f"no {event} came")

    def all_heard(self, path: str, count: int) -> list[Json]:
        """So many messages of a stream."""
        found: list[Json] = []
        with self.visitor.client.stream("GET", path) as stream:
            lines = stream.iter_lines()
            for line in lines:
                if line == "event: message":
                    found.append(json.loads(next(lines).removeprefix("data: ")))
                if len(found) == count:
                    break
        return found


@pytest.fixture
def street(house: House) -> Iterator[Street]:
    made = Street(house)
    yield made
    made.log.anchor.close()  # type: ignore[attr-defined]  # a FileAnchor


@pytest.fixture
def at_desk(come: Callable[..., Visitor], house: House) -> Callable[..., Desk]:
    def make(hired: Hired) -> Desk:
        visitor = come().sign_in(house.session(hired.id))
        return Desk(visitor, visitor.token("/account"))

    return make


def test_the_next_is_taken_talked_to_and_given_back(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna = at_desk(house.hire())
    waiting = street.in_line("my kettle broke", reason=Reason.COMPLAINT)
    lists = anna.heard("/queue/live", "lists")
    assert [row["reason"] for row in lists["waiting"]] == ["The customer has a complaint."]
    assert any("complaint" in line for line in lists["waiting"][0]["why"])
    assert lists["next"]
    assert anna.done("/queue/next") == {"conversation": waiting}
    here = f"/conversations/{waiting}"
    assert "Your reply" in anna.visitor.get(here).text
    id_ = str(uuid.uuid4())
    for _ in range(2):
        anna.done(f"{here}/say", text="Hello, I am Anna.", id=id_)
    assert street.said(waiting).count("Hello, I am Anna.") == 1
    said = anna.all_heard(f"{here}/live", 3)
    assert [each["author"] for each in said] == ["customer", "system", "employee"]
    assert [each["number"] for each in anna.all_heard(f"{here}/live?after=1", 2)] == [2, 3]
    anna.done(f"{here}/note", text="Wants a new one.")
    assert anna.heard(f"{here}/live", "notes")[0]["note"] == "Wants a new one."
    assert "Wants a new one." not in street.said(waiting)
    anna.done(f"{here}/give-back")
    assert street.owner(waiting) is Owner.ASSISTANT
    anna.done(f"{here}/reopen")
    anna.done(f"{here}/close")
    assert street.owner(waiting) is Owner.CLOSED


def test_what_is_not_ones_own_is_refused_and_nothing_changes(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna, bram = at_desk(house.hire()), at_desk(house.hire("bram"))
    waiting = street.in_line()
    anna.done("/queue/next")
    here = f"/conversations/{waiting}"
    before = street.said(waiting)
    assert bram.visitor.get(here).status_code == 403
    assert bram.visitor.get(f"{here}/live").status_code == 403
    for act in ("say", "note", "give-back", "close", "pass-on", "unmask", "typing", "reopen"):
        assert bram.send(f"{here}/{act}", text="hello", id="12345678").status_code == 403, act
    assert bram.refused(f"{here}/claim", why="mine") == (403, "not_allowed")
    assert bram.refused(f"{here}/step-in") == (403, "not_allowed")
    assert street.said(waiting) == before
    assert bram.refused("/queue/next") == (409, "nobody_waits")


def test_of_two_who_press_at_once_one_gets_the_customer(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna, bram = at_desk(house.hire()), at_desk(house.hire("bram"))
    waiting = street.in_line()
    assert anna.done("/queue/next")["conversation"] == waiting
    assert bram.refused("/queue/next") == (409, "nobody_waits")


def test_a_supervisor_takes_out_of_turn_with_a_reason_and_steps_in(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    street.in_line()
    house.clock.move(minutes=1)
    second = street.in_line()
    lead = at_desk(house.hire("lea", "supervisor"))
    assert lead.refused(f"/conversations/{second}/claim") == (400, "no_reason")
    lead.done(f"/conversations/{second}/claim", why="She called an ambulance.")
    assert street.owner(second) is Owner.EMPLOYEE
    live = street.log.open("en", timedelta(hours=1)).conversation
    for text in ("hello", "are you there?"):
        street.log.say(live, Author.CUSTOMER, text)
    lists = lead.heard("/queue/live", "lists")
    assert live in [row["conversation"] for row in lists["live"]]
    lead.done(f"/conversations/{live}/step-in")
    assert street.owner(live) is Owner.EMPLOYEE


def test_personal_data_is_hidden_until_it_is_asked_for_and_then_in_that_session_only(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    hired = house.hire()
    anna, elsewhere = at_desk(hired), at_desk(hired)
    waiting = street.in_line("mail me at sanne@example.nl or call 06 12345678")
    anna.done("/queue/next")
    here = f"/conversations/{waiting}"
    hidden = anna.all_heard(f"{here}/live", 1)[0]
    assert "sanne@example.nl" not in hidden["text"]
    assert "12345678" not in hidden["text"]
    assert hidden["hidden"]
    anna.done(f"{here}/unmask")
    assert "sanne@example.nl" in anna.all_heard(f"{here}/live", 1)[0]["text"]
    assert "sanne@example.nl" not in elsewhere.all_heard(f"{here}/live", 1)[0]["text"]


def test_it_is_passed_on_to_a_colleague_who_is_there_with_a_note(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    bram_hired = house.hire("bram", skills=["invoices"])
    anna, bram = at_desk(house.hire()), at_desk(bram_hired)
    waiting = street.in_line()
    anna.done("/queue/next")
    here = f"/conversations/{waiting}"
    to = f"person:{bram_hired.id}"
    assert anna.refused(f"{here}/pass-on", to=to) == (409, "nobody_such")
    assert anna.heard(f"{here}/live", "colleagues") == []
    bram.heard("/queue/live", "lists")  # his desk is open
    assert anna.heard(f"{here}/live", "colleagues") == [
        {"value": to, "title": "Bram"},
        {"value": "skill:invoices", "title": "invoices"},
    ]
    anna.done(f"{here}/pass-on", to=to, text="About invoices.")
    assert bram.heard("/queue/live", "lists")["waiting"][0]["for_me"]
    assert bram.done("/queue/next")["conversation"] == waiting
    assert bram.heard(f"{here}/live", "notes")[0]["note"] == "About invoices."
    assert anna.refused(f"{here}/say", text="bye", id="12345678")[0] == 403


def test_an_open_desk_is_what_says_that_somebody_is_there(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna = at_desk(house.hire())
    presences = Presences(house.engine, house.clock)
    assert not presences.anybody("en")
    anna.heard("/queue/live", "lists")
    assert presences.anybody("en")
    anna.done("/queue/available", available="no")
    anna.heard("/queue/live", "lists")
    assert not presences.anybody("en")
    anna.done("/queue/available", available="yes")
    waiting = street.in_line()
    anna.done("/queue/next")
    house.clock.move(seconds=60)
    assert not presences.anybody("en")
    anna.heard(f"/conversations/{waiting}/live", "colleagues")  # this page says it too
    assert presences.anybody("en")
    anna.visitor.press("/account", "/sign-out")
    assert not presences.anybody("en")


def test_more_than_ones_hands_can_hold_is_refused(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna = at_desk(house.hire(capacity=1))
    street.in_line()
    street.in_line()
    anna.done("/queue/next")
    assert anna.refused("/queue/next") == (409, "full_hands")
    assert anna.heard("/queue/live", "lists")["full"]


def test_both_see_who_else_is_there_and_the_customers_typing(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna, lead = at_desk(house.hire()), at_desk(house.hire("lea", "supervisor"))
    waiting = street.in_line()
    anna.done("/queue/next")
    here = f"/conversations/{waiting}"
    lead.done(f"{here}/typing", typing="yes")
    state = anna.heard(f"{here}/live", "state")
    assert state["others"] == [{"name": "Lea", "typing": True}]
    lead.done(f"{here}/typing", gone="yes")
    assert anna.heard(f"{here}/live", "state")["others"] == []


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_reply_that_is_none_is_refused(
    street: Street, house: House, at_desk: Callable[..., Desk], text: str
) -> None:
    anna = at_desk(house.hire())
    waiting = street.in_line()
    anna.done("/queue/next")
    path = f"/conversations/{waiting}/say"
    assert anna.refused(path, text=text, id="12345678") == (400, "empty_text")
    assert anna.refused(path, text="x", id="1") == (400, "bad_request")


def test_a_conversation_that_never_was_is_not_there(
    house: House, at_desk: Callable[..., Desk]
) -> None:
    lead = at_desk(house.hire("lea", "supervisor"))
    assert lead.visitor.get(f"/conversations/{'0' * 32}").status_code == 404


def test_without_the_token_or_from_elsewhere_nothing_is_done(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna = at_desk(house.hire())
    waiting = street.in_line()
    anna.token = "forged"
    assert anna.refused("/queue/next") == (403, "old_form")
    answer = anna.visitor.client.post(
        "/queue/next", data={"token": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert street.owner(waiting) is Owner.WAITING


@pytest.mark.parametrize("typed", ["#{}", "{}", " # {} "])
def test_a_conversation_is_found_by_its_number_by_who_may_see_it(
    street: Street, at_desk: Callable[..., Desk], house: House, typed: str
) -> None:
    anna, bram = at_desk(house.hire()), at_desk(house.hire("bram"))
    petra, talk = at_desk(house.hire("petra", "privacy_officer")), street.in_line("hello")
    anna.done("/queue/next")
    with reading(house.engine).begin() as connection:
        ticket = tickets.last_of(connection, ConversationId(talk))
    assert ticket is not None
    asked = {"reference": typed.format(ticket.number)}
    found = anna.visitor.get("/messages/find", params=asked)
    assert found.headers["location"] == f"/conversations/{talk}"
    for other in (bram, petra):
        answer = other.visitor.get("/messages/find", params=asked)
        assert answer.status_code == 404
        assert "You have no conversation with this number." in answer.text
        assert talk not in answer.text
    for wrong in ("#999", "#0", "#12345678901", "#-1"):
        assert anna.visitor.get("/messages/find", params={"reference": wrong}).status_code == 404
