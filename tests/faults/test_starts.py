"""A process that lacks its key or its anchor does not start, and says so in a sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from helder import keyfiles
from helder.settings import Settings, process_environment
from tests.faults.test_lost_files import away


@pytest.mark.parametrize(
    ("module", "what", "says"),
    [
        ("helder.gateway", "anchor.db*", "anchor.db is missing"),
        ("helder.gateway", "keys", "keys is missing"),
        ("helder.desk", "keys", "keys is missing"),
    ],
)
def test_a_process_without_what_it_needs_does_not_start(
    settings: Settings, module: str, what: str, says: str
) -> None:
    environment = process_environment(settings, keyfiles.internal_secret(settings.keys))
    with away(settings.var, what):
        ended = subprocess.run(
            [sys.executable, "-m", module],
            env=environment,
            cwd=settings.project,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    (sentence,) = ended.stderr.splitlines()
    assert says in sentence
    assert sentence.endswith(".")
