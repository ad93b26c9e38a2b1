"""`helder keys …`: the life of the keys that conversations are encrypted with."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from helder.commands.screen import counting, line
from helder.refusal import Refusal

if TYPE_CHECKING:
    from helder.commands.opened import Opened
    from helder.settings import Settings

app = typer.Typer(
    help="The keys of conversations: look, rotate, wrap anew, verify, retire.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Purpose(str, Enum):
    """What a key is for."""

    MASTER = "master"
    INDEX = "index"


@app.command()
def status() -> None:
    """Show which keys are here, and what each is still needed for."""
    from helder.commands.opened import opened
    from helder.commands.overview import overview

    with opened() as here:
        shown = overview(here)
    for each in shown.lines:
        line(each)
    if shown.missing:
        raise Refusal(
            f"Missing: {', '.join(shown.missing)}. Put it back from your copy, or what was made "
            "with it cannot be read."
        )


@app.command()
def rotate(
    purpose: Annotated[Purpose, typer.Argument(help="master or index")] = Purpose.MASTER,
) -> None:
    """Make the next version of a key; what runs notices it by itself."""
    from helder.commands.opened import opened, refuse_other_user
    from helder.commands.overview import highest, near
    from helder.conversation.keyring import write_new

    with opened() as here:
        known = highest(here, purpose.value)
        if here.settings.keys_from != "files":
            raise Refusal(_elsewhere(here.settings, f"{purpose.value}.{known + 1}"))
        refuse_other_user(here.settings.keys)
        version = write_new(here.settings.keys, purpose.value, known)
        path = here.settings.keys / f"{purpose.value}.{version}.key"
    line(f"✓ made {near(here.settings, path)}")
    line("  Copy it to a safe place now, apart from the backups of the database.")
    line("  What runs on this machine notices it by itself; other machines need a copy of it.")
    line("  `helder keys rewrap` lets go of the older ones, `helder keys status` shows how far.")


@app.command()
def rewrap() -> None:
    """Wrap every data key under the current master key; may be stopped and begun again."""
    from helder.commands.opened import HOLDERS, opened, refuse_unaware
    from helder.conversation import rewrap as rewrapping
    from helder.conversation.keyring import MASTER

    damaged = forged = 0
    with opened() as here:
        refuse_unaware(here)
        version = here.keyring.current(MASTER).version
        for holders in HOLDERS:
            left = holders.count(here.engine, holders.not_wrapped_with(version))
            with counting(f"{holders.what}s", left) as tell:
                for each in rewrapping.rewrap(here.engine, here.keyring, holders, tell):
                    damaged += 1
                    line(f"✗ {each}")
        for each in rewrapping.renew_marks(here.engine, here.keyring, lambda _: None):
            forged += 1
            line(f"✗ {each}")
        _refuse_unfinished(here, version, damaged)
    if forged:
        raise Refusal(f"{forged:,} marks of destroyed conversations are not ours; see above.")
    line(f"✓ every data key is wrapped with version {version} of the master key")


@app.command()
def verify() -> None:
    """Open every wrapped data key and compare it with its commitment."""
    from helder.commands.opened import HOLDERS, opened
    from helder.conversation.wrappings import verify_keys

    damaged = total = 0
    with opened() as here:
        for holders in HOLDERS:
            count = holders.count(here.engine)
            total += count
            with counting(f"{holders.what}s", count) as tell:
                for each in verify_keys(here.engine, here.keyring, holders, tell):
                    damaged += 1
                    line(f"✗ {each}")
    if damaged:
        raise Refusal(f"{damaged:,} of {total:,} data keys do not open; see above.")
    line(f"✓ all {total:,} data keys open and are those that were committed to")


@app.command()
def retire(
    version: Annotated[int, typer.Argument(help="the version that is to go")],
    purpose: Annotated[Purpose, typer.Option(help="master or index")] = Purpose.MASTER,
    despite_damaged: Annotated[
        bool, typer.Option("--despite-damaged", help="Also if what still names it is damaged.")
    ] = False,
) -> None:
    """Destroy an old key, once nothing needs it any more."""
    from helder.commands.opened import opened, refuse_other_user
    from helder.commands.overview import near
    from helder.commands.retirement import refuse_needed
    from helder.conversation.keyring import FileKeyring, destroy, finish_destroying

    with opened() as here:
        if isinstance(here.keyring, FileKeyring):
            refuse_other_user(here.settings.keys)
            finish_destroying(here.settings.keys)
        refuse_needed(here, purpose.value, version, despite_damaged=despite_damaged)
        if not isinstance(here.keyring, FileKeyring):
            name = f"{purpose.value}.{version}"
            line(f"Nothing needs {name} any more. Take it out of {_place(here.settings)} and")
            line("restart Helder. Only then, and when no copy of it is left, is it gone.")
            return
        path = here.keyring.path(purpose.value, version)
        destroy(path)
    line(f"✓ destroyed {near(here.settings, path)}")
    line("  Destroy your copies of it too. Backups of the database from before it was replaced can")
    line("  no longer be read with the keys that are left.")


def _refuse_unfinished(here: Opened, version: int, damaged: int) -> None:
    from helder.commands.opened import HOLDERS

    left = sum(
        h.count(here.engine, h.table.c.key_version.is_distinct_from(version)) for h in HOLDERS
    )
    old = sum(h.count(here.engine, ~h.ready) for h in HOLDERS)
    if old:
        line(f"{old:,} are of an older format; `helder migrate` brings them to this one.")
    if left > damaged + old:
        line(f"{left - damaged - old:,} were wrapped with an older key meanwhile: restart whatever")
        line("uses one (keys that are not in files are read at the start), and run this again.")
    if left or damaged:
        raise Refusal(
            f"{left:,} data keys are not wrapped with version {version}, {damaged:,} of them "
            "because they are damaged; see above."
        )


def _place(settings: Settings) -> str:
    return {
        "environment": "HELDER_KEY_MATERIAL",
        "command": "the vault that HELDER_KEYS_COMMAND asks",
    }[settings.keys_from]


def _elsewhere(settings: Settings, name: str) -> str:
    return (
        f"The keys come from elsewhere: put {name}:<64 hexadecimal digits> into {_place(settings)} "
        "(`openssl rand -hex 32` makes them), keep the older ones there, and restart Helder. Then "
        "`helder keys rewrap`."
    )
