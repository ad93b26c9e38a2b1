"""`helder agents …`: who may sign in to the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from helder.audit.acts import SYSTEM, Act
from helder.commands.screen import line
from helder.refusal import Refusal

if TYPE_CHECKING:
    from helder.audit.audit import Audit
    from helder.settings import Settings
    from helder.staff.employee import Employee
    from helder.staff.employees import Employees
    from helder.staff.managing import Accounts

app = typer.Typer(
    help="Who may sign in to the desk: add, list, disable, enable, reset, roles.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(help="the name that they sign in with", show_default=False)]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help="agent, supervisor, privacy_officer, designer or administrator"),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="en or nl; as often as they speak one"),
]
Skills = Annotated[
    list[str] | None,
    typer.Option("--skill", help="what they are asked for in particular, such as returns"),
]


@app.command()
def add(
    name: Name,
    display: Annotated[str, typer.Option(help="the name that customers see")] = "",
    role: Roles = None,
    language: Languages = None,
    skill: Skills = None,
    capacity: Annotated[int, typer.Option(help="conversations at once, 1 to 10")] = 3,
) -> None:
    """Add somebody, and print their one-time password, this once."""
    with _accounts() as (accounts, _, audit):
        employee, once = accounts.add(
            name,
            display=display or name.partition("@")[0].capitalize(),
            roles=role or [],
            languages=language or [],
            skills=skill or [],
            capacity=capacity,
        )
        _record_added(audit, employee)
    line(f"✓ added {employee.name}")
    _tell(once)


@app.command("list")
def show() -> None:
    """Show everybody, and whether they may sign in."""
    with _accounts() as (_, employees, _audit):
        found = employees.all()
    if not found:
        line("There is nobody yet; `helder agents add` adds somebody.")
    for each in found:
        about = [
            ", ".join(sorted(role.value for role in each.roles)),
            " ".join(sorted(each.languages)),
            " ".join(sorted(each.skills)),
            f"up to {each.capacity} at once",
            "no authenticator app yet" if not each.enrolled else "",
            "one-time password" if each.one_time else "",
            "disabled" if each.disabled else "",
        ]
        line(f"{each.name} ({each.display}): {'; '.join(part for part in about if part)}")


@app.command()
def disable(name: Name) -> None:
    """Somebody may not sign in any more, and is signed out at once."""
    with _accounts() as (accounts, employees, audit):
        audit.record(Act.ACCOUNT, SYSTEM, employees.called(name).id, change="disabled")
        accounts.disable(name)
    line(f"✓ {name} is disabled and signed out everywhere")


@app.command()
def enable(name: Name) -> None:
    """Somebody may sign in again, with the password and app that they had."""
    with _accounts() as (accounts, employees, audit):
        audit.record(Act.ACCOUNT, SYSTEM, employees.called(name).id, change="enabled")
        accounts.enable(name)
    line(f"✓ {name} may sign in again")


@app.command()
def roles(name: Name, role: Roles = None) -> None:
    """Give somebody other roles; they sign in anew."""
    from helder.staff.naming import checked_roles

    with _accounts() as (accounts, employees, audit):
        chosen = checked_roles(role or [])
        before = employees.called(name)
        change = {"before": _written(before.account.roles), "after": _written(chosen)}
        audit.record(Act.ROLE_CHANGE, SYSTEM, before.id, **change)
        now = accounts.set_roles(name, chosen)
    line(f"✓ {name} is now: {', '.join(sorted(each.value for each in now.roles))}")


@app.command()
def reset(name: Name) -> None:
    """Give a new one-time password; the app, recovery codes and sessions are gone."""
    with _accounts() as (accounts, employees, audit):
        audit.record(Act.ACCOUNT, SYSTEM, employees.called(name).id, change="reset")
        _employee, once = accounts.reset(name)
    line(f"✓ reset {name}; they set up their authenticator app again")
    _tell(once)


def first_agent(settings: Settings) -> str:
    """How to get in where nobody can yet: on one's own machine, an agent to try the desk with.

    Behind a proxy customers may come, so an administrator is left to say who may answer them.
    """
    with _accounts() as (accounts, employees, audit):
        if not employees.is_empty():
            return ""
        if settings.trust_proxy:
            return "; add them with `.venv/bin/helder agents add`"
        roles, languages = ["agent", "supervisor"], ["en", "nl"]
        employee, once = accounts.add("demo", display="Demo", roles=roles, languages=languages)
        _record_added(audit, employee)
    return (
        f", for a first look as {employee.name} with the one-time password {once} (shown this once)"
    )


@contextmanager
def _accounts() -> Iterator[tuple[Accounts, Employees, Audit]]:
    from helder.audit.errors import AuditDamaged
    from helder.commands.opened import opened
    from helder.conversation.errors import Tampered
    from helder.installation import audit_of
    from helder.staff.employees import Employees
    from helder.staff.errors import BadAccount, NameTaken, UnknownEmployee
    from helder.staff.managing import Accounts

    with opened() as here:
        employees = Employees(here.engine, here.keyring)
        try:
            yield Accounts(employees), employees, audit_of(here.settings, here.engine, here.keyring)
        except (BadAccount, NameTaken) as error:
            raise Refusal(str(error)) from None
        except UnknownEmployee:
            raise Refusal(
                "Nobody signs in with this name; `helder agents list` shows who does."
            ) from None
        except (Tampered, AuditDamaged):
            raise Refusal(
                "An account or the audit is not what was written; `helder log verify` and "
                "`helder audit verify` say which."
            ) from None


def _record_added(audit: Audit, employee: Employee) -> None:
    """Nobody has an id before they are there. While this fails, their password is not told."""
    roles = _written(role.value for role in employee.roles)
    audit.record(Act.ACCOUNT, SYSTEM, employee.id, change="added", roles=roles)


def _written(roles: Iterable[str]) -> str:
    return " ".join(sorted(roles))


def _tell(once: str) -> None:
    line(f"  One-time password: {once}")
    line("  It is shown this once and kept nowhere. They change it at their first sign-in.")
