"""What is in the log, as types: the words of the design and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NewType

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)


class Author(str, Enum):
    """Who says something."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    EMPLOYEE = "employee"
    SYSTEM = "system"


class Owner(str, Enum):
    """Who answers the customer."""

    ASSISTANT = "assistant"
    WAITING = "waiting"
    EMPLOYEE = "employee"
    CLOSED = "closed"


class Kind(str, Enum):
    """What sort of entry it is."""

    OPENED = "opened"  # the first: language, how the customer came
    TURN = "turn"  # one message of the customer and all that the assistant did with it
    SAID = "said"  # something said outside a turn, by anybody
    OWNED = "owned"  # the owner changed


# The payload of the button that destroys the conversation. It never comes to the dialogue: the
# gateway does it. No intent can have this name.
ERASE = "@erase"


@dataclass(frozen=True)
class Choice:
    """A button: what the customer reads and what the dialogue gets. The payload stays inside."""

    title: str
    payload: str


@dataclass(frozen=True)
class Notice:
    """That the customer was told who answers and what happens to their data (AI Act art. 50(1)).

    `version` and `language` lead to the words in policies/notices, `values` are the numbers that
    were filled in, `time` is ISO 8601 in UTC.
    """

    version: int
    language: str
    time: str
    values: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """Something that was said.

    `time` is ISO 8601 in UTC. `id` is the client's own id of a customer's message, so that what it
    sent and what it is shown can be matched. `name` is the employee's, if one speaks, or comes or
    goes as a system message says.
    """

    author: Author
    text: str
    time: str
    choices: tuple[Choice, ...] = ()
    name: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Draft:
    """An entry that is not yet in the log.

    `events` are the dialogue engine's own events, as plain JSON; `state` is the dialogue's state
    after them, from which it can go on without anything older (see `Window`). `notice` is there if
    the customer was shown one with this entry. `handoff` says what happened on the way to a person
    and back, in plain JSON (helder/handoff/happened.py); the customer is not shown it.
    """

    kind: Kind
    messages: tuple[Message, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    state: dict[str, Any] | None = None
    notice: Notice | None = None
    handoff: dict[str, str] | None = None

    def encode(self) -> bytes:
        """The draft as it is sealed."""
        content = {
            "messages": [_plain(message) for message in self.messages],
            "events": list(self.events),
            "state": self.state,
            "notice": None if self.notice is None else _lean(vars(self.notice)),
            "handoff": self.handoff,
        }
        return json.dumps(_lean(content), ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Entry:
    """An entry of the log. `number` is that of its last message in the conversation."""

    seq: int
    kind: Kind
    number: int
    messages: tuple[Message, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    state: dict[str, Any] | None = None
    notice: Notice | None = None
    handoff: dict[str, str] | None = None

    @classmethod
    def decode(cls, seq: int, kind: Kind, number: int, plain: bytes) -> Entry:
        """The reverse of `Draft.encode`."""
        content = json.loads(plain)
        return cls(
            seq=seq,
            kind=kind,
            number=number,
            messages=tuple(_message(item) for item in content.get("messages", ())),
            events=tuple(content.get("events", ())),
            state=content.get("state"),
            notice=Notice(**content["notice"]) if "notice" in content else None,
            handoff=content.get("handoff"),
        )


@dataclass(frozen=True)
class Position:
    """What a writer has seen: it may write only if nothing was written since.

    `seen` is the log's own: more of what was there, with which it may write faster.
    """

    conversation: ConversationId
    seq: int
    epoch: int
    seen: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Head:
    """The state of a conversation's row. `number` counts the messages."""

    position: Position
    owner: Owner
    number: int


@dataclass(frozen=True)
class Window:
    """The last turns, and the dialogue's state before the first of them (None: from the start)."""

    position: Position
    state: dict[str, Any] | None
    turns: tuple[Entry, ...]


@dataclass(frozen=True)
class Shown:
    """A message with its number in the conversation and the opaque form of its choices.

    `notice` is there if the message is one.
    """

    number: int
    message: Message
    choices: tuple[str, ...] = field(default=())
    notice: Notice | None = None


def _lean(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in (None, [], ())}


def _plain(message: Message) -> dict[str, Any]:
    # As `dataclasses.asdict`, which takes as long as all the rest of a turn's encoding.
    return _lean({**vars(message), "choices": [vars(choice) for choice in message.choices]})


def _message(item: dict[str, Any]) -> Message:
    choices = tuple(Choice(each["title"], each["payload"]) for each in item.get("choices", ()))
    return Message(
        Author(item["author"]),
        item["text"],
        item["time"],
        choices,
        item.get("name"),
        item.get("id"),
    )
