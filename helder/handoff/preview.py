"""The customer's own copy of the summary: shown before a colleague comes, who reads the same."""

from __future__ import annotations

from collections.abc import Sequence

from helder.conversation.clock import iso
from helder.conversation.entries import Author, Choice, ConversationId, Entry, Message
from helder.conversation.log import ConversationLog
from helder.handoff.happened import Did, Happened, happened
from helder.handoff.reasons import Reason
from helder.handoff.summary import Line, Summaries

CORRECT = "@correct"  # the button under it: something is wrong
# Who may be in danger is shown where to find help, and nothing that looks like paperwork.
_UNSHOWN = {Reason.DANGER.value, Reason.DISTRESS.value}


class Previews:
    """What customers are shown of the summary, once for each time that they ask for a person."""

    def __init__(self, log: ConversationLog, summaries: Summaries) -> None:
        self._log = log
        self._summaries = summaries

    def due(self, conversation: ConversationId) -> Message | None:
        """The copy, if it is still to be shown and there is something in it."""
        entries = self._log.history(conversation)
        asked = _asked(happened(entries))
        if asked is None or asked.detail.get("reason") in _UNSHOWN:
            return None
        language = self._log.language(conversation)
        lines = self._summaries.of(entries, language)
        if not lines:
            return None
        words = self._summaries.words
        text = "\n".join(
            [
                words.to_customer("before", language),
                *(f"• {self._line(each, language)}" for each in lines),
                words.to_customer("after", language),
            ]
        )
        button = Choice(words.to_customer("wrong", language), CORRECT)
        return Message(Author.SYSTEM, text, iso(self._log.clock()), (button,))

    def asks(self, conversation: ConversationId) -> Message:
        """What is said when something in it is wrong."""
        return self._says(conversation, "ask")

    def thanks(self, conversation: ConversationId) -> Message:
        """What is said to what should be there instead."""
        return self._says(conversation, "thanks")

    def is_being_corrected(self, conversation: ConversationId) -> bool:
        """Did the customer say that something is wrong, and comes what it is next?"""
        did = happened(self._log.history(conversation))
        return bool(did) and did[-1].did is Did.CORRECTING

    def _line(self, line: Line, language: str) -> str:
        return f"{self._summaries.words.heading(line.topic.value, language)}: {line.text}"

    def _says(self, conversation: ConversationId, key: str) -> Message:
        text = self._summaries.words.to_customer(key, self._log.language(conversation))
        return Message(Author.SYSTEM, text, iso(self._log.clock()))


def shown_until(entries: Sequence[Entry]) -> int | None:
    """The number of the entry with which the customer was last shown it."""
    shown = [each.seq for each in happened(entries) if each.did is Did.SUMMARISED]
    return shown[-1] if shown else None


def _asked(did: Sequence[Happened]) -> Happened | None:
    """How they last asked, unless it was shown since."""
    for each in reversed(did):
        if each.did is Did.SUMMARISED:
            return None
        if each.did is Did.ASKED:
            return each
    return None
