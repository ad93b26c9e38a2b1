"""Makes language.npz: `python -m helder.understanding.train_language`.

Needs Debian's word lists (`apt-get install wdutch wamerican wbritish`); see NOTICE for the sources.
Draws nothing at random, so the same lists give the same file.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

from helder.understanding import universal
from helder.understanding.language_model import (
    WEIGHTS,
    LanguageModel,
    spoken_words,
    word_ngrams,
)

SOURCES = Path(__file__).with_name("language_sources")
DICTIONARIES = Path("/usr/share/dict")
_PLAIN = re.compile(r"[a-zà-ÿ]{2,20}")
# What a web shop's customers talk about; compounds of these are in no list of common words.
_STEMS = re.compile(
    r"(bestel|lever|bezorg|retour|pakket|factu|betaal|betal|annule|klant|verzend|ruil|terug|korting"
    r"|wachtwoord|gegevens|privacy|klacht|rekening|aanbetal|incasso|adres).{0,9}"
)
_KEPT = 14_000


def held_out(word: str) -> bool:
    """One dictionary word in ten is kept from training, to measure on."""
    return hashlib.sha256(word.encode()).digest()[0] < 26


def dictionary(*names: str) -> set[str]:
    """Lower-case words of Debian's lists."""
    lines = (line for name in names for line in (DICTIONARIES / name).open(encoding="utf-8"))
    return {word for line in lines if _PLAIN.fullmatch(word := line.strip())}


def source(name: str) -> set[str]:
    """The words of one of our own phrase files."""
    return set(spoken_words_of_file(SOURCES / f"{name}.txt"))


def spoken_words_of_file(path: Path) -> Iterable[str]:
    """All words of a text file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        for start in range(0, len(words := line.split()), 50):
            yield from spoken_words(" ".join(words[start : start + 50]))


def faker_words(locale: str) -> set[str]:
    """Faker's list of a language's thousand most common words."""
    provider = importlib.import_module(f"faker.providers.lorem.{locale}").Provider
    return {word.lower() for word in provider.word_list if _PLAIN.fullmatch(word.lower())}


def names() -> set[str]:
    """Given and family names: a name says nothing about the language that its bearer writes."""
    found: set[str] = set()
    for locale in ("nl_NL", "nl_BE", "en_GB", "en_US"):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for key in ("first_names", "last_names", "first_names_male", "first_names_female"):
            found |= {part.lower() for name in getattr(provider, key, ()) for part in name.split()}
    return found


def common() -> set[str]:
    """Words that the sentence encoder holds whole: common in some language."""
    pieces = universal._tokenizer()._pieces
    return {piece[1:] for piece in pieces if piece.startswith("▁") and piece[1:].islower()}


def lexicon(english: set[str], dutch: set[str], letters: LanguageModel) -> dict[str, set[str]]:
    """Words that say which language it is: "en", "nl"; and those that do not: "both".

    "borrowed" are English words that are in none of our own phrases. Dutch borrows such words.
    """
    whole, own_en, own_nl = common(), source("en"), source("nl")
    neutral = source("neutral") | (own_en & own_nl)
    wide_en = (whole & english) | faker_words("en_US")
    stems = {word for word in dutch if _STEMS.fullmatch(word)}
    wide_nl = (whole & dutch) | faker_words("nl_NL") | stems
    en = {word for word in wide_en - dutch if letters.letters(word) < 1}
    nl = {word for word in wide_nl - english if letters.letters(word) > -1}
    people = names()
    en, nl = own_en | (en - people - own_nl), own_nl | (nl - people - own_en)
    both = neutral | people - own_en - own_nl | (wide_en & wide_nl) - own_en - own_nl
    en -= both
    return {"en": en & own_en, "borrowed": en - own_en, "nl": nl - both, "both": both}


def fit(words: list[str], dutch: npt.NDArray[np.float64]) -> tuple[list[str], Any, float]:
    """Logistic regression of "is Dutch" on a word's n-grams: their names, weights and the bias."""
    grams = [sorted(word_ngrams(word)) for word in words]
    seen: dict[str, int] = {}
    for found in grams:
        for ngram in found:
            seen[ngram] = seen.get(ngram, 0) + 1
    vocabulary = sorted(ngram for ngram, count in seen.items() if count >= 8)
    index = {ngram: n for n, ngram in enumerate(vocabulary)}
    rows = [[index[ngram] for ngram in found if ngram in index] for found in grams]
    values = np.concatenate(
        [np.full(len(r), len(g) ** -0.5) for r, g in zip(rows, grams, strict=True)]
    )
    ends = np.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((values, [n for row in rows for n in row], ends))
    transposed = matrix.T.tocsr()
    weight = np.where(dutch == 1, 1 / dutch.sum(), 1 / (1 - dutch).sum()) * len(words) / 2

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        logits = matrix @ flat[:-1] + flat[-1]
        value = weight @ np.logaddexp(0, np.where(dutch == 1, -logits, logits))
        error = weight * (expit(logits) - dutch)
        gradient = np.append(transposed @ error + 0.2 * flat[:-1], error.sum())
        return float(value + 0.1 * flat[:-1] @ flat[:-1]), gradient

    found = minimize(loss, np.zeros(len(vocabulary) + 1), jac=True, method="L-BFGS-B").x
    return vocabulary, found[:-1], float(found[-1])


def main() -> None:
    """Learn, write language.npz and say how good it is on the words kept out."""
    english, dutch = dictionary("american-english", "british-english"), dictionary("dutch")
    only_en, only_nl = sorted(english - dutch), sorted(dutch - english)
    # OpenTaal lists every compound; every fifth is plenty and keeps the two sides alike.
    only_nl = [word for word in only_nl if hashlib.sha256(word.encode()).digest()[1] < 51]
    words = [word for word in only_en + only_nl if not held_out(word)]
    in_dutch = np.array([word in dutch for word in words], dtype=np.float64)
    vocabulary, weights, bias = fit(words, in_dutch)
    kept = np.sort(np.argsort(-np.abs(weights), kind="stable")[:_KEPT])
    scale = float(np.abs(weights).max()) / 127
    small = np.round(weights[kept] / scale).astype(np.int8)
    ngrams = [vocabulary[n] for n in kept]
    values = (small.astype(float) * scale).tolist()
    letters = LanguageModel({}, dict(zip(ngrams, values, strict=True)), bias)
    lists = {key: sorted(found) for key, found in lexicon(english, dutch, letters).items()}
    stored = {key: _bytes(found) for key, found in {**lists, "ngrams": ngrams}.items()}
    np.savez_compressed(WEIGHTS, **stored, weights=small, scale=scale, bias=bias)
    right = [
        (letters.letters(word) > 0) == (word in dutch)
        for word in only_en + only_nl
        if held_out(word)
    ]
    counts = {key: len(found) for key, found in lists.items()}
    size = WEIGHTS.stat().st_size
    sys.stdout.write(f"{size} bytes, {counts}, {np.mean(right):.3f} of {len(right)} new words\n")


def _bytes(lines: list[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


if __name__ == "__main__":
    main()
