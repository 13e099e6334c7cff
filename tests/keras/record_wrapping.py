"""Writes wrapping.json: what Keras 3's optimizers that hold others make of weights, for test_wrapping.py beside this file.

`pip install keras==3.15.1 torch` in an environment of its own, then `KERAS_BACKEND=torch python -m tests.keras.record_wrapping`.
"""

import json
from pathlib import Path

import keras
import numpy as np
from keras import ops

from tests.keras.wrapping_cases import CASES, SAVED, STEPS, further, gradients, trained
from tests.optimizer_steps import weights

FOLDER = Path(__file__).with_name("wrapped")


def numbers(variables):
    return [[float(f"{v:.7g}") for v in ops.convert_to_numpy(w).reshape(-1)] for w in variables]


def stepped(name):
    variables = [keras.Variable(w, name=f"w{i}") for i, w in enumerate(weights())]
    optimizer = CASES[name](keras)
    optimizer.build(variables)
    found = []
    for step in range(STEPS):
        scale = float(ops.convert_to_numpy(optimizer.scale_loss(ops.ones(()))))
        now = [ops.convert_to_numpy(w) for w in variables]
        optimizer.apply(
            [ops.convert_to_tensor(np.float32(scale) * g) for g in gradients(name, now, step)], variables
        )
        found.append(
            {
                "weights": numbers(variables),
                "scale": scale,
                "iterations": int(ops.convert_to_numpy(optimizer.iterations)),
            }
        )
    return found


def saved(name):
    """Saves a model that is being trained, and returns how its training goes on."""
    model = trained(keras, SAVED[name])
    model.save(FOLDER / f"{name}.keras")
    return further(model)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    record = {
        "steps": {name: stepped(name) for name in CASES},
        "losses": {name: saved(name) for name in SAVED},
    }
    Path(__file__).with_name("wrapping.json").write_text(json.dumps(record), encoding="utf-8")
