"""The turn that is under way, known to the channel, the tracker store and the guard alike.

Rasa passes nothing of ours from its input channel to its tracker store; context variables do.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from helder.brain.errors import ActionsUnreachable, TurnFailed
from helder.conversation.entries import ConversationId, Head, MessageId, Position
from helder.conversation.errors import StaleEpoch


@dataclass
class Turn:
    """One message of a customer on its way through Rasa.

    `epoch` is the ownership under which the gateway sent it. `head` is set once the turn is saved,
    and `said` to the number of messages that the assistant adds with it.
    """

    conversation: ConversationId
    message: MessageId
    epoch: int
    head: Head | None = None
    said: int = 0


@dataclass(frozen=True)
class Failure:
    """An action that broke; `unreachable`: because the action server did not answer."""

    action: str
    unreachable: bool


# The message that is being answered; None for what comes from elsewhere (a reminder, Rasa's API).
current: ContextVar[Turn | None] = ContextVar("helder_turn", default=None)
# What broke since the tracker was retrieved: what Rasa makes of it is not saved.
failure: ContextVar[Failure | None] = ContextVar("helder_failure", default=None)


def refuse_another_ownership(position: Position) -> None:
    """Raises StaleEpoch: the conversation changed hands since the gateway sent the turn."""
    turn = current.get()
    if turn is not None and turn.epoch != position.epoch:
        raise StaleEpoch("The conversation has a new owner.")


def refuse_failure() -> None:
    """Raises TurnFailed: an action broke since the tracker was retrieved."""
    failed = failure.get()
    if failed is not None:
        raise (ActionsUnreachable if failed.unreachable else TurnFailed)(failed.action)
