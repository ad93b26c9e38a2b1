"""Rules and stories, judged by Rasa's own tools, in a way that really fails.

`rasa data validate` ignores rules and exits 0 on much; here each of its checks must say yes, and
the rule policy itself looks for contradictions.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def importer() -> Any:
    from rasa.shared.importers.importer import TrainingDataImporter

    return TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )


@pytest.fixture(scope="module")
def validator(importer: Any) -> Any:
    from rasa.validator import Validator

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Slot auto-fill")
        return Validator.from_importer(importer)


CHECKS = (
    "verify_intents",
    "verify_example_repetition_in_intents",
    "verify_intents_in_stories",
    "verify_actions_in_stories_rules",
    "verify_forms_in_stories_rules",
    "verify_form_slots",
    "verify_slot_mappings",
    "verify_domain_validity",
    "verify_story_structure",
)


@pytest.mark.parametrize("check", CHECKS)
def test_rasa_finds_nothing_wrong(validator: Any, check: str) -> None:
    verify = getattr(validator, check)
    arguments = {} if _takes_no_strictness(verify) else {"ignore_warnings": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert verify(**arguments)


def _takes_no_strictness(verify: Any) -> bool:
    return "ignore_warnings" not in verify.__code__.co_varnames[: verify.__code__.co_argcount]


class Rules:
    """The rule policy, and what it is trained on."""

    def __init__(self, importer: Any, folder: Path) -> None:
        from rasa.engine.graph import ExecutionContext, GraphSchema
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.storage.resource import Resource

        from helder.brain.policy import InterruptibleRulePolicy

        config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
        mine = next(p for p in config["policies"] if p["name"].endswith("RulePolicy"))
        self.importer = importer
        self.policy = InterruptibleRulePolicy(
            InterruptibleRulePolicy.get_default_config() | mine,
            LocalModelStorage.create(folder),
            Resource("rules"),
            ExecutionContext(GraphSchema({})),
        )

    def train(self, more: Path | None = None) -> None:
        from rasa.shared.core.generator import TrainingDataGenerator
        from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
        from rasa.shared.core.training_data.structures import StoryGraph

        domain = self.importer.get_domain()
        graph = self.importer.get_stories()
        if more is not None:
            graph = graph.merge(StoryGraph(YAMLStoryReader(domain).read_from_file(more)))
        trackers = TrainingDataGenerator(graph, domain, use_story_concatenation=False).generate()
        self.policy.train(trackers, domain)


@pytest.fixture
def rules(importer: Any, tmp_path: Path) -> Rules:
    return Rules(importer, tmp_path)


def test_no_rule_contradicts_another_or_a_story(rules: Rules) -> None:
    rules.train()


@pytest.mark.parametrize(
    "planted",
    [
        "rules: [{rule: x, steps: [{intent: thanks}, {action: utter_goodbye}]}]",
        "stories: [{story: x, steps: [{intent: greet}, {action: utter_goodbye}]}]",
    ],
)
def test_a_planted_contradiction_is_found(rules: Rules, tmp_path: Path, planted: str) -> None:
    from rasa.core.policies.rule_policy import InvalidRule

    path = tmp_path / "planted.yml"
    path.write_text(f'version: "3.1"\n{planted}\n', encoding="utf-8")
    with pytest.raises(InvalidRule):
        rules.train(path)
