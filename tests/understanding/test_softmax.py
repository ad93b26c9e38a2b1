import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from helder.understanding.softmax import Calibration, calibrate, fit, folds

RNG = np.random.default_rng(3)
LABELS = np.repeat(np.arange(4), 30)
DENSE = RNG.normal(size=(120, 6)) + 0.7 * LABELS[:, None] * np.array([1, -1, 0, 0, 1, 0])
SPARSE = csr_matrix((RNG.random((120, 15)) < 0.2) * (1.0 + (LABELS % 2)[:, None]))


def test_the_weights_are_those_of_scikit_learn():
    ours = fit(DENSE, SPARSE, LABELS, 4, c=0.5)
    theirs = LogisticRegression(C=0.5, max_iter=5000, tol=1e-8)
    theirs.fit(hstack([DENSE, SPARSE]).tocsr(), LABELS)
    both = np.concatenate([ours.dense, ours.sparse])
    np.testing.assert_allclose(both, theirs.coef_.T, atol=0.02)


def test_the_same_input_gives_the_same_weights_to_the_bit():
    one, two = (fit(DENSE, SPARSE, LABELS, 4, c=10) for _ in range(2))
    assert np.array_equal(one.dense, two.dense)
    assert np.array_equal(one.sparse, two.sparse)


def test_overconfident_logits_are_cooled_down():
    truth = RNG.normal(size=(4000, 5))
    p = np.exp(truth) / np.exp(truth).sum(axis=1, keepdims=True)
    labels = (p.cumsum(axis=1) > RNG.random((4000, 1))).argmax(axis=1)
    assert abs(calibrate(truth * 3, labels).temperature - 3) < 0.3


def test_confidences_leave_room_for_none_of_these():
    calibration = Calibration(temperature=1.0, reject=0.0)
    confidences = calibration.confidences(np.array([[0.0, 0.0], [9.0, 0.0], [-9.0, -9.0]]))
    np.testing.assert_allclose(confidences[0], [1 / 3, 1 / 3])
    assert confidences[1].sum() > 0.999
    assert confidences[2].sum() < 0.001


def test_one_in_a_hundred_of_the_held_out_messages_lies_below_the_reject_logit():
    logits = RNG.normal(size=(1000, 3)) * 4
    found = calibrate(logits, logits.argmax(axis=1))
    energy = np.log(np.exp(logits / found.temperature).sum(axis=1))
    assert abs((energy < found.reject).mean() - 0.01) < 0.002


def test_folds_hold_out_each_text_once_and_spread_each_class():
    masks = list(folds(LABELS, 5, seed=1))
    assert np.array_equal(sum(mask.astype(int) for mask in masks), np.ones(120))
    for mask in masks:
        assert np.bincount(LABELS[mask]).tolist() == [6, 6, 6, 6]
