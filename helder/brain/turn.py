"""The turn that is under way, known to the channel, the tracker store and the guard alike.

Rasa passes nothing of ours from its input channel to its tracker store; a context variable does.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from helder.conversation.entries import ConversationId, Head, MessageId


@dataclass
class Turn:
    """One message of a customer on its way through Rasa.

    `epoch` is the ownership under which the gateway sent it. `head` is set once the turn is saved,
    `said` to the number of messages that it adds; `failed` names an action that broke, and
    `unreachable` tells that it broke because the action server did not answer.
    """

    conversation: ConversationId
    message: MessageId
    epoch: int
    head: Head | None = None
    said: int = 0
    failed: str | None = None
    unreachable: bool = False


current: ContextVar[Turn | None] = ContextVar("helder_turn", default=None)


class TurnFailed(Exception):
    """An action of the turn broke: nothing of the turn may be saved or seen."""


class ActionsUnreachable(TurnFailed):
    """The action server does not answer: the same turn may succeed later."""
