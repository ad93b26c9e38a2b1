"""The operator's word against the anchor's: a lost anchor is made anew, a conversation unlocked."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Engine

from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import ConversationId
from helder.conversation.errors import AnchorError, UnknownConversation
from helder.conversation.keyring import Keyring
from helder.conversation.ledger import Ledger
from helder.conversation.rollback import fill
from helder.conversation.verify import Verifier


def make_anew(engine: Engine, keyring: Keyring, path: Path) -> int:
    """An anchor in the place of a lost one: the database as it is now is taken for the truth.

    What the database says was destroyed goes into its ledger again; the answer is how many. It gets
    its name when it is whole (see FileAnchor.create), and nothing of the lost one stays beside it.

    Raises:
        AnchorError: it is not lost.
    """
    if path.exists():
        raise AnchorError(f"The anchor {path} is there; only a lost one is made anew.")
    learned = []

    def from_database(anchor: FileAnchor) -> None:
        fill(engine, anchor)
        learned.append(Ledger(engine, keyring, anchor).learn())

    FileAnchor.create(path, from_database).close()
    return learned[0]


def unlock(verifier: Verifier, anchor: FileAnchor, conversation: ConversationId) -> bool:
    """Unlock a conversation in which nothing is damaged (any more); False if it was not locked.

    Raises:
        Tampered: it is still damaged, and would be locked again by whoever reads it next.
        UnknownConversation: there is none.
    """
    verifier.check(conversation)
    return anchor.unlock(conversation)


def accept_older(verifier: Verifier, anchor: FileAnchor, conversation: ConversationId) -> bool:
    """Take a conversation as it is, though the anchor has seen it later; False: it is gone.

    Raises:
        Tampered: something else is wrong with it.
    """
    try:
        revision, head = verifier.check(conversation, older=True)
    except UnknownConversation:
        anchor.forget([conversation])
        return False
    anchor.forget([conversation])
    anchor.saw(conversation, revision, head)
    return True
