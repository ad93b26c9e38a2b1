"""The guide for designers is true: its new topic passes the checks when it is followed."""

from __future__ import annotations

import re
from pathlib import Path

from helder.content.check import run
from tests.content.planted import ROOT
from tests.content.test_check import project

__all__ = ["project"]
GUIDE = ROOT / "docs" / "designers.md"


def test_a_topic_made_as_the_guide_says_has_no_findings(project: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    nlu, responses, rules, scripts = (re.sub(r"(?m)^   ", "", block) for block in blocks)
    for language in ("en", "nl"):
        words = [f"{first}{second}" for first in "bcdfg" for second in "aeiouy"]
        more = "".join(f"      - wrap {word}\n" for word in words)
        first = nlu if language == "en" else nlu[: nlu.index("      - ")]
        (project / f"data/nlu/{language}/gift_wrapping.yml").write_text(first + more)
    (project / "data/responses/gift_wrapping.yml").write_text(responses)
    (project / "data/rules/gift_wrapping.yml").write_text(rules)
    (project / "tests/dialogues/gift_wrapping.yml").write_text(scripts)
    domain = (project / "domain.yml").read_text()
    (project / "domain.yml").write_text(
        domain.replace("intents:\n", "intents:\n  - gift_wrapping\n")
    )
    assert run(project) == []


def test_the_guide_names_every_kind_of_step() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for step in ("customer:", "choice:", "assistant:", "language: en"):
        assert f"`{step}" in guide
