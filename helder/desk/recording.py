"""What employees do is recorded before it is done; what cannot be recorded is not done."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from helder.audit.acts import Act
from helder.audit.audit import Audit
from helder.desk.unmasked import MOST
from helder.handoff.happened import Did

_ACTS = {
    Did.CLAIMED: Act.CLAIM,
    Did.STEPPED_IN: Act.STEP_IN,
    Did.PASSED_ON: Act.TRANSFER,
    Did.RETURNED: Act.GIVE_BACK,
    Did.CLOSED: Act.CLOSE,
    Did.REOPENED: Act.REOPEN,
    Did.NOTED: Act.NOTE,
}


class Recording:
    """The desk's way into the audit."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self._looked: dict[tuple[str, str], None] = {}

    def __call__(
        self, connection: Connection, did: Did, employee: str, conversation: str, **detail: str
    ) -> None:
        """Something done in the queue, in its transaction (helder.handoff.claims.Records)."""
        told = {name: said for name, said in detail.items() if said}
        self.audit.record(_ACTS[did], employee, conversation, connection=connection, **told)

    def did(self, act: Act, actor: str, subject: str = "") -> None:
        """Something that is no transaction of the queue: before it is done."""
        self.audit.record(act, actor, subject)

    def looks(self, session: str, employee: str, conversation: str, *, again: bool) -> None:
        """Somebody begins to look at a conversation, or says that they only come back (`again`):
        that is believed of a session of which it was recorded, by this process.
        """
        if again and (session, conversation) in self._looked:
            return
        self.audit.record(Act.VIEW, employee, conversation)
        self._looked[session, conversation] = None
        while len(self._looked) > MOST:
            del self._looked[next(iter(self._looked))]

    def settle(self) -> None:
        """After what was recorded in a transaction: the anchor learns how far it has come."""
        self.audit.settle()
