"""Every public attribute of Keras's base classes is here, or in a list with the reason.

members.json was recorded by record_members.py.
"""

import json
from pathlib import Path

import pytest

from tfjs_pyo import keras

RECORD = json.loads(Path(__file__).with_name("members.json").read_text(encoding="utf-8"))

QUANTIZED = "weights of int8 and float8 are not computed with here"
REMATERIALIZED = "memory is planned for the whole step: there is no choice of what to compute again"
SPARSE = "there are no sparse or ragged tensors"

_OF_LAYERS = {
    "quantize": QUANTIZED, "quantized_build": QUANTIZED, "quantized_call": QUANTIZED, "rematerialized_call": REMATERIALIZED,
}  # fmt: skip
_OF_MODELS = {**_OF_LAYERS, "get_quantization_layer_structure": QUANTIZED}
_OF_OPERATIONS = {"quantized_call": QUANTIZED, "rematerialized_call": REMATERIALIZED}
MISSING = {
    "Function": _OF_OPERATIONS,
    "KerasTensor": dict.fromkeys(("ragged", "ragged_rank", "row_splits_dtype"), SPARSE),
    "Layer": _OF_LAYERS,
    "Model": _OF_MODELS,
    "Operation": _OF_OPERATIONS,
    "RNN": {**_OF_LAYERS, "inner_loop": "sequences are unrolled; a cell says what a step computes"},
    "Sequential": _OF_MODELS,
}
"""Attributes that are not here, with the reason."""


def called(layer):
    """Returns a layer after its first call on a symbolic tensor."""
    layer(keras.Input((3, 2)))
    return layer


def functional():
    x = keras.Input((3,))
    return keras.Model(x, keras.layers.Dense(2)(x))


EXAMPLES = {
    "Callback": keras.callbacks.Callback,
    "Constraint": keras.constraints.Constraint,
    "Function": functional,
    "Initializer": keras.Initializer,
    "InputSpec": lambda: keras.InputSpec(),
    "KerasTensor": lambda: keras.Input((3,)),
    "Layer": lambda: called(keras.layers.Dense(2)),
    "LearningRateSchedule": keras.optimizers.schedules.LearningRateSchedule,
    "Loss": keras.losses.MeanSquaredError,
    "Metric": keras.metrics.MeanSquaredError,
    "Model": functional,
    "Operation": lambda: called(keras.layers.Dense(2)),
    "Optimizer": keras.optimizers.Adam,
    "PyDataset": lambda: keras.utils.PyDataset(),
    "RNN": lambda: called(keras.layers.LSTM(2)),
    "Regularizer": keras.regularizers.L2,
    "SeedGenerator": lambda: keras.random.SeedGenerator(1),
    "Sequential": lambda: keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]),
    "StatelessScope": keras.StatelessScope,
    "Variable": lambda: keras.Variable(1.0),
}
"""What makes an object of each class."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_public_attributes_of_keras_are_here_or_excused(name):
    example, excused = EXAMPLES[name](), MISSING.get(name, {})
    known = {*dir(type(example)), *vars(example)}
    missing = [member for member in RECORD[name] if member not in known and not hasattr(example, member)]
    assert missing == sorted(excused)


def test_every_class_is_looked_at():
    assert set(EXAMPLES) == set(RECORD) - {"Quantizer"}
