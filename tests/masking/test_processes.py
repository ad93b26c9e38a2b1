"""The four real processes are told cards and citizen numbers everywhere: they are found nowhere."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from helder.conversation.entries import Author, ConversationId
from tests.forgetting.search import Needles, spellings
from tests.running import Running

CARD, SECOND, THIRD, BSN = "4929718547120961", "5425233430109903", "6011000990139424", "111222333"
SPACED = " ".join(CARD[i : i + 4] for i in range(0, 16, 4))


def written(*numbers: str) -> Needles:
    """The numbers, in every spelling in which they could stand in a file."""
    forms = [
        (number, sign.join(number[i : i + 4] for i in range(0, len(number), 4)))
        for number in numbers
        for sign in ("", " ", "-")
    ]
    return Needles((name, spelling) for name, form in forms for spelling in spellings(form))


def everything_said(stack: Running, conversation: str) -> str:
    """The conversation's log, opened: messages, events and states."""
    return "\n".join(str(e) for e in stack.log().history(ConversationId(conversation)))


def files(stack: Running) -> dict[str, set[str]]:
    """In which files of the installation one of the numbers stands."""
    return written(CARD, SECOND, THIRD).found_under([stack.settings.var])


def test_a_card_in_messages_and_forms_is_in_no_entry_no_event_and_no_file(stack: Running) -> None:
    talk = stack.talk("en")
    talk.say(f"my card {SPACED} was refused, cvc 737")
    talk.say("where is my order?")
    talk.say(CARD)
    talk.say("".join(chr(0xFF10 + int(d)) for d in SECOND))
    said = everything_said(stack, talk.conversation)
    assert written(CARD, SECOND).found_in(said.encode()) == set()
    words = [
        m.text for e in stack.log().history(ConversationId(talk.conversation)) for m in e.messages
    ]
    assert not [text for text in words if "737" in text]
    assert "cvc 737" not in said
    assert files(stack) == {}


def test_who_wrote_it_is_told_once_between_the_message_and_its_answer(stack: Running) -> None:
    talk = stack.talk("nl")
    talk.say(f"{SPACED} en bsn {BSN}")
    talk.say("waar is mijn bestelling?")
    authors = [(m["author"], m["text"]) for m in talk.read()]
    assert authors[0] == ("customer", "•••• •••• •••• •••• en bsn •••••••••")
    assert authors[1][0] == "system"
    assert authors[1][1].startswith("Ik heb je kaartnummer en burgerservicenummer onleesbaar")
    assert authors[2][0] == "assistant"
    assert [author for author, _ in authors].count("system") == 1


def test_it_is_told_in_the_language_in_which_it_is_answered(stack: Running) -> None:
    talk = stack.talk("en")
    said = talk.answer(text=f"hallo, waar is mijn bestelling? ik heb betaald met mijn kaart {CARD}")
    assert said[0]["text"].startswith("Ik heb je kaartnummer")


def test_a_card_over_two_messages_is_never_there_as_a_whole(stack: Running) -> None:
    talk = stack.talk("en")
    talk.say(f"my card begins with {SECOND[:8]}")
    told = talk.say(f"and the rest is {SECOND[8:]}")
    assert told[0].startswith("I made your card number unreadable")
    said = everything_said(stack, talk.conversation)
    assert SECOND[:8] in said
    assert SECOND[8:] not in said
    assert SECOND[8:12] not in said


def test_a_card_over_two_messages_that_wait_together_is_masked_as_well(stack: Running) -> None:
    talk = stack.talk("en")
    for text in (SECOND[:8], SECOND[8:]):
        assert talk.post(id=str(uuid.uuid4()), text=text).status_code == 202
    for messages in talk.polled():
        theirs = [m["text"] for m in messages if m["author"] == "customer"]
        if len(theirs) == 2:
            break
    assert theirs == [SECOND[:8], "•" * 8]


@pytest.mark.parametrize(
    "body",
    [
        {"choice": THIRD},
        {"choice": f"1-0-{THIRD}"},
        {"id": THIRD, "text": "hello"},
        {"id": f"{THIRD[:8]}-{THIRD[8:12]}-{THIRD[12:]}-0000-000000000000", "text": "hello"},
        {"id": f"aaaaaaaa-aaaa-aaaa-{THIRD[:4]}-{THIRD[4:]}", "text": "hello"},
        {"text": "hello", THIRD: "x"},
    ],
)
def test_a_card_as_a_choice_an_id_or_a_field_is_refused_and_kept_nowhere(
    stack: Running, body: dict[str, Any]
) -> None:
    talk = stack.talk("en")
    refused = talk.post(**{"id": str(uuid.uuid4()), **body})
    assert refused.status_code in (400, 409)
    assert THIRD not in refused.text
    assert files(stack) == {}


def test_a_card_in_addresses_headers_and_broken_requests_is_in_no_file(stack: Running) -> None:
    talk = stack.talk("en")
    for base in (stack.gateway_url, stack.desk_url):
        with httpx.Client(base_url=base, timeout=20, trust_env=False) as client:
            for path in (f"/{THIRD}", f"/api/conversations/{THIRD}/messages", f"/?card={THIRD}"):
                client.get(path, headers={"User-Agent": THIRD, "Referer": f"https://x/{THIRD}"})
            client.get(talk.path, params={"after": THIRD}, headers=talk.headers)
            client.get(talk.path, headers={**talk.headers, "Last-Event-ID": THIRD})
            client.post(talk.path, content=f'{{"text": "{THIRD}', headers=talk.headers)
            client.post("/api/conversations", json={"language": THIRD, "identity": THIRD})
            with contextlib.suppress(httpx.HTTPError):  # no such method: hung up on
                client.request(THIRD, "/")
    assert files(stack) == {}


def test_a_card_in_a_left_message_and_its_contact_details_is_masked(stack: Running) -> None:
    talk = stack.talk("nl")
    talk.say("ik wil een medewerker spreken")
    talk.say(f"betaald met {SPACED}, bsn {BSN}")
    talk.say(f"jan@voorbeeld.nl of anders {CARD}")
    assert written(CARD).found_in(everything_said(stack, talk.conversation).encode()) == set()
    assert files(stack) == {}


def test_what_an_employee_says_is_masked_as_well(stack: Running) -> None:
    talk, log = stack.talk("en"), stack.log()
    log.say(ConversationId(talk.conversation), Author.EMPLOYEE, f"your card {SPACED}?", name="Anna")
    assert talk.read()[-1]["text"] == "your card •••• •••• •••• ••••?"


def test_the_search_would_have_found_them(tmp_path: Path) -> None:
    (tmp_path / "rasa.log").write_text(f"said {SPACED}")
    assert set().union(*written(CARD).found_under([tmp_path]).values()) == {CARD}
