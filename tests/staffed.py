"""Somebody who works at the desk of an installation that runs on the true time."""

from __future__ import annotations

import time

from helder.database import connect
from helder.desk.guide import version
from helder.desk.texts import Texts
from helder.installation import keyring_of
from helder.settings import Settings
from helder.staff import codes
from helder.staff.employees import Employees
from helder.staff.managing import Accounts
from helder.staff.proving import Proving
from helder.staff.sessions import Sessions

PASSWORD = "seven green kettles"


def somebodys_session(settings: Settings, *roles: str) -> str:
    """The session of a new employee, an agent if nothing else is said."""
    engine = connect(settings.database_url)
    employees = Employees(engine, keyring_of(settings))
    accounts, proving = Accounts(employees), Proving(employees)
    name, chosen = f"agent{len(employees.all())}", roles or ("agent",)
    display = name.capitalize()
    employee, once = accounts.add(name, display=display, roles=chosen, languages=["en", "nl"])
    proving.change_password(employee.id, once, PASSWORD)
    secret = codes.new_secret()
    proving.enrol(employee.id, secret, codes.code_at(secret, int(time.time()) // codes.STEP))
    texts = Texts(settings.project / "policies" / "desk.yml")
    accounts.taught(employee.id, version(texts), int(time.time()) // 60)
    session = Sessions(engine, employees).begin(employee.id)
    engine.dispose()
    return session
