"""An installation in a folder of its own, and the `helder` command run on it as a real process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.many import Many, hurried
from helder import settings as settings_module
from helder.conversation.entries import ConversationId
from helder.conversation.keyring import FileKeyring
from helder.installation import anchor_of, keyring_of
from helder.preparation import prepare
from helder.settings import PROJECT, Settings

PATIENCE = 120.0
Done = subprocess.CompletedProcess[str]


@dataclass
class Installed:
    """Settings, and what is run with them."""

    var: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> dict[str, str]:
        """The settings as the environment gives them."""
        return {"HELDER_VAR": str(self.var), "COLUMNS": "200", **self.more}

    @property
    def settings(self) -> Settings:
        return settings_module.load(self.chosen)

    @property
    def environment(self) -> Mapping[str, str]:
        kept = {n: value for n, value in os.environ.items() if not n.startswith("HELDER_")}
        return kept | self.chosen

    def prepare(self, conversations: int = 0, messages: int = 0) -> list[ConversationId]:
        """Keys, database and anchor, and so many conversations and left messages."""
        settings = self.settings
        prepare(settings, lambda _: None)
        engine, anchor = hurried(settings.database_url), anchor_of(settings)
        many = Many(engine, keyring_of(settings), anchor)
        made = list(many.conversations(conversations))
        many.left_messages(messages)
        anchor.close()
        engine.dispose()
        return made

    def helder(self, *arguments: str, **more: str) -> Done:
        """Run the command to its end."""
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            cwd=PROJECT,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "helder.cli", *arguments]

    def age_keys(self) -> None:
        """As if all keys had been made an hour ago."""
        then = time.time() - 3600
        for path in self.settings.keys.glob("*.key"):
            os.utime(path, (then, then))

    def written_keys(self) -> str:
        """The keys as the environment or a command would give them."""
        keyring = FileKeyring(self.settings.keys)
        return " ".join(
            f"{purpose}.{version}:{keyring.get(purpose, version).secret.hex()}"
            for purpose in ("master", "index")
            for version in keyring.versions(purpose)
        )


def succeeded(done: Done) -> str:
    """What it printed; it must have ended well and complained of nothing."""
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def refused(done: Done) -> str:
    """The one sentence with which it refused."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()
