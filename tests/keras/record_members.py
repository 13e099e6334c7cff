"""Writes members.json: the public attributes of Keras's base classes.

`pip install keras==3.15.1` in an environment of its own, then `KERAS_BACKEND=numpy python -m tests.keras.record_members`: this
backend adds none of its own.
"""

import json
from pathlib import Path

import keras

CLASSES = {
    "Callback": keras.callbacks.Callback,
    "Constraint": keras.constraints.Constraint,
    "Function": keras.Function,
    "Initializer": keras.Initializer,
    "InputSpec": keras.InputSpec,
    "KerasTensor": keras.KerasTensor,
    "Layer": keras.Layer,
    "LearningRateSchedule": keras.optimizers.schedules.LearningRateSchedule,
    "Loss": keras.Loss,
    "Metric": keras.Metric,
    "Model": keras.Model,
    "Operation": keras.Operation,
    "Optimizer": keras.Optimizer,
    "PyDataset": keras.utils.PyDataset,
    "Quantizer": keras.Quantizer,
    "RNN": keras.layers.RNN,
    "Regularizer": keras.Regularizer,
    "SeedGenerator": keras.random.SeedGenerator,
    "Sequential": keras.Sequential,
    "StatelessScope": keras.StatelessScope,
    "Variable": keras.Variable,
}


def main():
    record = {
        name: sorted(member for member in dir(kind) if not member.startswith("_"))
        for name, kind in CLASSES.items()
    }
    target = Path(__file__).with_name("members.json")
    target.write_text(json.dumps(record, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
