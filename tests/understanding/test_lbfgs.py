from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize as reference

from helder.understanding.lbfgs import minimize

RNG = np.random.default_rng(8)
MIXED = RNG.normal(size=(80, 50))
RIGHT = RNG.random(80) < 0.5


def logistic(at: Any) -> tuple[float, Any]:
    signs = np.where(RIGHT, 1.0, -1.0)
    margins = signs * (MIXED @ at)
    value = np.logaddexp(0, -margins).sum() + 0.05 * at @ at
    return float(value), -MIXED.T @ (signs / (1 + np.exp(margins))) + 0.1 * at


def test_the_least_value_is_the_one_that_scipy_finds() -> None:
    theirs = reference(logistic, np.zeros(50), jac=True, method="L-BFGS-B", tol=1e-12)
    ours = minimize(logistic, np.zeros(50), steps=500, tolerance=1e-14)
    assert logistic(ours)[0] == pytest.approx(theirs.fun, rel=1e-8)
    np.testing.assert_allclose(ours, theirs.x, atol=1e-4)


def test_a_narrow_valley_is_followed_to_its_end() -> None:
    curvatures = np.logspace(0, 3, 30)

    def valley(at: Any) -> tuple[float, Any]:
        return float(0.5 * curvatures @ (at - 1) ** 2), curvatures * (at - 1)

    np.testing.assert_allclose(
        minimize(valley, np.zeros(30), steps=1000, tolerance=1e-16), 1.0, atol=1e-4
    )


def test_no_step_is_taken_that_makes_it_worse() -> None:
    values = [logistic(minimize(logistic, np.zeros(50), steps=n, tolerance=0))[0] for n in range(9)]
    assert values == sorted(values, reverse=True)
    assert values[8] < values[0]


def test_where_it_is_least_it_stays() -> None:
    best = minimize(logistic, np.zeros(50), steps=500, tolerance=1e-15)
    np.testing.assert_allclose(
        minimize(logistic, best, steps=500, tolerance=1e-15), best, atol=1e-5
    )


def test_a_loss_that_is_no_number_ends_the_search_where_it_was() -> None:
    def broken(at: Any) -> tuple[float, Any]:
        return (1.0 if not at.any() else float("nan")), np.ones(3)

    assert minimize(broken, np.zeros(3), steps=5, tolerance=0).tolist() == [0, 0, 0]


def test_no_more_steps_are_taken_than_allowed() -> None:
    asked = []

    def counted(at: Any) -> tuple[float, Any]:
        asked.append(at)
        return float(at @ at), 2 * at

    minimize(counted, np.full(4, 1e6), steps=1, tolerance=0)
    assert len(asked) == 2
