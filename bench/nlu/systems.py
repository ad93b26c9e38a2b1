"""The two pipelines in the same assistant: ours as it is, and stock Rasa's on the same data."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.failure import BenchFailed
from bench.nlu.figures import Threshold
from bench.numbers import Cost
from bench.ours import Ours
from bench.processes import copy_without, time_command
from bench.stock import template
from helder import model
from helder.report.measures import Reading
from helder.settings import PROJECT

# What `rasa init` has when it lists no pipeline and no policies; Rasa would choose it by itself.
STOCK_FALLBACK = Threshold(0.3, 0.1)


@dataclass(frozen=True)
class Read:
    """How a text was read, and in how many milliseconds."""

    ranking: tuple[tuple[str, float], ...]
    milliseconds: float


@dataclass(frozen=True)
class Helder:
    """Our assistant in a folder of its own."""

    ours: Ours

    @property
    def project(self) -> Path:
        """Where its files are."""
        return self.ours.settings.project

    def threshold(self) -> Threshold:
        """The FallbackClassifier's settings in config.yml."""
        config = YAML(typ="safe").load(self.project / "config.yml")
        for component in config["pipeline"]:
            if component["name"] == "FallbackClassifier":
                return Threshold(component["threshold"], component["ambiguity_threshold"])
        raise BenchFailed("config.yml has no FallbackClassifier.")

    def train(self) -> Cost:
        """The whole assistant from a cold cache, imports included."""
        return self.ours.train()

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text, as the model trained last reads it."""
        trained = model.fitting_model(self.project)
        if trained is None:
            raise BenchFailed("Helder's training left no model.")
        return read_by(trained, texts, self.project, self.ours.environment, "--lightly")


@dataclass(frozen=True)
class StockNlu:
    """The same assistant with the pipeline and policies of `rasa init`."""

    folder: Path
    log: Path
    environment: Mapping[str, str]

    def prepare(self, project: Path) -> None:
        """Copy what both learn from; the pipeline is that of Rasa's template."""
        shutil.rmtree(self.folder, ignore_errors=True)
        copy_without(project / "data", self.folder / "data")
        shutil.copy(project / "domain.yml", self.folder / "domain.yml")
        shutil.copy(template() / "config.yml", self.folder / "config.yml")

    def train(self) -> Cost:
        """The whole assistant from a cold cache, imports included."""
        for left in (".rasa", "models"):
            shutil.rmtree(self.folder / left, ignore_errors=True)
        command = (sys.executable, "-m", "rasa", "train", "--skip-validation")
        name = "stock Rasa's training"
        return time_command(name, command, self.folder, self.environment, self.log)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each text, as the model trained last reads it."""
        trained = sorted((self.folder / "models").glob("*.tar.gz"))
        if not trained:
            raise BenchFailed("Stock Rasa's training left no model.")
        return read_by(trained[-1], texts, self.folder, self.environment)


def readings(intents: Sequence[str], texts: Sequence[str], read: Sequence[Read]) -> list[Reading]:
    """With what each text should have been read as."""
    rows = zip(texts, intents, read, strict=True)
    return [Reading(text, intent, found.ranking) for text, intent, found in rows]


def read_by(
    trained: Path, texts: Sequence[str], folder: Path, environment: Mapping[str, str], *more: str
) -> list[Read]:
    """Each text, as this model reads it in a project's folder."""
    path = {"PYTHONPATH": str(PROJECT)}  # this package is in no copy
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.nlu.reader", str(trained), *more],
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**environment, **path},
    )
    if done.returncode != 0:
        last = " · ".join(done.stderr.strip().splitlines()[-2:])
        raise BenchFailed(f"A trained model could not be read: {last}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [
        Read(tuple((name, float(p)) for name, p in each["ranking"]), each["ms"]) for each in found
    ]
