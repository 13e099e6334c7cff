"""Twenty steps that every optimizer makes here, in Keras and in TensorFlow.js: down a bowl, with gradients of three kinds.

Needs NumPy only: recorders run where this project is not installed. `tests/tfjs/record_optimizers.mjs` has the same steps.
"""

from tests.waves import filled

STEPS = 20
NOTED = (5, STEPS)
"""The steps after which weights are compared."""
SHAPES = [(3, 2), (2,)]
GRADIENTS = ("dense", "sparse", "small")
CHANGES = {7: 0.3, 14: 0.1}
"""Where the learning rate changes by hand: to which share of the first one, from which step on."""


def weights():
    """The first weights."""
    return [filled(shape, 31 + i, 2.0) for i, shape in enumerate(SHAPES)]


def factor(kind, index, step):
    """What the gradient of a weight is multiplied by in a step: a number for each row."""
    rows = SHAPES[index][0]
    if kind == "sparse":
        return [float(row == step % rows) for row in range(rows)]
    return [1e-5 if kind == "small" else 1.0] * rows
