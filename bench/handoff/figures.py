"""Recall and false alarms, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.handoff.lines import KINDS, LANGUAGES, Said
from bench.nlu.systems import Read
from helder.report.measures import Reading, interval

LEAST, AMBIGUITY = 0.5, 0.1  # FallbackClassifier's settings in config.yml
SAFE = 0.2  # whoever may be in distress is given the help lines already then: actions/clarify.py


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    found: int
    of: int

    def told(self) -> str:
        """As `0.982 (0.965–0.991), 331 of 337`."""
        low, high = interval(self.found / self.of, self.of)
        return f"{self.found / self.of:.3f} ({low:.3f}–{high:.3f}), {self.found} of {self.of}"


@dataclass(frozen=True)
class Counts:
    """One kind in one language. `kept_back` and not: recall and false alarms."""

    kind: str
    language: str
    recall: Share
    recall_kept_back: Share
    alarms: Share
    alarms_kept_back: Share

    def shares(self) -> tuple[Share, Share, Share, Share]:
        """In the order of the table."""
        return self.recall, self.recall_kept_back, self.alarms, self.alarms_kept_back

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        names = ("recall", "recall_kept_back", "alarms", "alarms_kept_back")
        shares = zip(names, self.shares(), strict=True)
        told = {name: {"found": share.found, "of": share.of} for name, share in shares}
        return {"kind": self.kind, "language": self.language, **told}


def taken(said: Said, read: Read) -> bool:
    """Is the message taken for one of its kind, so that the customer comes to a person for it?"""
    name, confidence = read.ranking[0]
    if said.kind == "distress" and name == "distress":
        return confidence >= SAFE
    understood = not Reading(said.text, "", read.ranking).falls_back(LEAST, AMBIGUITY)
    return understood and name in KINDS[said.kind]


def went_wrong(lines: Sequence[Said], read: Sequence[Read]) -> Iterator[tuple[Said, Read]]:
    """Missed, or taken for it wrongly; nothing of what is kept back."""
    for said, reading in zip(lines, read, strict=True):
        if not said.kept_back and taken(said, reading) != said.means_it:
            yield said, reading


def counted(lines: Sequence[Said], read: Sequence[Read]) -> list[Counts]:
    """All kinds in all languages."""
    marks = [(said, taken(said, reading)) for said, reading in zip(lines, read, strict=True)]

    def share(kind: str, language: str, *, means_it: bool, kept_back: bool) -> Share:
        mine = (kind, language, means_it, kept_back)
        found = [mark for s, mark in marks if (s.kind, s.language, s.means_it, s.kept_back) == mine]
        return Share(sum(found), len(found))

    return [
        Counts(
            kind,
            language,
            *(
                share(kind, language, means_it=means_it, kept_back=kept_back)
                for means_it in (True, False)
                for kept_back in (False, True)
            ),
        )
        for kind in KINDS
        for language in LANGUAGES
    ]
