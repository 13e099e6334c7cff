"""Data that Discretization adapts to: for record_quantiles.py and for the test."""

import numpy as np

CASES = [
    ([100], 4, 0.01),
    ([250], 4, 0.01),
    ([37], 7, 0.01),
    ([5], 3, 0.01),
    ([1], 2, 0.01),
    ([64, 64, 10], 5, 0.01),
    ([1000, 1000, 333], 10, 0.01),
    ([3000], 16, 0.003),
    ([40, 3, 400], 6, 0.1),
    ([90, 90, 90, 90], 3, 0.3),
    ([200], 1, 0.01),
    ([500, 20], 50, 0.05),
]
"""Sizes of the batches, bins and epsilon."""


def batches(number):
    """The batches of a case, float32, of three kinds of distributions."""
    draw = np.random.RandomState(number)
    kinds = (draw.standard_normal, lambda n: draw.exponential(size=n), lambda n: draw.randint(0, 9, n))
    return [
        kinds[(number + place) % 3](size).astype("float32") for place, size in enumerate(CASES[number][0])
    ]
