"""Ways in which people, forms and programs write a number of digits."""

from __future__ import annotations

import random
from collections.abc import Callable

Way = Callable[[str, random.Random], str]
_EMBOSSED = {12: (4, 4, 4), 13: (4, 4, 5), 14: (4, 6, 4), 15: (4, 6, 5), 19: (4, 4, 4, 4, 3)}
_WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "nl": ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
}


def grouped(number: str) -> list[str]:
    """The groups in which it stands on a card."""
    sizes = _EMBOSSED.get(len(number), ()) or (4,) * -(-len(number) // 4)
    groups, at = [], 0
    for size in sizes:
        groups.append(number[at : at + size])
        at += size
    return groups


def _joined(*signs: str) -> Way:
    return lambda number, rng: rng.choice(signs).join(grouped(number))


def _between(*signs: str) -> Way:
    return lambda number, rng: rng.choice(signs).join(number)


def _translated(*alphabets: str) -> Way:
    def write(number: str, rng: random.Random) -> str:
        table = str.maketrans("0123456789", rng.choice(alphabets))
        return rng.choice(("", " ")).join(grouped(number)).translate(table)

    return write


def _letters(number: str, rng: random.Random) -> str:
    written = " ".join(grouped(number)) if rng.random() < 0.5 else number
    places = [at for at, digit in enumerate(written) if digit in "01" and at > 1]
    for at in rng.sample(places, k=min(len(places), 4)):
        letter = rng.choice("oO") if written[at] == "0" else rng.choice("lI")
        written = written[:at] + letter + written[at + 1 :]
    return written


def _mixed(number: str, rng: random.Random) -> str:
    signs = [rng.choice((" ", "-", ".", "  ", "/", " - ")) for _ in grouped(number)]
    return "".join(f"{g}{s}" for g, s in zip(grouped(number), signs, strict=True)).rstrip(" -./")


def _words(language: str) -> Way:
    return lambda number, rng: rng.choice((" ", ", ", "-")).join(
        _WORDS[language][int(digit)] for digit in number
    )


def _entities(number: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return "&nbsp;".join(grouped(number))
    form = rng.choice(("&#{};", "&#x{:x};"))
    return "".join(form.format(ord(digit)) for digit in number)


def _address(number: str, rng: random.Random) -> str:
    name = rng.choice(("card", "pan", "cc", "kaart", "nr"))
    sign = rng.choice(("", "%20", "+", "-"))
    return f"https://shop.example/pay?{name}={sign.join(grouped(number))}&step=two"


def _as_it_is(number: str, _rng: random.Random) -> str:
    return number


def _in_brackets(number: str, _rng: random.Random) -> str:
    return " ".join(f"({group})" for group in grouped(number))


WAYS: dict[str, Way] = {
    "as digits": _as_it_is,
    "blanks": _joined(" "),
    "dashes": _joined("-", "–", "—", "−", "‑"),
    "dots": _joined(".", "·", "•"),
    "slashes": _joined("/", "|", "\\"),
    "no-break blanks": _joined("\u00a0", "\u202f", "\u2007"),
    "double blanks": _joined("  ", "   ", "\t"),
    "seven blanks and more": _joined(" " * 7, " " * 12, " " * 4 + "\t" * 4, "-" * 9),
    "letter x": _joined("x", "X"),
    "zero-width characters": _between("\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad"),
    "zero-width and blanks": _joined("\u200b \u200b", " \u2060"),
    "full-width": _translated("０１２３４５６７８９"),
    "other scripts": _translated(
        "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "۰۱۲۳۴۵۶۷۸۹", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⓪①②③④⑤⑥⑦⑧⑨"
    ),
    "line breaks": _joined("\n", "\r\n", " \n"),
    "letters O and l": _letters,
    "digit by digit": _between(" ", "-", ", ", ".", "\n"),
    "keycaps": lambda number, rng: rng.choice(("", " ")).join(d + "\ufe0f\u20e3" for d in number),
    "HTML entities": _entities,
    "tags": _joined("</b> <b>", "<br>", "<br/>"),
    "in an address": _address,
    "quoted": lambda number, rng: rng.choice(('"{}"', "“{}”", "'{}'", "«{}»", "[{}]")).format(
        " ".join(grouped(number))
    ),
    "groups in brackets": _in_brackets,
    "commas": _joined(",", ", ", ";"),
    "underscores": _joined("_", "*", "="),
    "mixed signs": _mixed,
    "behind a word": lambda number, rng: (
        rng.choice(("card:", "kaart=", "nr.", "#", "visa")) + number
    ),
    "in words, English": _words("en"),
    "in words, Dutch": _words("nl"),
}
