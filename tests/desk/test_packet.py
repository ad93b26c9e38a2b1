"""What is read first, on the conversation's page: whole, masked until asked, for who may see it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from helder.audit.acts import Act
from helder.conversation.entries import ConversationId
from helder.decisions.archive import Archive
from helder.handoff.reasons import Reason
from helder.reread import Counted
from helder.reread import Reason as Read
from helder.shop.facts import FACTS
from tests.handoff.spoken import refusal, turn

from .conftest import House
from .test_line import Desk, Street
from .test_line import at_desk as at_desk
from .test_line import street as street
from .test_recorded import recorded

MAIL = "jan.smit@example.com"


def waits(street: Street, house: House, language: str = "en") -> str:
    """Somebody with a question, a refusal and an address, who asked for a person."""
    archive = Archive(house.settings.var / "policies", FACTS)
    talk = street.in_line(reason=Reason.DECISION_CONTESTED, language=language)
    no = ("utter_return_refused_not_delivered", "Nothing was delivered yet.")
    record = json.dumps([refusal(archive)])
    slots = {"order_number": "HD-204817", "account_email": MAIL, "decisions": record}
    asks = turn(f"return it, I am {MAIL}", "return_item", no, language=language, **slots)
    street.log.append(ConversationId(talk), asks)
    return talk


def test_a_colleague_reads_it_all_in_their_language(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    anna = at_desk(house.hire())
    talk = waits(street, house)
    house.clock.move(seconds=70)
    assert anna.done("/queue/next") == {"conversation": talk}
    page = anna.visitor.get(f"/conversations/{talk}/packet").text
    for said in (
        "The customer contests a decision. Judge it anew.",
        "Waited for 70 seconds.",
        "Return something: “return it, I am [email]”",
        'href="#m1"',
        "Order HD-204817",
        "HD-204817: Nothing of this order has been delivered yet",
        "The customer was shown this summary before you came.",
        "Decisions (1)",
        "HD-204817 · refused",
        "Decided again from its record just now, with the same outcome.",
        "<code>arrived is no</code>",
        "Rule not_delivered of returns, version 2026-01-01",
        "<code>order_number</code>",
        "not asked",
    ):
        assert said in page, said
    assert "decisions</code>" not in page
    dutch = anna.visitor.get(f"/conversations/{talk}/packet?language=nl").text
    assert "De klant is het niet eens met een besluit." in dutch
    assert "Er is nog niets van deze bestelling bezorgd" in dutch


def test_personal_data_is_masked_until_it_is_asked_for_and_that_is_recorded(
    street: Street, house: House, at_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Read((Counted(MAIL, 3.0), Counted("return", 2.0)), (), None)
    monkeypatch.setattr("helder.reread.RasaRereader.why", lambda *_: told)
    talk = waits(street, house)
    anna = at_desk(house.hire())
    anna.done("/queue/next")
    for part in ("packet", "read"):
        masked = anna.visitor.get(f"/conversations/{talk}/{part}").text
        assert MAIL not in masked
        assert "[email]" in masked
    assert "What counted: return" in masked
    anna.done(f"/conversations/{talk}/unmask")
    for part in ("packet", "read"):
        assert MAIL in anna.visitor.get(f"/conversations/{talk}/{part}").text
    acts = [act for act, _, about in recorded(house) if about == talk]
    assert Act.UNMASK in acts
    assert Act.VIEW in acts


def test_how_a_message_was_read_is_told_with_the_words_that_counted(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    talk = waits(street, house)
    anna = at_desk(house.hire())
    anna.done("/queue/next")
    page = anna.visitor.get(f"/conversations/{talk}/read").text
    assert "<code>return_item</code> (Return something), 97 % sure." in page
    assert "Which words counted cannot be told now." in page  # no Rasa runs here


def test_a_decision_whose_policy_was_not_kept_is_told_so(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    talk = waits(street, house)
    for kept in (house.settings.var / "policies").iterdir():
        kept.unlink()
    anna = at_desk(house.hire())
    anna.done("/queue/next")
    page = anna.visitor.get(f"/conversations/{talk}/packet").text
    assert "This decision does not come out again" in page
    assert "a reason that can no longer be replayed" in page


def test_who_may_not_see_the_conversation_sees_nothing_of_its_packet(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    talk = waits(street, house)
    other = at_desk(house.hire("bram"))
    for part in ("packet", "read"):
        answer = other.visitor.get(f"/conversations/{talk}/{part}")
        assert answer.status_code == 403
        assert "HD-204817" not in answer.text


def test_a_conversation_without_a_word_has_a_packet_too(
    street: Street, house: House, at_desk: Callable[..., Desk]
) -> None:
    talk = street.in_line()
    anna = at_desk(house.hire())
    anna.done("/queue/next")
    page = anna.visitor.get(f"/conversations/{talk}/packet").text
    assert "Nothing was said yet that can be summed up." in page
    assert anna.visitor.get(f"/conversations/{talk}/read").status_code == 200
