"""Sessions: in the database, so that an end holds everywhere at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation.keyring import FileKeyring
from helder.staff.employees import Employees
from helder.staff.errors import NotSignedIn
from helder.staff.permissions import Action
from helder.staff.sessions import Sessions
from helder.staff.tables import staff_session
from tests.staff.conftest import PASSWORD, House

ENDS: dict[str, Callable[[House, str], object]] = {
    "disabled": lambda house, who: house.accounts.disable("anna"),
    "reset": lambda house, who: house.accounts.reset("anna"),
    "other roles": lambda house, who: house.accounts.set_roles("anna", ["designer"]),
    "new password": lambda house, who: house.proving.change_password(
        who, PASSWORD, "four yellow tramways"
    ),
}


@pytest.fixture
def elsewhere(house: House, engine: Engine, keyring: FileKeyring) -> Sessions:
    """As another desk process has them."""
    return Sessions(engine, Employees(engine, keyring), house.clock)


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_at_once_in_every_process(house: House, elsewhere: Sessions, end: str) -> None:
    who = house.hire()
    tokens = [house.sessions.begin(who), elsewhere.begin(who)]
    for token in tokens:
        assert elsewhere.resume(token).employee.may(Action.CLAIM)
    ENDS[end](house, who)
    for token in tokens:
        with pytest.raises(NotSignedIn):
            elsewhere.resume(token)


def test_signing_out_ends_this_session_and_no_other(house: House, elsewhere: Sessions) -> None:
    who = house.hire()
    here, there = house.sessions.begin(who), house.sessions.begin(who)
    house.sessions.end(here)
    with pytest.raises(NotSignedIn):
        elsewhere.resume(here)
    assert elsewhere.resume(there).employee.id == who


def test_half_an_hour_without_a_request_ends_it(house: House) -> None:
    token = house.sessions.begin(house.hire())
    for _ in range(3):
        house.clock.move(minutes=29)
        house.sessions.resume(token)
    house.clock.move(minutes=30)
    with pytest.raises(NotSignedIn):
        house.sessions.resume(token)


def test_eight_hours_end_it_however_busy(house: House) -> None:
    token = house.sessions.begin(house.hire())
    for _ in range(23):
        house.clock.move(minutes=20)
        house.sessions.resume(token)
    house.clock.move(minutes=20)
    with pytest.raises(NotSignedIn):
        house.sessions.resume(token)


def test_a_session_begun_while_all_were_ended_is_over(house: House, engine: Engine) -> None:
    who = house.hire()
    token = house.sessions.begin(who)
    with engine.connect() as connection:
        row = connection.execute(sa.select(staff_session)).one()
    house.accounts.set_roles("anna", ["designer"])
    with engine.begin() as connection:
        connection.execute(sa.insert(staff_session).values(**row._mapping))
    with pytest.raises(NotSignedIn):
        house.sessions.resume(token)


def test_who_reads_the_table_cannot_sign_in_with_it(house: House, engine: Engine) -> None:
    token = house.sessions.begin(house.hire())
    with engine.connect() as connection:
        row = connection.execute(sa.select(staff_session)).one()
    assert token not in map(str, row)
    for tried in (row.token, "", None, "é"):
        with pytest.raises(NotSignedIn):
            house.sessions.resume(tried)
