"""The policy of the queue is read strictly, and nothing that tells a group can be in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helder.decisions.errors import PolicyError
from helder.handoff.factors import OPTIONS, Kind, Promise, Safety
from helder.handoff.priority import load_priority
from tests.handoff.queued import POLICY, PRIORITY, WEIGHTS


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = POLICY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "priority.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_every_option_has_points_and_a_reason_in_both_languages() -> None:
    for options in OPTIONS.values():
        for option in options:
            assert WEIGHTS.heads[option] >= 0
            said = PRIORITY.options[option]
            assert all((said.name.en, said.name.nl, said.reason.en, said.reason.nl))
    assert WEIGHTS.minute >= 1
    assert PRIORITY.waited.reason.nl


def test_nobody_can_come_later_by_more_than_the_heaviest_of_each_factor() -> None:
    heaviest = (Kind.IN_MOTION, Promise.OVERDUE, Safety.DANGER)
    assert WEIGHTS.longest_lead == sum(WEIGHTS.heads[each] for each in heaviest) == 48


@pytest.mark.parametrize(
    "name", ["language", "name", "place", "spending", "channel", "customer_value", "42"]
)
def test_a_factor_that_tells_a_group_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    path = changed(tmp_path, "  safety:", f"  {name}: {{weight: 3}}\n  safety:")
    with pytest.raises(PolicyError) as refused:
        load_priority(path)
    (problem,) = refused.value.problems
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1].startswith(f"  {name}:")
    assert problem.sentence == (
        f"{name} cannot decide who is helped first. Only time_waited, kind_of_case, promise_made "
        "and safety can: they say what is needed and how long somebody has waited, and none says "
        "to which group somebody belongs."
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("      question:", "      dutch:", "dutch is no option of kind_of_case; they are quest"),
        ("      question:", "      dutch:", "kind_of_case: question is missing."),
        ("weight: 1 ", "weight: 0 ", "weight must be a whole number from 1 to 1000, not 0."),
        ("weight: 8", "weight: -8", "weight must be a whole number from 0 to 1000, not -8."),
        ("weight: 8", "weight: 8.5", "weight must be a whole number from 0 to 1000, not 8.5."),
        ("weight: 8", "weight: yes", "weight must be a whole number from 0 to 1000, not yes."),
        ("weight: 8", "weight: 9999", "weight must be a whole number from 0 to 1000, not 9999."),
        ("      agent_lost:", "      agent_lost:\n        weight: 5", "weight is not known here"),
        ("at_most: 5", "at_most: many", "at_most must be a whole number from 0 to 100, not 'many"),
        ("at_most: 5", "", "at_most must be a whole number from 0 to 100, not nothing."),
        ("from: 2026-11-23", "from: soon", "from must be a day such as 2026-11-23, not 'soon'."),
        ("      nl: Lang wachten komt hier harder aan dan bij anderen.", "", "reason has no Dutch"),
        ("    name: {en: Safety, nl: Veiligheid}\n", "", "name has no English text (en)."),
        ("    name: {en: Safety", "    name: {fr: a, en: Safety", "fr is not known here"),
        ("{place} of", "{plaats} of", "place.en has {plaats}, which nothing fills in."),
        ("{place} of", "{plaats} of", "place.en must say {place}."),
        ("{place} of", "{place!r} of", "place.en has braces around something that is no name."),
        ("{place} of", "{place of", "place.en has braces around something that is no name."),
        ("  safety:\n", "  safety: 3\n  safety:\n", "safety is there twice."),
        ("words:", "wordz:", "wordz is not known here"),
        ("overtaking:", "overtaking: [", "This is not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_priority(changed(tmp_path, old, new))
    found = [problem for problem in refused.value.problems if problem.sentence.startswith(sentence)]
    assert found, refused.value.problems
    assert re.match(r"policies/priority\.yml, line \d+: ", str(refused.value))


@pytest.mark.parametrize("text", ["", "- a", "factors: 3", "factors: {safety: 3}", "factors: []"])
def test_what_is_no_policy_at_all_is_refused_too(tmp_path: Path, text: str) -> None:
    path = tmp_path / "priority.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError):
        load_priority(path)


def test_the_digest_changes_with_a_weight_and_not_with_a_comment(tmp_path: Path) -> None:
    comment = load_priority(changed(tmp_path, "# Who is helped first.", "# Who goes first."))
    assert comment == PRIORITY
    weight = load_priority(changed(tmp_path, "weight: 30", "weight: 31"))
    assert weight.digest != PRIORITY.digest
