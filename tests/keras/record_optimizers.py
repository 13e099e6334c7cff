"""Writes optimizers.json: what Keras 3's optimizers make of weights, for test_optimizers.py beside this file.

`pip install keras==3.15.1 torch` in an environment of its own, then
`KERAS_BACKEND=torch python -m tests.keras.record_optimizers` and `KERAS_BACKEND=numpy python -m tests.keras.record_optimizers`.
The latter is for ScheduleFreeAdamW, which on PyTorch reads a value that it calls the old one after it was replaced.
"""

import json
from pathlib import Path

import keras
import numpy as np
from keras import ops

from tests.keras.record_data import fit_data, fit_weights
from tests.optimizer_steps import CHANGES, GRADIENTS, NOTED, SHAPES, STEPS, factor, weights

OPTIMIZERS = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.8}),
    ("SGD", {"momentum": 0.8, "nesterov": True}),
    ("RMSprop", {}),
    ("RMSprop", {"rho": 0.8, "momentum": 0.7}),
    ("RMSprop", {"momentum": 0.7, "centered": True, "epsilon": 1e-3}),
    ("Adagrad", {}),
    ("Adagrad", {"initial_accumulator_value": 0.5, "epsilon": 1e-3}),
    ("Adadelta", {}),
    ("Adadelta", {"rho": 0.8, "epsilon": 1e-3}),
    ("Adam", {}),
    ("Adam", {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Adam", {"amsgrad": True}),
    ("AdamW", {}),
    ("AdamW", {"weight_decay": 0.1, "amsgrad": True}),
    ("Adamax", {}),
    ("Adamax", {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Nadam", {}),
    ("Nadam", {"beta_1": 0.8, "beta_2": 0.95}),
    ("Ftrl", {}),
    ("Ftrl", {"l1_regularization_strength": 0.1, "l2_regularization_strength": 0.2, "beta": 0.5}),
    ("Ftrl", {"learning_rate_power": -0.3, "l2_shrinkage_regularization_strength": 0.1}),
    ("Lion", {}),
    ("Lion", {"beta_1": 0.8, "beta_2": 0.9}),
    ("Lamb", {}),
    ("Lamb", {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ("Adafactor", {}),
    ("Adafactor", {"beta_2_decay": -0.5, "epsilon_2": 0.1, "clip_threshold": 0.5, "relative_step": False}),
    ("Muon", {}),
    ("Muon", {"momentum": 0.8, "nesterov": False, "rms_rate": None, "ns_steps": 3, "adam_lr_ratio": 0.5}),
    ("ScheduleFreeAdamW", {}),
    ("ScheduleFreeAdamW", {"beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "warmup_steps": 7}),
]
EVERY = [
    "SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb", "Adafactor", "Muon",
    "ScheduleFreeAdamW",
]  # fmt: skip
OPTIONS = [
    {"weight_decay": 0.1},
    {"clipnorm": 0.3},
    {"clipvalue": 0.2},
    {"global_clipnorm": 0.4, "weight_decay": 0.05},
    {"use_ema": True, "ema_momentum": 0.8},
    {"use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 3},
    {"gradient_accumulation_steps": 3, "weight_decay": 0.05},
    {"gradient_accumulation_steps": 2, "use_ema": True, "ema_momentum": 0.6},
    {"loss_scale_factor": 4.0, "clipnorm": 0.3},
]
RATES = {"Lion": 0.02, "Adadelta": 1.0}


def numbers(variables):
    return [[float(f"{v:.7g}") for v in ops.convert_to_numpy(w).reshape(-1)] for w in variables]


def made(name, config, rate):
    first = RATES.get(name, 0.1)
    given = keras.optimizers.schedules.ExponentialDecay(first, 5, 0.5) if rate == "schedule" else first
    return getattr(keras.optimizers, name)(**{"learning_rate": given, **config}), first


def stepped(name, config, rate, kind):
    """Weights after some steps with gradients of a kind."""
    variables = [keras.Variable(w) for w in weights()]
    optimizer, first = made(name, config, rate)
    optimizer.build(variables)
    found = []
    for step in range(STEPS):
        if rate == "changed" and step in CHANGES:
            optimizer.learning_rate = first * CHANGES[step]
        gradients = [
            ops.convert_to_tensor(
                (2 * ops.convert_to_numpy(w) * (i + 1) - 1)
                * np.asarray(factor(kind, i, step), np.float32).reshape([-1] + [1] * (len(SHAPES[i]) - 1))
            )
            for i, w in enumerate(variables)
        ]
        optimizer.apply(gradients, variables)
        if step + 1 in NOTED:
            found.append(numbers(variables))
    if config.get("use_ema"):
        optimizer.finalize_variable_values(variables)
        found.append(numbers(variables))
    return {"optimizer": name, "config": config, "rate": rate, "gradients": kind, "weights": found}


def fitted(name, config):
    """Losses and weights of ten epochs of two steps, an embedding's sparse gradients in them; the rate falls on plateaus."""
    optimizer, _ = made(name, config, "constant")
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Embedding(5, 3), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    model.set_weights(fit_weights())
    model.compile(optimizer, "mse")
    plateau = keras.callbacks.ReduceLROnPlateau("loss", 0.5, 1, min_delta=10.0)
    x, y = fit_data()
    log = model.fit(x, y, batch_size=4, epochs=10, shuffle=False, verbose=0, callbacks=[plateau]).history
    return {
        "optimizer": name,
        "config": config,
        "losses": [float(f"{v:.7g}") for v in log["loss"]],
        "rates": [float(f"{v:.7g}") for v in log["learning_rate"]],
        "weights": numbers(model.weights),
    }


PATH = Path(__file__).with_name("optimizers.json")
ALIASED = "ScheduleFreeAdamW"


def main():
    if keras.backend.backend() == "numpy":
        record = json.loads(PATH.read_text(encoding="utf-8"))
        record["steps"] = [
            stepped(*(case[key] for key in ("optimizer", "config", "rate", "gradients")))
            if case["optimizer"] == ALIASED
            else case
            for case in record["steps"]
        ]
        PATH.write_text(json.dumps(record), encoding="utf-8")
        return
    record = {
        "version": keras.__version__,
        "defaults": {
            name: {k: v for k, v in getattr(keras.optimizers, name)().get_config().items() if k != "name"}
            for name in EVERY
        },
        "steps": [
            *(
                stepped(*case, rate, kind)
                for case in OPTIMIZERS
                for rate in ("constant", "schedule", "changed")
                for kind in GRADIENTS
            ),
            *(stepped(name, config, "schedule", "dense") for name in EVERY for config in OPTIONS),
        ],
        "fits": [
            *(fitted(*case) for case in OPTIMIZERS if case[0] != ALIASED),
            *(fitted(name, config) for name in ("SGD", "Adam") for config in OPTIONS),
        ],
    }
    PATH.write_text(json.dumps(record), encoding="utf-8")


if __name__ == "__main__":
    main()
