"""What was lost, doubled or out of order, and how long it all took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from bench.desk.ends import End
from bench.desk.talk import Pair, Times
from bench.figures import Bar
from bench.numbers import Spread, spread
from helder.conversation.entries import Author, ConversationId
from helder.conversation.log import ConversationLog

ROUND_TRIP = 300.0  # milliseconds, 95th percentile
CATCH_UP = 1000.0


@dataclass
class Faulty:
    """Of the conversations with faults. Each counts messages; all but the first must be 0."""

    messages: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    by_the_assistant: int = 0  # said by it once a person had the conversation


@dataclass
class DeskFigures:
    """All that was measured."""

    machine: dict[str, Any]
    plan: dict[str, Any]
    there: Spread | None = None
    back: Spread | None = None
    both: Spread | None = None
    rounds: int = 0
    conversations: int = 0
    failed: list[str] = field(default_factory=list)
    kills: int = 0
    caught_up: Spread | None = None
    cuts: int = 0
    faulty: Faulty | None = None
    seconds: float = 0

    def timed(self, times: Times) -> None:
        """Take over how long messages took."""
        self.there, self.back, self.both = map(spread, (times.there, times.back, times.both))
        self.rounds = len(times.both)

    def bars(self) -> tuple[Bar, ...]:
        """What was asked."""
        faulty = self.faulty
        both = self.both.p95 if self.both else None
        caught = self.caught_up.p95 if self.caught_up else None
        found = [
            Bar("to the desk and back, p95, ms", both, ROUND_TRIP),
            Bar("caught up after a cut, p95, ms", caught, CATCH_UP),
            Bar("conversations that broke off", len(self.failed) if faulty else None, 0),
        ]
        for name in ("lost", "doubled", "out_of_order", "by_the_assistant"):
            value = getattr(faulty, name) if faulty else None
            found.append(Bar(f"messages {name.replace('_', ' ')}", value, 0))
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Everything, with what was asked."""
        return {**asdict(self), "asked": [{**vars(bar), "met": bar.met} for bar in self.bars()]}


def judged(log: ConversationLog, pairs: Sequence[Pair]) -> Faulty:
    """Compare what was to be said with the log, and the log with what each end saw."""
    found = Faulty()
    for pair in pairs:
        _, shown = log.shown(ConversationId(pair.customer.id), 0)
        texts = [each.message.text for each in shown]
        for said in (pair.asked, pair.replied):
            found.messages += len(said)
            found.lost += len(set(said) - set(texts))
            found.doubled += sum(count - 1 for t, count in Counter(texts).items() if t in said)
            mine = dict.fromkeys(each for each in texts if each in said)
            found.out_of_order += sum(a != b for a, b in zip(mine, said, strict=False))
        for end in (pair.customer, pair.held):
            _compare(found, end, pair)
        authors = [each.message.author for each in shown]
        found.by_the_assistant += authors.count(Author.ASSISTANT)
    return found


def _compare(found: Faulty, end: End, pair: Pair) -> None:
    """What one end was shown."""
    numbers = [number for number, _, _ in end.seen.all]
    texts = {text for _, text, _ in end.seen.all}
    found.lost += len({*pair.asked, *pair.replied} - texts)
    found.doubled += len(numbers) - len(set(numbers))
    found.out_of_order += sum(a > b for a, b in pairwise(numbers))
