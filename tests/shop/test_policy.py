from __future__ import annotations

import shutil
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from helder.decisions.errors import NoVersion
from helder.shop.model import OrderState
from helder.shop.policy import POLICIES, PolicyError, decision_files, load_policy

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
_WINDOW = "- name: window_over\n        when: days_since_delivery is more than window_days"
OURS = ("address_change", "cancellation", "compensation", "exchange", "goodwill", "returns")


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    for name in OURS:
        shutil.copy(POLICIES / f"{name}.yml", tmp_path)
    return tmp_path


def changed(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_policies_that_come_with_helder_are_read() -> None:
    assert tuple(decision_files(POLICIES)) == OURS
    terms = load_policy().terms(NOW)
    assert (terms.window_days, terms.send_within_days) == (30, 14)
    assert terms.free_until is OrderState.PAID
    assert terms.fees == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "returns.yml",
            "window_days: 30",
            "windw_days: 30",
            "No value of this policy",
        ),
        ("returns.yml", "window_days: 30", "window_days: 13", "14 or more"),
        ("returns.yml", "window_days: 30", "window_days: thirty", "whole number"),
        ("returns.yml", "window_days: 30", "window_days: true", "whole number"),
        ("returns.yml", "window_days: 30", "window_days: 30.5", "whole number"),
        ("returns.yml", "window_days: 30", "window_days: [", "not valid YAML"),
        ("returns.yml", "gift_cards]", "7]", "words"),
        ("returns.yml", "guarantee_years: 2", "guarantee_year: 2", "guarantee_years"),
        ("returns.yml", _WINDOW, _WINDOW.replace("window_days", "10"), "the law gives"),
        ("cancellation.yml", "of open, paid", "of open, lost", "must be one of"),
        ("cancellation.yml", "then: refuse", "then: deny", "then must be one of"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    policies: Path, file: str, old: str, new: str, says: str
) -> None:
    changed(policies, file, old, new)
    with pytest.raises(PolicyError, match=says) as refused:
        load_policy(policies)
    assert f"policies/{file}, line " in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe\x00", b"just words"])
def test_a_file_that_is_no_policy_is_refused(policies: Path, content: bytes) -> None:
    (policies / "returns.yml").write_bytes(content)
    with pytest.raises(PolicyError, match=r"returns\.yml"):
        load_policy(policies)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"address_change\.yml, line 1: This file cannot be read"):
        load_policy(tmp_path)


def test_a_policy_of_the_companys_own_is_found_by_its_versions(policies: Path) -> None:
    shutil.copy(policies / "goodwill.yml", policies / "gift_wrap.yml")
    assert "gift_wrap" in load_policy(policies).policies


def test_the_version_of_the_day_decides(policies: Path) -> None:
    path = policies / "cancellation.yml"
    text = path.read_text(encoding="utf-8")
    rules = text[text.index("    rules:") :]
    packed = "order_state is packed\n        then: "
    paid = rules.replace(f"{packed}refuse", f"{packed}allow\n        fee: 4.95")
    path.write_text(f"{text}\n  - from: 2027-01-01\n{paid}", encoding="utf-8")
    policy = load_policy(policies)
    before = policy.terms(NOW)
    assert (before.free_until, before.fees) == (OrderState.PAID, ())
    after = policy.terms(datetime(2027, 1, 1, 0, 30, tzinfo=timezone.utc))
    assert after.free_until is OrderState.PAID
    assert [(state, fee.written) for state, fee in after.fees] == [(OrderState.PACKED, "4.95")]
    # In Amsterdam the year begins an hour earlier.
    assert policy.terms(datetime(2026, 12, 31, 23, 30, tzinfo=timezone.utc)).fees
    with pytest.raises(NoVersion, match="begins on 2026-01-01"):
        policy.policies["cancellation"].in_force(date(2025, 12, 31))
