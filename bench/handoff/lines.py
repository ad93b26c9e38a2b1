"""The messages of this bench. Nothing is trained on them, nor on anything close to them.

`asked.txt` are requests for a person, `asked.not.txt` messages that look like one and are none; so
for each kind. Every other line is kept back: misses among the others may be looked at and mended,
those kept back are only counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LANGUAGES = ("en", "nl")
# By kind, the readings that bring the customer to a person for it.
KINDS = {
    "asked": frozenset({"contact_human_agent", "no_ai"}),
    "distress": frozenset({"distress"}),
    "legal_threat": frozenset({"legal_threat"}),
    "discrimination": frozenset({"discrimination"}),
    "treatment": frozenset({"complaint", "discrimination", "contact_human_agent"}),
    "bereavement": frozenset({"bereavement", "distress"}),
    "vulnerable": frozenset({"vulnerable", "distress"}),
}


@dataclass(frozen=True)
class Said:
    """A message; `means_it`: it is of its kind, and no near miss."""

    text: str
    language: str
    kind: str
    means_it: bool
    kept_back: bool


def lines(kind: str, language: str) -> list[Said]:
    """All of a kind in a language, in the order of their files."""
    return [
        Said(text, language, kind, means_it, kept_back=number % 2 == 1)
        for means_it, name in ((True, f"{kind}.txt"), (False, f"{kind}.not.txt"))
        for number, text in enumerate((HERE / language / name).read_text("utf-8").splitlines())
    ]


def every_line() -> list[Said]:
    """All of them."""
    return [said for language in LANGUAGES for kind in KINDS for said in lines(kind, language)]
