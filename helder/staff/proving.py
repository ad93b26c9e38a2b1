"""How an employee proves who they are: name and password, then a code; and how that is changed."""

from __future__ import annotations

from dataclasses import replace

from helder.conversation.clock import Clock, utc_now
from helder.staff import codes, passwords
from helder.staff.employee import Account
from helder.staff.employees import Employees, Kept
from helder.staff.errors import NotSignedIn, UnknownEmployee, WeakPassword


class Proving:
    """Checks the proofs. Every refusal is the same `NotSignedIn`."""

    def __init__(self, employees: Employees, clock: Clock = utc_now) -> None:
        self._employees = employees
        self._clock = clock

    def by_password(self, name: str, password: str) -> Kept:
        """The first step. A wrong name takes as long as a wrong password. Raises NotSignedIn."""
        try:
            kept = self._employees.called(name)
        except UnknownEmployee:
            passwords.fits(passwords.NOBODYS, password)
            raise _refused() from None
        if not passwords.fits(kept.account.password, password) or kept.account.disabled:
            raise _refused()
        return kept

    def by_code(self, who: str, code: str) -> None:
        """The second step: a code of the app, each taken once. Raises NotSignedIn."""

        def used(account: Account) -> Account:
            step = self._step(account.secret, code, account.last_step)
            if account.disabled:
                raise _refused()
            return replace(account, last_step=step)

        self._employees.change(who, used)

    def by_recovery_code(self, who: str, code: str) -> int:
        """The second step without the app; how many codes are left. Raises NotSignedIn."""
        given = codes.hashed_recovery(who, code)

        def used(account: Account) -> Account:
            if account.disabled or not account.secret or given not in account.recovery:
                raise _refused()
            return replace(account, recovery=tuple(c for c in account.recovery if c != given))

        return len(self._employees.change(who, used).account.recovery)

    def change_password(self, who: str, former: str, new: str) -> None:
        """A new password by who knows the former one; all their sessions are over.

        Raises:
            NotSignedIn: the former password is wrong.
            WeakPassword: the new one cannot be used.
        """

        before = self._employees.of(who).account
        if not passwords.fits(before.password, former):
            raise _refused()
        passwords.refuse_weak(new, (before.name, before.name.split("@")[0], before.display))
        if passwords.fits(before.password, new):
            raise WeakPassword("same")
        made = passwords.hashed(new)  # takes long, so not while others wait for the database

        def changed(account: Account) -> Account:
            if account.password != before.password:
                raise _refused()
            return replace(account, password=made, one_time=False)

        self._employees.change(who, changed, sign_out=True)

    def enrol(self, who: str, secret: str, code: str) -> tuple[str, ...]:
        """The app knows the secret, as its code shows; the recovery codes, shown this once.

        Raises:
            NotSignedIn: the code is wrong, or there is an app already: a reset comes first.
        """
        shown = codes.new_recovery_codes()

        def enrolled(account: Account) -> Account:
            if account.disabled or account.secret:
                raise _refused()
            step = self._step(secret, code, -1)
            kept = tuple(codes.hashed_recovery(who, each) for each in shown)
            return replace(account, secret=secret, last_step=step, recovery=kept)

        self._employees.change(who, enrolled)
        return shown

    def new_recovery_codes(self, who: str) -> tuple[str, ...]:
        """Ten new ones; the former do not work any more."""
        shown = codes.new_recovery_codes()
        kept = tuple(codes.hashed_recovery(who, each) for each in shown)
        self._employees.change(who, lambda account: replace(account, recovery=kept))
        return shown

    def _step(self, secret: str, code: str, after: int) -> int:
        now = int(self._clock().timestamp())
        step = codes.step_of(secret, code, now, after) if secret else None
        if step is None:
            raise _refused()
        return step


def _refused() -> NotSignedIn:
    return NotSignedIn("Name, password or code are not right.")
