"""NumPy's numbers do as options, wherever Python's do: all numeric fields of all classes, options of training, shapes, axes."""

import asyncio
import itertools
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import callbacks, constraints, initializers, regularizers
from tfjs_pyo.config import REQUIRED, Configurable
from tfjs_pyo.errors import TfError
from tfjs_pyo.layers.base import LAYERS
from tfjs_pyo.losses.functions import CLASSES as LOSS_CLASSES
from tfjs_pyo.metrics.classes import CLASSES as METRICS
from tfjs_pyo.optimizers import OPTIMIZERS
from tfjs_pyo.optimizers.schedules import SCHEDULES

VALUES: dict[str, Any] = {
    "max_number": 3,
    "inner_optimizer": "sgd",
    "optimizer_map": lambda variable: "sgd",
    "units": 3, "filters": 2, "kernel_size": 2, "rate": 0.5, "output_size": 2,
    "input_dim": 4, "output_dim": 3, "n": 2, "dims": (2, 1),
    "target_shape": (6,), "axes": 1, "stddev": 0.5, "num_tokens": 4, "scale": 2.0, "height": 2, "width": 2, "factor": 0.5,
    "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2,
    "activation": "relu", "num_heads": 2, "key_dim": 2, "num_classes": 3, "recall": 0.5, "precision": 0.5, "specificity": 0.5,
    "sensitivity": 0.5, "target_class_ids": (0, 1), "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5,
    "end_learning_rate": 0.01, "first_decay_steps": 5, "boundaries": (2, 4), "values": (1.0, 0.5, 0.1), "equation": "ab,bc->ac",
    "output_shape": (None, 3), "function": abs, "groups": 1, "upper": 0.5, "lower": 0.5, "filename": "log.csv",
    "filepath": "there", "schedule": lambda epoch: 0.1, "fn": lambda a, b: a, "shape": (2,), "value": 0.5,
    "cropping": 1, "padding": "same", "bin_boundaries": (0.0, 1.0), "max_tokens": 5, "num_bins": 3, "height_factor": 0.5,
    "width_factor": 0.5, "layers": (), "monitor": "loss", "name": None, "learning_rate": 0.5,
}  # fmt: skip
"""A value for each field that has no default, and for some others where the default is none."""
FURTHER: dict[str, Any] = {
    "value_dim": 3, "output_sequence_length": 4, "input_length": 4, "seed": 7,
    "batch_input_shape": (None, 4), "input_shape": (4,),
    "clipnorm": 1.5, "max_tokens": 5,
}  # fmt: skip

REGISTRIES = [
    LAYERS, OPTIMIZERS, initializers.INITIALIZERS, regularizers.REGULARIZERS, constraints.CONSTRAINTS, METRICS, LOSS_CLASSES,
    SCHEDULES,
]  # fmt: skip


def kinds() -> list[type[Configurable]]:
    """Returns every class of this package that is made from fields."""
    found = [kind for registry in REGISTRIES for kind in registry.items.values() if isinstance(kind, type)]
    found += [getattr(callbacks, name) for name in callbacks.__all__]
    ours = [
        kind for kind in found if issubclass(kind, Configurable) and kind.__module__.startswith("tfjs_pyo")
    ]
    return list(dict.fromkeys(ours))


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def numeric(value: Any) -> bool:
    """Returns whether a value is a number, or numbers (and None) in lists."""
    if isinstance(value, (list, tuple)):
        return bool(value) and any(map(numeric, value)) and all(v is None or numeric(v) for v in value)
    return is_number(value)


def changed(value: Any, whole: Any, real: Any) -> Any:
    """Returns a value with its numbers changed to types of NumPy, or to wider ones where these do not hold them."""
    if isinstance(value, (list, tuple)):
        return type(value)(changed(item, whole, real) for item in value)
    if type(value) is int:
        return whole(value) if value in range(128) else np.int64(value)
    if type(value) is float:
        return real(value) if 1e-3 < abs(value) < 1e3 or value == 0 else np.float64(value)
    return value


TYPES = [(np.int64, np.float32), (np.int8, np.float64), (np.uint16, np.float16), (np.int64, np.array)]


def needed(kind: type[Configurable]) -> dict[str, Any]:
    values = {
        key: VALUES[key] for key, each in kind.fields.items() if each.default is REQUIRED and key in VALUES
    }
    if "cell" in kind.fields and "cell" not in values and kind.fields["cell"].default is REQUIRED:
        values["cell"] = tf.layers.simpleRNNCell(units=3)
    if kind.__name__ == "StackedRNNCells":
        values["cells"] = [tf.layers.simpleRNNCell(units=3)]
    if "layer" in kind.fields:
        values["layer"] = (
            tf.layers.dense(3) if kind.__name__ == "TimeDistributed" else tf.layers.simpleRNN(units=3)
        )
    if kind.__name__ == "RandomPosterization":
        values["factor"] = 4  # bits
    if kind.__name__ == "Lambda":
        values["function"] = abs
    if kind.__name__ == "Discretization":
        values["num_bins"] = 3
    if kind.__name__ == "InputLayer":
        values["input_shape"] = (4,)
    return values


