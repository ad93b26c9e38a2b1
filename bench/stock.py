"""Stock Rasa: the assistant that `rasa init` makes, as it is, with a tracker store that lasts.

`rasa init --no-prompt` copies the template that is in the package and trains at once; the training
is measured apart, so the template is copied here. The only addition is the tracker store.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.failure import BenchFailed
from bench.numbers import Cost
from bench.processes import copy_without, server, time_command
from helder.child import Child, Process

_TRACKER_STORE = """
tracker_store:
  type: SQL
  dialect: sqlite
  db: {database}
"""


@dataclass(frozen=True)
class Stock:
    """The `rasa init` assistant in a folder of its own."""

    folder: Path
    log: Path
    port: int
    environment: Mapping[str, str]

    @property
    def process(self) -> Process:
        """`rasa run` with nothing but a port."""
        command = (sys.executable, "-m", "rasa", "run", "--port", str(self.port))
        return Process("stock Rasa", command, self.port, "/", "")

    @property
    def model(self) -> bool:
        """Is there a trained model?"""
        return any((self.folder / "models").glob("*.tar.gz"))

    def running(self) -> AbstractContextManager[Child]:
        """`rasa run`, for as long as a block lasts."""
        return server(self.process, self.folder, self.environment, self.log)

    def prepare(self) -> None:
        """Make the assistant; nothing is done if it is there."""
        if not (self.folder / "domain.yml").exists():
            copy_without(template(), self.folder)
            with (self.folder / "endpoints.yml").open("a", encoding="utf-8") as endpoints:
                endpoints.write(_TRACKER_STORE.format(database=self.folder / "tracker.db"))

    def train(self) -> Cost:
        """Train from a cold cache: the whole process, imports included."""
        for left in (".rasa", "models"):
            shutil.rmtree(self.folder / left, ignore_errors=True)
        command = (sys.executable, "-m", "rasa", "train")
        return time_command(
            "stock Rasa's training", command, self.folder, self.environment, self.log
        )


def template() -> Path:
    """The assistant that `rasa init` copies."""
    # Found without importing Rasa, which takes ten seconds.
    found = importlib.util.find_spec("rasa")
    for place in (found.submodule_search_locations or ()) if found else ():
        template = Path(place) / "cli" / "initial_project"
        if template.is_dir():
            return template
    raise BenchFailed("Rasa's template of a new assistant is not installed; run `make bench`.")
