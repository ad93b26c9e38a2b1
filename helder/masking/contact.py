"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helder.masking.known import PHONE

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~\-]{1,64}"
_AT = r" ?(?:@|[(\[{] ?(?:at|apenstaart(?:je)?) ?[)\]}]) ?"
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|punt) ?[)\]}] ?)"
_EMAIL = re.compile(rf"{_LOCAL}{_AT}(?:[\w\-]{{1,63}}{_DOT}){{1,6}}[^\W\d_]{{2,24}}(?!\w)")
_SAID = re.compile(
    rf"(?<![\w.]){_LOCAL} (?:at|apenstaart(?:je)?) (?:[\w\-]{{1,63}} (?:dot"
    rf"|punt) ){{1,4}}[a-z]{{2,24}}(?!\w)"
)
_AT_SIGNS = ("@", "at)", "at]", "at}", " at ", "apenstaart")
_CALLED = re.compile(
    r"(?<![a-z])(?:tel|telephone|telefoon|phone|mobiel|mobile|gsm|whatsapp)[ ]?(?:number|nummer"
    r"|nr)?"
    r"[ .:]{1,3}(?:is )?(?P<number>\d(?:[ .\-/]?\d){7,11})(?!\d)"
)


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """Where they are, in a text as `Plain` has it."""
    if any(sign in text for sign in _AT_SIGNS):
        for pattern in (_EMAIL, _SAID):
            for match in pattern.finditer(text):
                yield match.span()


def find_phones(text: str) -> Iterator[tuple[int, int]]:
    """Where they are: with a country's code or a zero, or called so."""
    for match in PHONE.finditer(text):
        yield match.span()
    for match in _CALLED.finditer(text):
        yield match.span("number")
