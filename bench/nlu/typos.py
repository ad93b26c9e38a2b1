"""Typing errors, drawn from a seed: two neighbours swapped, a letter lost, doubled or mistaken."""

from __future__ import annotations

import random

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: [row[n] for n in (at - 1, at + 1) if 0 <= n < len(row)]
    for row in _ROWS
    for at, key in enumerate(row)
}


def misspelt(text: str, slips: int, rng: random.Random) -> str:
    """The text with so many slips in its letters; one without letters stays as it is."""
    for _ in range(slips):
        places = [n for n, character in enumerate(text) if character.isalpha()]
        if places:
            text = _slip(text, rng.choice(places), rng)
    return text


def _slip(text: str, at: int, rng: random.Random) -> str:
    before, letter, after = text[:at], text[at], text[at + 1 :]
    kind = rng.choice(("swap", "lose", "double", "mistake"))
    if kind == "swap" and after[:1].isalpha() and after[0] != letter:
        return before + after[0] + letter + after[1:]
    if kind == "lose" and len(text) > 1:
        return before + after
    if kind == "mistake" and letter.lower() in _BESIDE:
        return before + rng.choice(_BESIDE[letter.lower()]) + after
    return before + letter * 2 + after
