"""Was masked what had to be, and nothing else?"""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from bench.masking.ways import _WORDS
from bench.masking.written import ANNOUNCED, CARDS, HARMLESS, SPLIT, Written
from bench.numbers import Cost
from helder.masking.kinds import EVERYTHING
from helder.masking.masker import Masker

# The most digits of a card that may be kept: the first eight and four others (PCI DSS FAQ 1091).
FIRST, OTHERS = 8, 4
_SAID = re.compile(rf"\b(?:{'|'.join(word for words in _WORDS.values() for word in words)})\b")


@dataclass
class Score:
    """Of so many messages, in so many all was masked, and in so many too much."""

    messages: int = 0
    masked: int = 0
    too_much: int = 0
    slips: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share in which all was masked that had to be."""
        return self.masked / self.messages if self.messages else 0.0

    @property
    def wrong(self) -> float:
        """The share in which something was masked that had to stay."""
        return self.too_much / self.messages if self.messages else 0.0


class Judge:
    """Masks messages as the gateway does (cards, codes, BSN) or as an export does (the rest)."""

    def __init__(self) -> None:
        self._gateway, self._export = Masker(), Masker(EVERYTHING)
        self.scores: dict[str, dict[str, Score]] = {}
        self.ways: Counter[str] = Counter()
        self.missed_ways: Counter[str] = Counter()
        self.costs: list[Cost] = []

    def look_at(self, case: Written) -> None:
        """Mask it, and count."""
        begun, used = time.perf_counter(), time.process_time()
        kept, text = self._kept(case)
        messages = 1 + len(case.before)
        cpu, wall = time.process_time() - used, time.perf_counter() - begun
        self.costs.append(Cost(wall / messages, cpu / messages))
        score = self.scores.setdefault(case.kind, {}).setdefault(case.language, Score())
        score.messages += 1
        masked = _is_safe(case, kept, text)
        too_much = text != case.text if case.kind in HARMLESS else not _stays(case, text)
        score.masked += masked
        score.too_much += too_much
        if case.kind in (CARDS, SPLIT):
            self.ways[case.way] += 1
            self.missed_ways[case.way] += not masked
        if not masked or too_much:
            score.slips.append(f"{case.way} {case.before!r} {case.text!r} -> {kept!r} {text!r}")

    def _kept(self, case: Written) -> tuple[list[str], str]:
        """What is kept of the messages before, and of this one."""
        if case.kind not in (CARDS, SPLIT, *ANNOUNCED, *HARMLESS, "code", "bsn"):
            return [], self._export.mask(case.text).text
        kept: list[str] = []
        for each in (*case.before, case.text):
            masked = self._gateway.mask(each, goes_on=True).text
            kept.append(self._gateway.mask_next(masked, reversed(kept)).text)
        return kept[:-1], kept[-1]


def _is_safe(case: Written, kept: list[str], text: str) -> bool:
    if case.kind == SPLIT:
        shown = "".join(_digits(each) for each in (*kept, text))
        return len(shown) <= FIRST + OTHERS and case.whole not in shown
    if case.kind in ANNOUNCED:
        return not _digits("".join((*kept, text)))
    if case.kind == "email":
        return case.pieces[1].strip().lower() not in text.lower() and "[email]" in text
    return len(_digits(text)) <= sum(len(_digits(piece)) for piece in case.pieces[::2])


def _stays(case: Written, text: str) -> bool:
    """Is everything else there, in its order?"""
    if case.kind in (SPLIT, *ANNOUNCED):
        return True
    pattern = ".*".join(re.escape(piece.strip()) for piece in case.pieces[::2])
    return re.fullmatch(rf"\s*{pattern}\s*", text, re.DOTALL) is not None


def _digits(text: str) -> str:
    text = text.replace("%20", " ")
    said = _SAID.sub("1", text) if len(_SAID.findall(text)) > 2 else text
    return "".join(c for c in said if unicodedata.digit(c, None) is not None)
