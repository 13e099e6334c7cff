"""Optimizers, losses, metrics, layers and activations give what TensorFlow.js gives (recorded by record_tfjs.mjs)."""

import asyncio
import json
import math
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf

RECORD = json.loads((Path(__file__).parent / "recorded_by_tfjs.json").read_text(encoding="utf-8"))

OPTIMIZERS = {
    "momentum": lambda: tf.train.momentum(0.05, 0.8),
    "nesterov": lambda: tf.train.momentum({"learningRate": 0.05, "momentum": 0.8, "useNesterov": True}),
    "adamaxDecay": lambda: tf.train.adamax(0.01, 0.8, 0.9, 1e-7, 0.1),
    "rmspropMomentum": lambda: tf.train.rmsprop(0.01, 0.8, 0.5, 1e-7),
    "rmspropCentered": lambda: tf.train.rmsprop(0.01, 0.8, 0, 1e-5, True),
}

LAYERS = {
    "denseOnSequence": ((2, 3, 4), lambda: tf.layers.dense({"units": 5, "activation": "elu"})),
    "denseWithoutBias": ((2, 4), lambda: tf.layers.dense({"units": 3, "useBias": False})),
    "flatten": ((2, 3, 2, 2), lambda: tf.layers.flatten()),
    "reshape": ((2, 3, 4), lambda: tf.layers.reshape({"targetShape": [2, -1]})),
    "permute": ((2, 3, 4), lambda: tf.layers.permute({"dims": [2, 1]})),
    "repeatVector": ((2, 3), lambda: tf.layers.repeatVector({"n": 3})),
    "conv2dValid": (
        (2, 6, 5, 2),
        lambda: tf.layers.conv2d({"filters": 3, "kernelSize": [3, 2], "activation": "relu"}),
    ),
    "conv2dSameStrides": (
        (1, 7, 6, 2),
        lambda: tf.layers.conv2d({"filters": 2, "kernelSize": 3, "strides": 2, "padding": "same"}),
    ),
    "conv2dDilated": (
        (1, 8, 8, 1),
        lambda: tf.layers.conv2d({"filters": 2, "kernelSize": 3, "dilationRate": 2}),
    ),
    "maxPooling2d": ((2, 5, 6, 2), lambda: tf.layers.maxPooling2d({"poolSize": 2})),
    "maxPooling2dSame": (
        (1, 5, 5, 2),
        lambda: tf.layers.maxPooling2d({"poolSize": [3, 2], "strides": [2, 1], "padding": "same"}),
    ),
    "averagePooling2d": (
        (1, 5, 5, 2),
        lambda: tf.layers.averagePooling2d({"poolSize": 2, "padding": "same"}),
    ),
    "globalAveragePooling2d": ((2, 3, 4, 2), lambda: tf.layers.globalAveragePooling2d({})),
    "globalMaxPooling2d": ((2, 3, 4, 2), lambda: tf.layers.globalMaxPooling2d({})),
    "reLU": ((2, 5), lambda: tf.layers.reLU({"maxValue": 0.8})),
    "leakyReLU": ((2, 5), lambda: tf.layers.leakyReLU({})),
    "prelu": ((2, 3, 4), lambda: tf.layers.prelu({})),
    "preluShared": ((2, 3, 4), lambda: tf.layers.prelu({"sharedAxes": [1]})),
    "elu": ((2, 5), lambda: tf.layers.elu({})),
    "thresholdedReLU": ((2, 5), lambda: tf.layers.thresholdedReLU({"theta": 0.4})),
    "softmax": ((2, 5), lambda: tf.layers.softmax({"axis": -1})),
    "embedding": ((2, 5), lambda: tf.layers.embedding({"inputDim": 6, "outputDim": 3})),
    "batchNormalization": ((4, 3), lambda: tf.layers.batchNormalization({})),
    "batchNormalizationAxis": (
        (2, 3, 4),
        lambda: tf.layers.batchNormalization({"axis": 2, "scale": False}),
    ),
    "zeroPadding2d": ((2, 3, 4, 2), lambda: tf.layers.zeroPadding2d({"padding": [[1, 0], [2, 3]]})),
    "cropping2d": ((2, 4, 5, 2), lambda: tf.layers.cropping2D({"cropping": [[1, 0], [2, 1]]})),
    "maxPooling1d": ((2, 5, 3), lambda: tf.layers.maxPooling1d({"poolSize": 2})),
    "averagePooling1d": (
        (2, 5, 3),
        lambda: tf.layers.averagePooling1d({"poolSize": 3, "strides": 1, "padding": "same"}),
    ),
    "globalAveragePooling1d": ((2, 5, 3), lambda: tf.layers.globalAveragePooling1d({})),
    "globalMaxPooling1d": ((2, 5, 3), lambda: tf.layers.globalMaxPooling1d({})),
    "layerNormalization": ((2, 3, 4), lambda: tf.layers.layerNormalization({})),
    "layerNormalizationAxes": ((2, 3, 4), lambda: tf.layers.layerNormalization({"axis": [1, 2]})),
    "conv1d": ((2, 7, 3), lambda: tf.layers.conv1d({"filters": 4, "kernelSize": 3, "activation": "relu"})),
    "conv1dSame": (
        (2, 7, 3),
        lambda: tf.layers.conv1d({"filters": 2, "kernelSize": [4], "strides": 2, "padding": "same"}),
    ),
    "conv1dDilated": (
        (1, 8, 2),
        lambda: tf.layers.conv1d({"filters": 3, "kernelSize": 3, "dilationRate": 2, "useBias": False}),
    ),
    "conv2dChannelsFirst": (
        (1, 2, 4, 5),
        lambda: tf.layers.conv2d(
            {"filters": 3, "kernelSize": 2, "dataFormat": "channelsFirst", "activation": "softmax"}
        ),
    ),
    "conv3d": (
        (1, 3, 4, 5, 2),
        lambda: tf.layers.conv3d({"filters": 2, "kernelSize": [2, 3, 2], "activation": "tanh"}),
    ),
    "conv3dSame": (
        (1, 3, 4, 3, 2),
        lambda: tf.layers.conv3d({"filters": 2, "kernelSize": 3, "strides": 2, "padding": "same"}),
    ),
    "conv2dTranspose": (
        (2, 3, 4, 2),
        lambda: tf.layers.conv2dTranspose({"filters": 3, "kernelSize": 3, "strides": 2}),
    ),
    "conv2dTransposeSame": (
        (1, 3, 4, 2),
        lambda: tf.layers.conv2dTranspose(
            {"filters": 2, "kernelSize": [2, 3], "strides": 2, "padding": "same"}
        ),
    ),
    "conv2dTransposeFirst": (
        (1, 2, 3, 4),
        lambda: tf.layers.conv2dTranspose(
            {"filters": 3, "kernelSize": 2, "strides": [3, 1], "dataFormat": "channelsFirst"}
        ),
    ),
    "conv3dTranspose": (
        (1, 2, 3, 2, 2),
        lambda: tf.layers.conv3dTranspose(
            {"filters": 2, "kernelSize": 2, "strides": [1, 2, 1], "activation": "relu"}
        ),
    ),
    "depthwiseConv2d": (
        (2, 5, 4, 3),
        lambda: tf.layers.depthwiseConv2d({"kernelSize": 3, "depthMultiplier": 2}),
    ),
    "depthwiseConv2dFirst": (
        (1, 3, 5, 4),
        lambda: tf.layers.depthwiseConv2d(
            {"kernelSize": [3, 2], "strides": 2, "padding": "same", "dataFormat": "channelsFirst"}
        ),
    ),
    "separableConv2d": (
        (2, 5, 4, 3),
        lambda: tf.layers.separableConv2d(
            {"filters": 4, "kernelSize": 3, "depthMultiplier": 2, "activation": "relu"}
        ),
    ),
    "separableConv2dDilated": (
        (1, 6, 6, 2),
        lambda: tf.layers.separableConv2d(
            {"filters": 2, "kernelSize": 2, "dilationRate": 2, "useBias": False}
        ),
    ),
    "maxPooling3d": ((1, 4, 5, 3, 2), lambda: tf.layers.maxPooling3d({"poolSize": [2, 2, 1]})),
    "averagePooling3d": (
        (1, 3, 4, 3, 2),
        lambda: tf.layers.averagePooling3d({"poolSize": 3, "strides": [1, 2, 2], "padding": "same"}),
    ),
    "averagePooling3dFirst": (
        (1, 2, 4, 4, 2),
        lambda: tf.layers.averagePooling3d({"poolSize": 2, "dataFormat": "channelsFirst"}),
    ),
    "maxPool2d": ((1, 5, 4, 2), lambda: tf.layers.maxPool2d({"poolSize": 3, "strides": 1})),
    "globalMaxPool1d": ((2, 5, 3), lambda: tf.layers.globalMaxPool1d({})),
    "upSampling2d": ((1, 3, 2, 2), lambda: tf.layers.upSampling2d({"size": [2, 3]})),
    "upSampling2dBilinear": (
        (1, 2, 3, 2),
        lambda: tf.layers.upSampling2d(
            {"size": [2, 2], "interpolation": "bilinear", "dataFormat": "channelsFirst"}
        ),
    ),
    "rescaling": ((2, 3), lambda: tf.layers.rescaling({"scale": 0.5, "offset": -1})),
    "resizing": ((1, 3, 4, 2), lambda: tf.layers.resizing({"height": 5, "width": 3})),
    "resizingNearest": (
        (3, 4, 2),
        lambda: tf.layers.resizing({"height": 2, "width": 7, "interpolation": "nearest"}),
    ),
    "resizingInRatio": (
        (1, 4, 6, 2),
        lambda: tf.layers.resizing({"height": 6, "width": 9, "cropToAspectRatio": True}),
    ),
    "centerCrop": ((1, 5, 7, 2), lambda: tf.layers.centerCrop({"height": 3, "width": 4})),
    "centerCropOddly": ((1, 6, 4, 2), lambda: tf.layers.centerCrop({"height": 5, "width": 3})),
    "centerCropSmall": ((4, 4, 2), lambda: tf.layers.centerCrop({"height": 5, "width": 3})),
    "categoryOneHot": ((4, 1), lambda: tf.layers.categoryEncoding({"numTokens": 6, "outputMode": "oneHot"})),
    "categoryMultiHot": ((3, 4), lambda: tf.layers.categoryEncoding({"numTokens": 7})),
    "categoryCount": ((3, 4), lambda: tf.layers.categoryEncoding({"numTokens": 6, "outputMode": "count"})),
}

