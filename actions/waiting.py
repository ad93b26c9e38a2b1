"""Does a customer in the middle of a form only ask for a moment: "oh wacht even"?

Too few words for the classifier: it reads them as a goodbye or a stop, and either ends the form.
"""

from __future__ import annotations

from collections.abc import Sequence

_WAIT = {
    "wacht",
    "wachten",
    "moment",
    "momentje",
    "ogenblik",
    "ogenblikje",
    "ho",
    "wait",
    "hold",
    "hang",
    "sec",
    "second",
}
_AROUND = {
    "ok",
    "oke",
    "oké",
    "okay",
    "o",
    "oh",
    "hm",
    "hmm",
    "sorry",
    "even",
    "effe",
    "ff",
    "eens",
    "een",
    "nog",
    "minuutje",
    "alsjeblieft",
    "aub",
    "a",
    "one",
    "just",
    "on",
    "up",
    "minute",
    "please",
}


def asks_for_a_moment(words: Sequence[str]) -> bool:
    """Is there a word for waiting, and nothing else that means something?"""
    return bool(_WAIT & set(words)) and set(words) <= _WAIT | _AROUND
