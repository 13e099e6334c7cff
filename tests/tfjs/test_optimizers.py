"""`tf.train` computes what TensorFlow.js 4.22 computes (recorded by record_optimizers.mjs), step by step."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.optimizer_steps import CHANGES, NOTED, STEPS, factor, weights

RECORD = json.loads(Path(__file__).with_name("optimizers.json").read_text(encoding="utf-8"))


def title(record):
    return "-".join(map(str, [record["optimizer"], *record["options"], record["rate"], record["gradients"]]))


def from_tfjs(record):
    """The record, where TF.js gives numbers: its centered RMSProp subtracts epsilon under the root, NaN for small gradients."""
    return not any(value is None for noted in record["weights"] for each in noted for value in each)


@pytest.mark.parametrize("record", list(filter(from_tfjs, RECORD["steps"])), ids=title)
def test_steps(record):
    variables = [tf.variable(tf.tensor(w)) for w in weights()]
    optimizer = getattr(tf.train, record["optimizer"])(*record["options"])
    expected = iter(record["weights"])
    for step in range(STEPS):
        if record["rate"] == "changed" and step in CHANGES:
            optimizer.learning_rate = record["options"][0] * CHANGES[step]
        factors = [
            tf.tensor(factor(record["gradients"], i, step)).reshape([-1, *(1 for _ in w.shape[1:])])
            for i, w in enumerate(variables)
        ]
        gradients = [(2 * w * (i + 1) - 1) * factors[i] for i, w in enumerate(variables)]
        optimizer.apply_gradients(list(zip(gradients, variables, strict=True)))
        if step + 1 in NOTED:
            for variable, values in zip(variables, next(expected), strict=True):
                np.testing.assert_allclose(variable.numpy().reshape(-1), values, rtol=5e-5, atol=2e-6)


def test_only_centered_rmsprop_is_without_numbers_there():
    lacking = {(r["optimizer"], len(r["options"])) for r in RECORD["steps"] if not from_tfjs(r)}
    assert lacking == {("rmsprop", 5)}
