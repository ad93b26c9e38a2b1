"""Our own examples: a fifth of them held out, and a copy of the project that lacks them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from bench.nlu.lines import Line
from bench.nlu.written import LANGUAGES

SEED, SHARE = 20260311, 5
_INTENT = re.compile(r"\s*-?\s*intent:\s*(\S+)")
_OTHER = re.compile(r"\s*-\s*(?:lookup|synonym|regex):")
_EXAMPLE = re.compile(r"\s+- (.+)")
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def examples(project: Path) -> Iterator[Line]:
    """All examples of all intents, without annotations."""
    for language in LANGUAGES:
        for path in _files(project, language):
            for _, intent, text in _rows(path):
                if intent:
                    yield Line(text, intent, language)


def hold_out(project: Path) -> list[Line]:
    """Take every fifth example of each intent and language out of the project's files."""
    by_intent: dict[tuple[str, str], list[str]] = {}
    for line in dict.fromkeys(examples(project)):
        by_intent.setdefault((line.language, line.intent), []).append(line.text)
    rng, held = random.Random(SEED), []
    for (language, intent), texts in sorted(by_intent.items()):
        chosen = rng.sample(sorted(texts), len(texts) // SHARE)
        held += [Line(text, intent, language) for text in chosen]
    out = set(held)
    for language in LANGUAGES:
        for path in _files(project, language):
            kept = [
                row for row, intent, text in _rows(path) if Line(text, intent, language) not in out
            ]
            path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return held


def _files(project: Path, language: str) -> list[Path]:
    return sorted((project / "data" / "nlu" / language).glob("*.yml"))


def _rows(path: Path) -> Iterator[tuple[str, str, str]]:
    """Each line of a file, with the intent and the text if it is an example of one, else ""."""
    intent = ""
    for row in path.read_text(encoding="utf-8").splitlines():
        if begins := _INTENT.match(row):
            intent = begins.group(1)
        elif _OTHER.match(row):
            intent = ""
        example = _EXAMPLE.match(row) if intent and not begins else None
        if example:
            yield row, intent, _ANNOTATION.sub(r"\1", example.group(1).strip())
        else:
            yield row, "", ""
