"""Records: canonical, replayed to the byte, and worth nothing once they were changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helder.decisions.archive import Archive
from helder.decisions.errors import FactError, NotReplayed, PolicyLost
from helder.decisions.evaluate import Case, replay
from helder.decisions.memory import KEPT, recalled, remembered
from helder.decisions.record import Decision, Given, decode
from helder.shop.values import Money
from tests.decisions.generate import FACTS, Made, cases, made


def decided(seed: int) -> tuple[Made, Decision]:
    policy = made(seed)
    return policy, policy.decide(next(cases(policy, seed, 1)))


@pytest.mark.parametrize("seed", range(40))
def test_a_record_is_read_back_and_replayed_from_the_archive(seed: int, tmp_path: Path) -> None:
    policy, decision = decided(seed)
    archive = Archive(tmp_path / "kept", FACTS)
    archive.keep([policy.version])
    text = decision.encode()
    assert decode(text, FACTS) == decision
    assert replay(text, FACTS, archive.find).encode() == text
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True,
                      separators=(",", ":")) == text  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_a_record_that_was_changed_anywhere_is_not_replayed(seed: int) -> None:
    policy, decision = decided(seed)
    plain = decision.plain()
    changes = {
        "result": "refuse" if plain["result"] != "refuse" else "allow",
        "rule": "rule_9",
        "digest": "0" * 64,
        "version": "2026-01-02",
        "pays": {"cents": 1, "currency": "EUR"},
        "checked": [*plain["checked"], ["rule_0", "x", "days", True]],
        "given": plain["given"][:-1],
        "format": 2,
        "at": "yesterday",
    }
    for name, value in changes.items():
        text = json.dumps({**plain, name: value}, sort_keys=True, separators=(",", ":"))
        with pytest.raises(NotReplayed):
            replay(text, FACTS, lambda _: policy.version)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"format": 1}', "{"])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(NotReplayed):
        decode(text, FACTS)


def test_a_version_that_is_lost_or_was_changed_is_an_error(tmp_path: Path) -> None:
    policy, decision = decided(1)
    archive = Archive(tmp_path, FACTS)
    with pytest.raises(PolicyLost, match="not here any more"):
        archive.find(decision)
    archive.keep([policy.version])
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text().replace('"because"', '"becausE"', 1))
    with pytest.raises(PolicyLost, match="as it was"):
        archive.find(decision)


def test_what_is_archived_is_never_written_again(tmp_path: Path) -> None:
    policy, _ = decided(1)
    archive = Archive(tmp_path, FACTS)
    archive.keep([policy.version])
    (path,) = tmp_path.iterdir()
    path.write_text("mine")
    archive.keep([policy.version])
    assert path.read_text() == "mine"


def test_the_last_few_decisions_are_remembered_the_newest_first() -> None:
    kept: str | None = None
    for number in range(KEPT + 2):
        policy = made(number)
        values = next(cases(policy, number, 1))
        decision = policy.decide(values)
        kept = remembered(kept, Decision(**{**vars(decision), "about": f"HD-{number}"}))
    found = recalled(kept, FACTS)
    assert [each.about for each, _ in found] == [f"HD-{n}" for n in range(KEPT + 1, 1, -1)]
    assert all(text == each.encode() for each, text in found)


def test_the_same_question_again_takes_the_place_of_the_old_one() -> None:
    _, first = decided(3)
    _, second = decided(4)
    kept = remembered(remembered(remembered(None, first), second), first)
    assert [each for each, _ in recalled(kept, FACTS)] == [first]


@pytest.mark.parametrize("kept", [None, "", "{", "7", '["no record"]', "[7]"])
def test_what_cannot_be_read_is_no_memory(kept: str | None) -> None:
    assert recalled(kept, FACTS) == []


def test_supposing_is_strict_and_takes_the_currency_of_the_case() -> None:
    case = Case("HD-1", "GBP", (Given("total", Money(1, "GBP"), FACTS["total"].source),))
    supposed = case.supposing(FACTS, {"total": FACTS["total"].read("12.50")})
    assert supposed.given[0].value == Money(1250, "GBP")
    assert supposed.given[0].source.value == "supposed"
    for name, value in (("days", True), ("days", -1), ("days", None), ("state", "lost"), ("no", 1)):
        with pytest.raises(FactError):
            case.supposing(FACTS, {name: value})  # type: ignore[dict-item]  # wrong