WRONG_GRADIENTS = {
    # TF.js divides by whole windows where the mean was that of less, at padded edges.
    *("averagePooling1d", "averagePooling2d", "averagePooling3d"),
    # It confuses rows and columns of windows of volumes that are not cubes.
    "maxPooling3d",
}

MERGES = {
    "add": (((2, 3), (2, 3), (2, 3)), lambda: tf.layers.add()),
    "addRanks": (((2, 3, 4), (2, 4)), lambda: tf.layers.add()),
    "multiply": (((2, 3), (2, 1)), lambda: tf.layers.multiply()),
    "average": (((2, 3), (2, 3)), lambda: tf.layers.average()),
    "maximum": (((2, 3), (2, 3)), lambda: tf.layers.maximum()),
    "minimum": (((2, 3), (2, 3)), lambda: tf.layers.minimum()),
    "concatenate": (((2, 3), (2, 2)), lambda: tf.layers.concatenate()),
    "concatenateAxis": (((2, 3, 4), (2, 1, 4)), lambda: tf.layers.concatenate({"axis": 1})),
    "dot": (((2, 3), (2, 3)), lambda: tf.layers.dot({"axes": -1})),
    "dotAxes": (((2, 3, 4), (2, 5, 3)), lambda: tf.layers.dot({"axes": [1, 2]})),
    "dotNormalized": (((2, 3), (2, 3)), lambda: tf.layers.dot({"axes": 1, "normalize": True})),
}


