"""Sees to it that customers are told: the notice that holds today, in the language that they speak.

The widget shows it before the first message is sent and says so when it opens the conversation.
Whoever does not is told in the first words of the conversation. Whoever goes on in another
language, or after the notice changed, is told before their next message is taken. What was shown,
when and in which language is in the log (AI Act, Regulation (EU) 2024/1689, art. 50(1) and (5)).
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urljoin

from helder.content.notices import Notices, Words
from helder.content.policies import LANGUAGES
from helder.conversation.clock import Clock, iso
from helder.conversation.entries import Author, ConversationId, Draft, Kind, Message, Notice
from helder.conversation.errors import Conflict
from helder.conversation.log import ConversationLog

_REMEMBERED = 10_000  # conversations; whoever is forgotten is looked up in the log again


class Disclosure:
    """The notice: its words, and who was told them. `address` is where customers reach us."""

    def __init__(
        self, log: ConversationLog, notices: Notices, minutes: int, address: str, clock: Clock
    ) -> None:
        self._log = log
        self._notices = notices
        self._values = {"minutes": minutes}
        self._address = address
        self._clock = clock
        self._told = lru_cache(maxsize=_REMEMBERED)(self._tell)

    @property
    def version(self) -> int:
        """The version that holds today."""
        return self._notices.current

    def words(self, language: str) -> Words:
        """What holds today."""
        return self._notices.words(self.version, language, self._values)

    def shown(self, version: object, language: object) -> Notice | None:
        """A client's word that it has shown a notice; None if there is no such notice."""
        known = type(version) is int and version in self._notices.versions
        if not known or language not in LANGUAGES:
            return None
        return Notice(int(str(version)), str(language), iso(self._clock()), self._values)

    def tell(self, conversation: ConversationId, language: str | None = None) -> None:
        """Have the customer told, if they were not: in this language, or in the conversation's.

        Raises:
            UnknownConversation, Tampered: see `ConversationLog`.
        """
        self._told(conversation, language or self._log.language(conversation))

    def _tell(self, conversation: ConversationId, language: str) -> None:
        while True:
            position, entries = self._log.whole(conversation)
            told = [entry.notice for entry in entries if entry.notice]
            # A gateway that was started before the notice changed must not tell the old one again.
            if any(n.version >= self.version and n.language == language for n in told):
                return
            try:
                self._log.append(conversation, self._says(language), position)
            except Conflict:
                continue  # somebody wrote meanwhile, perhaps just this
            return

    def _says(self, language: str) -> Draft:
        words, now = self.words(language), iso(self._clock())
        links = [f"{each.title}: {urljoin(self._address, each.href)}" for each in words.links]
        text = "\n\n".join([words.title, words.text, "\n".join(links)])
        notice = Notice(self.version, language, now, self._values)
        return Draft(Kind.SAID, (Message(Author.SYSTEM, text, now),), notice=notice)
