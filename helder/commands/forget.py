"""`helder forget …`: somebody asked for it (GDPR art. 17)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from helder.commands.screen import line
from helder.refusal import Refusal

if TYPE_CHECKING:
    from helder.commands.opened import Opened
    from helder.conversation.anchor import FileAnchor

_CONVERSATION = re.compile(r"[0-9a-f]{32}")
_CUSTOMER = "customer:"
REASON = "request"


def forget(
    names: Annotated[
        list[str],
        typer.Argument(
            help="references of left messages, ids of conversations, customer:ID for a choice of "
            "no AI that is remembered",
            show_default=False,
        ),
    ],
) -> None:
    """Destroy what is kept of a customer now and for good, also after a restore."""
    from helder.commands.opened import opened
    from helder.forgetting import HOLDING_KEYS
    from helder.installation import anchor_of
    from helder.leftovers import rewrite

    missing = []
    with opened() as here:
        anchor = anchor_of(here.settings)
        for name in names:
            if _destroyed(here, anchor, name):
                line(f"✓ destroyed {name}")
            else:
                missing.append(name)
        clean = rewrite(here.engine, HOLDING_KEYS)
    if not clean:
        line("  Somebody reads the database: its write-ahead file is emptied when they are done.")
    if missing:
        raise Refusal(f"Not there, or destroyed already: {', '.join(missing)}.")


def _destroyed(here: Opened, anchor: FileAnchor, name: str) -> bool:
    from helder.conversation.entries import ConversationId
    from helder.conversation.shredding import Shredder
    from helder.handoff.forgetting import MessageShredder
    from helder.optout.remembered import ERASED, Remembered

    if name.startswith(_CUSTOMER):
        remembered = Remembered(here.engine, here.keyring, anchor=anchor)
        return remembered.forget(name[len(_CUSTOMER) :], ERASED)
    if _CONVERSATION.fullmatch(name):
        shredder = Shredder(here.engine, here.keyring, anchor=anchor)
        return shredder.shred(ConversationId(name), REASON)
    return MessageShredder(here.engine, here.keyring, anchor=anchor).shred(name, REASON)
