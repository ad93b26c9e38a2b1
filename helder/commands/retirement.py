"""Whether an old key may be destroyed: asked of everything that may still need it."""

from __future__ import annotations

from helder.commands.opened import HOLDERS, Opened
from helder.commands.overview import repeat_minutes
from helder.commands.screen import counting
from helder.conversation import retiring
from helder.conversation.clock import Clock, utc_now
from helder.conversation.keyring import MASTER, FileKeyring
from helder.handoff.messages import Messages
from helder.optout.remembered import Remembered
from helder.staff.employees import Employees


def refuse_needed(
    here: Opened, purpose: str, version: int, *, despite_damaged: bool, clock: Clock = utc_now
) -> None:
    """Refuse, with the reason, while the key is needed.

    Raises:
        KeyringError, PolicyRefused: it is needed, or not here, or that cannot be known.
    """
    retiring.refuse_current(here.keyring, purpose, version)
    if isinstance(here.keyring, FileKeyring):
        retiring.refuse_young(here.keyring, purpose, version, clock)
    if purpose == MASTER:
        _refuse_wrapping(here, version, despite_damaged=despite_damaged)
    else:
        messages = Messages(here.engine, here.keyring, clock)
        requests = messages.requested_with(version, repeat_minutes(here.settings))
        retiring.refuse_marking(here.engine, here.keyring, version, requests)
        remembered = Remembered(here.engine, here.keyring, clock).indexed_with(version)
        if remembered:
            raise retiring.StillNeeded(
                f"{remembered:,} customers who want no AI are found by an index of version "
                f"{version}; they get a new one when they come back, and the others are forgotten "
                "in time (opt_out in policies/retention.yml)."
            )
        if named := Employees(here.engine, here.keyring).indexed_with(version):
            raise retiring.StillNeeded(
                f"{named:,} employees are found by an index of version {version}; they get a new "
                "one when they sign in, or by `helder agents enable NAME`."
            )


def _refuse_wrapping(here: Opened, version: int, *, despite_damaged: bool) -> None:
    if not despite_damaged:
        retiring.refuse_wrapping(here.engine, version, HOLDERS)
    damaged = 0
    for holders in HOLDERS:
        with counting(f"{holders.what}s", holders.count(here.engine)) as tell:
            damaged += retiring.damaged_under(here.engine, here.keyring, version, holders, tell)
    retiring.refuse_wrapping(
        here.engine, version, HOLDERS, only_damaged=damaged if despite_damaged else 0
    )
