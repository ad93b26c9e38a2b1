"""The supervisor's figures: what is shown and exported is what happened, and names nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helder.audit.acts import Act
from helder.conversation.entries import ConversationId
from helder.database import reading
from helder.handoff import tickets
from helder.handoff.ratings import About, Ratings
from helder.handoff.tables import rating, service
from helder.handoff.tickets import Outcome

from .conftest import House
from .test_line import Desk, Street
from .test_line import at_desk as at_desk
from .test_line import street as street
from .test_recorded import audit
from .visitor import Visitor

TODAY = "2026-11-20"


@pytest.fixture
def lead(house: House, at_desk: Callable[..., Desk]) -> Desk:
    return at_desk(house.hire("lea", "supervisor"))


def exported(visitor: Visitor, days: int = 7) -> dict[str, dict[str, str]]:
    """The CSV by day."""
    answer = visitor.get(f"/figures.csv?days={days}")
    assert answer.status_code == 200, answer.text
    return {row["day"]: row for row in csv.DictReader(io.StringIO(answer.text))}


def served(house: House, number: int, minute: int, outcome: Outcome, *seconds: int | None) -> None:
    """A ticket that has ended: waited, answered, handled."""
    waited, answered, handled = seconds
    row = {"number": number, "minute": minute, "language": "en", "reason": "asked"}
    row |= {"waited": waited, "answered": answered, "handled": handled, "outcome": outcome.value}
    with house.engine.begin() as connection:
        connection.execute(sa.insert(service).values(employee=None, **row))


def test_what_was_done_at_the_desk_is_in_the_figures(
    street: Street, lead: Desk, house: House
) -> None:
    talk = street.in_line("hello")
    house.clock.move(seconds=90)
    lead.done("/queue/next")
    house.clock.move(seconds=20)
    lead.done(f"/conversations/{talk}/say", text="Hello!", id="12345678")
    house.clock.move(seconds=100)
    lead.done(f"/conversations/{talk}/give-back")
    Ratings(street.log).rate(ConversationId(talk), About.EMPLOYEE, 4)
    today = exported(lead.visitor)[TODAY]
    assert (today["asked"], today["returned"], today["abandoned"]) == ("1", "1", "0")
    assert (today["waited"], today["answered"], today["handled"]) == ("90", "20", "120")
    assert (today["employee"], today["employee_ratings"], today["assistant"]) == ("4", "1", "")
    page = lead.visitor.get("/figures").text
    assert "1:30" in page
    assert "2:00" in page
    assert "4.0" in page
    assert "4,0" in lead.visitor.get("/figures?language=nl").text


def test_times_are_medians_of_those_who_were_helped_and_the_others_are_counted(
    lead: Desk, house: House
) -> None:
    now = int(house.clock().timestamp()) // 60
    for number, waited in enumerate((10, 20, 90)):
        served(house, number, now, Outcome.CLOSED, waited, 5, 60)
    served(house, 10, now, Outcome.ABANDONED, 3_600, None, None)
    served(house, 11, now, Outcome.LEFT, 3_600, None, None)
    served(house, 12, now, Outcome.MESSAGE, 3_600, None, None)
    today = exported(lead.visitor)[TODAY]
    assert (today["asked"], today["waited"]) == ("6", "20")
    assert (today["abandoned"], today["left_message"], today["returned"]) == ("2", "1", "0")


def test_a_day_begins_at_midnight_where_the_shop_is(lead: Desk, house: House) -> None:
    midnight = house.clock().replace(hour=23, minute=0)  # of the 21st, in Amsterdam
    first = int(midnight.timestamp()) // 60 - 24 * 60
    served(house, 1, first - 1, Outcome.CLOSED, 1, 1, 1)
    served(house, 2, first, Outcome.CLOSED, 1, 1, 1)
    found = exported(lead.visitor)
    assert found["2026-11-19"]["asked"] == "1"
    assert found[TODAY]["asked"] == "1"


def test_a_period_has_all_its_days_also_over_the_change_of_the_clock(
    lead: Desk, house: House
) -> None:
    found = exported(lead.visitor, 90)
    assert len(found) == 90
    assert next(iter(found)) == str((house.clock() - timedelta(days=89)).date())
    assert list(found)[-1] == TODAY


def test_an_export_is_recorded_and_a_look_is_none(lead: Desk, house: House) -> None:
    lead.visitor.get("/figures")
    assert audit(house).entries() == ()
    exported(lead.visitor, 28)
    (entry,) = audit(house).entries()
    assert (entry.act, entry.subject, dict(entry.detail)) == (Act.EXPORT, "figures", {"days": 28})


def test_a_designer_sees_them_and_exports_nothing(visitor: Visitor, house: House) -> None:
    visitor.sign_in(house.session(house.hire("dora", "designer").id))
    page = visitor.get("/figures")
    assert page.status_code == 200
    assert "figures.csv" not in page.text
    assert visitor.get("/figures.csv").status_code == 403


def test_nothing_yet_is_said_and_a_period_that_is_not_offered_is_refused(lead: Desk) -> None:
    assert "Nobody has asked for a person in these days." in lead.visitor.get("/figures").text
    for days in ("", "0", "-1", "8", "7.0", "9" * 50):
        assert lead.visitor.get(f"/figures?days={days}").status_code == 400
        assert lead.visitor.get(f"/figures.csv?days={days}").status_code == 400


def test_a_second_rating_of_the_same_colleague_replaces_the_first(
    street: Street, lead: Desk, house: House
) -> None:
    talk = street.in_line("hello")
    lead.done("/queue/next")
    lead.done(f"/conversations/{talk}/close")
    for score in (1, 5):
        Ratings(street.log).rate(ConversationId(talk), About.EMPLOYEE, score)
    today = exported(lead.visitor)[TODAY]
    assert (today["employee"], today["employee_ratings"]) == ("5", "1")
    with reading(house.engine).begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(rating)).scalar() == 1
        assert tickets.last_of(connection, ConversationId(talk)) is not None