def numbers(shape, seed, scale=1.0):
    """The same numbers that look random as in record_tfjs.mjs."""
    flat = [scale * math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(math.prod(shape))]
    return np.array(flat, np.float32).reshape(shape)


def set_weights(holder):
    holder.set_weights([numbers(w.shape, 50 + i, 0.4) for i, w in enumerate(holder.get_weights())])


@pytest.mark.parametrize("name", RECORD["training"])
def test_training_step_by_step(name):
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 5, "inputShape": [4], "activation": "tanh"}))
    model.add(
        tf.layers.dense(
            {
                "units": 3,
                "activation": "softmax",
                "kernelRegularizer": tf.regularizers.l1l2({"l1": 0.01, "l2": 0.02}),
            }
        )
    )
    set_weights(model)
    optimizer = OPTIMIZERS[name]() if name in OPTIMIZERS else name
    model.compile({"optimizer": optimizer, "loss": "categoricalCrossentropy", "metrics": ["accuracy", "mse"]})
    y = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 2, 1, 0, 1]]
    fit = model.fit(numbers((10, 4), 1, 2), y, {"epochs": 5, "batchSize": 4, "shuffle": False})
    history = asyncio.run(fit).history
    expected = RECORD["training"][name]
    assert list(history) == list(expected["history"])
    if name == "rmspropCentered":  # TF.js subtracts epsilon under the root, and makes NaN of small gradients
        assert None in expected["history"]["loss"]
        assert np.isfinite(history["loss"]).all()
        assert history["loss"][-1] < history["loss"][0]
        return
    for key, values in expected["history"].items():
        np.testing.assert_allclose(history[key], values, rtol=2e-5, err_msg=key)
    for weight, values in zip(model.get_weights(), expected["weights"], strict=True):
        np.testing.assert_allclose(weight.numpy().reshape(-1), values, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, each in RECORD["losses"].items() for n in each])
