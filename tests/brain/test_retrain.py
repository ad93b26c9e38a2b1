"""What the trainer of `helder watch` does only once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from helder.brain import retrain
from helder.brain.retrain import Asked, AtComponents, GivenUp, Once, Stoppable, stoppable_steps


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


class Lines:
    """Standard input: each line is there as soon as it is put."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.read = threading.Event()

    def __iter__(self) -> Iterator[str]:
        yield from self.lines
        self.read.set()


def test_stop_is_about_all_that_was_asked_before_and_not_about_what_comes_after() -> None:
    lines = Lines("folder\tone\n", "folder\ttwo\n", "stop\n", "folder\tthree\n")
    asked = Asked(lines)
    assert lines.read.wait(10)
    asked.go_on()  # nothing is being trained yet
    given_up, heard = [], []
    for line in asked:
        heard.append(line)
        try:
            asked.go_on()
        except GivenUp:
            given_up.append(line)
    assert heard == ["folder\tone\n", "folder\ttwo\n", "folder\tthree\n"]
    assert given_up == heard[:2]


def test_what_is_not_wanted_before_it_begins_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(retrain, "train_into", lambda folder, _: begun.append(folder) or True)

    def not_wanted() -> None:
        raise GivenUp

    assert not retrain._train("one", "model", not_wanted)
    assert capsys.readouterr().out == "progress\tGiven up\n"
    assert retrain._train("two", "model", lambda: None)
    assert begun == ["two"]


def test_learning_is_given_up_at_its_next_step() -> None:
    from helder.understanding.lbfgs import minimize

    steps: list[float] = []

    def go_on() -> None:
        if len(steps) == 2:
            raise GivenUp

    def loss(at: Any) -> tuple[float, Any]:
        steps.append(float(at[0]))
        return float(((at - 3) ** 4).sum()), 4 * (at - 3) ** 3

    stoppable = Stoppable(minimize, go_on)
    with pytest.raises(GivenUp):
        stoppable(loss, np.zeros(2), steps=9, tolerance=0.0)
    assert len(steps) == 2


def test_learning_of_the_network_is_given_up_at_its_next_step() -> None:
    left = 2

    def go_on() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise GivenUp

    steps = stoppable_steps(lambda count: iter(range(count)), go_on)(9)
    assert [next(steps), next(steps)] == [0, 1]
    with pytest.raises(GivenUp):
        next(steps)


def test_a_training_is_given_up_when_the_next_component_begins() -> None:
    def go_on() -> None:
        raise GivenUp

    at = AtComponents(go_on)
    log = logging.getLogger("a training that is given up")
    log.setLevel(logging.INFO)
    log.addHandler(at)
    log.propagate = False
    log.info("Finished with something")
    with pytest.raises(GivenUp):
        log.info("Starting to train component 'X'.")
