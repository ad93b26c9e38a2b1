from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helder.shop.model import OrderState
from helder.shop.policy import POLICIES, PolicyError, load_policy


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    for name in ("returns.yml", "cancellation.yml"):
        shutil.copy(POLICIES / name, tmp_path)
    return tmp_path


def test_the_policies_that_come_with_helder_are_read() -> None:
    policy = load_policy()
    assert (policy.window_days, policy.send_within_days) == (30, 14)
    assert policy.free_while == {OrderState.OPEN, OrderState.PAID}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("returns.yml", "window_days: 30", "windw_days: 30", "must say window_days"),
        ("returns.yml", "window_days: 30", "window_days: 13", "14 or more"),
        ("returns.yml", "window_days: 30", "window_days: thirty", "whole number"),
        ("returns.yml", "window_days: 30", "window_days: true", "whole number"),
        ("returns.yml", "window_days: 30", "window_days: 30.5", "whole number"),
        ("returns.yml", "window_days: 30", "window_days: [", "not valid YAML"),
        ("returns.yml", "  - gift_cards", "  - 7", "list of words"),
        ("cancellation.yml", "  - paid", "  - shipped", "cannot be 'shipped'"),
        ("cancellation.yml", "free_while:", "free_until:", "must say free_while"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    policies: Path, file: str, old: str, new: str, says: str
) -> None:
    path = policies / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=says) as refused:
        load_policy(policies)
    assert file in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe\x00", b"just words"])
def test_a_file_that_is_no_policy_is_refused(policies: Path, content: bytes) -> None:
    (policies / "returns.yml").write_bytes(content)
    with pytest.raises(PolicyError, match=r"returns\.yml"):
        load_policy(policies)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"returns\.yml cannot be read"):
        load_policy(tmp_path)


def test_what_other_readers_keep_there_is_left_alone(policies: Path) -> None:
    path = policies / "returns.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\nreasons: {}\n", encoding="utf-8")
    assert load_policy(policies) == load_policy()
