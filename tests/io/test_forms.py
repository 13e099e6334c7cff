"""Forms in which Keras 2 and its converter write configs: what they mean is found, by every layer that may have them."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import FormatError


def saved(kind, shape=(None, 3), **config):
    layer = {"class_name": kind, "config": {"name": "l", "batch_input_shape": list(shape), **config}}
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [layer]}, "keras_version": "2.9.0"}


def loaded(*args, **config):
    return asyncio.run(tf.models.modelFromJSON(saved(*args, **config)))


def array(value):
    return {"type": "ndarray", "value": value}


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("ReLU", {"max_value": 6.0, "negative_slope": 0.1, "threshold": 0.5}), ("LeakyReLU", {"alpha": 0.25}),
        ("ELU", {"alpha": 0.5}),
        ("ThresholdedReLU", {"theta": 0.5}), ("Dropout", {"rate": 0.5}), ("GaussianNoise", {"stddev": 0.5}),
        ("BatchNormalization", {"momentum": 0.5, "epsilon": 0.25}), ("Rescaling", {"scale": 2.0, "offset": 0.5}),
        ("Rescaling", {"scale": [1.0, 2.0, 4.0], "offset": [0.0, 0.5, 1.0]}),
    ],
)  # fmt: skip
def test_numbers_that_are_arrays(kind, options):
    layer = loaded(kind, **{name: array(value) for name, value in options.items()}).layers[0]
    assert {name: getattr(layer, name) for name in options} == options


@pytest.mark.parametrize(
    ("kind", "config"), [("L1L2", {"l1": 0.5, "l2": 0.25}), ("L1", {"l1": 0.5}), ("L2", {"l2": 0.25})]
)
def test_regularizers_with_arrays(kind, config):
    given = {"class_name": kind, "config": {name: array(value) for name, value in config.items()}}
    found = loaded("Dense", units=2, kernel_regularizer=given).layers[0].kernel_regularizer.get_config()
    assert {name: found[name] for name in config} == config


def test_factors_of_channels_are_applied_and_saved():
    model = loaded("Rescaling", (None, 2, 3), scale=[1.0, 2.0, 4.0], offset=[0.0, 0.5, 1.0])
    x = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    again = asyncio.run(tf.models.modelFromJSON(model.to_json()))
    for each in (model, again):
        np.testing.assert_array_equal(each.predict(tf.tensor(x)).numpy(), x * [1, 2, 4] + [0, 0.5, 1])


@pytest.mark.parametrize(
    "name", ["softmax", "relu", "sigmoid", "swish", "log_softmax", "leaky_relu", "gelu", "selu"]
)
@pytest.mark.parametrize(
    "form", [str, lambda name: {"class_name": "function", "config": name, "module": "builtins"}]
)
def test_activations_with_the_version_of_their_api(name, form):
    for kind, options in (("Activation", {}), ("Dense", {"units": 2, "kernel_initializer": "ones"})):
        models = [loaded(kind, activation=form(each), **options) for each in (name, f"{name}_v2")]
        first, second = (each.predict(tf.tensor([[-1.0, 0.5, 2.0]])).array_sync() for each in models)
        assert first == second


@pytest.mark.parametrize(
    ("kind", "ours"),
    [("BatchNormalizationV1", "BatchNormalization"), ("BatchNormalizationV2", "BatchNormalization"),
     ("SyncBatchNormalization", "BatchNormalization"), ("LSTMV1", "LSTM"), ("LSTMV2", "LSTM"), ("GRUV1", "GRU"),
     ("GRUV2", "GRU")],
)  # fmt: skip
def test_classes_with_the_version_of_their_api(kind, ours):
    recurrent = ours in ("LSTM", "GRU")
    model = loaded(kind, (None, 4, 3) if recurrent else (None, 3), **({"units": 2} if recurrent else {}))
    assert type(model.layers[0]).__name__ == ours


@pytest.mark.parametrize("suffix", ["", ":0"])
def test_the_count_of_a_normalization_is_left_out(suffix):
    values = np.array([1, 2, 3, 4, 5, 6], np.float32)
    specs = [{"name": f"l/{name}{suffix}", "shape": [3], "dtype": "float32"} for name in ("mean", "variance")]
    specs.append({"name": f"l/count{suffix}", "shape": [], "dtype": "int32"})
    told = {"modelTopology": saved("Normalization", axis=[-1]), "weightSpecs": specs,
            "weightData": values.tobytes() + bytes(4)}  # fmt: skip
    model = asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))
    np.testing.assert_allclose(
        model.predict(tf.ones([1, 3])).numpy(), (1 - values[:3])[None] / np.sqrt(values[3:]), rtol=1e-6
    )
    specs[2]["name"] = "other/count"
    with pytest.raises(FormatError, match="received 'other/count', which the model does not have"):
        asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))


@pytest.mark.parametrize("kind", ["SGD", "Adam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"])
@pytest.mark.parametrize("value", [0.25, array(0.25)], ids=["number", "array"])
@pytest.mark.filterwarnings("error")
def test_rates_under_their_old_name(kind, value):
    config = {"optimizer_config": {"class_name": kind, "config": {"lr": value, "decay": 0.0}}, "loss": "mse"}
    model = saved("Dense", units=1)
    told = {"modelTopology": {"model_config": model, "keras_version": "2.2.4", "training_config": config}}
    assert asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told))).optimizer.learning_rate == 0.25
