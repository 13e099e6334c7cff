"""Convolutions and pooling that TensorFlow.js does not have, or has not finished, against plain NumPy."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.layers.harness import agrees, inputs_of
from tfjs_pyo.errors import OptionError, ShapeError


def built(layer, shape):
    """The layer and its weights, all of which are random."""
    layer._ensure_built((None, *shape))
    rng = np.random.default_rng(7)
    layer.set_weights([rng.normal(size=w.shape).astype(np.float32) for w in layer.get_weights()])
    return layer, [weight.numpy() for weight in layer.get_weights()]


def correlated(x, kernel, stride=1, dilation=1):
    """The valid correlation of [batch, steps, channels] with [steps, channels, filters]."""
    reach = (len(kernel) - 1) * dilation + 1
    starts = range(0, x.shape[1] - reach + 1, stride)
    return np.stack(
        [sum(x[:, at + i * dilation] @ tap for i, tap in enumerate(kernel)) for at in starts], axis=1
    )


def spread(x, kernel, stride, dilation):
    """The transpose of `correlated`: kernel [steps, filters, channels]; as long as every window needs."""
    reach = (len(kernel) - 1) * dilation + 1
    y = np.zeros((len(x), (x.shape[1] - 1) * stride + reach, kernel.shape[1]), np.float32)
    for at in range(x.shape[1]):
        for i, tap in enumerate(kernel):
            y[:, at * stride + i * dilation] += x[:, at] @ tap.T
    return y


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 3)])
def test_causal_conv1d_looks_back_only(stride, dilation):
    config = {"filters": 3, "kernelSize": 2, "padding": "causal", "strides": stride, "dilationRate": dilation}
    layer, (kernel, bias) = built(tf.layers.conv1d(config), [7, 2])
    x = inputs_of([7, 2])
    padded = np.pad(x, ((0, 0), (dilation, 0), (0, 0)))
    agrees(layer, x, correlated(padded, kernel, stride, dilation) + bias)


def test_groups_of_channels_meet_their_own_filters():
    layer, (kernel, bias) = built(tf.layers.conv1d({"filters": 6, "kernelSize": 2, "groups": 2}), [7, 4])
    assert kernel.shape == (2, 2, 6)
    x = inputs_of([7, 4])
    parts = [correlated(x[:, :, :2], kernel[:, :, :3]), correlated(x[:, :, 2:], kernel[:, :, 3:])]
    agrees(layer, x, np.concatenate(parts, 2) + bias)


def test_conv1d_of_channels_first():
    config = {"filters": 3, "kernelSize": 2, "activation": "relu"}
    layer, (kernel, bias) = built(tf.layers.conv1d({**config, "dataFormat": "channelsFirst"}), [2, 7])
    x = inputs_of([7, 2])
    expected = np.maximum(correlated(x, kernel) + bias, 0)
    agrees(layer, x.transpose(0, 2, 1), expected.transpose(0, 2, 1))


@pytest.mark.parametrize(
    ("config", "length", "cut"),
    [
        ({"kernel_size": 3}, 6, 0),
        ({"kernel_size": 3, "strides": 2}, 9, 0),
        ({"kernel_size": 2, "strides": 3}, 12, 0),
        ({"kernel_size": 3, "strides": 2, "padding": "same"}, 8, 0),
        ({"kernel_size": 4, "strides": 2, "padding": "same"}, 8, 1),
        ({"kernel_size": 3, "dilation_rate": 2}, 8, 0),
        ({"kernel_size": 3, "strides": 2, "output_padding": 1}, 10, 0),
        ({"kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0}, 7, 1),
    ],
)
def test_conv1d_transpose_values(config, length, cut):
    layer, (kernel, bias) = built(tf.layers.Conv1DTranspose(filters=2, **config), [4, 3])
    x = inputs_of([4, 3])
    full = spread(x, kernel, config.get("strides", 1), config.get("dilation_rate", 1))
    full = np.pad(full, ((0, 0), (0, max(0, length + cut - full.shape[1])), (0, 0)))
    agrees(layer, x, full[:, cut : cut + length] + bias)


def test_conv2d_transpose_is_dilated_along_each_axis():
    config = {"filters": 2, "kernel_size": [1, 3], "dilation_rate": [2, 2], "use_bias": False}
    layer, (kernel,) = built(tf.layers.Conv2DTranspose(**config), [1, 4, 3])
    x = inputs_of([1, 4, 3])
    agrees(layer, x, spread(x[:, 0], kernel[0], 1, 2)[:, None])


def depthwise(x, kernel, stride=1, dilation=1):
    parts = [
        correlated(x[:, :, c : c + 1], kernel[:, c : c + 1], stride, dilation) for c in range(x.shape[2])
    ]
    return np.concatenate(parts, axis=2)


def test_depthwise_conv1d_values():
    config = {"kernel_size": 3, "depth_multiplier": 2, "strides": 2, "activation": "tanh"}
    layer, (kernel, bias) = built(tf.layers.DepthwiseConv1D(**config), [8, 3])
    x = inputs_of([8, 3])
    agrees(layer, x, np.tanh(depthwise(x, kernel, 2) + bias))


def test_dilated_depthwise_conv2d_of_one_row():
    layer, (kernel, bias) = built(
        tf.layers.depthwiseConv2d({"kernelSize": [1, 2], "dilationRate": 3}), [1, 8, 3]
    )
    x = inputs_of([1, 8, 3])
    agrees(layer, x, (depthwise(x[:, 0], kernel[0], 1, 3) + bias)[:, None])


@pytest.mark.parametrize("padding", ["valid", "causal"])
def test_separable_conv1d_values(padding):
    config = {"filters": 4, "kernel_size": 3, "depth_multiplier": 2, "padding": padding}
    layer, (deep, point, bias) = built(tf.layers.SeparableConv1D(**config), [6, 3])
    assert [w.name.split("/")[1] for w in layer.weights] == ["depthwise_kernel", "pointwise_kernel", "bias"]
    x = inputs_of([6, 3])
    padded = np.pad(x, ((0, 0), (2 if padding == "causal" else 0, 0), (0, 0)))
    agrees(layer, x, depthwise(padded, deep) @ point[0] + bias)


def test_separable_conv2d_of_channels_first_is_that_of_channels_last():
    config = {"filters": 3, "kernelSize": 2, "depthMultiplier": 2}
    last, weights = built(tf.layers.separableConv2d(config), [4, 5, 2])
    first = tf.layers.separableConv2d({**config, "dataFormat": "channelsFirst"})
    first._ensure_built((None, 2, 4, 5))
    first.set_weights(weights)
    x = inputs_of([4, 5, 2])
    agrees(first, x.transpose(0, 3, 1, 2), last(tf.tensor(x)).numpy().transpose(0, 3, 1, 2))


def test_global_pooling_of_volumes():
    x = inputs_of([2, 3, 4, 5])
    agrees(tf.layers.GlobalMaxPooling3D(), x, x.max((1, 2, 3)))
    agrees(tf.layers.GlobalAveragePooling3D("channels_first"), x, x.mean((2, 3, 4)))
    agrees(tf.layers.GlobalAveragePooling3D(keepdims=True), x, x.mean((1, 2, 3), keepdims=True))


@pytest.mark.parametrize("data_format", ["channelsLast", "channelsFirst"])
def test_the_mean_over_steps_leaves_out_masked_ones(data_format):
    x, used = (
        np.abs(inputs_of([4, 2])) + 0.1,
        np.array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], np.float32),
    )
    x *= used[:, :, None]
    mean = x.sum(1) / np.maximum(used.sum(1), 1)[:, None]
    layer = tf.layers.globalAveragePooling1d({"dataFormat": data_format})
    given = x if data_format == "channelsLast" else x.transpose(0, 2, 1)
    agrees(layer, given, mean, mask=tf.tensor(used).cast("bool"))
    if data_format == "channelsLast":
        model = tf.sequential([tf.layers.masking({"inputShape": [4, 2]}), layer])
        np.testing.assert_allclose(model.predict(x).numpy(), mean, rtol=1e-5)


def test_pooling_has_its_short_names():
    for rank in (1, 2, 3):
        for short, long in (("Max", "Max"), ("Avg", "Average")):
            layer = getattr(tf.layers, f"{long}Pooling{rank}D")
            assert getattr(tf.layers, f"{short.lower()}Pool{rank}d") is layer
            assert issubclass(getattr(tf.keras.layers, f"{short}Pool{rank}D"), layer)
            assert getattr(tf.layers, f"global_{short.lower()}_pool{rank}d") is getattr(
                tf.layers, f"Global{long}Pooling{rank}D"
            )
        assert getattr(tf.layers, f"avgPooling{rank}d") is getattr(tf.layers, f"AveragePooling{rank}D")
    made = tf.layers.LAYERS.get({"className": "MaxPool2D", "config": {"poolSize": 3}})
    assert made.get_class_name() == "MaxPooling2D"
    assert "maxPool2d" in dir(tf.layers)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda: tf.layers.conv2d(filters=1, kernel_size=1, padding="causal"),
            OptionError,
            "'valid', 'same'",
        ),
        (
            lambda: tf.layers.Conv1DTranspose(1, 2, output_padding=-1),
            OptionError,
            "'outputPadding'.*received -1",
        ),
        (
            lambda: tf.layers.depthwiseConv2d(kernel_size=2, depth_multiplier=0),
            OptionError,
            "'depthMultiplier'",
        ),
        (lambda: tf.layers.conv3d(filters=1, kernel_size=1)(tf.ones([1, 2, 3])), ShapeError, "depth, height"),
        (
            lambda: tf.layers.conv1d(filters=1, kernel_size=4)(tf.ones([1, 3, 1])),
            ShapeError,
            "windows that fit",
        ),
        (
            lambda: tf.layers.conv2d(filters=4, kernel_size=1, groups=2)(tf.ones([1, 2, 2, 3])),
            ShapeError,
            "'groups' to divide",
        ),
        (
            lambda: tf.layers.Conv1DTranspose(1, 2, padding="same", output_padding=0)(tf.ones([1, 3, 1])),
            ShapeError,
            "output shape",
        ),
    ],
)
def test_wrong_use_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
