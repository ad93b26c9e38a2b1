"""Kept as long as the customer agreed to, and destroyed otherwise: the real processes, and their
clock moved. DESIGN §6: half an hour without consent, policies/retention.yml's days with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helder.content.policies import load_retention
from helder.settings import PROJECT
from tests.running import Running, Talk, running

CLOCKWORK = Path(__file__).parent / "clockwork"
KEPT = load_retention(PROJECT / "policies" / "retention.yml")
PATIENCE = 30.0


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    """The file that says how much later it is for our processes."""
    path = tmp_path / "minutes"
    path.write_text("0")
    return path


@pytest.fixture
def moved(tmp_path: Path, minutes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("PYTHONPATH", str(CLOCKWORK))
    monkeypatch.setenv("CLOCKWORK_MINUTES", str(minutes))
    with running(tmp_path / "var") as stack:
        yield stack


def gone(stack: Running, wanted: set[str]) -> set[str]:
    """Which of these are destroyed, once there are any; nothing more is waited for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        there = set(stack.log().ids())
        if wanted - there:
            return wanted - there
        time.sleep(0.2)  # between two looks at real processes
    return set()


def status(talk: Talk) -> int:
    return talk.client.get(talk.path, headers=talk.headers).status_code


def test_a_conversation_is_kept_as_long_as_its_customer_agreed(
    moved: Running, minutes: Path
) -> None:
    kept, plain, regretted, refused = (moved.talk("en") for _ in range(4))
    for talk in (kept, regretted):
        assert "90 days" in talk.say("please keep this conversation")[-1]
        assert "Noted." in talk.choose("Yes, keep it")[0]
    plain.say("hello")
    refused.say("please keep this conversation")
    refused.choose("No, don't keep it")
    (off,) = regretted.say("do not keep this conversation after all")
    assert f"{KEPT.conversation_minutes} minutes after your last message" in off
    everybody = {each.conversation for each in (kept, plain, regretted, refused)}

    minutes.write_text(str(KEPT.conversation_minutes - 1))
    time.sleep(3)  # forgetting is tried each second
    assert set(moved.log().ids()) >= everybody

    minutes.write_text(str(KEPT.conversation_minutes + 2))
    assert gone(moved, everybody)
    time.sleep(3)
    assert everybody - set(moved.log().ids()) == everybody - {kept.conversation}
    assert [status(each) for each in (kept, plain, regretted, refused)] == [200, 401, 401, 401]
    assert "keep" in kept.read()[0]["text"]

    day = 24 * 60
    minutes.write_text(str(KEPT.conversation_days * day - 5))
    time.sleep(3)
    assert kept.conversation in moved.log().ids()
    minutes.write_text(str(KEPT.conversation_days * day + 5))
    assert gone(moved, {kept.conversation}) == {kept.conversation}
