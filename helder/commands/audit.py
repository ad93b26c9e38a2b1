"""`helder audit …`: is what is recorded of the desk as it was written?"""

from __future__ import annotations

import typer

from helder.commands.screen import line
from helder.refusal import Refusal

app = typer.Typer(
    help="Who did what at the desk: verify that nothing of it was changed.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _group() -> None:
    """Keeps `verify` a word of its own, though it is the only one."""


@app.command()
def verify() -> None:
    """Read every entry and its place in the chain; name the first one that is not as written."""
    from helder.commands.opened import opened
    from helder.installation import audit_of

    with opened() as here:
        found = audit_of(here.settings, here.engine, here.keyring).verify()
    if not found.whole:
        raise Refusal(found.sentence)
    line(f"✓ {found.sentence}")
