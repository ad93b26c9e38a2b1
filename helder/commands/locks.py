"""The alarm at the terminal: conversations that are locked, because they were found damaged."""

from __future__ import annotations

from helder.commands.screen import line
from helder.conversation import errors
from helder.installation import anchor_of
from helder.settings import Settings

MOST = 20
# What each finding means, for somebody who has not read the code.
MEANINGS: dict[type[errors.Tampered], str] = {
    errors.ForeignFormat: "it has a format, or an entry of a kind, that this version does not know",
    errors.WrongKey: "its data key is not the one that it was written with",
    errors.EntryTampered: "an entry, a waiting message or a proof was changed",
    errors.HeadTampered: "its row was changed",
    errors.ChainBroken: "entries, waiting messages or proofs are missing, or there are too many",
    errors.RolledBack: "it is older than it was",
    errors.Vanished: "it is gone, and nobody destroyed it",
    errors.Tampered: "Rasa found it damaged; its log says how",
}


def tell_locks(settings: Settings) -> None:
    """Name the locked conversations and what was found in each; nothing if there are none.

    Raises:
        AnchorError: the anchor cannot be read.
    """
    if not settings.anchor.exists():
        return  # nothing has ever run here
    anchor = anchor_of(settings)
    locks = anchor.locks()
    anchor.close()
    if not locks:
        return
    count = "1 conversation is" if len(locks) == 1 else f"{len(locks):,} conversations are"
    line(f"! {count} locked, because what is stored is not what was written:")
    meanings = {each.__name__: meaning for each, meaning in MEANINGS.items()}
    for conversation, found in locks[:MOST]:
        line(f"  {conversation}  {found}: {meanings.get(found, found)}")
    if len(locks) > MOST:
        line(f"  and {len(locks) - MOST:,} more; `helder log unlock` names all of them")
    line('  What to do: docs/operators.md, "A damaged conversation".')
