"""`helder log …`: looking after the log and its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from helder.commands.screen import counting, line
from helder.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helder.audit.audit import Audit
    from helder.commands.opened import Opened
    from helder.conversation.anchor import FileAnchor
    from helder.conversation.verify import Verifier
    from helder.conversation.wrappings import Damaged

app = typer.Typer(
    help="The log of conversations: verify all of it, unlock, accept a restored backup.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def verify() -> None:
    """Check every conversation, entry by entry, against the anchor; name what is damaged."""
    from helder.commands.opened import opened
    from helder.conversation.verify import Verifier
    from helder.installation import anchor_of

    damaged: set[str] = set()
    unread = 0
    with opened() as here:
        anchor = anchor_of(here.settings)
        verifier = Verifier(here.engine, here.keyring, anchor)
        for each in _looked_at(here, verifier):
            damaged.add(f"{each.what} {each.id}")
            unread += each.reason.startswith("KeyringError.")
            line(f"✗ {each}")
        _tell_locks(anchor, damaged)
        if verifier.unanchored:
            line(
                f"{verifier.unanchored:,} conversations are not in the anchor (a process was killed"
            )
            line("before it wrote that it had written them), so a rollback of them is not noticed.")
    if unread:
        line(f"{unread:,} could not be looked at: their master key is not here. Put it back.")
    if len(damaged) > unread:
        count = len(damaged) - unread
        raise Refusal(f"Damaged: {count:,}; see above. A conversation that is read is then locked.")
    if unread:
        raise Refusal("Nothing that could be looked at is damaged.")
    line("✓ everything in the log is as it was written")


@app.command()
def unlock(
    conversation: Annotated[
        str, typer.Argument(help="the conversation's id; without one, all that are locked")
    ] = "",
    older: Annotated[
        bool,
        typer.Option("--older", help="Take it as it is, though it is older than it was or gone."),
    ] = False,
) -> None:
    """Unlock a conversation that was found damaged, once it is as it was written."""
    from helder.commands.opened import opened
    from helder.conversation.entries import ConversationId
    from helder.conversation.errors import Tampered, UnknownConversation
    from helder.conversation.reanchor import accept_older
    from helder.conversation.reanchor import unlock as unlocked
    from helder.conversation.verify import Verifier
    from helder.installation import anchor_of

    with opened() as here:
        anchor = anchor_of(here.settings)
        if not conversation:
            _tell_locks(anchor, set())
            line(f"{len(anchor.locks()):,} conversations are locked")
            return
        verifier, name = Verifier(here.engine, here.keyring, anchor), ConversationId(conversation)
        try:
            if older:
                there = accept_older(verifier, anchor, name)
                line(f"✓ {'taken as it is now' if there else 'it is gone, and no longer missed'}")
            elif unlocked(verifier, anchor, name):
                line("✓ it is as it was written, and unlocked")
            else:
                line("✓ it is as it was written, and was not locked")
        except UnknownConversation:
            raise Refusal("There is no such conversation, or it was destroyed.") from None
        except Tampered as error:
            raise Refusal(_still_damaged(error)) from None


@app.command()
def restored(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say that you have put back a backup: the anchor follows it, what was destroyed stays so."""
    from helder import migrate, settings
    from helder.commands.opened import opened, refuse_running
    from helder.conversation.rollback import accept_restored, behind
    from helder.forgetting import destroy_again
    from helder.installation import anchor_of, audit_of

    chosen = settings.load()
    refuse_running(chosen)
    if migrate.current(chosen.database_url) is not None:
        migrate.upgrade(chosen.database_url)  # a backup may be of an earlier version
    with opened() as here:
        anchor = anchor_of(here.settings)
        older = sum(1 for _ in behind(here.engine, here.keyring, anchor))
        line(f"{older:,} conversations are older than they were, or gone.")
        audit = audit_of(here.settings, here.engine, here.keyring)
        lost = _turned_back(audit)
        doubtful = bool(older or lost) and not yes
        if doubtful and not typer.confirm("Have you put back a backup, and is that why?"):
            raise Refusal("Nothing was changed. Find out who turned the database back.")
        accept_restored(here.engine, here.keyring, anchor)
        back = destroy_again(here.engine, here.keyring, anchor)
        audit.accept_restored()
    line("✓ the anchor follows the database")
    line(f"✓ destroyed {back[0]:,} conversations and {back[1]:,} left messages that were back")


@app.command()
def anchor() -> None:
    """Make a new anchor in the place of a lost one, from the database as it is now."""
    from helder.commands.opened import opened, refuse_other_user, refuse_running
    from helder.commands.overview import near
    from helder.conversation.reanchor import make_anew

    with opened() as here:
        refuse_running(here.settings)
        refuse_other_user(here.settings.keys)
        again = make_anew(here.engine, here.keyring, here.settings.anchor)
    line(f"✓ made {near(here.settings, here.settings.anchor)}, with {again:,} erasures")
    line("  Whatever was turned back before now is not noticed any more; `helder log verify`")
    line("  finds the rest.")


def _looked_at(here: Opened, verifier: Verifier) -> Iterator[Damaged]:
    from helder.conversation.wrappings import CONVERSATIONS
    from helder.handoff.messages import LEFT_MESSAGES, damaged_messages
    from helder.staff.employees import EMPLOYEES, damaged_accounts

    with counting("conversations", CONVERSATIONS.count(here.engine)) as tell:
        yield from verifier.conversations(tell)
    parts: Iterable[Iterable[Damaged]] = (
        verifier.missing(),
        verifier.strays(),
        verifier.erasures(),
    )
    for part in parts:
        yield from part
    with counting("left messages", LEFT_MESSAGES.count(here.engine)) as tell:
        yield from damaged_messages(here.engine, here.keyring, tell)
    with counting("employees", EMPLOYEES.count(here.engine)) as tell:
        yield from damaged_accounts(here.engine, here.keyring, tell)


def _turned_back(audit: Audit) -> bool:
    from helder.audit.errors import AuditDamaged

    try:
        lost = audit.turned_back()
    except AuditDamaged:
        raise Refusal(
            "The audit in this database is not what was written, and nothing was changed. "
            "`helder audit verify` says what it is; put back another backup."
        ) from None
    if lost:
        line("The audit of the desk is older than it was, or gone.")
    return lost


def _tell_locks(anchor: FileAnchor, damaged: set[str]) -> None:
    for conversation, reason in anchor.locks():
        if f"conversation {conversation}" not in damaged:
            older = " --older" if reason in ("RolledBack", "Vanished") else ""
            line(f"conversation {conversation} is locked ({reason}):")
            line(f"  `helder log unlock{older} {conversation}`")


def _still_damaged(error: Exception) -> str:
    kind = type(error).__name__
    if kind in ("RolledBack", "Vanished"):
        return (
            f"{error} If you know why, `--older` takes it as it is now; if not, somebody turned it "
            "back."
        )
    # Forcing it would help nobody: whoever reads it next would lock it again.
    return (
        f"It is still damaged ({kind}): {error} Put back a backup of it, or let it go when its "
        "time is over."
    )
