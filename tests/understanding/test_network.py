import numpy as np
import pytest
from scipy.sparse import csr_matrix

from helder.understanding import network
from helder.understanding.network import Network, fit

# Two words mean one thing together and another alone, which no sum of the two can say.
TOGETHER = csr_matrix([[0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
ODD = np.array([0, 1, 1, 0])
NOTHING = np.zeros((4, 2), dtype=np.float32)


def cross_entropy(parts, dense, sparse, labels):
    """With labels smoothed by a tenth."""
    logits = Network(*parts).logits(dense, sparse)
    wanted = np.full(logits.shape, 0.1 / logits.shape[1])
    wanted[np.arange(len(labels)), labels] += 0.9
    certain = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -float((wanted * certain).sum(axis=1).mean())


def test_what_words_say_together_is_learned():
    learned = fit(NOTHING, TOGETHER, ODD, 2)
    assert learned.logits(NOTHING, TOGETHER).argmax(axis=1).tolist() == ODD.tolist()


def test_the_same_examples_give_the_same_network_to_the_bit():
    one, two = fit(NOTHING, TOGETHER, ODD, 2), fit(NOTHING, TOGETHER, ODD, 2)
    for part in network.PARTS:
        assert np.array_equal(getattr(one, part), getattr(two, part))


def test_the_slopes_are_those_of_the_loss(monkeypatch):
    monkeypatch.setattr(network, "_DROPPED", 0.0)
    rng = np.random.default_rng(3)
    dense, sparse = rng.normal(size=(6, 4)), csr_matrix(rng.random((6, 5)))
    labels = rng.integers(3, size=6)
    shapes = [(4, 7), (5, 7), (7,), (7, 3), (3,)]
    parts = [rng.normal(size=shape) for shape in shapes]
    slopes = network._slopes(rng, parts, dense, sparse.copy(), labels)
    for n, (part, slope) in enumerate(zip(parts, slopes, strict=True)):
        for at in np.ndindex(part.shape):
            values = []
            for nudge in (-1e-6, 1e-6):
                moved = [each.copy() for each in parts]
                moved[n][at] += nudge
                values.append(cross_entropy(moved, dense, sparse, labels))
            assert slope[at] == pytest.approx((values[1] - values[0]) / 2e-6, abs=1e-5)


def test_what_is_dropped_is_made_up_for_by_the_rest():
    kept = network._kept(np.random.default_rng(0), (400, 500))
    assert 0.29 < (kept == 0).mean() < 0.31
    assert kept.mean() == pytest.approx(1, abs=0.01)


def test_a_network_that_is_near_is_left_as_it_was_by_what_it_knows_already():
    known = fit(NOTHING, TOGETHER, ODD, 2)
    again = fit(NOTHING, TOGETHER, ODD, 2, near=known)
    assert again.logits(NOTHING, TOGETHER).argmax(axis=1).tolist() == ODD.tolist()
    assert np.abs(again.sparse - known.sparse).max() < np.abs(known.sparse).max() / 4


def test_learning_near_a_network_takes_a_part_of_the_steps():
    rng = np.random.default_rng(0)
    whole = len(list(network.batches(rng, 9_000, network._EPOCHS)))
    near = len(list(network.batches(rng, 9_000, network._EPOCHS_NEAR)))
    assert near < whole / 3


@pytest.mark.parametrize("texts", [1, 9, 1024, 1025, 9_700])
def test_every_text_is_learned_from_in_every_epoch_and_few_texts_often_enough(texts):
    steps = list(network.batches(np.random.default_rng(0), texts, network._EPOCHS))
    seen = np.bincount(np.concatenate([chosen for _, chosen in steps]), minlength=texts)
    assert len(set(seen.tolist())) == 1
    assert seen[0] >= network._EPOCHS
    assert len(steps) >= network._LEAST_STEPS
    assert all(0 < rate <= network._RATE for rate, _ in steps)


def test_what_was_stored_is_what_was_learned():
    learned = fit(NOTHING, TOGETHER, ODD, 2)
    back = Network.of_halves(learned.halves())
    for part in network.PARTS:
        assert np.array_equal(getattr(back, part), getattr(learned, part))


def test_a_network_of_other_features_or_classes_does_not_fit():
    learned = fit(NOTHING, TOGETHER, ODD, 2)
    assert learned.fits(2, 3, 2)
    assert not learned.fits(3, 3, 2)
    assert not learned.fits(2, 4, 2)
    assert not learned.fits(2, 3, 3)
