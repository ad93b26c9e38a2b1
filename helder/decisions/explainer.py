"""From the record of a decision to the sentences that a customer reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helder.decisions.evaluate import replay
from helder.decisions.explain import explain
from helder.decisions.policy import Version
from helder.decisions.record import Decision
from helder.decisions.words import Words


@dataclass(frozen=True)
class Told:
    """An explanation in words: the rule's reason, what counted, what would have changed it (or ""),
    and how to contest it."""

    decision: Decision
    reason: str
    mattered: str
    changed: str
    contest: str


@dataclass(frozen=True)
class Explainer:
    """`find` gives the version that decided; see Archive.find."""

    words: Words
    find: Callable[[Decision], Version]

    def told(self, record: str, language: str) -> Told:
        """The explanation of a record, which is replayed first.

        Raises:
            NotReplayed: it does not come out as it says; then nothing is explained by it.
        """
        facts = self.words.catalogue
        decision = replay(record, facts, self.find)
        version = self.find(decision)
        found = explain(version, decision, facts)
        return Told(
            decision,
            reason=self.words.reason(found, version, language),
            mattered=self.words.mattered(found, language),
            changed=self.words.changed(found, language),
            contest=self.words.contest(version, decision, language),
        )
