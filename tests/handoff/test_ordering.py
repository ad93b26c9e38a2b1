"""The record of an order gives the same order again, to the byte."""

from __future__ import annotations

import json
import random

import pytest

from helder.handoff.errors import OrderNotReplayed
from helder.handoff.factors import Safety
from helder.handoff.ordering import arrange, replay
from tests.handoff.queued import NOW, PRIORITY, waits
from tests.handoff.test_order import some


def record() -> str:
    crowd = [waits(n, 1, safety=Safety.DANGER) for n in range(2, 9)]
    return arrange([waits(1, 2.25, overtaken=5), *crowd], NOW, PRIORITY).encode()


def test_a_record_replays_to_the_byte() -> None:
    dice = random.Random(11)
    for _ in range(100):
        cases = [some(number, dice) for number in range(dice.randrange(12))]
        found = arrange(cases, NOW, PRIORITY)
        assert replay(found.encode()) == found
        assert replay(found.encode()).encode() == found.encode()


def test_a_record_names_the_version_the_points_and_the_place() -> None:
    data = json.loads(record())
    assert data["policy"] == {"from": "2026-11-23", "digest": PRIORITY.digest}
    held = data["places"][0]
    assert (held["place"], held["held"], held["waiting"]["case"]) == (1, True, "case-1")
    assert held["points"][0] == ["time_waited", 135, 135]
    assert set(held["waiting"]) == {
        *("case", "since", "number", "kind", "promise", "safety", "overtaken")
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"danger":30', '"danger":3'),
        ('"place":6', '"place":7'),
        ('"held":true', '"held":false'),
        ('"time_waited",135,135', '"time_waited",135,136'),
        ('"at":"2026-11-23T12:00', '"at":"2026-11-23T12:01'),
        ('"at_most":5', '"at_most":6'),
    ],
)
def test_a_record_that_was_changed_does_not_replay(old: str, new: str) -> None:
    assert old in record()
    with pytest.raises(OrderNotReplayed, match="not what its record says"):
        replay(record().replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no record"),
        ("[]", "no record"),
        ('{"format": 2}', "format 2"),
        (record().replace('"kind":"question"', '"kind":"dutch"'), "no record"),
        (record().replace('"number":2', '"number":1'), "no record"),
        (record().replace('"number":2', '"number":"2"'), "no record"),
    ],
)
def test_what_is_no_record_is_told(text: str, sentence: str) -> None:
    with pytest.raises(OrderNotReplayed, match=sentence):
        replay(text)
