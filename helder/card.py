"""What is written down of a model when it is made, and of how well it understands once measured.

Both lie beside the models. A measurement belongs to what understanding is made from: it fits every
model made from the same, and no other, so that nobody is told figures of something else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helder.content import sources

_UNDERSTANDING = (
    "config.yml",
    "data/nlu/**/*",
    "helder/understanding/**/*",
    "requirements/runtime.txt",
)


@dataclass(frozen=True)
class Card:
    """What a model was made of: example sentences and what they are about, by language.

    `topics` are the names, in words, of what customers can ask; `understanding` is the fingerprint
    of all that its understanding is made from.
    """

    understanding: str
    intents: int
    examples: Mapping[str, int]
    topics: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Measured:
    """How many examples were read rightly by a model that had not seen them, by language."""

    day: str  # ISO 8601
    read: Mapping[str, int]
    right: Mapping[str, int]


def understanding(project: Path) -> str:
    """Twelve hexadecimal digits that change with anything that understanding is made from."""
    digest = hashlib.sha256()
    for path in _files(project):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(project).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()[:12]


def card_of(project: Path) -> Card:
    """The card of a model that is made of the sources as they are now."""
    content = sources.read(project)
    readings = {str(key): variations for key, variations in content.responses}
    names = [str(intent) for intent in content.domain.get("intents") or ()]
    return Card(
        understanding(project),
        len({str(intent) for _, intent, _ in content.examples}),
        {each: _count(content, each) for each in sources.LANGUAGES},
        {
            each: tuple(
                variation.text
                for name in names
                for variation in readings.get(f"utter_reading_{name}", ())
                if variation.language == each
            )
            for each in sources.LANGUAGES
        },
    )


def write_card(card: Card, model: Path) -> None:
    """Write it down beside the model."""
    _write(_beside(model), asdict(card))


def read_card(model: Path) -> Card | None:
    """The card of a model; None if none was written, or it cannot be read."""
    found = _read(_beside(model))
    try:
        return None if found is None else Card(**found)
    except TypeError:  # written by another version, with other fields
        return None


def forget_card(model: Path) -> None:
    """The model is gone."""
    _beside(model).unlink(missing_ok=True)


def write_measured(project: Path, measured: Measured) -> None:
    """Keep a measurement of the sources as they are now."""
    path = _measured_of(project, understanding(project))
    path.parent.mkdir(exist_ok=True)
    for old in path.parent.glob("measured-*.json"):
        old.unlink()
    _write(path, asdict(measured))


def read_measured(project: Path, card: Card) -> Measured | None:
    """The measurement that fits a model; None if its understanding was never measured."""
    found = _read(_measured_of(project, card.understanding))
    try:
        return None if found is None else Measured(**found)
    except TypeError:  # written by another version, with other fields
        return None


def _files(project: Path) -> Iterator[Path]:
    found = {path for pattern in _UNDERSTANDING for path in project.glob(pattern)}
    return iter(sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts))


def _count(content: sources.Content, language: str) -> int:
    return sum(each == language for each, _, _ in content.examples)


def _beside(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")


def _measured_of(project: Path, of: str) -> Path:
    return project / "models" / f"measured-{of}.json"


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
