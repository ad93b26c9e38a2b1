"""Rasa trains, loads and answers in a process that never imports TensorFlow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parent.parent / "understanding" / "tiny"
PROJECT = Path(__file__).parent.parent.parent

TRAIN_AND_SERVE = """
import asyncio, json, sys
from helder.brain import lightly
lightly.install()
import rasa.core.agent
from rasa.engine.recipes import default_components
from rasa.model_training import train
trained = train("domain.yml", sys.argv[1], [sys.argv[2], "rules.yml"], "models")
agent = rasa.core.agent.Agent.load(trained.model)
answers = asyncio.run(agent.handle_text("waar is mijn pakket", sender_id="a"))
families = ("tensorflow", "keras", "jax", "jaxlib")
mine = [m for m in sys.modules if m.partition(".")[0] in families]
real = [m for m in mine if getattr(sys.modules[m], "__file__", None)]
assert "tensorflow" in mine
print("DONE" + json.dumps([answers[0]["text"], real, default_components.DIETClassifier.__name__]))
"""

DOMAIN = """
version: "3.1"
intents: [track_order, cancel_order, return_item, opening_hours, human, thanks]
responses:
  utter_track:
    - text: "On its way."
"""

RULES = """
version: "3.1"
rules:
  - rule: track
    steps:
      - intent: track_order
      - action: utter_track
"""


def run(code: str, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT), "RASA_TELEMETRY_ENABLED": "false", "HOME": str(folder)},
        check=False,
    )


def test_rasa_trains_and_answers_without_tensorflow(tmp_path):
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "rules.yml").write_text(RULES)
    ran = run(TRAIN_AND_SERVE, tmp_path, str(TINY / "config.yml"), str(TINY / "nlu.yml"))
    assert ran.returncode == 0, ran.stderr[-2000:]
    answer, really_imported, diet = json.loads(ran.stdout.split("DONE")[1])
    assert answer == "On its way."
    assert really_imported == []
    assert diet == "DIETClassifier"  # Rasa's own components are still there by name


def test_rasas_own_command_line_runs(tmp_path):
    code = "from helder.brain.lightly import main; main(['--version'])"
    ran = run(code, tmp_path)
    assert "3.6.21" in ran.stdout


@pytest.mark.parametrize(
    "use",
    [
        "tensorflow.constant(1)",
        "tensorflow.keras.layers.Dense(3)",
        "__import__('tensorflow_hub').module_v2.load('x')",
        "__import__('jax').numpy.zeros((3,))",
        "type('Mine', (tensorflow.keras.Model,), {})()",
    ],
)
def test_whoever_computes_with_it_is_told_that_it_is_left_out(tmp_path, use):
    code = f"from helder.brain import lightly; lightly.install(); import tensorflow; {use}"
    ran = run(code, tmp_path)
    assert ran.returncode != 0
    assert "LeftOutError" in ran.stderr
    assert "left out of this process" in ran.stderr


def test_what_rasa_does_at_import_works(tmp_path):
    code = """
from typing import List, Optional, Union
from helder.brain import lightly
lightly.install()
lightly.install()
import tensorflow as tf
from tensorflow.keras.utils import Sequence
class Batches(Sequence):
    pass
@tf.function
def double(x: Optional[Union[tf.Tensor, List[tf.Tensor]]]) -> tf.Tensor:
    return 2 * x
assert double(2) == 4
assert tf.Tensor is tf.Tensor
assert not isinstance(3, tf.Tensor)
print("FINE")
"""
    assert "FINE" in run(code, tmp_path).stdout


def test_coming_too_late_is_an_error_and_not_a_mix(tmp_path):
    code = """
import sys, types
sys.modules["tensorflow"] = types.ModuleType("tensorflow")
from helder.brain import lightly
lightly.install()
"""
    assert "AlreadyImportedError: tensorflow: import" in run(code, tmp_path).stderr
