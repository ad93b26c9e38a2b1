"""Towns that we deliver to: all of the Netherlands and Belgium, the larger ones of Great Britain.

towns.txt is made of Faker's lists (MIT licence) and of the names that people use besides, such as
Den Haag and Antwerp.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

_LIKE, _SHORT = 0.85, 6  # of a name's letters: "Amersfort" is Amersfoort, "hallo" is no town
_LONGEST = 40  # characters; no town has more
# Countries of which all towns are listed: what is like none of them is no town.
COMPLETE = ("NL", "BE")


def town(text: str) -> str:
    """The town that the text names, as it is written there; "" for anything else."""
    return _listed().get(_plain(text), "") if len(text) <= _LONGEST else ""


def like_a_town(text: str) -> bool:
    """Is it the name of a town, or one with a slip of the keyboard?"""
    plain = _plain(text)
    if plain in _listed() or not _SHORT <= len(plain) <= _LONGEST:
        return plain in _listed()
    return bool(get_close_matches(plain, _listed(), n=1, cutoff=_LIKE))


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    names = Path(__file__).with_name("towns.txt").read_text(encoding="utf-8").splitlines()
    return {_plain(name): name for name in names}


def _plain(text: str) -> str:
    """In small letters, without accents and marks: "Sint-Niklaas" and "sint niklaas" are one."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", bare.replace("a/d", "aan den")))
