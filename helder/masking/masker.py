"""The way in: a text with what may not be kept made unreadable, and of which kinds it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from helder.masking.accounts import find_ibans
from helder.masking.across import continued, dangling, tail_of
from helder.masking.announced import announced, ends_with_citizen, recent
from helder.masking.cards import Texts, find_cards
from helder.masking.citizen import begun, find_citizen_numbers
from helder.masking.codes import code_alone, find_codes
from helder.masking.contact import find_emails, find_phones
from helder.masking.homes import find_homes
from helder.masking.kinds import ALWAYS, EVERYTHING, MASK, Kind, Span
from helder.masking.known import covered, known
from helder.masking.plain import Plain, plain_of
from helder.masking.spoken import HINT
from helder.masking.streets import find_streets
from helder.masking.words import CardWords

# Masking may bring other things to light; each time fewer digits are left.
_TIMES = 4
# Without one of these, there is nothing to find.
_SIGN = re.compile(r"[\d@&%]|[^\x00-\x7f]|\bat\b|apenstaart", re.IGNORECASE)


@dataclass(frozen=True)
class Masked:
    """A text that may be kept, and the kinds of what was taken out of it."""

    text: str
    kinds: frozenset[Kind] = frozenset()


class Masker:
    """Masks certain kinds; those of `ALWAYS` in any case."""

    def __init__(self, kinds: Collection[Kind] = ALWAYS) -> None:
        self._kinds = ALWAYS | frozenset(kinds)

    def mask(self, text: str, *, goes_on: bool = False) -> Masked:
        """The text masked. `goes_on`: another may follow it, so that a card may have only begun."""
        found: frozenset[Kind] = frozenset()
        for _ in range(_TIMES):
            if not (_SIGN.search(text) or HINT.search(text.lower())):
                break
            plain = plain_of(text)
            spans = self._spans(plain, text, goes_on=goes_on)
            if not spans:
                break
            text = _blackened(text, plain, spans)
            found |= {span.kind for span in spans}
        return Masked(text, found)

    def mask_within(self, value: Any) -> Any:
        """Something of JSON, with every text in it masked; names stay as they are."""
        if isinstance(value, str):
            return self.mask(value).text
        if isinstance(value, dict):
            return {name: self.mask_within(each) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.mask_within(each) for each in value]
        return value

    def mask_next(self, text: str, before: Iterable[str]) -> Masked:
        """A text that is masked by itself, masked as what follows the customer's others.

        `before` are those, as they are kept, the newest first.
        """
        said = recent(before)
        plain, tail = plain_of(text), tail_of(said)
        place = None if ends_with_citizen(said, tail) else continued(plain.text, tail)
        if place is not None:
            spans = [Span(*place, Kind.CARD)]
        else:
            alone = code_alone(plain.text, tail.dots)
            spans = [Span(*alone, Kind.CODE)] if alone else announced(plain.text, said, tail)
        kinds = frozenset(span.kind for span in spans)
        return Masked(_blackened(text, plain, spans) if spans else text, kinds)

    def _spans(self, plain: Plain, original: str, *, goes_on: bool) -> list[Span]:
        text = plain.text
        words, ibans = CardWords(text), list(find_ibans(text))
        phones, strangers = known(text)
        called = covered(text, [*strangers, *ibans])
        others = covered(called, phones)
        spans: list[Span] = []
        cards = find_cards(Texts(covered(text, ibans), others, called), words)
        spans += (Span(*place, Kind.CARD) for place in cards)
        text, others = _dotted(text, cards), _dotted(others, cards)
        codes = list(find_codes(text))
        spans += (Span(*place, Kind.CODE) for place in codes)
        text, others = _dotted(text, codes), _dotted(others, codes)
        citizens = list(find_citizen_numbers(covered(text, ibans), others))
        if goes_on and (first := begun(_dotted(text, citizens))):
            citizens.append(first)
        spans += (Span(*place, Kind.BSN) for place in citizens)
        others = _dotted(others, citizens)
        if goes_on and (first := dangling(text, others, words)):
            spans.append(Span(*first, Kind.CARD))
        return [*spans, *self._by_policy(plain, original, ibans, spans)]

    def _by_policy(
        self, plain: Plain, original: str, ibans: list[tuple[int, int]], spans: list[Span]
    ) -> list[Span]:
        found: list[Span] = []
        taken = bytearray(len(plain.text))
        for start, end, _ in spans:
            taken[start:end] = b"x" * (end - start)

        def add(kind: Kind, places: Iterable[tuple[int, int]]) -> None:
            for start, end in places if kind in self._kinds else ():
                if not any(taken[start:end]):
                    found.append(Span(start, end, kind))
                    taken[start:end] = b"x" * (end - start)

        add(Kind.IBAN, ibans)
        add(Kind.EMAIL, find_emails(plain.text))
        add(Kind.PHONE, find_phones(plain.text))
        add(Kind.STREET, find_streets(plain, original))
        add(Kind.POSTCODE, find_homes(plain, original))
        return found


def mask(text: str) -> str:
    """The text without what may never be kept."""
    return MASKER.mask(text).text


def mask_all(text: str) -> str:
    """The text without anything of any kind: for log files."""
    return _EVERYTHING.mask(text).text


def _dotted(text: str, places: Iterable[tuple[int, int]]) -> str:
    for start, end in places:
        inside = "".join(MASK if each.isalnum() else each for each in text[start:end])
        text = text[:start] + inside + text[end:]
    return text


def _blackened(original: str, plain: Plain, spans: Iterable[Span]) -> str:
    """The original with these places of its plain form made unreadable.

    Digits become dots; what a policy has masked becomes its kind, in brackets.
    """
    changes: dict[int, tuple[int, str]] = {}
    for start, end, kind in spans:
        if kind in ALWAYS:
            for at in range(start, end):
                if plain.text[at].isalnum():
                    changes[plain.starts[at]] = plain.ends[at], MASK
        else:
            changes[plain.starts[start]] = plain.ends[end - 1], f"[{kind.value}]"
    pieces, at = [], 0
    for begin, (end, new) in sorted(changes.items()):
        if begin >= at:
            pieces += [original[at:begin], new]
            at = end
    return "".join([*pieces, original[at:]])


MASKER, _EVERYTHING = Masker(), Masker(EVERYTHING)
