"""Order numbers as people type them, and as the shop writes them: `HD-204817`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .errors import NotAnOrderNumber
from .model import OrderNumber

LONGEST = 64  # characters that are looked at; nobody types more for a number


@dataclass(frozen=True)
class NumberFormat:
    """A prefix and a fixed count of digits. A shop with other numbers says so here."""

    prefix: str = "HD"
    digits: int = 6

    def write(self, digits: str) -> OrderNumber:
        """The one spelling that the shop uses."""
        return OrderNumber(f"{self.prefix}-{digits}" if self.prefix else digits)


KADE = NumberFormat()


def normalise_order_number(text: str, number_format: NumberFormat = KADE) -> OrderNumber:
    """`hd 204817`, `#204817`, `２０４８１７`, `HD–204 817` are all HD-204817.

    Raises:
        NotAnOrderNumber: it cannot be one.
    """
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text[: LONGEST + 1])))
    pattern = rf"(?:{re.escape(number_format.prefix.upper())})?([0-9]{{{number_format.digits}}})"
    found = re.fullmatch(pattern, plain.upper())
    if found is None or len(text) > LONGEST:
        raise NotAnOrderNumber
    return number_format.write(found[1])


def _plain(character: str) -> str:
    """A digit of any script as 0–9; nothing for what only separates; else as it is."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character.isspace() or character in "#.,:;'\"()−_/":
        return ""
    # Dashes of every kind, and marks that cannot be seen (direction, zero width).
    return "" if unicodedata.category(character) in {"Pd", "Cf"} else character
