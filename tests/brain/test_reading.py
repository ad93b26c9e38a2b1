"""Training data read once is the data that Rasa reads."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.importers.importer import (
    CombinedDataImporter,
    ResponsesSyncImporter,
    TrainingDataImporter,
)
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helder.brain import reading

EXAMPLES = """version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - hello
      - hello [Ann](name)
"""
DOMAIN = """version: "3.1"
intents: [greet]
entities: [name]
responses:
  utter_greet:
    - text: Hello
"""
OWNERS = (loading, TrainingData, Message, CombinedDataImporter, ResponsesSyncImporter)
NAMES = ("load_data", "sanitize_examples", "__deepcopy__", "fingerprint", "get_nlu_data")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "nlu.yml").write_text(EXAMPLES, encoding="utf-8")
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (tmp_path / "config.yml").write_text("recipe: default.v1\nlanguage: en\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Ours is installed, and taken out again; the files that Rasa itself was asked for."""
    asked: list[str] = []
    stock = loading.load_data

    def load(name: str, language: str | None = "en") -> TrainingData:
        asked.append(Path(name).name)
        return stock(name, language)

    for owner in OWNERS:
        for name in NAMES:
            if name in vars(owner):  # so that it is put back
                monkeypatch.setattr(owner, name, vars(owner)[name])
    monkeypatch.setattr(loading, "load_data", load)
    reading.install()
    yield asked
    del Message.__deepcopy__


def data_of(project: Path) -> TrainingData:
    """As a training reads it: the domain first, which asks for the examples in its own way."""
    importer = TrainingDataImporter.load_from_dict(
        {"language": "en"},
        str(project / "config.yml"),
        str(project / "domain.yml"),
        [str(project / "nlu.yml")],
    )
    importer.get_domain()
    return importer.get_nlu_data()


def test_it_is_what_rasa_reads(project: Path, request: pytest.FixtureRequest) -> None:
    theirs = data_of(project)
    request.getfixturevalue("reads")
    ours = data_of(project)
    assert [each.data for each in ours.training_examples] == [
        each.data for each in theirs.training_examples
    ]
    assert len(ours.intent_examples) == 2


def features(number: float) -> Features:
    return Features(np.array([[number]]), FEATURE_TYPE_SENTENCE, "text", "encoder")


@pytest.mark.parametrize(
    "other",
    [
        {"text": "hi"},
        {"intent": "bye"},
        {"entities": []},
        {"entities": [{"entity": "name", "value": "Bob"}]},
        {"text_tokens": [Token("hello", 1)]},
        {"text_tokens": [Token("hello", 0), Token("hello", 6)]},
        {"more": 1},
    ],
)
def test_examples_that_differ_have_another_fingerprint(
    other: dict[str, Any], reads: list[str]
) -> None:
    data = {
        "text": "hello",
        "intent": "greet",
        "entities": [{"entity": "name", "value": "Ann"}],
        "text_tokens": [Token("hello", 0)],
    }
    one, same = Message(dict(data)), Message(dict(reversed(data.items())))
    assert one.fingerprint() == same.fingerprint()
    assert Message(data | other).fingerprint() != one.fingerprint()


def test_features_and_changes_make_another_fingerprint(reads: list[str]) -> None:
    message = Message({"text": "hello"})
    found = [message.fingerprint()]
    for number in (1.0, 2.0):
        message.features = []
        message.add_features(features(number))
        found.append(message.fingerprint())
    message.set("intent", "greet")
    found.append(message.fingerprint())
    assert len(set(found)) == 4


def test_a_file_is_read_once_and_again_when_it_is_another(project: Path, reads: list[str]) -> None:
    data_of(project)
    data_of(project)
    assert reads == ["nlu.yml"]
    path = project / "nlu.yml"
    path.write_text(EXAMPLES.replace("- hello\n", "- hi\n", 1), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    texts = {example.get("text") for example in data_of(project).intent_examples}
    assert reads == ["nlu.yml"] * 2
    assert texts == {"hi", "hello", "hello Ann"}


def test_what_a_training_writes_into_its_examples_stays_there(
    project: Path, reads: list[str]
) -> None:
    first = data_of(project)
    for example in first.training_examples:
        example.set("text", "changed")
        for entity in example.get("entities", []):
            entity["value"] = "changed"
    again = data_of(project)
    assert reads == ["nlu.yml"]
    assert {e.get("text") for e in again.intent_examples} == {"hello", "hello Ann"}
    assert [e["value"] for e in again.entity_examples[0].get("entities")] == ["Ann"]


def test_a_copy_is_equal_and_nothing_of_it_is_shared(reads: list[str]) -> None:
    message = Message({"text": "hello", "entities": [{"entity": "name", "value": "Ann"}]})
    made = copy.deepcopy(message)
    assert made == message
    made.get("entities")[0]["value"] = "Bob"
    assert message.get("entities")[0]["value"] == "Ann"


def test_labels_are_stripped_and_repetitions_dropped(reads: list[str]) -> None:
    examples = [Message({"text": "hello", "intent": each}) for each in ("greet ", "greet", "bye")]
    found = TrainingData(examples).training_examples
    assert [each.get("intent") for each in found] == ["greet", "bye"]