def places() -> list[tuple[type[Configurable], str, Any]]:
    """Returns every numeric field of every class, with a value that it takes."""
    found = []
    for kind in kinds():
        for key, each in kind.fields.items():
            if not each.argument:
                continue
            if (
                key == "scale"
                and kind.__module__.endswith("initializers")
                and kind.__name__ != "VarianceScaling"
            ):
                continue  # what these classes are named for; not to be given
            value = each.default if each.default is not REQUIRED else needed(kind).get(key, VALUES.get(key))
            if value is None and key in FURTHER:
                value = FURTHER[key]
            if numeric(value):
                found.append((kind, key, value))
    return found


PLACES = places()


def same(a: Any, b: Any) -> bool:
    """Returns whether values are equal and made of the same types of Python's own."""
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if type(a) is float:
        return type(b) is float and b == pytest.approx(a, rel=2e-3)
    return type(a) is type(b) and (a == b or not is_number(a))


@pytest.mark.parametrize(
    ("kind", "key", "value"), PLACES, ids=[f"{k.__name__}.{key}" for k, key, _ in PLACES]
)
def test_every_numeric_field(kind, key, value):
    others = {name: item for name, item in needed(kind).items() if name != key}
    expected = getattr(kind(**others, **{key: value}), key)
    given = [changed(value, *types) for types in TYPES]
    nested = isinstance(value, (list, tuple)) and any(isinstance(item, (list, tuple)) for item in value)
    if isinstance(value, (list, tuple)) and None not in value:
        given += [np.array(value)]
        given += [] if nested else [[changed(item, np.int64, np.float32) for item in value]]
    for each in given:
        found = getattr(kind(**others, **{key: each}), key)
        assert same(expected, found), (each, expected, found)


def test_the_table_has_all_kinds():
    assert len(PLACES) > 350
    names = {kind.__name__ for kind, _, _ in PLACES}
    assert {
        "Dense",
        "Dropout",
        "Adam",
        "LSTM",
        "EarlyStopping",
        "MaxNorm",
        "RandomUniform",
        "ExponentialDecay",
    } <= names
    for kind in kinds():
        for key, each in kind.fields.items():
            if not each.argument:
                continue
            assert each.default is not REQUIRED or key in VALUES or key in ("cell", "cells", "layer"), (
                kind,
                key,
            )


def model() -> tf.Sequential:
    made = tf.sequential([tf.layers.dense(1, input_shape=[2], kernel_initializer="ones")])
    made.compile(tf.train.sgd(0.1), "meanSquaredError")
    return made


X, Y = np.arange(12.0).reshape(6, 2) / 10, np.ones((6, 1))


def fitted(options: dict[str, Any]) -> Any:
    made = model()
    history = asyncio.run(made.fit(X, Y, shuffle=False, **options))
    return [v.tolist() for v in (w.numpy() for w in made.get_weights())], history.history, history.epoch


FIT = {
    "epochs": 3, "batch_size": 2, "initial_epoch": 1, "validation_split": 0.5, "validation_freq": 2, "verbose": 0,
    "steps_per_epoch": 2, "validation_batch_size": 2,
}  # fmt: skip


@pytest.mark.parametrize("key", FIT)
def test_options_of_fit(key):
    base = {"epochs": 3, "batch_size": 2, "verbose": 0}
    if key.startswith("validation"):
        base["validation_split"] = 0.5
    for types in TYPES:
        assert fitted({**base, key: changed(FIT[key], *types)}) == fitted({**base, key: FIT[key]})


def test_weights_of_classes_and_losses():
    wanted = fitted({"class_weight": {1: 2.0}})
    assert fitted({"class_weight": {np.int64(1): np.float32(2)}}) == wanted
    weights = []
    for factor in (0.5, np.float32(0.5), np.float64(0.5)):
        made = model()
        made.compile(tf.train.sgd(0.1), "meanSquaredError", loss_weights=[factor])
        asyncio.run(made.fit(X, Y, shuffle=False))
        weights.append([w.numpy().tolist() for w in made.get_weights()])
    assert weights[0] == weights[1] == weights[2]


def test_evaluate_and_predict():
    made = model()
    for size in (np.int64(4), np.uint8(4), np.array(4)):
        np.testing.assert_array_equal(
            made.predict(X, batchSize=size).numpy(), made.predict(X, batchSize=4).numpy()
        )
        found, wanted = (made.evaluate(X, Y, batchSize=s) for s in (size, 4))
        assert float(found) == float(wanted)
    assert made.getLayer(None, np.int64(0)) is made.getLayer(np.int64(0)) is made.layers[0]


def test_attributes_that_are_set_later():
    optimizer = tf.train.adam(0.5)
    optimizer.learningRate = np.float32(0.25)
    assert type(optimizer.learning_rate) is float
    optimizer.setLearningRate(np.float64(0.125))
    assert (type(optimizer.learning_rate), optimizer.learning_rate) == (float, 0.125)
    assert tf.train.sgd(Decimal("0.5")).learning_rate == 0.5


