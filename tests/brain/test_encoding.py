"""Encoding while a model is trained: each text once, and begun before it is asked."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helder.brain.encoding import Ahead, Remembering, examples_of


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


class Encoder:
    """Gives lengths, and remembers what it was asked, and where."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()

    def __call__(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        self.threads.add(threading.get_ident())
        return np.array([[float(len(text))] for text in texts]).reshape(-1, 1)


def test_what_is_asked_was_encoded_meanwhile_and_the_rest_is_encoded_then() -> None:
    encoder = Encoder()
    ahead = Ahead(encoder, lambda: ["a", "bb"])
    assert ahead(["bb", "ccc", "a"]).tolist() == [[2], [3], [1]]
    assert encoder.asked == ["a", "bb", "ccc"]
    assert len(encoder.threads) == 2


def test_examples_that_cannot_be_read_are_encoded_when_they_are_asked_for() -> None:
    def damaged() -> list[str]:
        raise ValueError("no YAML")

    encoder = Encoder()
    assert Ahead(encoder, damaged)(["a"]).tolist() == [[1]]


def test_the_examples_are_those_of_the_project_without_annotations(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "nlu" / "en"
    folder.mkdir(parents=True)
    (folder / "orders.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: track_order\n    examples: |\n'
        "      - where is [HD-204817](order_number)\n      - track it\n",
        encoding="utf-8",
    )
    assert examples_of(tmp_path) == ["where is HD-204817", "track it"]
