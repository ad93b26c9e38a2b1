"""What employees do at the desk is in the audit, and what cannot be recorded is not done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helder.audit.acts import UNKNOWN, Act
from helder.audit.audit import Audit
from helder.audit.tables import audit_head
from helder.conversation.entries import Author, Owner
from helder.conversation.keyring import FileKeyring
from helder.desk.recording import Recording
from helder.handoff.happened import Did
from helder.installation import audit_of

from .conftest import PASSWORD, House
from .test_line import Desk, Street
from .test_line import at_desk as at_desk
from .test_line import street as street
from .visitor import Visitor

REFERENCE = "KD-7F3K-9Q"


def audit(house: House) -> Audit:
    keyring = FileKeyring(house.settings.keys)
    return audit_of(house.settings, house.engine, keyring, house.clock)


def recorded(house: House) -> list[tuple[Act, str, str]]:
    """All of it, oldest first: what, who, about what."""
    return [(each.act, each.actor, each.subject) for each in audit(house).entries()][::-1]


def break_audit(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(sa.update(audit_head).values(tag=bytes(32)))


def test_getting_in_and_out_and_not_getting_in(
    visitor: Visitor, come: Callable[..., Visitor], house: House
) -> None:
    anna = house.hire()
    visitor.try_password("anna", "wrong")
    visitor.try_password("nobody", PASSWORD)
    visitor.try_password("anna", PASSWORD)
    visitor.try_code("000000")
    visitor.try_code(house.code(anna.secret))
    visitor.press("/account", "/sign-out")
    assert recorded(house) == [
        (Act.SIGN_IN_REFUSED, UNKNOWN, ""),
        (Act.SIGN_IN_REFUSED, UNKNOWN, ""),
        (Act.SIGN_IN_REFUSED, anna.id, ""),
        (Act.SIGN_IN, anna.id, ""),
        (Act.SIGN_OUT, anna.id, ""),
    ]
    assert audit(house).verify().whole


def test_looking_at_a_left_message_looking_for_it_and_marking_it(
    at_desk: Callable[..., Desk], house: House
) -> None:
    hired = house.hire()
    anna = at_desk(hired)
    house.leave(REFERENCE)
    page = f"/messages/{REFERENCE}"
    anna.visitor.get("/messages/find?reference=7f3k9q")
    anna.visitor.get("/messages/find?reference=my+name+is+anna")
    anna.visitor.get(page)
    anna.send(f"{page}/handled")
    anna.send(f"{page}/open")
    assert recorded(house) == [
        (act, hired.id, REFERENCE) for act in (Act.SEARCH, Act.VIEW, Act.HANDLED, Act.REOPEN)
    ]


def test_everything_that_is_done_with_a_conversation(
    street: Street, at_desk: Callable[..., Desk], house: House
) -> None:
    hired, other = house.hire(), house.hire("bram")
    anna, bram = at_desk(hired), at_desk(other)
    talk = street.in_line("hello")
    here = f"/conversations/{talk}"
    anna.done("/queue/next")
    anna.all_heard(f"{here}/live", 1)
    anna.done(f"{here}/unmask")
    anna.done(f"{here}/note", text="A secret of hers.")
    bram.heard("/queue/live", "lists")
    anna.done(f"{here}/pass-on", to=f"person:{other.id}", text="About invoices.")
    bram.done("/queue/next")
    for act in ("give-back", "reopen", "close"):
        bram.done(f"{here}/{act}")
    by_anna = (Act.CLAIM, Act.VIEW, Act.UNMASK, Act.NOTE, Act.TRANSFER)
    by_bram = (Act.CLAIM, Act.GIVE_BACK, Act.REOPEN, Act.CLOSE)
    assert recorded(house) == [
        *((act, hired.id, talk) for act in by_anna),
        *((act, other.id, talk) for act in by_bram),
    ]
    details = str([dict(each.detail) for each in audit(house).entries()])
    assert "secret" not in details
    assert "invoices" not in details
    assert audit(house).verify().whole


def test_who_takes_somebody_out_of_turn_or_from_the_assistant(
    street: Street, at_desk: Callable[..., Desk], house: House
) -> None:
    hired = house.hire("lea", "supervisor")
    lea, _first, second = at_desk(hired), street.in_line(), street.in_line()
    live = street.log.open("en", timedelta(hours=1)).conversation
    street.log.say(live, Author.CUSTOMER, "hello")
    lea.done(f"/conversations/{second}/claim", why="She called an ambulance.")
    lea.done(f"/conversations/{live}/step-in")
    assert recorded(house) == [(Act.CLAIM, hired.id, second), (Act.STEP_IN, hired.id, live)]
    detail = audit(house).entries(act=Act.CLAIM)[0].detail
    assert (detail["turn"], detail["why"]) == ("out", "She called an ambulance.")


def test_a_view_is_recorded_whatever_the_browser_says_of_having_looked_before(
    street: Street, at_desk: Callable[..., Desk], house: House
) -> None:
    hired = house.hire()
    anna, elsewhere = at_desk(hired), at_desk(hired)
    talk = street.in_line("one", "two", "three")
    anna.done("/queue/next")
    here = f"/conversations/{talk}/live"
    anna.all_heard(f"{here}?after=1", 2)
    view = (Act.VIEW, hired.id, talk)
    assert recorded(house)[1:] == [view]
    anna.all_heard(f"{here}?after=2", 1)  # whose stream was cut comes back, and looked already
    assert recorded(house)[1:] == [view]
    elsewhere.all_heard(f"{here}?after=2", 1)
    assert recorded(house)[1:] == [view, view]


def test_what_cannot_be_recorded_is_not_done(
    street: Street, at_desk: Callable[..., Desk], visitor: Visitor, house: House
) -> None:
    hired = house.hire()
    anna, talk = at_desk(hired), street.in_line("hello")
    house.leave(REFERENCE, text="Where is my kettle?")
    audit(house).record(Act.SIGN_IN, hired.id)
    break_audit(house)
    assert anna.send("/queue/next").status_code == 503
    assert street.owner(talk) is Owner.WAITING  # and it is not locked: nothing is wrong with it
    page = anna.visitor.get(f"/messages/{REFERENCE}")
    assert page.status_code == 503
    assert "kettle" not in page.text
    assert anna.send(f"/messages/{REFERENCE}/handled").status_code == 503
    assert not house.is_handled(REFERENCE)
    visitor.try_password("anna", PASSWORD)
    assert visitor.try_code(house.code(hired.secret)).status_code == 503
    assert not visitor.is_signed_in()


@pytest.mark.parametrize("waiting", [1, 5_000])
def test_a_claim_is_recorded_however_many_wait(house: House, waiting: int) -> None:
    """The order of the whole line belongs to it; some 310 bytes for each who waits."""
    ordering = "x" * 310 * waiting
    with house.engine.begin() as connection:
        record = Recording(audit(house))
        record(connection, Did.CLAIMED, "anna", "conversation", ordering=ordering)
    assert audit(house).entries()[0].detail == {"ordering": ordering}
