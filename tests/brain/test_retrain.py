"""What the trainer of `helder watch` does only once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from helder.brain.retrain import Once, Remembering


def test_a_text_is_encoded_once() -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> Any:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts]).reshape(-1, 2)

    remembering = Remembering(encode)
    assert remembering(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert remembering(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert asked == ["a", "bb", "ccc"]
    assert remembering([]).shape == (0, 2)


def test_a_text_that_passed_is_checked_once_and_one_that_did_not_again() -> None:
    asked: list[str] = []

    def check(text: str) -> None:
        asked.append(text)
        if text == "wrong":
            raise ValueError(text)

    once = Once(check)
    for text in ("right", "wrong", "right", "wrong"):
        if text == "wrong":
            with pytest.raises(ValueError, match="wrong"):
                once(text)
        else:
            once(text)
    assert asked == ["right", "wrong", "wrong"]
