"""Words that call a number what it is, in English and Dutch."""

from __future__ import annotations

import re
from bisect import bisect_left

_CARD = re.compile(
    r"card|kaart|visa|master ?card|maestro|amex|american express|diners|discover|\bjcb\b|union ?pay"
    r"|rupay|\btroy\b|verve|hipercard|dankort|bancontact|\bpan\b|\bcc\b|\bcvv|\bcvc|\bexp\b|expir"
    r"|vervaldatum|geldig tot|betaalpas|bankpas|pinpas|credit|debit"
)
_ORDER = re.compile(r"order|bestel|\bhd\b|\bhd-")
# With which a message goes on with the digits of the one before.
LEAD = (
    "and|then|en|dan|daarna|the|de|rest|is|last|laatste|next|part|deel|it|het|of|van|s|dat|that"
    "|my|mijn|code"
)
_NEAR = 60  # characters between such a word and a number that it may call so
_AFTER = 40


class CardWords:
    """Where a text speaks of cards."""

    def __init__(self, text: str) -> None:
        self.of_orders = bool(_ORDER.search(text))
        self._at = [match.start() for match in _CARD.finditer(text)]

    def near(self, start: int, end: int) -> bool:
        """Does it close to text[start:end]?"""
        place = bisect_left(self._at, start - _NEAR)
        return place < len(self._at) and self._at[place] <= end + _AFTER
