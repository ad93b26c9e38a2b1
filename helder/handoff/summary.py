"""What a customer needs, what is known, what was tried and what was refused: from the log alone.

No language model writes a word of it. Each line is linked to the message that it comes from, so
that whoever reads it can look; a refusal is told only as its record replays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from helder.conversation.entries import Entry
from helder.decisions.errors import NotReplayed
from helder.decisions.explainer import Explainer
from helder.decisions.memory import recalled
from helder.decisions.record import Decision
from helder.handoff.packet_words import PacketWords
from helder.handoff.recounted import Turn, recounted

DECISIONS = "decisions"  # the slot (helder/decisions/memory.py)
MOST = 3  # lines of a kind: the last ones
LONGEST = 120  # characters that are quoted
_NOT_ASKED = ("over", "")  # what a form writes where it need not ask


class Topic(str, Enum):
    """The kinds of lines, in the order in which they are read."""

    NEED = "need"
    FACT = "fact"
    TRIED = "tried"
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    """One line, and the number of the message that it comes from."""

    topic: Topic
    text: str
    number: int


@dataclass(frozen=True)
class Decided:
    """A decision, its record to the byte, and the message to which it was the answer."""

    decision: Decision
    record: str
    number: int


class Summaries:
    """Sums conversations up. `name_of` gives an intent's name in a language, if it has one."""

    def __init__(
        self, words: PacketWords, explainer: Explainer, name_of: Callable[[str, str], str | None]
    ) -> None:
        self.words = words
        self.explainer = explainer
        self.name_of = name_of

    def of(self, entries: Sequence[Entry], language: str) -> tuple[Line, ...]:
        """The summary of a conversation as far as these entries go."""
        turns = recounted(entries)
        decided = self.decided(turns)
        refused = [each for each in decided if each.decision.refused]
        return (
            *self._needs(turns, language)[-MOST:],
            *self._facts(turns, language),
            *self._tried(turns, {each.number for each in refused}, language)[-MOST:],
            *[self._refusal(each, language) for each in refused[-MOST:]],
        )

    def decided(self, turns: Sequence[Turn]) -> tuple[Decided, ...]:
        """Every decision of these turns, each where it was made, oldest first."""
        found: dict[str, Decided] = {}
        facts = self.explainer.words.catalogue
        for turn in turns:
            kept = turn.slots.get(DECISIONS)
            for decision, record in reversed(recalled(kept, facts)):
                found.setdefault(record, Decided(decision, record, turn.number))
        return tuple(found.values())

    def _needs(self, turns: Sequence[Turn], language: str) -> list[Line]:
        """What was asked for, each thing once, where it was last begun."""
        found: dict[str, Line] = {}
        for turn in turns:
            name = self.name_of(turn.intent, language)
            if turn.asked and name and turn.intent not in self.words.no_need:
                text = self.words.line("need", language, need=name, words=shortened(turn.text))
                found.pop(turn.intent, None)
                found[turn.intent] = Line(Topic.NEED, text, turn.number)
        return list(found.values())

    def _facts(self, turns: Sequence[Turn], language: str) -> Iterator[Line]:
        for slot, told in self.words.facts.items():
            mine = [each for each in _known(turns, slot) if told.only in ("", each[1])]
            others = _known(turns, told.about)
            if mine and mine[-1][0] >= _since(others):
                value = mine[-1][1]
                text = self.words.fact(slot, self._value(slot, value, language), language)
                yield Line(Topic.FACT, text, _since(mine))

    def _value(self, slot: str, value: str, language: str) -> str:
        words = self.explainer.words
        return words.value(slot, value, language) if slot in words.catalogue else value

    def _tried(self, turns: Sequence[Turn], refused: set[int], language: str) -> list[Line]:
        """What was answered, and what was not understood; not what a refusal tells already."""
        found = []
        for turn in turns:
            if not turn.understood and turn.asked:
                text = self.words.line("unread", language, words=shortened(turn.text))
                found.append(Line(Topic.TRIED, text, turn.number))
            tried = [a for a in turn.answers if a.response and not self._says_nothing(a.response)]
            if tried and turn.number not in refused:
                text = self.words.line("tried", language, words=shortened(tried[-1].text))
                found.append(Line(Topic.TRIED, text, tried[-1].number))
        return found

    def _says_nothing(self, response: str) -> bool:
        return response.startswith(self.words.no_answer)

    def _refusal(self, decided: Decided, language: str) -> Line:
        about = decided.decision.about
        try:
            reason = self.explainer.told(decided.record, language).reason
            text = self.words.line("refused", language, about=about, reason=reason)
        except NotReplayed:
            text = self.words.line("unexplained", language, about=about)
        return Line(Topic.REFUSED, text, decided.number)


def shortened(text: str) -> str:
    """As much of it as is quoted, on one line, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= LONGEST:
        return flat
    return flat[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def _known(turns: Sequence[Turn], slot: str) -> list[tuple[int, str]]:
    """Each time that a slot got a value: the message's number, and the value."""
    found = [(each.number, each.slots.get(slot)) for each in turns]
    return [(n, v) for n, v in found if isinstance(v, str) and v not in _NOT_ASKED]


def _since(known: Sequence[tuple[int, str]]) -> int:
    """The message with which the last value came, of all that had it without another between."""
    number = 0
    for at, (message, value) in enumerate(known):
        if at == 0 or known[at - 1][1] != value:
            number = message
    return number
