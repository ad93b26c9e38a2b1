"""Accounts: nothing personal is readable, a change is whole, and keys can be renewed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation.errors import Tampered
from helder.conversation.keyring import INDEX, MASTER, FileKeyring, write_new
from helder.conversation.rewrap import rewrap
from helder.staff.employees import EMPLOYEES, damaged_accounts
from helder.staff.errors import BadAccount, NameTaken, UnknownEmployee
from helder.staff.permissions import ALLOWED, Action, Role
from helder.staff.tables import employee
from tests.staff.conftest import House


def ignore(_count: int) -> None:
    return None


def test_nothing_personal_can_be_read_in_the_database(
    house: House, engine: Engine, tmp_path: Path
) -> None:
    house.accounts.add(
        "anna.devries", display="Annabel", roles=["agent"], languages=["nl"], skills=["returns"]
    )
    engine.dispose()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("helder.db*"))
    assert b"employee" in written
    for personal in (b"anna.devries", b"Annabel", b"returns", b"argon2"):
        assert personal not in written


def test_a_name_is_taken_once_however_it_is_written(house: House) -> None:
    house.hire("anna")
    with pytest.raises(NameTaken):
        house.accounts.add("ANNA ", display="Anna", roles=["agent"], languages=["nl"])
    assert house.employees.called(" Anna").account.name == "anna"


def test_ten_who_take_one_name_at_once_are_one_employee(house: House) -> None:
    def take(_: int) -> bool:
        try:
            house.accounts.add("anna", display="Anna", roles=["agent"], languages=["nl"])
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(take, range(10))) == 1
    assert len(house.employees.all()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a b"},
        {"display": "  "},
        {"display": "A" * 41},
        {"roles": []},
        {"roles": ["boss"]},
        {"languages": ["fr"]},
        {"skills": ["Return policy!"]},
        {"capacity": 0},
        {"capacity": 11},
    ],
)
def test_what_cannot_be_used_is_refused_and_nobody_is_added(
    house: House, wrong: dict[str, object]
) -> None:
    right = {"name": "anna", "display": "Anna", "roles": ["agent"], "languages": ["nl"]}
    with pytest.raises(BadAccount):
        house.accounts.add(**{**right, **wrong})  # type: ignore[arg-type]  # wrong on purpose
    assert house.employees.is_empty()


def test_an_account_with_another_ones_name_or_body_does_not_open(
    house: House, engine: Engine, keyring: FileKeyring
) -> None:
    anna, bo = house.hire("anna"), house.hire("bo")
    with engine.begin() as connection:
        body = connection.execute(sa.select(employee.c.body).where(employee.c.id == bo)).scalar()
        connection.execute(sa.update(employee).where(employee.c.id == anna).values(body=body))
    with pytest.raises(Tampered):
        house.employees.called("anna")
    assert [each.id for each in damaged_accounts(engine, keyring, ignore)] == [anna]


def test_new_keys_keep_every_account_and_the_old_ones_can_go(
    house: House, engine: Engine, keyring: FileKeyring, tmp_path: Path
) -> None:
    anna = house.hire("anna")
    write_new(tmp_path / "keys", MASTER, 1)
    write_new(tmp_path / "keys", INDEX, 1)
    house.employees._keyring = fresh = FileKeyring(tmp_path / "keys")
    assert house.employees.called("anna").id == anna
    assert list(rewrap(engine, fresh, EMPLOYEES, ignore)) == []
    assert EMPLOYEES.versions(engine) == {2: 1}
    assert house.employees.indexed_with(1) == 1
    house.accounts.enable("anna")
    assert house.employees.indexed_with(1) == 0
    with pytest.raises(NameTaken):
        house.accounts.add("anna", display="Anna", roles=["agent"], languages=["nl"])


def test_who_is_not_there_cannot_be_changed(house: House) -> None:
    for act in (house.accounts.disable, house.accounts.enable, house.accounts.reset):
        with pytest.raises(UnknownEmployee):
            act("nobody")


def test_every_action_has_somebody_who_may_do_it_and_no_role_may_do_all() -> None:
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())
    for role in Role:
        assert any(role not in roles for roles in ALLOWED.values())


def test_who_looks_after_accounts_reads_no_word_of_a_customer() -> None:
    reading = (
        Action.SEE_OWN_CONVERSATION,
        Action.SEE_ANY_CONVERSATION,
        Action.WATCH_LIVE,
        Action.UNMASK,
        Action.SEARCH,
        Action.READ_LEFT_MESSAGES,
    )
    assert not [each for each in reading if Role.ADMINISTRATOR in ALLOWED[each]]
