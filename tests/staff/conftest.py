"""Accounts of one's own, and somebody among them who can sign in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.engine import Engine

from helder.conversation.keyring import FileKeyring
from helder.staff import codes
from helder.staff.employees import Employees
from helder.staff.managing import Accounts
from helder.staff.proving import Proving
from helder.staff.sessions import Sessions
from tests.conversation.conftest import MovedClock as MovedClock
from tests.conversation.conftest import clock as clock
from tests.conversation.conftest import database as database
from tests.conversation.conftest import engine as engine
from tests.conversation.conftest import keyring as keyring

PASSWORD = "three green bicycles"


@dataclass
class House:
    """The accounts and all that works with them."""

    employees: Employees
    accounts: Accounts
    proving: Proving
    sessions: Sessions
    clock: MovedClock

    def hire(self, name: str = "anna", role: str = "agent") -> str:
        """Somebody who has a password of their own and an app; their id."""
        made, once = self.accounts.add(name, display="Anna", roles=[role], languages=["nl"])
        self.proving.change_password(made.id, once, PASSWORD)
        secret = codes.new_secret()
        self.proving.enrol(made.id, secret, codes.code_at(secret, self.step))
        self.clock.move(seconds=codes.STEP)
        return made.id

    def code(self, who: str) -> str:
        """What their app shows now."""
        return codes.code_at(self.employees.of(who).account.secret, self.step)

    @property
    def step(self) -> int:
        """The time step of now."""
        return int(self.clock().timestamp()) // codes.STEP


@pytest.fixture
def house(engine: Engine, keyring: FileKeyring, clock: MovedClock) -> House:
    employees = Employees(engine, keyring)
    return House(
        employees,
        Accounts(employees),
        Proving(employees, clock),
        Sessions(engine, employees, clock),
        clock,
    )
