"""The employees' accounts, each sealed under a data key of its own.

A change reads the account, changes it and writes it back in one transaction, so that two changes at
once do not undo each other, and a code or recovery code cannot be used twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from helder.conversation.cipher import DataKey, WrappedKey, bind, blind_index, blind_indexes
from helder.conversation.errors import EntryTampered, KeyringError, Tampered
from helder.conversation.keyring import Keyring
from helder.conversation.wrappings import Damaged, Holders, Tell
from helder.database import reading
from helder.staff.employee import Account, Employee
from helder.staff.errors import NameTaken, UnknownEmployee
from helder.staff.naming import name_of
from helder.staff.tables import employee, staff_session

FORMAT = 1
_WHAT = "employee name"
Change = Callable[[Account], Account]


@dataclass(frozen=True)
class Kept:
    """An account and whose it is."""

    id: str
    account: Account

    @property
    def employee(self) -> Employee:
        """What others may know of it."""
        return self.account.employee(self.id)


class Employees:
    """The accounts. Every method is one transaction, and may be called in any thread."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def add(self, account: Account) -> Employee:
        """Somebody new. Raises NameTaken."""
        who = secrets.token_hex(16)
        key, wrapped = DataKey.create(self._keyring, _owner(who))
        row = {"id": who, "revision": 1, "name": self._index(account.name)}
        row |= {"key_version": wrapped.version, "wrapped_key": wrapped.wrapped}
        row |= {"commitment": wrapped.commitment}
        row |= {"body": key.seal(account.packed(), _bound(who, 1))}
        try:
            with self._engine.begin() as connection:
                if self._row(connection, self._called(account.name)) is not None:
                    raise NameTaken("Somebody signs in with this name already.")
                connection.execute(sa.insert(employee).values(**row))
        except IntegrityError:
            raise NameTaken("Somebody signs in with this name already.") from None
        return account.employee(who)

    def called(self, name: str) -> Kept:
        """Who signs in with this name.

        Raises:
            UnknownEmployee: nobody does.
            Tampered: the account is not what was written.
        """
        return self._read(self._called(name_of(name)))

    def of(self, who: str) -> Kept:
        """The account with this id. Raises UnknownEmployee, Tampered."""
        return self._read(employee.c.id == who)

    def all(self) -> list[Employee]:
        """Everybody, by the name that they sign in with. Raises Tampered."""
        with reading(self._engine).connect() as connection:
            rows = connection.execute(sa.select(employee)).all()
        found = (self._opened(row)[1].employee(row.id) for row in rows)
        return sorted(found, key=lambda each: each.name)

    def is_empty(self) -> bool:
        """Is there nobody at all?"""
        with reading(self._engine).connect() as connection:
            return connection.execute(sa.select(employee.c.id).limit(1)).first() is None

    def change(self, who: str, change: Change, *, sign_out: bool = False) -> Kept:
        """Write what `change` makes of the account; what it raises leaves all as it is.

        `sign_out` ends every session of theirs in the same transaction.

        Raises:
            UnknownEmployee, Tampered: as `of`.
        """
        with self._engine.begin() as connection:
            row = self._row(connection, employee.c.id == who, locked=True)
            if row is None:
                raise UnknownEmployee("There is no such employee.")
            key, account = self._opened(row)
            changed = change(account)
            if sign_out:
                changed = changed.all_signed_out()
                connection.execute(sa.delete(staff_session).where(staff_session.c.employee == who))
            revision = row.revision + 1
            values = {
                "revision": revision,
                "body": key.seal(changed.packed(), _bound(who, revision)),
            }
            # Under the newest index key, so that an older one can be retired.
            values |= {"name": self._index(changed.name)}
            connection.execute(sa.update(employee).where(employee.c.id == who).values(**values))
        return Kept(who, changed)

    def indexed_with(self, version: int) -> int:
        """How many are found by an index key of this version."""
        query = sa.select(sa.func.count()).select_from(employee)
        with reading(self._engine).connect() as connection:
            mine = employee.c.name.like(f"{version}.%")
            return int(connection.execute(query.where(mine)).scalar_one())

    def _read(self, which: Any) -> Kept:
        with reading(self._engine).connect() as connection:
            row = self._row(connection, which)
        if row is None:
            raise UnknownEmployee("There is no such employee.")
        return Kept(row.id, self._opened(row)[1])

    def _row(self, connection: Connection, which: Any, *, locked: bool = False) -> Any:
        query = sa.select(employee).where(which)
        return connection.execute(query.with_for_update() if locked else query).first()

    def _opened(self, row: Any) -> tuple[DataKey, Account]:
        if not isinstance(row.revision, int) or not isinstance(row.key_version, int):
            raise EntryTampered("An account was changed.")
        wrapped = WrappedKey(row.key_version, row.wrapped_key, row.commitment)
        key = DataKey.open(self._keyring, _owner(row.id), wrapped)
        account = Account.unpacked(key.open_sealed(row.body, _bound(row.id, row.revision)))
        # The fingerprint is in a plain column: it may have been exchanged with another's.
        if row.name not in blind_indexes(self._keyring, _WHAT, account.name):
            raise EntryTampered("An account was changed.")
        return key, account

    def _index(self, name: str) -> str:
        return blind_index(self._keyring, _WHAT, name)

    def _called(self, name: str) -> Any:
        return employee.c.name.in_(blind_indexes(self._keyring, _WHAT, name))


def _owner(who: str) -> str:
    return f"employee {who}"


def _bound(who: str, revision: int) -> bytes:
    return bind("helder employee", FORMAT, who, revision)


EMPLOYEES = Holders("employee", employee.c.id, _owner, ready=sa.true())


def damaged_accounts(engine: Engine, keyring: Keyring, tell: Tell) -> Iterator[Damaged]:
    """Open every account; those that are not what was written."""
    employees = Employees(engine, keyring)
    for page in EMPLOYEES.pages(engine, EMPLOYEES.ready):
        for row in page:
            try:
                employees.of(str(row.id))
            except UnknownEmployee:
                continue  # removed meanwhile
            except (Tampered, KeyringError) as error:
                yield Damaged(EMPLOYEES.what, str(row.id), f"{type(error).__name__}. {error}")
        tell(len(page))
