"""Helder: a copy of this checkout with database, keys, model and ports of its own.

A copy, so that the cache is cold, nothing of the installation is touched, and whoever edits a file
meanwhile changes nothing here.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.numbers import Cost
from bench.processes import copy_without, free_ports, server, time_command
from helder import keyfiles, model, preparation
from helder import settings as settings_module
from helder.child import Child
from helder.settings import PROJECT, Settings, process_environment
from helder.supervisor import helder_processes

_NOT_NEEDED = ("var", "models", "tests", "docs", "bench")
_NO_LIMIT = str(10**6 - 1)


@dataclass(frozen=True)
class Ours:
    """Helder in a folder of its own."""

    settings: Settings
    logs: Path

    @classmethod
    def in_folder(cls, folder: Path, logs: Path) -> Ours:
        """Copy the checkout and prepare keys, database and anchor as `helder run` does."""
        _remove_old_copy(folder)
        copy_without(PROJECT, folder, *_NOT_NEEDED)
        settings = _settings(folder)
        preparation.prepare(settings, say=lambda _: None)
        return cls(settings, logs)

    @property
    def secret(self) -> str:
        """What our processes show each other."""
        return keyfiles.internal_secret(self.settings.keys)

    @property
    def environment(self) -> Mapping[str, str]:
        """What `helder run` gives its processes."""
        return process_environment(self.settings, self.secret)

    @property
    def model(self) -> bool:
        """Is there a trained model that fits?"""
        return model.fitting_model(self.settings.project) is not None

    def running(self, name: str) -> AbstractContextManager[Child]:
        """One of the four processes, as the supervisor starts it, for as long as a block lasts."""
        process = next(p for p in helder_processes(self.settings) if p.name == name)
        log = self.logs / f"{name}.log"
        return server(process, self.settings.project, self.environment, log)

    def train(self) -> Cost:
        """Train from a cold cache: the whole process, imports included."""
        for left in (".rasa", "models"):
            shutil.rmtree(self.settings.project / left, ignore_errors=True)
        command = (sys.executable, "-m", "helder.cli", "train")
        project = self.settings.project
        log = self.logs / "training.log"
        return time_command("Helder's training", command, project, self.environment, log)


def _remove_old_copy(folder: Path) -> None:
    """Leave only what was made in the folder, not what was copied there before."""
    for path in folder.glob("*"):
        if path.is_dir() and path.name not in _NOT_NEEDED:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _settings(folder: Path) -> Settings:
    gateway, desk, rasa, actions = free_ports(4)
    chosen = {
        "PROJECT": str(folder),
        "VAR": str(folder / "var"),
        "GATEWAY_PORT": str(gateway),
        "DESK_PORT": str(desk),
        "RASA_PORT": str(rasa),
        "ACTIONS_PORT": str(actions),
        # All customers of a bench come from one address.
        "MESSAGES_PER_MINUTE": _NO_LIMIT,
        "ADDRESS_MESSAGES_PER_MINUTE": _NO_LIMIT,
        "OPENINGS_PER_MINUTE": _NO_LIMIT,
    }
    return settings_module.load({settings_module.PREFIX + n: v for n, v in chosen.items()})
