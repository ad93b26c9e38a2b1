import numpy as np
import pytest

from helder.understanding.likeness import Likeness

RNG = np.random.default_rng(5)
LABELS = np.array([2, 0, 1, 0, 2, 2, 0, 1], dtype=np.int64)


def units(count: int) -> np.ndarray:
    vectors = RNG.normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


VECTORS = units(len(LABELS))


def test_a_text_is_as_like_an_intent_as_its_likest_example():
    texts = units(3)
    expected = [[(VECTORS[k == LABELS] @ text).max() for k in range(3)] for text in texts]
    found = Likeness(VECTORS, LABELS, 3).of(texts)
    np.testing.assert_allclose(found + 0.4, expected, atol=1e-3)


def test_an_example_is_compared_with_the_others_and_stays_in_its_place():
    found = Likeness(VECTORS, LABELS, 3).of_examples()
    for n, label in enumerate(LABELS):
        others = (label == LABELS) & (np.arange(len(LABELS)) != n)
        assert found[n, label] + 0.4 == pytest.approx(
            (VECTORS[others] @ VECTORS[n]).max(), abs=1e-3
        )


def test_the_only_example_of_an_intent_is_like_itself():
    alone = Likeness(VECTORS[:3], np.array([0, 0, 1], dtype=np.int64), 2).of_examples()
    assert alone[2, 1] == pytest.approx(0.6)


def test_an_intent_without_examples_is_like_nothing():
    found = Likeness(VECTORS, LABELS, 5).of(units(2))
    np.testing.assert_allclose(found[:, 3:], -0.4)
    assert Likeness(VECTORS[:0], LABELS[:0], 2).of(units(1)) == pytest.approx(-0.4)


def test_many_texts_are_as_each_alone():
    texts = units(1100)
    likeness = Likeness(VECTORS, LABELS, 3)
    np.testing.assert_allclose(
        likeness.of(texts)[1050:1051], likeness.of(texts[1050:1051]), atol=1e-6
    )
    assert likeness.of(texts[:0]).shape == (0, 3)
