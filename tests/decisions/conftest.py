from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from helder.decisions.errors import PolicyError
from helder.decisions.policy import Policy
from helder.decisions.reading import load_policy_file
from tests.decisions.generate import FACTS

HEAD = """\
question: {en: Is it so, nl: Is dat zo}
contest: {en: Ask us., nl: Vraag het ons.}
versions:
  - from: 2026-01-01
"""
BECAUSE = "because: {en: It is so., nl: Het is zo.}"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Policy]:
    """A policy from what stands under its first version."""

    def reading(text: str) -> Policy:
        path = tmp_path / "tried.yml"
        body = dedent(text).replace("BECAUSE", BECAUSE)
        lines = "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())
        path.write_text(HEAD + lines, encoding="utf-8")
        return load_policy_file(path, FACTS)

    return reading


@pytest.fixture
def problems(read: Callable[[str], Policy]) -> Callable[[str], list[str]]:
    """What is wrong with it: `line: sentence`, or nothing."""

    def finding(text: str) -> list[str]:
        try:
            read(text)
        except PolicyError as error:
            return [f"{line}: {sentence}" for line, sentence in error.problems]
        return []

    return finding