def test_losses_and_accuracy(kind, name):
    model = tf.sequential({"layers": [tf.layers.activation({"activation": "linear", "inputShape": [3]})]})
    model.compile({"optimizer": "sgd", "loss": name, "metrics": ["accuracy"]})
    signed = tf.tensor(numbers((4, 3), 2, 3))
    shares = tf.softmax(signed * 2)
    x, y = {
        "signed": (signed, tf.tensor(numbers((4, 3), 3, 2))),
        "shares": (
            tf.concat([shares.slice([0, 0], [3, 3]), tf.tensor2d([[1, 0, 0]])]),
            tf.one_hot([0, 2, 1, 1], 3),
        ),
        "classes": (shares, tf.tensor2d([[0], [2], [1], [1]])),
    }[kind]
    found = [value.array_sync() for value in model.evaluate(x, y)]
    np.testing.assert_allclose(found, RECORD["losses"][kind][name], rtol=1e-5)


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name):
    shape, make = LAYERS[name]
    layer, expected = make(), RECORD["layers"][name]
    whole = name.startswith(("embedding", "category"))
    x = tf.tensor(np.floor(np.abs(numbers(shape, 4, 5.9))) if whole else numbers(shape, 4, 1.5))
    layer(x)
    set_weights(layer)
    if name.startswith("batch"):
        layer.set_weights([tf.abs(w) for w in layer.get_weights()])
    y = layer(x)
    assert list(y.shape) == expected["shape"]
    np.testing.assert_allclose(y.numpy().reshape(-1), expected["values"], rtol=1e-5, atol=1e-6)
    weights = [[w.name.split("/")[-1], list(w.shape)] for w in layer.weights]
    assert weights == expected["weights"]
    if expected["gradients"] is not None and name not in WRONG_GRADIENTS:
        _gradients_agree(layer, x, expected["gradients"])


def _gradients_agree(layer, x, expected):
    """Compares the gradients of the sum of squares: of the inputs, then of the weights that are trained."""

    def loss(t):
        return layer(t).square().sum()

    found = [tf.grad(loss)(x)]
    if layer.trainable_weights:
        of_weights = tf.variable_grads(lambda: loss(x), layer.trainable_weights)["grads"]
        found += [of_weights[weight.name] for weight in layer.trainable_weights]
    for gradient, values in zip(found, expected, strict=True):
        np.testing.assert_allclose(gradient.numpy().reshape(-1), values, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", MERGES)
def test_merge_layers(name):
    shapes, make = MERGES[name]
    expected = RECORD["merges"][name]
    inputs = [tf.tensor(numbers(shape, 10 + i, 1.5)) for i, shape in enumerate(shapes)]
    y = make()(inputs)
    assert list(y.shape) == expected["shape"]
    np.testing.assert_allclose(y.numpy().reshape(-1), expected["values"], rtol=1e-5, atol=1e-6)
    symbolic = make().apply([tf.input({"shape": shape[1:]}) for shape in shapes])
    assert [dim or 2 for dim in symbolic.shape] == expected["shape"]


def canonical(value):
    """A config with keys and option strings in one spelling."""
    if isinstance(value, dict):
        return {tf.naming.fold(key): canonical(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [canonical(entry) for entry in value]
    return tf.naming.fold(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", LAYERS)
def test_configs_have_what_tfjs_writes(name):
    found = canonical(LAYERS[name][1]().get_config())
    for key, value in canonical(RECORD["layers"][name]["config"]).items():
        if key == "targetshape":  # Keras writes -1 where TF.js writes null; both are read
            assert found[key] == [-1 if dim is None else dim for dim in value]
        elif key == "axis" and isinstance(value, list):  # TF.js writes all axes, counted from the front
            assert np.ravel(found[key]).tolist() in ([axis - 3 for axis in value], value)
            found[key] = value
        elif key not in {"name", "batchinputshape"}:
            assert found[key] == value, key
    config = RECORD["layers"][name]["config"]
    if name.startswith("separable"):  # TF.js does not write it
        config = {**config, "depthMultiplier": found["depthmultiplier"]}
    again = type(LAYERS[name][1]()).from_config(config)
    assert canonical(again.get_config()) == {
        **found,
        "name": again.get_config()["name"].replace("_", "").lower(),
    }


@pytest.mark.parametrize("name", RECORD["activations"])
def test_activations(name):
    x = tf.tensor2d([[-100, -8, -3, -1, -0.1, 0, 0.1, 0.5, 2, 5, 7, 90]])
    found = tf.layers.activation({"activation": name}).apply(x).numpy().reshape(-1)
    np.testing.assert_allclose(found, RECORD["activations"][name], rtol=2e-5, atol=1e-7)
