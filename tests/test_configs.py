"""Configs: what is none is refused in words, wherever one is taken; classes of users have keys of their own in it."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, TfError

CLASSES = [
    tf.layers.Dense, tf.layers.LSTM, tf.layers.Bidirectional, tf.layers.RNN, tf.layers.InputLayer, tf.Sequential, tf.Model,
    tf.train.SGD, tf.train.Adam, tf.regularizers.L1L2, tf.initializers.Zeros, tf.initializers.VarianceScaling,
    tf.constraints.MaxNorm, tf.InputSpec, tf.callbacks.EarlyStopping, keras.layers.Dense, keras.Sequential, keras.Model,
    keras.optimizers.Adam, keras.losses.MeanSquaredError, keras.metrics.Mean, keras.optimizers.schedules.ExponentialDecay,
]  # fmt: skip
NO_CONFIGS = [None, 5, 2.5, True, "x", b"x", [], [1], (1, 2), {1}, np.ones(2), len, int, object()]
OTHER_KEYS = [{1: 2}, {None: 1}, {(1,): 2}, {"units": 1, 3: 4}]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_from_config_takes_configs_only(kind):
    for value in (*NO_CONFIGS, tf.ones([2])):
        with pytest.raises(OptionError, match="expected a dict, as getConfig gives, received"):
            kind.from_config(value)
    for value in OTHER_KEYS:
        with pytest.raises(OptionError, match="expected names as the keys of a config, received"):
            kind.from_config(value)


TAKERS = {
    **{f"tf.layers.{name}": getattr(tf.layers, name) for name in ("dense", "lstm", "Dense")},
    "sequential": tf.sequential, "model": tf.model, "input": tf.input, "sgd": tf.train.sgd, "l2": tf.regularizers.l2,
    "constant": tf.initializers.constant, "maxNorm": tf.constraints.max_norm, "InputSpec": tf.InputSpec,
    "earlyStopping": tf.callbacks.early_stopping, "CustomCallback": tf.CustomCallback,
    "compile": lambda config: tf.sequential([tf.layers.dense(units=1, input_shape=[1])]).compile(config),
    "fit": lambda config: asyncio.run(compiled().fit(np.ones((2, 1)), np.ones((2, 1)), config)),
    "keras.Dense": keras.layers.Dense, "keras.Sequential": keras.Sequential,
    **{
        f"keras.{part}.get": getattr(keras, part).get
        for part in ("optimizers", "initializers", "regularizers", "losses", "metrics", "activations", "constraints")
    },
    **{f"keras.{part}.deserialize": getattr(keras, part).deserialize for part in ("layers", "optimizers", "losses")},
}  # fmt: skip


def compiled():
    model = tf.sequential([tf.layers.dense(units=1, input_shape=[1])])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("taker", TAKERS)
def test_keys_that_are_no_names_are_refused(taker):
    for config in OTHER_KEYS:
        with pytest.raises(TfError):
            TAKERS[taker](config)


def test_a_stack_refuses_keys_that_it_does_not_know():
    for config in ({"layer": []}, {"className": "Sequential"}, {"config": {}}):
        with pytest.raises(ArgumentError, match="unknown argument"):
            tf.sequential(config)


# Classes of users

BASES = [
    tf.layers.Layer, tf.layers.Dense, tf.Sequential, tf.train.Optimizer, tf.train.SGD, tf.regularizers.Regularizer,
    tf.regularizers.L1L2, tf.initializers.Initializer, tf.constraints.Constraint, tf.callbacks.EarlyStopping,
]  # fmt: skip
NEEDED = {tf.layers.Dense: {"units": 1}}


@pytest.mark.parametrize("registered", [False, True], ids=["", "registered"])
@pytest.mark.parametrize("base", BASES, ids=lambda kind: kind.__name__)
def test_a_config_has_keys_of_a_users_class(base, registered):
    class Own(base):
        def __init__(self, config):
            super().__init__(config)
            self.factor = config["factor"]

    class Further(Own):
        pass

    for kind in (Own, Further):
        if registered and base is not tf.callbacks.EarlyStopping:
            tf.serialization.register_class(kind)
        assert kind({**NEEDED.get(base, {}), "factor": 3}).factor == 3
        with pytest.raises(ArgumentError, match="unknown argument 'factor'"):
            base(**NEEDED.get(base, {}), factor=3)


def test_an_optimizer_of_a_users_own_may_leave_out_options_in_its_config():
    class Own(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__()
            self.by = rate

        def applyGradients(self, gradients):  # noqa: N802
            for name, gradient in gradients.items():
                variable = tf.engine().registeredVariables[name]
                variable.assign(variable - gradient * self.by)

        def getConfig(self):  # noqa: N802
            return {"by": self.by}

    model = tf.sequential(
        [tf.layers.dense({"units": 1, "inputShape": [1], "useBias": False, "kernelInitializer": "zeros"})]
    )
    model.compile(Own(0.1), "meanSquaredError")
    asyncio.run(model.fit(np.ones((2, 1)), np.ones((2, 1))))
    assert model.get_weights()[0].item() == pytest.approx(0.2)


# Dtypes

OF_TFJS = {
    "dense": lambda dtype: tf.layers.dense({"units": 1, "dtype": dtype}),
    "lstm": lambda dtype: tf.layers.lstm({"units": 1, "dtype": dtype}),
    "inputLayer": lambda dtype: tf.layers.input_layer({"inputShape": [1], "dtype": dtype}),
    "input": lambda dtype: tf.input({"shape": [1], "dtype": dtype}).layer,
    "flatten": lambda dtype: tf.layers.flatten({"dtype": dtype}),
    "InputSpec": lambda dtype: tf.InputSpec({"dtype": dtype}),
}  # fmt: skip
OF_KERAS = {
    "Dense": lambda dtype: keras.layers.Dense(1, dtype=dtype),
    "Input": lambda dtype: keras.Input((1,), dtype=dtype),
    "Rescaling": lambda dtype: keras.layers.Rescaling(2.0, dtype=dtype),
    "RandomFlip": lambda dtype: keras.layers.RandomFlip(dtype=dtype),
    "Mean": lambda dtype: keras.metrics.Mean(dtype=dtype),
    "MeanSquaredError": lambda dtype: keras.losses.MeanSquaredError(dtype=dtype),
}  # fmt: skip
NO_DTYPES = ["flaot32", "Float32", "float", "", 5, True, [], {}, object(), np.ones(1), tf]


@pytest.mark.parametrize("made", [*OF_TFJS.values(), *OF_KERAS.values()], ids=[*OF_TFJS, *OF_KERAS])
def test_no_dtype_is_refused_where_it_is_given(made):
    for dtype in NO_DTYPES:
        with pytest.raises(DTypeError, match=r"expected 'dtype' to be one of b?float"):
            made(dtype)


@pytest.mark.parametrize("made", OF_TFJS.values(), ids=[*OF_TFJS])
def test_dtypes_of_tensorflow_js(made):
    for dtype in ("float32", "int32", "bool", np.float32, np.dtype("int32"), bool, float):
        assert made(dtype).dtype in ("float32", "int32", "bool")
    for dtype in ("float64", "int64", "mixed_float16"):
        with pytest.raises(DTypeError):
            made(dtype)


@pytest.mark.parametrize("made", OF_KERAS.values(), ids=[*OF_KERAS])
def test_dtypes_of_keras_are_what_is_stored_for_them(made):
    names = {
        "float16": "float32",
        "float64": "float32",
        "mixed_float16": "float32",
        "int64": "int32",
        "uint8": "int32",
    }
    for dtype, stored in names.items():
        assert made(dtype).dtype == stored
    with pytest.warns(UserWarning, match="float32 is computed"):
        policy = keras.dtype_policies.DTypePolicy("mixed_bfloat16")
    assert made(policy).dtype == "float32"
    assert made(np.int64).dtype == "int32"


def test_layers_of_other_dtypes_compute():
    for dtype in ("float64", "mixed_float16", np.float32):
        assert keras.layers.Dense(1, dtype=dtype)(np.ones((2, 3))).shape == (2, 1)


def test_types_of_numpy_are_no_numbers():
    for options in (
        {"units": np.float32},
        {"units": 1, "useBias": np.bool_},
        {"units": 1, "activation": np.ndarray},
    ):
        with pytest.raises(TfError):
            tf.layers.dense(options).apply(tf.ones([1, 2]))
    for value in (np.float32, np.ndarray, [np.int32]):
        with pytest.raises(TfError):
            tf.tensor(value)
