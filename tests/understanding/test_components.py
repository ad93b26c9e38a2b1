"""The components in Rasa's own graph: trained, stored, loaded again in another process."""

import json
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.model_training import train_nlu
from rasa.shared.exceptions import InvalidConfigException

from helder.understanding import dates, halves, language_model, likeness, softmax
from helder.understanding.classifier import HybridClassifier
from helder.understanding.component import check_lists, check_settings
from helder.understanding.encoder import SentenceEncoder
from helder.understanding.entities import OrderEntities
from helder.understanding.language import LanguageDetector
from helder.understanding.speller import SpellingCorrector
from helder.understanding.storage import DamagedModelError
from tests.aio import run

TINY = Path(__file__).with_name("tiny")
COMPONENTS = [SpellingCorrector, SentenceEncoder, HybridClassifier, OrderEntities, LanguageDetector]
SAID = {
    "where is my parcel": "track_order",
    "waar is mijn bestellnig 204817": "track_order",
    "annuleer het maar": "cancel_order",
    "can i retrun it? 1012 ab": "return_item",
    "met een medewerker praten": "human",
    "hoe laat gaan jullie open": "opening_hours",
    "bedankt!": "thanks",
    "what is the capital of france": "nlu_fallback",
    "xqzzt blorp": "nlu_fallback",
    "": "nlu_fallback",
    "  ": "nlu_fallback",
    "?": "nlu_fallback",
    "👍🎉": "nlu_fallback",
}
PARSE = """
import asyncio, json, sys
from helder.brain import lightly
lightly.install()
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
model = MessageProcessor(sys.argv[1], None, None, None)
texts = json.loads(sys.argv[2])
print("PARSED" + json.dumps([asyncio.run(model.parse_message(UserMessage(t))) for t in texts]))
"""


def load(model: Path) -> MessageProcessor:
    """A model as Rasa serves it; parsing needs no tracker store."""
    return MessageProcessor(str(model), None, None, None)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_TELEMETRY_ENABLED", "false")
        patch.chdir(folder)  # Rasa's cache goes to the working directory
        trained = train_nlu(str(TINY / "config.yml"), str(TINY / "nlu.yml"), str(folder))
    assert trained is not None
    return Path(trained)


@pytest.fixture(scope="module")
def parsed(model: Path) -> dict[str, dict]:
    loaded = load(model)
    return {text: run(loaded.parse_message(UserMessage(text))) for text in SAID}


@pytest.mark.parametrize(("text", "intent"), SAID.items())
def test_a_message_gets_its_intent_in_either_language(parsed, text, intent):
    assert parsed[text]["intent"]["name"] == intent


def test_entities_stand_beside_each_other(parsed):
    found = parsed["waar is mijn bestellnig 204817"]["entities"]
    assert {(e["entity"], e["value"], e["extractor"]) for e in found} == {
        ("order_number", "HD-204817", "OrderEntities"),
        ("language", "nl", "LanguageDetector"),
    }
    assert parsed["👍🎉"]["entities"] == []


def test_the_message_stays_as_it_was_written(parsed):
    assert parsed["can i retrun it? 1012 ab"]["text"] == "can i retrun it? 1012 ab"


def test_a_new_process_gives_the_same_answers_to_the_bit(model, parsed):
    arguments = [sys.executable, "-W", "ignore", "-c", PARSE, str(model), json.dumps(list(SAID))]
    ran = subprocess.run(arguments, capture_output=True, text=True, check=True)
    theirs = json.loads(ran.stdout.split("PARSED")[1])
    assert theirs == json.loads(json.dumps(list(parsed.values())))


def test_a_model_that_was_altered_is_refused_with_a_sentence(model, tmp_path):
    altered = tmp_path / "altered.tar.gz"
    with tarfile.open(model) as packed:
        packed.extractall(tmp_path / "model")
    (arrays,) = (tmp_path / "model").rglob("*HybridClassifier*/arrays.npz")
    content = bytearray(arrays.read_bytes())
    content[len(content) // 2] ^= 1
    arrays.write_bytes(bytes(content))
    with tarfile.open(altered, "w:gz") as packed:
        for entry in sorted((tmp_path / "model").iterdir()):
            packed.add(entry, entry.name)
    with pytest.raises(DamagedModelError, match="Train again with `make train`"):
        load(altered)


def test_nothing_in_a_model_is_a_pickle(model):
    with tarfile.open(model) as packed:
        names = packed.getnames()
    assert any("HybridClassifier" in name for name in names)
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))]


@pytest.mark.parametrize("component", COMPONENTS)
def test_an_unknown_setting_stops_the_training(component):
    settings = {**component.get_default_config(), "colour": "blue"}
    with pytest.raises(InvalidConfigException, match=f"{component.__name__} has no setting"):
        component.create(settings, None, None, FakeContext())


class FakeContext:
    node_name = "node"


@pytest.mark.parametrize("wrong", ["10", None, True, -1, float("nan")])
def test_a_setting_out_of_range_is_named(wrong):
    with pytest.raises(InvalidConfigException, match="HybridClassifier: 'C' must be a number from"):
        check_settings("HybridClassifier", {"C": wrong}, {"C": (0.01, 1000.0)})


@pytest.mark.parametrize(
    ("component", "module", "attribute"),
    [
        (HybridClassifier, softmax, "__file__"),
        (HybridClassifier, likeness, "__file__"),
        (OrderEntities, dates, "__file__"),
        (LanguageDetector, language_model, "__file__"),
        (LanguageDetector, language_model, "WEIGHTS"),
    ],
)
def test_a_change_in_what_a_component_uses_makes_it_train_again(
    component, module, attribute, tmp_path, monkeypatch
):
    before = calculate_fingerprint_key(component, {}, {})
    other = tmp_path / "other"
    other.write_bytes(Path(str(getattr(module, attribute))).read_bytes() + b"\n# changed")
    monkeypatch.setattr(module, attribute, other)
    assert calculate_fingerprint_key(component, {}, {}) != before


@pytest.mark.parametrize("component", COMPONENTS)
def test_required_packages_are_names_that_rasa_can_check(component):
    for name in component.required_packages():
        assert find_spec(name)
        assert version(name)


@pytest.mark.parametrize("wrong", ["track_order", ["track_order"], [[1]], [["track_order"], None]])
def test_what_belongs_together_is_lists_of_names(wrong: object) -> None:
    with pytest.raises(InvalidConfigException, match="'together' must be lists of names"):
        check_lists("HybridClassifier", "together", wrong)


def test_requests_that_belong_together_are_one_as_the_config_says() -> None:
    readings = {"return it": "return_item", "give me my money": "get_refund"}

    def rank(texts: Sequence[str]) -> list[halves.Ranking]:
        return [[(readings[text], 0.99)] for text in texts]

    text, whole = "return it, and give me my money", [("return_item", 0.9)]
    assert halves.find(text, whole, rank) is not None
    assert halves.find(text, whole, rank, together=[["return_item", "get_refund"]]) is None
