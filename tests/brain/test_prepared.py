"""What the action server answers is held against Rasa's schema, which is itself looked at once."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from helder.brain import prepared
from helder.brain.prepared import STOCK

SET = {"event": "slot", "name": "order_number", "value": "HD-123456", "timestamp": None}


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> RemoteAction:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", STOCK)
    prepared.install()
    return RemoteAction("action_something", None)


@pytest.mark.parametrize(
    "answer",
    [{}, {"events": [], "responses": []}, {"events": [SET], "responses": [{"text": "Hello"}]}],
)
def test_what_rasa_takes_is_taken(action: RemoteAction, answer: Any) -> None:
    assert STOCK(action, answer)
    assert action._validate_action_result(answer)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        {"events": {}},
        {"events": ["slot"]},
        {"events": [{"event": "slot"}]},
        {"events": [SET, {"name": "without an event"}]},
        {"events": [], "responses": ["Hello"]},
    ],
)
def test_what_rasa_refuses_is_refused_for_the_same_reason(
    action: RemoteAction, answer: Any
) -> None:
    with pytest.raises(jsonschema.ValidationError) as stock:
        STOCK(action, answer)
    with pytest.raises(jsonschema.ValidationError, match="action server") as ours:
        action._validate_action_result(answer)
    assert list(ours.value.absolute_path) == list(stock.value.absolute_path)
    assert ours.value.validator == stock.value.validator


def test_the_schema_is_not_looked_at_for_every_answer(
    action: RemoteAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    action._validate_action_result({})
    monkeypatch.setattr(RemoteAction, "action_response_format_spec", lambda: pytest.fail("anew"))
    for _ in range(3):
        action._validate_action_result({"events": [SET]})
