"""What the intents are learned from: a changed text or rule has them learned no differently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def data_of(project: Path) -> Any:
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.graph_components.providers.nlu_training_data_provider import NLUTrainingDataProvider
    from rasa.shared.importers.importer import TrainingDataImporter

    from helder.brain import lessons

    lessons.install()
    importer = TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data.yml")]
    )
    provider = NLUTrainingDataProvider(
        {**NLUTrainingDataProvider.get_default_config(), "persist": False, "language": None},
        LocalModelStorage.create(project / "store"),
        Resource("data"),
    )
    return provider.provide(importer)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nlanguage: en\nassistant_id: x\n"
        "pipeline:\n  - name: WhitespaceTokenizer\npolicies: []\n"
    )
    (tmp_path / "domain.yml").write_text(
        'version: "3.1"\nintents: [hi]\nresponses:\n  utter_hi:\n    - text: hello\n'
    )
    (tmp_path / "data.yml").write_text(
        'version: "3.1"\n'
        "nlu:\n  - intent: hi\n    examples: |\n      - hi\n      - hello you\n"
        "rules:\n  - rule: hi\n    steps:\n      - intent: hi\n      - action: utter_hi\n"
    )
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_only_examples_are_learned_from(project: Path) -> None:
    assert [each.get("text") for each in data_of(project).training_examples] == ["hi", "hello you"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("domain.yml", "text: hello", "text: hello!"), ("data.yml", "utter_hi", "action_listen")],
)
def test_a_changed_text_or_rule_changes_nothing_to_learn(
    project: Path, name: str, old: str, new: str
) -> None:
    before = data_of(project).fingerprint()
    change(project / name, old, new)
    assert data_of(project).fingerprint() == before


def test_a_changed_example_does(project: Path) -> None:
    before = data_of(project).fingerprint()
    change(project / "data.yml", "hello you", "hello there")
    assert data_of(project).fingerprint() != before


def test_a_component_that_chooses_responses_is_given_all(project: Path) -> None:
    change(
        project / "config.yml",
        "  - name: WhitespaceTokenizer\n",
        "  - name: WhitespaceTokenizer\n  - name: ResponseSelector\n",
    )
    assert any(each.get("action_name") for each in data_of(project).training_examples)
