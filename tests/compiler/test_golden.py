"""Plans of small graphs as text, so that a change of the scheduler shows in a diff.

After a change that is meant: `TFJS_PYO_REFRESH=1 .venv/bin/python -m pytest tests/compiler/test_golden.py` writes the files
anew; read the diff before you commit it.
"""

import os
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan, plan_of_step
from tests.compiler.models import mlp, training_step

GOLDEN = Path(__file__).parent.parent / "golden"


def matrix(rows, columns):
    return tf.tensor([[0.5] * columns] * rows)


def dense():
    return plan(tf.relu(tf.matMul(matrix(8, 16), matrix(16, 4)) + tf.tensor([0.5] * 4)))


def softmax_gradient():
    x, weights = matrix(4, 8), matrix(4, 8)
    return plan(tf.grad(lambda t: (tf.softmax(t) * weights).sum())(x))


def normalize():
    x = matrix(8, 32)
    centered = x - x.mean(-1, True)
    return plan(centered / (centered.square().mean(-1, True) + 1e-3).sqrt())


def mlp_step():
    return plan_of_step(training_step(mlp("sgd"), 32, [64]))


@pytest.mark.parametrize(
    "make", [dense, softmax_gradient, normalize, mlp_step], ids=lambda make: make.__name__
)
def test_plan(make):
    path = GOLDEN / f"{make.__name__}.txt"
    text = f"{make()}\n"
    if os.environ.get("TFJS_PYO_REFRESH"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see the top of this file"
