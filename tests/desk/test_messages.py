"""Employees read the messages that customers left, in order, and mark what is done."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from helder.handoff.messages import ALPHABET
from helder.handoff.tables import left_message

from .conftest import House
from .visitor import Visitor


def shown(page: str) -> list[str]:
    """The references in the list, in order."""
    return re.findall(r'<a href="/messages/(KD-[^"]+)">KD', page)


def test_with_no_messages_the_page_says_that_nobody_waits(agent: Visitor) -> None:
    page = agent.get("/messages").text
    assert "Nobody is waiting for an answer." in page
    assert "<table" not in page


def test_open_messages_come_first_and_of_those_the_oldest(agent: Visitor, house: House) -> None:
    for age, reference in enumerate(("KD-EEEE-EE", "KD-DDDD-DD", "KD-CCCC-CC", "KD-AAAA-AA")):
        house.leave(reference, minutes_ago=age)
    for reference in ("KD-AAAA-AA", "KD-DDDD-DD"):
        agent.press(f"/messages/{reference}", f"/messages/{reference}/handled")
        house.clock.move(minutes=1)
    page = agent.get("/messages").text
    assert shown(page) == ["KD-CCCC-CC", "KD-EEEE-EE", "KD-DDDD-DD", "KD-AAAA-AA"]


def test_the_list_tells_age_language_and_reason_but_not_who_or_what(
    agent: Visitor, house: House
) -> None:
    house.leave(text="A secret", contact="anna@example.com", language="nl", minutes_ago=300)
    page = agent.get("/messages").text
    for word in ("5 hours", "Fri 20 Nov, 09:03", "Dutch", "Asked for a person"):
        assert word in page
    assert "secret" not in page
    assert "anna" not in page


def test_a_message_is_shown_with_the_way_to_answer_it(agent: Visitor, house: House) -> None:
    house.leave(contact="anna@example.com", text="Where is\nmy kettle?", language="nl")
    page = agent.get("/messages/KD-7F3K-9Q").text
    link = 'href="mailto:anna@example.com?subject=Je%20bericht%20KD-7F3K-9Q"'
    for part in (link, "Where is\nmy kettle?", "Friday 20 November 2026, 14:03", 'lang="nl"'):
        assert part in page
    assert "18 February 2027" in page  # 90 days later, as policies/retention.yml says


def test_html_in_a_message_is_text(agent: Visitor, house: House) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7*7 }} &amp;'
    house.leave(text=evil, contact='"><b>@x')
    page = agent.get("/messages/KD-7F3K-9Q").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img" in page
    assert "{{ 7*7 }} &amp;amp;" in page
    assert "<script" not in page
    assert "<b>@x" not in page


def test_a_message_without_contact_shows_what_stands_in_its_text(
    agent: Visitor, house: House
) -> None:
    house.leave(contact="", text="Mail tom@example.com please", reason="assistant_unavailable")
    page = agent.get("/messages/KD-7F3K-9Q").text
    assert "The customer wrote this in the message." in page
    assert 'href="mailto:tom@example.com?' in page
    assert "The assistant could not answer" in page


def test_a_message_without_any_contact_says_so(agent: Visitor, house: House) -> None:
    house.leave(contact="", text="Hello?")
    assert "gave no separate e-mail address" in agent.get("/messages/KD-7F3K-9Q").text


def test_handled_and_opened_again(agent: Visitor, house: House) -> None:
    house.leave()
    here = "/messages/KD-7F3K-9Q"
    answer = agent.press(here, f"{here}/handled")
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert house.is_handled("KD-7F3K-9Q")
    assert "Handled on" in agent.get(here).text
    agent.press(here, f"{here}/handled")  # a second press changes nothing
    assert house.is_handled("KD-7F3K-9Q")
    assert agent.press(here, f"{here}/open").headers["location"] == here
    assert not house.is_handled("KD-7F3K-9Q")
    assert "Mark as handled" in agent.get(here).text


def test_a_message_leads_to_the_one_that_waits_longest(agent: Visitor, house: House) -> None:
    for reference in ("KD-AAAA-AA", "KD-CCCC-CC"):
        house.leave(reference)
        house.clock.move(minutes=1)
    assert "Next open message: KD-AAAA-AA" in agent.get("/messages/KD-CCCC-CC").text
    agent.press("/messages/KD-AAAA-AA", "/messages/KD-AAAA-AA/handled")
    assert "Next open message" not in agent.get("/messages/KD-CCCC-CC").text


@pytest.mark.parametrize("path", ["KD-QQQQ-QQ", "x", "%00", "' OR 1=1", "..%2f..", "é" * 500])
def test_an_unknown_reference_is_not_here(agent: Visitor, path: str) -> None:
    answer = agent.get(f"/messages/{path}")
    assert answer.status_code == 404
    answer = agent.post(f"/messages/{path}/handled", {"token": agent.token("/messages")})
    assert answer.status_code == 404


@pytest.mark.parametrize("typed", ["KD-7F3K-9Q", "kd 7f3k9q", " kd7f3k-9q ", "7f3k9q"])
def test_a_message_is_found_however_its_reference_is_typed(
    agent: Visitor, house: House, typed: str
) -> None:
    house.leave("KD-7F3K-9Q")
    answer = agent.get("/messages/find", params={"reference": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, "/messages/KD-7F3K-9Q")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the reference"),
        ("KD-OOPS", "That is not a reference"),
        ('"><script>', "That is not a reference"),
        ("KD-QQQQ-QQ", "There is no message with this reference"),
    ],
)
def test_a_reference_that_finds_nothing_says_why(agent: Visitor, typed: str, sentence: str) -> None:
    answer = agent.get("/messages/find", params={"reference": typed})
    assert answer.status_code == 404
    assert sentence in answer.text
    assert "<script" not in answer.text


def test_a_long_list_comes_in_pages(agent: Visitor, house: House) -> None:
    letters = [f"KD-{a}{b}AA-AA" for a in ALPHABET[:11] for b in ALPHABET[:5]]
    for reference in letters:
        house.leave(reference)
    agent.press(f"/messages/{letters[0]}", f"/messages/{letters[0]}/handled")
    first, second = agent.get("/messages").text, agent.get("/messages?page=2").text
    assert (len(shown(first)), len(shown(second))) == (50, 5)
    assert shown(second)[-1] == letters[0]
    assert sorted(shown(first) + shown(second)) == sorted(letters)
    assert agent.get("/messages?page=999").text.count("Page 2 of 2") == 1
    for wrong in ("0x2", "-1", "", "²", "9" * 30):
        assert agent.get("/messages", params={"page": wrong}).status_code == 404


def test_a_message_that_was_tampered_with_is_not_shown(agent: Visitor, house: House) -> None:
    house.leave(text="The true words")
    with house.engine.begin() as connection:
        connection.execute(sa.update(left_message).values(reason="another_reason"))
    answer = agent.get("/messages/KD-7F3K-9Q")
    assert answer.status_code == 500
    assert "This message cannot be opened" in answer.text
    assert "true words" not in answer.text
    assert agent.get("/messages").status_code == 200


def test_a_database_that_is_gone_is_told_and_nothing_else_breaks(
    agent: Visitor, house: House
) -> None:
    left_message.drop(house.engine)
    answer = agent.get("/messages")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "We cannot reach the messages" in answer.text
    assert agent.get("/healthz").json() == {"alive": True}


def test_a_reason_without_words_is_shown_as_its_code(agent: Visitor, house: House) -> None:
    house.leave(reason="something_new")
    assert "something new" in agent.get("/messages").text
