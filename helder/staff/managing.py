"""What is done to accounts by who looks after them. Their sessions end with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from helder.staff import naming, passwords
from helder.staff.employee import Account, Employee
from helder.staff.employees import Employees

CAPACITY = 3


class Accounts:
    """Adds, disables, enables and resets; a one-time password is told once and kept nowhere."""

    def __init__(self, employees: Employees) -> None:
        self._employees = employees

    def add(
        self,
        name: str,
        *,
        display: str,
        roles: Iterable[str],
        languages: Iterable[str],
        skills: Iterable[str] = (),
        capacity: int = CAPACITY,
    ) -> tuple[Employee, str]:
        """Somebody new, and their one-time password.

        Raises:
            BadAccount: something about them cannot be used.
            NameTaken: somebody else signs in with this name.
        """
        once = passwords.new_one_time()
        account = Account(
            name=naming.checked_name(name),
            display=naming.checked_display(display),
            roles=naming.checked_roles(roles),
            languages=naming.checked_languages(languages),
            skills=naming.checked_skills(skills),
            capacity=naming.checked_capacity(capacity),
            password=passwords.hashed(once),
        )
        return self._employees.add(account), once

    def disable(self, name: str) -> Employee:
        """They cannot sign in, and are signed out everywhere. Raises UnknownEmployee."""
        return self._set(name, disabled=True)

    def enable(self, name: str) -> Employee:
        """They may sign in again, as before. Raises UnknownEmployee."""
        return self._set(name, disabled=False)

    def set_roles(self, name: str, roles: Iterable[str]) -> Employee:
        """Other roles, from their next sign-in on. Raises UnknownEmployee, BadAccount."""
        return self._set(name, roles=naming.checked_roles(roles))

    def reset(self, name: str) -> tuple[Employee, str]:
        """A new one-time password; app, recovery codes and sessions go. Raises UnknownEmployee."""
        once = passwords.new_one_time()
        changed = self._set(
            name,
            password=passwords.hashed(once),
            one_time=True,
            secret="",
            last_step=-1,
            recovery=(),
        )
        return changed, once

    def taught(self, who: str, version: str, minute: int) -> None:
        """They have read this version of the short guide. Raises UnknownEmployee."""
        self._employees.change(who, lambda a: replace(a, taught=version, taught_at=minute))

    def _set(self, name: str, **values: object) -> Employee:
        who = self._employees.called(name).id
        changed = self._employees.change(
            who,
            lambda account: replace(account, **values),  # type: ignore[arg-type]  # as `_set` is called
            sign_out=True,
        )
        return changed.employee
