"""Every way of writing a training loop gives TensorFlow.js's losses step by step."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

from tests.training.faces import FACES, PROGRAMS, SAME_AS, STEPS
from tests.training.loops import play
from tests.waves import wave

BY_TFJS = json.loads((Path(__file__).parent / "loops_by_tfjs.json").read_text())


def with_slopes():
    """What minimizing a penalty of slopes gives, by finite differences and Adam in float64."""
    x, y = wave(24, 1).reshape(8, 3), wave(8, 2, 1.5).reshape(8, 1)
    shapes = [(3, 4), (4,), (4, 1), (1,)]
    weights = np.concatenate([wave(np.prod(s), 10 + i, 0.7) for i, s in enumerate(shapes)])
    ends = np.cumsum([np.prod(s) for s in shapes])

    def loss(flat):
        k1, b1, k2, b2 = (part.reshape(s) for part, s in zip(np.split(flat, ends[:-1]), shapes, strict=True))
        hidden = np.tanh(x @ k1 + b1)
        slope = ((1 - hidden**2) * k2[:, 0]) @ k1.T
        return np.mean((np.sqrt((slope**2).sum(1)) - 1) ** 2) + np.mean((hidden @ k2 + b2 - y) ** 2)

    losses, m, v = [], np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        losses.append(loss(weights))
        gradient = np.array(
            [(loss(weights + e) - loss(weights - e)) / 2e-5 for e in 1e-5 * np.eye(weights.size)]
        )
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        weights = weights - 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
    return {"losses": losses, "weights": weights.tolist()}


def expected(name):
    """The losses and the last weights that a program must have."""
    return with_slopes() if SAME_AS[name] == "a gradient inside" else BY_TFJS[SAME_AS[name]]


def assert_plays(name, losses, weights):
    wanted = expected(name)
    np.testing.assert_allclose(losses, wanted["losses"], rtol=2e-5, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(weights, wanted["weights"], rtol=2e-4, atol=3e-5, err_msg=name)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_loop_gives_the_losses_of_tfjs(name, face):
    assert_plays(name, *asyncio.run(play(name, face)))


def test_every_recorded_loop_is_played():
    assert set(BY_TFJS) <= set(PROGRAMS)
