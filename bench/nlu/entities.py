"""How many of the order numbers, postcodes, addresses and dates that were written are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.nlu.written import KINDS, LANGUAGES, TODAY, Written, sentences
from helder.understanding.patterns import find

SEED, EACH = 20260311, 400
# What frames hold beside the value in question, so that it stands among others.
BYSTANDERS = {
    ("order_number", "HD-204817"),
    ("postcode", "1017AB"),
    ("postcode", "M11AE"),
    ("country", "BE"),
}


@dataclass
class Found:
    """Of so many `asked`; `wrong` are things found that were not written there."""

    asked: int = 0
    hits: int = 0
    wrong: int = 0
    slips: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Of what was written, the share that was found with the right value."""
        return self.hits / self.asked if self.asked else 0.0

    @property
    def precision(self) -> float:
        """Of what was found, the share that was written."""
        return self.hits / (self.hits + self.wrong) if self.hits else 0.0


def score(cases: Iterable[Written]) -> Found:
    """Look at each sentence on the day on which it was written."""
    total = Found()
    for case in cases:
        pairs = {(match.entity, match.value) for match in find(case.text, TODAY)}
        wanted = (case.entity, case.value)
        others = pairs - {wanted} - BYSTANDERS
        total.asked += 1
        total.hits += wanted in pairs
        total.wrong += len(others)
        if wanted not in pairs or others:
            total.slips.append(f"{case.text!r}: wanted {case.value}, found {sorted(pairs)}")
    return total


def measure(seed: int = SEED, each: int = EACH) -> dict[str, dict[str, Found]]:
    """By language, then by kind."""
    written = list(sentences(seed, each))
    return {
        language: {
            kind: score(s for s in written if (s.kind, s.language) == (kind, language))
            for kind in KINDS
        }
        for language in LANGUAGES
    }
