"""Minimises a smooth convex function of very many variables: L-BFGS.

Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5. scipy's L-BFGS-B takes a
million variables through Python one by one, for bounds that there are not, and lets no other thread
work meanwhile: of 60 s that learning the assistant took, it was 20.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[Any]
_MEMORY = 6  # pairs of steps that the curvature is taken from
_SUFFICIENT = 1e-4  # of the decrease that the slope promises, so much is enough (Armijo)
_SHORTEST = 1e-10  # a shorter step is none


def minimize(
    loss: Callable[[Vector], tuple[float, Vector]],
    start: Vector,
    *,
    steps: int,
    tolerance: float,
) -> Vector:
    """Where `loss`, which gives a value and a new gradient, is least.

    Ends after so many steps, or when one brought less than `tolerance` of the value.
    """
    place = start
    value, gradient = loss(place)
    pairs: deque[tuple[Vector, Vector, float]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        direction = -_newton(gradient, pairs)
        slope = float(direction @ gradient)
        length = 1.0 if pairs else 1.0 / max(1.0, float(np.sqrt(gradient @ gradient)))
        after, new_gradient = loss(place + length * direction)
        while not after <= value + _SUFFICIENT * length * slope:
            length /= 2
            if length < _SHORTEST:
                return place
            after, new_gradient = loss(place + length * direction)
        step, change = length * direction, new_gradient - gradient
        place = place + step
        curvature = float(step @ change)
        if curvature > 0:
            pairs.append((step, change, curvature))
        gained = value - after
        value, gradient = after, new_gradient
        if gained <= tolerance * max(abs(value), 1.0):
            break
    return place


def _newton(gradient: Vector, pairs: deque[tuple[Vector, Vector, float]]) -> Vector:
    """The gradient times the inverse curvature, as far as the last steps show it."""
    result = gradient.copy()
    shares = []
    for step, change, curvature in reversed(pairs):
        share = float(step @ result) / curvature
        result -= share * change
        shares.append(share)
    if pairs:
        _, change, curvature = pairs[-1]
        result *= curvature / float(change @ change)
    for (step, change, curvature), share in zip(pairs, reversed(shares), strict=True):
        result += (share - float(change @ result) / curvature) * step
    return result
