"""Everything the log can refuse, drawn in one place.

ConversationError
├── UnknownConversation      no such conversation, or it was shredded
├── Conflict                 somebody else wrote first: read again, then decide
│   ├── StaleSequence        an entry was added since the writer looked
│   └── StaleEpoch           the owner changed since the writer looked
├── InboxError
│   ├── InboxFull            too many messages wait for an answer
│   └── NotPending           the message is answered already, or was never received
├── UnknownChoice            the choice was not offered here, or is no longer open
├── KeyringError             a key is missing, damaged or readable by others
└── Tampered                 what is stored is not what was written
    ├── ForeignFormat        a format version that this code does not know
    ├── WrongKey             the data key does not open, or is not the committed one
    ├── EntryTampered        an entry was changed, moved or replaced
    └── ChainBroken          entries are missing, or the row was changed
"""

from __future__ import annotations


class ConversationError(Exception):
    """The root: whoever catches this has caught everything the log refuses."""


class UnknownConversation(ConversationError):
    """There is no such conversation, or it was shredded."""


class Conflict(ConversationError):
    """The write came too late; nothing was written."""


class StaleSequence(Conflict):
    """An entry was added since the writer looked."""


class StaleEpoch(Conflict):
    """The conversation has a new owner since the writer looked."""


class InboxError(ConversationError):
    """A message could not be taken in or taken out."""


class InboxFull(InboxError):
    """As many messages wait for an answer as may wait."""


class NotPending(InboxError):
    """The message was answered already, or never received."""


class UnknownChoice(ConversationError):
    """The choice was not offered in this conversation, or is no longer open."""


class KeyringError(ConversationError):
    """A key is missing, damaged or readable by others; the message says which."""


class Tampered(ConversationError):
    """What is stored is not what was written. Never repaired by guessing."""


class ForeignFormat(Tampered):
    """A format version that this code does not know."""


class WrongKey(Tampered):
    """The data key does not open, or is not the one that was committed to."""


class EntryTampered(Tampered):
    """An entry was changed, moved, or replaced by another."""


class ChainBroken(Tampered):
    """Entries are missing from the middle or the end, or the conversation's row was changed."""
