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
├── KeyExhausted             a data key has sealed as much as it safely may
├── TooLarge                 more than may be stored at once; nothing was written
├── AnchorError              the anchor cannot be read or written
└── Tampered                 what is stored is not what was written
    ├── ForeignFormat        a format version that this code does not know
    ├── WrongKey             the data key does not open, or is not the committed one
    ├── EntryTampered        an entry, a waiting message or a proof was changed, moved or replaced
    ├── HeadTampered         the conversation's row was changed
    ├── ChainBroken          entries, waiting messages or proofs are missing, or too many
    ├── RolledBack           the conversation is older than the anchor has seen it
    ├── Vanished             the conversation is gone, and nobody with the keys destroyed it
    └── Locked               the conversation was found damaged before
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


class KeyExhausted(ConversationError):
    """A data key has sealed as many entries as are safe under one key."""


class TooLarge(ConversationError):
    """What was to be stored is larger than what may be read again; nothing was written."""


class AnchorError(ConversationError):
    """The anchor outside the database cannot be read or written."""


class Tampered(ConversationError):
    """What is stored is not what was written. Never repaired by guessing."""


class ForeignFormat(Tampered):
    """A format version that this code does not know."""


class WrongKey(Tampered):
    """The data key does not open, or is not the one that was committed to."""


class EntryTampered(Tampered):
    """An entry, a waiting message or a proof was changed, moved, or replaced by another."""


class HeadTampered(Tampered):
    """The conversation's row was changed."""


class ChainBroken(Tampered):
    """Entries, waiting messages or proofs are missing, or there are more than were written."""


class RolledBack(Tampered):
    """The conversation is valid, but older than the anchor has seen it."""


class Vanished(Tampered):
    """The conversation is gone, though nobody who holds the keys destroyed it."""


class Locked(Tampered):
    """The conversation was found damaged before; it stays locked until an operator unlocks it."""
