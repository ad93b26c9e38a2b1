"""words/*.yml: what the start would refuse, and what no topic has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from helder.content.reading import Finding, Place, load
from helder.content.sources import Content
from helder.vocabulary.model import Vocabulary
from helder.vocabulary.reading import FOLDER, VocabularyError, load_vocabulary

_SUBJECT = "utter_small_talk_"


def check(project: Path, content: Content) -> Iterator[Finding]:
    """Files that cannot be read, all that is wrong in the others, and names of nothing."""
    folder = project / FOLDER
    unread = dict(_unread(project))
    yield from unread.values()
    try:
        vocabulary = load_vocabulary(folder)
    except VocabularyError as error:
        for file, line, sentence in error.problems:
            if file not in unread:
                yield Place(f"{FOLDER}/{file}", line).says(sentence)
    else:
        yield from _names(folder, vocabulary, content)


def _unread(project: Path) -> Iterator[tuple[str, Finding]]:
    """Files that are no YAML, in words for those who write it."""
    for path in sorted((project / FOLDER).glob("*.yml")):
        _, finding = load(project, path)
        if finding is not None:
            yield path.name, finding


def _names(folder: Path, vocabulary: Vocabulary, content: Content) -> Iterator[Finding]:
    """Deeds are intents, and every subject of small talk has an answer."""
    intents = {str(intent) for intent in content.domain.get("intents") or ()}
    for name in vocabulary.agreeing.deeds:
        if name not in intents and "domain" not in content.broken:
            yield _place(folder, "agreeing.yml", name).says(f"{name} is no intent of domain.yml.")
    said = {str(key) for key, _ in content.responses}
    for name in vocabulary.smalltalk.subjects:
        if f"{_SUBJECT}{name}" not in said and "responses" not in content.broken:
            sentence = f"There is no response {_SUBJECT}{name}."
            yield _place(folder, "smalltalk.yml", name).says(sentence)
    for name in vocabulary.language.names:
        if name not in ("en", "nl"):
            yield _place(folder, "language.yml", name).says(f"Helder does not speak {name}.")


def _place(folder: Path, file: str, name: str) -> Place:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, start=1) if text.strip() == f"{name}:")
    return Place(f"{folder.name}/{file}", line)
