"""The figures are those of scikit-learn where it has them, and of a hand's count elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from helder.report import measures
from helder.report.measures import Reading

RNG = np.random.default_rng(5)
INTENTS = ("a", "b", "c", "d")


def reading(intent: str, read: str, confidence: float = 0.9, second: float = 0.05) -> Reading:
    other = "b" if read == "a" else "a"
    return Reading("x", intent, ((read, confidence), (other, second)))


@pytest.fixture(scope="module")
def many() -> list[Reading]:
    return [
        reading(str(RNG.choice(INTENTS)), str(RNG.choice(INTENTS)), float(RNG.random()))
        for _ in range(400)
    ]


def test_the_figures_are_those_of_scikit_learn(many: list[Reading]) -> None:
    truth, read = [r.intent for r in many], [r.read for r in many]
    assert measures.accuracy(many) == pytest.approx(metrics.accuracy_score(truth, read))
    expected = metrics.f1_score(truth, read, average="macro")
    assert measures.macro_f1(many) == pytest.approx(expected)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, read)
    for score in measures.scores(many):
        n = INTENTS.index(score.intent)
        assert score.messages == support[n]
        ours = (score.precision, score.recall, score.f1)
        assert ours == pytest.approx((precision[n], recall[n], f1[n]))


def test_out_of_scope_ranking_is_that_of_scikit_learn_with_ties() -> None:
    inside, outside = RNG.integers(0, 9, 200) / 9 + 0.2, RNG.integers(0, 9, 100) / 9
    labels = [1] * 200 + [0] * 100
    expected = metrics.roc_auc_score(labels, [*inside, *outside])
    assert measures.auroc(list(inside), list(outside)) == pytest.approx(expected)
    assert measures.auroc([0.5], [0.5]) == 0.5


def test_the_calibration_error_is_counted_by_bins() -> None:
    # Two of four right at .9, both right at .3: (4 · .4 + 2 · .7) / 6.
    group = [reading("a", read) for read in ("a", "a", "b", "b")]
    group += [reading("a", "a", 0.3)] * 2
    assert measures.calibration_error(group) == pytest.approx((4 * 0.4 + 2 * 0.7) / 6)
    assert [b.messages for b in measures.bins(group)] == [2, 4]
    assert measures.bins([reading("a", "a", 1.0)])[0].high == 1.0


def test_the_weakest_intent_comes_first_and_one_never_read_has_no_precision() -> None:
    found = measures.scores([reading("a", "b"), reading("b", "b"), reading("c", "c")])
    assert [(s.intent, s.precision) for s in found] == [("a", None), ("b", 0.5), ("c", 1.0)]


def test_confusions_are_counted_in_their_direction() -> None:
    found = measures.confusions([reading("a", "b")] * 2 + [reading("b", "a"), reading("a", "a")])
    assert found == {("a", "b"): 2, ("b", "a"): 1}


@pytest.mark.parametrize(
    ("confidence", "second", "falls"),
    [(0.49, 0.0, True), (0.5, 0.41, True), (0.5, 0.3, False), (0.9, 0.05, False)],
)
def test_a_message_falls_back_as_rasa_has_it(confidence: float, second: float, falls: bool) -> None:
    assert reading("a", "a", confidence, second).falls_back(0.5, 0.1) is falls


def test_a_message_that_was_read_as_nothing_is_wrong_and_falls_back() -> None:
    nothing = Reading("?!", "a", ())
    assert (nothing.read, nothing.right, nothing.confidence) == ("", False, 0.0)
    assert nothing.falls_back(0.5, 0.1)


def test_an_interval_is_that_of_wilson() -> None:
    assert measures.interval(0.9, 100) == pytest.approx((0.8256, 0.9448), abs=5e-4)
    assert measures.interval(1.0, 50)[1] == pytest.approx(1.0)
    assert measures.interval(0.0, 0) == (0.0, 1.0)


def test_there_is_no_accuracy_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        measures.accuracy([])
