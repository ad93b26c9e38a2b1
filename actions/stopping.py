"""Does a customer in the middle of something end it, in so many words: "no, never mind"?

The classifier reads some of these as a no, and a no to one question is not yet the end.
"""

from __future__ import annotations

from collections.abc import Sequence

STOP = {
    *("stop", "stoppen", "laat", "mind", "nevermind", "nvm", "forget", "quit", "exit", "ophouden"),
    *("zitten", "vergeet", "scratch", "leave"),
}
NO = {"nee", "neen", "no", "nope", "nah"}
AROUND = {
    *("maar", "ik", "wil", "even", "toch", "niet", "meer", "dan", "sorry", "nu", "hier", "al"),
    *(
        "hoeft",
        "alsjeblieft",
        "aub",
        "graag",
        "er",
        "mee",
        "het",
        "dat",
        "never",
        "it",
        "i",
        "want",
        "to",
    ),
    *("please", "that", "now", "just", "ok", "oke", "oké", "okay", "thanks", "bedankt", "oh"),
    *("o", "actually", "eigenlijk"),
}


def stops(words: Sequence[str], stop: set[str] = STOP) -> bool:
    """Is there a word for stopping, and nothing else that means something?"""
    said = set(words)
    return bool(said & stop) and said <= stop | NO | AROUND
