"""Our own examples: a fifth of them held out, and a copy of the project that lacks them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.nlu.lines import Line
from helder.content.reading import Place
from helder.content.sources import ANNOTATED, read

SEED, SHARE = 20260311, 5


def examples(project: Path) -> Iterator[Line]:
    """All examples of all intents, without annotations."""
    for line, _ in _placed(project):
        yield line


def hold_out(project: Path) -> list[Line]:
    """Take every fifth example of each intent and language out of the project's files."""
    placed = list(_placed(project))
    by_intent: dict[tuple[str, str], list[str]] = {}
    for line in dict.fromkeys(line for line, _ in placed):
        by_intent.setdefault((line.language, line.intent), []).append(line.text)
    rng, held = random.Random(SEED), []
    for (language, intent), texts in sorted(by_intent.items()):
        chosen = rng.sample(sorted(texts), len(texts) // SHARE)
        held += [Line(text, intent, language) for text in chosen]
    out = set(held)
    _without([place for line, place in placed if line in out], project)
    return held


def _placed(project: Path) -> Iterator[tuple[Line, Place]]:
    """Each example, and where it stands."""
    for language, intent, text in read(project).examples:
        if language:
            yield Line(ANNOTATED.sub(r"\1", text), str(intent), language), text.place


def _without(places: list[Place], project: Path) -> None:
    """Take these lines out of their files."""
    by_file: dict[str, set[int]] = {}
    for place in places:
        by_file.setdefault(place.path, set()).add(place.line)
    for name, lines in by_file.items():
        rows = (project / name).read_text(encoding="utf-8").splitlines()
        kept = [row for number, row in enumerate(rows, start=1) if number not in lines]
        (project / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
