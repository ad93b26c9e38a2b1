"""Everything the adapter to Rasa refuses, drawn in one place.

BrainError
├── UnsafeStart          Rasa would run with something else than it was told to: it must not
│   ├── UnsafeStore      conversations would be kept in something other than the encrypted log
│   ├── UnsafeBroker     the event broker that endpoints.yml names is not there
│   └── UnsetVariable    a file names a variable of the environment that is not set
└── SaveRefused          nothing of this may be kept, or seen
    ├── TurnFailed       an action broke
    │   └── ActionsUnreachable   because the action server does not answer: try again later
    ├── SilentTurn       the assistant has not said a word to the customer's message
    ├── HistoryRewritten the tracker does not go on where the log ends
    ├── PersonHasIt      a person has the conversation, or it waits for one
    └── PlaintextExport  Rasa was told to write the conversation into a file

What the log itself refuses is in helder/conversation/errors.py.
"""

from __future__ import annotations


class BrainError(Exception):
    """The root."""


class UnsafeStart(BrainError):
    """Rasa would carry on with something else than it was told to; the message says what to do."""


class UnsafeStore(UnsafeStart):
    """Rasa was about to keep conversations in something other than the encrypted log."""


class UnsafeBroker(UnsafeStart):
    """Rasa was about to go on without the event broker that it was told to publish to."""


class UnsetVariable(UnsafeStart):
    """Rasa would have taken `${NAME}` for the value of a variable that is not set."""


class SaveRefused(BrainError):
    """Nothing of this turn, or of these events, may be kept."""


class TurnFailed(SaveRefused):
    """The action `action` broke."""

    def __init__(self, action: str = "") -> None:
        super().__init__(f"The action {action} broke.")
        self.action = action


class ActionsUnreachable(TurnFailed):
    """The action server does not answer: the same turn may succeed later."""


class SilentTurn(SaveRefused):
    """The customer would be left without a word."""


class HistoryRewritten(SaveRefused):
    """What was said cannot be taken back or changed; only erasure forgets it."""


class PersonHasIt(SaveRefused):
    """Only the owner writes: the assistant has no say in the conversation now."""


class PlaintextExport(SaveRefused):
    """A conversation never leaves the log for a file of Rasa's."""
