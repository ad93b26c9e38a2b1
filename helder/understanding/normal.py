"""What differs between customers who want the same: addresses, numbers, and how loud they are.

None of it says what is wanted, so none of it may weigh: a message is read the same whoever's
address and whichever order stands in it, and WHERE IS MY PARCEL as when it is asked quietly.
"""

from __future__ import annotations

import re

# Whatever is written round an "@"; what is no address is none of a word either.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:]{0,252}[^\W_]")
_DIGIT = re.compile(r"\d")
ANY_ADDRESS = "name@example.com"


def normal(text: str) -> str:
    """The text in lower case, with one address in place of every other, and every digit as 0."""
    return _DIGIT.sub("0", _ADDRESS.sub(ANY_ADDRESS, text.lower()))
