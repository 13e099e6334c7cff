"""Labels and logits for connectionist temporal classification: for record_ctc.py and for the test."""

import numpy as np

CASES = [(2, 3, 7, 4), (1, 1, 3, 3), (3, 4, 12, 6), (2, 2, 5, 2), (4, 5, 20, 9)]
"""Samples, labels, steps, classes."""


def drawn(number):
    """Labels from 1, shorter sequences filled up with 0, and logits."""
    samples, labels, steps, classes = CASES[number]
    draw = np.random.RandomState(number + 40)
    true = draw.randint(1, classes, (samples, labels))
    for row, count in zip(true, draw.randint(1, labels + 1, samples), strict=True):
        row[count:] = 0
    return true.astype("int32"), draw.standard_normal((samples, steps, classes)).astype("float32")
