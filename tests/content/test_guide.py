"""The guide for designers is true: its new topic passes the checks when it is followed."""

from __future__ import annotations

import re
from pathlib import Path

from helder.content.check import run
from helder.content.examples import FEWEST
from helder.report.crossing import FOLDS
from helder.report.make import NAME
from tests.content.planted import LIST, ROOT
from tests.content.test_check import project
from tests.dialogues.failure import Failure, account

__all__ = ["project"]
GUIDE = ROOT / "docs" / "designers.md"


def test_a_topic_made_as_the_guide_says_has_no_findings(project: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    nlu, responses, rules, scripts, words = (re.sub(r"(?m)^   ", "", block) for block in blocks)
    for language in ("en", "nl"):
        said = [f"{first}{second}" for first in "bcdfg" for second in "aeiouy"]
        more = "".join(f"      - wrap {word}\n" for word in said)
        first = nlu if language == "en" else nlu[: nlu.index("      - ")]
        (project / f"data/nlu/{language}/gift_wrapping.yml").write_text(first + more)
    (project / "data/responses/gift_wrapping.yml").write_text(responses)
    (project / "data/rules/gift_wrapping.yml").write_text(rules)
    (project / "tests/dialogues/gift_wrapping.yml").write_text(scripts)
    (project / "words/waiting.yml").write_text(words)
    domain = (project / "domain.yml").read_text()
    (project / "domain.yml").write_text(
        domain.replace("intents:\n", "intents:\n  - gift_wrapping\n")
    )
    assert run(project) == []


def test_the_guide_names_every_kind_of_step() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for step in ("customer:", "choice:", "assistant:", "language: en"):
        assert f"`{step}" in guide


def test_the_guide_tells_what_check_and_report_really_do() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert f"fewer than {FEWEST} in a language" in guide
    assert f"At\n   least {FEWEST} examples in each" in guide
    assert FOLDS == 5
    assert "five models, each without a fifth" in guide
    assert f"`var/report/{NAME}`" in guide
    assert "`tests/content/mistakes.yml`" in guide
    assert LIST.is_file()


def test_a_failing_script_looks_as_the_guide_shows() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    shown = guide[guide.index("tests/dialogues/smalltalk.yml:4: a goodbye") :].split("```")[0]
    ranking = [("greet", 0.97), ("goodbye", 0.01), ("thanks", 0.01)]
    ranked = [{"name": name, "confidence": sure} for name, sure in ranking]
    parsed = {"intent": ranked[0], "intent_ranking": ranked, "entities": []}
    said = {"event": "action", "name": "utter_greet", "policy": "policy_0_RulePolicy"}
    events = [{"event": "user", "parse_data": parsed}, said]
    lines = shown.splitlines()
    expected, came = (" ".join(lines[n].split()[2:]) for n in (2, 3))
    failure = Failure(
        "tests/dialogues/smalltalk.yml:4", "a goodbye", ["utter_goodbye"],
        [came.removeprefix("utter_greet ")], events,
        ["customer: hallo", lines[-1].strip()],
    )  # fmt: skip
    told = account(
        failure,
        lambda _: expected.removeprefix("utter_goodbye "),
        lambda _: "utter_greet",
        lambda *_: False,
    )
    assert _without_lines(told) == _without_lines(shown.rstrip())


def _without_lines(text: str) -> str:
    return re.sub(r"(\.yml):\d+", r"\1", text)
