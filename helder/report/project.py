"""What a project gives to measure: its examples, and the settings of its pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from helder.content import sources
from helder.refusal import Refusal
from helder.report.crossing import FOLDS, Example, Settings
from helder.report.lines import Line

_CLASSIFIER, _FALLBACK = "HybridClassifier", "FallbackClassifier"
# config.yml's names, and those of hybrid.train.
_MODEL = {"C": "c", "sentence_scale": "sentence_scale"}


def examples(project: Path) -> list[Example]:
    """Every example in data/nlu, once, without annotations.

    Raises:
        Refusal: there are too few to measure with.
    """
    found: dict[tuple[str, str], Example] = {}
    for language, intent, text in sources.read(project).examples:
        plain = sources.ANNOTATED.sub(r"\1", text)
        example = Example(plain, str(intent), language, str(text.place))
        found.setdefault((plain, example.intent), example)
    counts: dict[str, int] = {}
    for example in found.values():
        counts[example.intent] = counts.get(example.intent, 0) + 1
    few = sorted(intent for intent, count in counts.items() if count < FOLDS)
    if len(counts) < 2 or few:
        named = f": {', '.join(few)} has fewer" if few else ""
        raise Refusal(
            f"A report needs two intents, and {FOLDS} examples of each{named}; "
            "`make check` says where."
        )
    return list(found.values())


def settings(project: Path) -> Settings:
    """What config.yml sets, and Rasa's and the classifier's own values else."""
    config = yaml.safe_load((project / "config.yml").read_text(encoding="utf-8")) or {}
    fallback, classifier = (_component(config, name) for name in (_FALLBACK, _CLASSIFIER))
    model = {ours: float(classifier[key]) for key, ours in _MODEL.items() if key in classifier}
    return Settings(
        float(fallback.get("threshold", 0.3)),
        float(fallback.get("ambiguity_threshold", 0.1)),
        model,
    )


def of_file(name: str, lines: list[Line]) -> list[Example]:
    """The lines of a file as messages to read."""
    return [Example(line.text, line.intent, line.language, name) for line in lines]


def _component(config: Any, name: str) -> dict[str, Any]:
    for component in config.get("pipeline") or ():
        if str(component.get("name", "")).rpartition(".")[2] == name:
            return dict(component)
    return {}