W, F = np.int64, np.float32
X34 = np.arange(12, dtype=np.float32).reshape(3, 4)
CREATION = [
    ("zeros", (W(3),), (3,)), ("ones", ((W(2), W(3)),), ((2, 3),)), ("ones", (np.array([2, 3]),), ((2, 3),)),
    ("fill", ((W(2),), F(0.5)), ((2,), 0.5)), ("eye", (W(3), W(2)), (3, 2)), ("range", (W(0), W(6), W(2)), (0, 6, 2)),
    ("range", (F(0), F(1), F(0.25)), (0, 1, 0.25)), ("linspace", (F(0), F(1), W(5)), (0, 1, 5)),
    ("one_hot", ([0, 1], W(3), F(2), F(0.5)), ([0, 1], 3, 2, 0.5)), ("scalar", (F(0.5),), (0.5,)),
    ("random_uniform", ((W(2), W(3)), F(-1), F(1), "float32", W(5)), ((2, 3), -1, 1, "float32", 5)),
    ("random_normal", ((W(4),), F(1), F(0.5), "float32", W(5)), ((4,), 1, 0.5, "float32", 5)),
    ("truncated_normal", ((W(4),), F(1), F(0.5), "float32", W(5)), ((4,), 1, 0.5, "float32", 5)),
    ("random_uniform_int", ((W(4),), W(1), W(9), W(5)), ((4,), 1, 9, 5)),
    ("random_gamma", ((W(4),), F(1), F(2), "float32", W(5)), ((4,), 1, 2, "float32", 5)),
    ("random_standard_normal", ((W(4),), "float32", W(5)), ((4,), "float32", 5)),
    ("multinomial", ([[0.5, 0.5]], W(4), W(3)), ([[0.5, 0.5]], 4, 3)),
    ("tensor", ([1, 2, 3, 4], (W(2), W(2))), ([1, 2, 3, 4], (2, 2))),
    ("sum", (X34, W(1), np.bool_(True)), (X34, 1, True)), ("transpose", (X34, np.array([1, 0])), (X34, [1, 0])),
    ("reshape", (X34, (W(2), W(-1))), (X34, (2, -1))), ("reshape", (X34, np.array([2, 6])), (X34, [2, 6])),
    ("clip_by_value", (X34, F(1), F(5)), (X34, 1, 5)), ("leaky_relu", (X34 - 5, F(0.5)), (X34 - 5, 0.5)),
    ("dropout", (X34, F(0.5), None, W(3)), (X34, 0.5, None, 3)), ("pow", (X34, W(2)), (X34, 2)),
    ("pad", (X34, [(W(1), W(0)), (W(0), W(2))], F(0.5)), (X34, [(1, 0), (0, 2)], 0.5)),
    ("squeeze", (X34[:, None], (W(1),)), (X34[:, None], [1])), ("topk", (X34, W(2)), (X34, 2)),
    ("norm", (X34, W(1), W(0)), (X34, 1, 0)), ("split", (X34, W(2), W(1)), (X34, 2, 1)),
    ("arg_max", (X34, np.array(1)), (X34, 1)), ("cumsum", (X34, W(1), np.bool_(True)), (X34, 1, True)),
]  # fmt: skip


def values(result: Any) -> list[Any]:
    tensors = (
        result
        if isinstance(result, (list, tuple))
        else result.values()
        if isinstance(result, dict)
        else [result]
    )
    return [(each.dtype, each.array_sync()) for each in tensors]


@pytest.mark.parametrize(
    ("name", "given", "plain"), CREATION, ids=[f"{n}{i}" for i, (n, *_) in enumerate(CREATION)]
)
def test_functions_whose_numbers_make_or_shape_tensors(name, given, plain):
    function = getattr(tf, name)
    assert values(function(*given)) == values(function(*plain))


def test_other_things_are_refused_as_before():
    for kind, option in itertools.product(
        (tf.layers.dense, tf.layers.repeatVector), (True, 2.5, "3", np.bool_(True), F(2.5), [3])
    ):
        with pytest.raises(TfError, match="expected"):
            kind(option)
    for rate in (True, "0.5", np.bool_(True), [0.5], np.array([0.5, 0.5])):
        with pytest.raises(TfError, match="expected"):
            tf.layers.dropout(rate)


def test_datasets_and_buffers_count_with_numpy():
    data = tf.data.array([1, 2, 3, 4])
    assert len(asyncio.run(data.batch(W(2)).toArray())) == 2
    assert asyncio.run(data.take(W(2)).toArray()) == [1, 2]
    assert asyncio.run(data.skip(np.uint8(3)).toArray()) == [4]
    assert asyncio.run(data.shuffle(W(2), W(3)).repeat(W(1)).take(1).toArray())
    assert tf.buffer((W(2), W(2))).toTensor().shape == (2, 2)
    assert tf.input(shape=(W(3),)).shape == tf.input(shape=np.array([3])).shape == (None, 3)
