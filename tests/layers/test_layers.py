"""Every layer: the harness, and its values against plain NumPy."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.layers.harness import agrees, inputs_of, run_layer_test
from tests.linear import run
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.layers import LAYERS

# (layer, options, shape of a sample)
CASES = [
    ("Dense", {"units": 4}, [5]),
    ("Dense", {"units": 4, "activation": "tanh", "use_bias": False}, [2, 5]),
    ("Dense", {"units": 4, "kernel_regularizer": "l2", "kernel_constraint": "max_norm"}, [5]),
    ("Activation", {"activation": "softmax"}, [5]),
    ("Activation", {"activation": "gelu"}, [2, 5]),
    ("Dropout", {"rate": 0.25, "seed": 3}, [5]),
    ("Dropout", {"rate": 0.25, "noise_shape": [None, 1, 5]}, [4, 5]),
    ("Flatten", {}, [2, 3, 4]),
    ("Flatten", {"data_format": "channels_first"}, [2, 3, 4]),
    ("Reshape", {"target_shape": [4, -1]}, [2, 6]),
    ("Permute", {"dims": [2, 3, 1]}, [2, 3, 4]),
    ("RepeatVector", {"n": 3}, [4]),
    ("Conv2D", {"filters": 3, "kernel_size": 2}, [5, 6, 2]),
    ("Conv2D", {"filters": 4, "kernel_size": [3, 2], "strides": 2, "padding": "same"}, [7, 6, 3]),
    ("Conv2D", {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "activation": "relu6"}, [6, 6, 1]),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "data_format": "channels_first"}, [2, 5, 6]),
    ("MaxPooling2D", {}, [6, 5, 2]),
    ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, [6, 5, 2]),
    ("MaxPooling2D", {"pool_size": [2, 1], "data_format": "channels_first"}, [2, 6, 5]),
    ("AveragePooling2D", {"pool_size": 3, "strides": 1, "padding": "same"}, [4, 5, 2]),
    ("AveragePooling2D", {"data_format": "channels_first"}, [2, 6, 5]),
    ("GlobalAveragePooling2D", {}, [4, 5, 2]),
    ("GlobalAveragePooling2D", {"data_format": "channels_first"}, [4, 5, 2]),
    ("GlobalMaxPooling2D", {}, [4, 5, 2]),
    ("GlobalMaxPooling2D", {"data_format": "channels_first"}, [4, 5, 2]),
    ("ReLU", {}, [5]),
    ("ReLU", {"max_value": 0.5}, [5]),
    ("LeakyReLU", {"alpha": 0.1}, [5]),
    ("PReLU", {}, [5]),
    ("PReLU", {"shared_axes": [1, 2], "alpha_initializer": "ones"}, [4, 3, 2]),
    ("ELU", {"alpha": 0.7}, [5]),
    ("ThresholdedReLU", {"theta": 0.3}, [5]),
    ("Softmax", {}, [5]),
    ("Softmax", {"axis": 1}, [3, 4]),
    ("GaussianNoise", {"stddev": 0.3}, [5]),
    ("GaussianDropout", {"rate": 0.3}, [5]),
    ("AlphaDropout", {"rate": 0.3}, [5]),
    ("AlphaDropout", {"rate": 0.3, "noise_shape": [None, 1]}, [5]),
    ("Embedding", {"input_dim": 7, "output_dim": 3}, [4]),
    ("Embedding", {"input_dim": 7, "output_dim": 4, "embeddings_constraint": "max_norm"}, [2, 3]),
    ("BatchNormalization", {}, [5]),
    ("BatchNormalization", {"axis": 1, "scale": False, "momentum": 0.9}, [3, 4]),
    ("BatchNormalization", {"center": False, "gamma_regularizer": "l2"}, [4, 3, 2]),
    ("ZeroPadding1D", {"padding": [1, 2]}, [3, 4]),
    ("ZeroPadding2D", {"padding": [[1, 0], [2, 3]]}, [3, 4, 2]),
    ("ZeroPadding2D", {"padding": 2, "data_format": "channels_first"}, [2, 3, 4]),
    ("ZeroPadding3D", {"padding": [1, 0, 2]}, [2, 2, 3, 2]),
    ("Cropping1D", {"cropping": [1, 2]}, [5, 2]),
    ("Cropping2D", {"cropping": [[1, 0], [0, 2]]}, [3, 4, 2]),
    ("Cropping2D", {"cropping": 1, "data_format": "channels_first"}, [2, 3, 4]),
    ("Cropping3D", {}, [3, 4, 3, 2]),
    ("UpSampling1D", {"size": 3}, [2, 3]),
    ("UpSampling3D", {"size": [1, 2, 3]}, [2, 2, 1, 3]),
    ("MaxPooling1D", {}, [5, 3]),
    ("MaxPooling1D", {"pool_size": 3, "strides": 2, "padding": "same"}, [5, 3]),
    ("AveragePooling1D", {"pool_size": 3, "strides": 1, "padding": "same"}, [5, 3]),
    ("GlobalAveragePooling1D", {}, [5, 3]),
    ("GlobalMaxPooling1D", {}, [5, 3]),
    ("SpatialDropout1D", {"rate": 0.3}, [5, 3]),
    ("SpatialDropout2D", {"rate": 0.3, "data_format": "channels_first"}, [3, 4, 2]),
    ("SpatialDropout3D", {"rate": 0.3}, [2, 2, 3, 2]),
    ("LayerNormalization", {}, [5]),
    ("LayerNormalization", {"axis": [1, 2], "epsilon": 1e-5}, [3, 4]),
    ("Conv1D", {"filters": 3, "kernel_size": 3}, [6, 2]),
    ("Conv1D", {"filters": 3, "kernel_size": 2, "padding": "causal", "dilation_rate": 2}, [6, 2]),
    ("Conv1D", {"filters": 2, "kernel_size": 3, "strides": 2, "data_format": "channels_first"}, [2, 6]),
    ("Conv3D", {"filters": 2, "kernel_size": 2, "strides": [1, 2, 1]}, [3, 4, 3, 2]),
    ("Conv2D", {"filters": 4, "kernel_size": 2, "groups": 2}, [4, 3, 6]),
    ("Conv3D", {"filters": 2, "kernel_size": [1, 2, 2], "data_format": "channels_first"}, [2, 3, 3, 3]),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2}, [4, 3]),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1}, [4, 3]),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": [3, 2], "strides": 2, "padding": "same"}, [3, 4, 2]),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "dilation_rate": [1, 3]}, [3, 4, 2]),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "data_format": "channels_first"}, [2, 3, 4]),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 2, "strides": 2, "activation": "tanh"}, [2, 2, 1, 2]),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2, "dilation_rate": 2}, [6, 2]),
    ("DepthwiseConv2D", {"kernel_size": [3, 2], "padding": "same", "use_bias": False}, [4, 5, 3]),
    (
        "DepthwiseConv2D",
        {"kernel_size": 2, "depth_multiplier": 2, "data_format": "channels_first"},
        [2, 4, 5],
    ),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 3, "padding": "causal"}, [6, 2]),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 3, "depth_multiplier": 2, "strides": 2}, [5, 6, 2]),
    ("SeparableConv2D", {"filters": 2, "kernel_size": 2, "pointwise_regularizer": "l2"}, [4, 5, 2]),
    ("MaxPooling1D", {"data_format": "channels_first"}, [3, 5]),
    ("MaxPooling3D", {}, [4, 3, 5, 2]),
    ("MaxPooling3D", {"pool_size": [1, 2, 3], "data_format": "channels_first"}, [2, 4, 3, 5]),
    ("AveragePooling3D", {"pool_size": 3, "strides": 2, "padding": "same"}, [3, 4, 5, 2]),
    ("GlobalMaxPooling3D", {"keepdims": True}, [3, 4, 2, 3]),
    ("GlobalAveragePooling3D", {"data_format": "channels_first"}, [3, 4, 2, 3]),
    ("UpSampling2D", {"size": [2, 3]}, [3, 4, 2]),
    ("UpSampling2D", {"interpolation": "bilinear", "data_format": "channels_first"}, [2, 3, 4]),
    ("Rescaling", {"scale": 2, "offset": -1}, [3, 4]),
    ("Resizing", {"height": 4, "width": 3}, [3, 5, 2]),
    (
        "Resizing",
        {"height": 4, "width": 2, "interpolation": "nearest", "crop_to_aspect_ratio": True},
        [3, 5, 2],
    ),
    ("CenterCrop", {"height": 2, "width": 3}, [5, 4, 2]),
    ("CenterCrop", {"height": 6, "width": 3}, [5, 4, 2]),
    ("RandomFlip", {"seed": 1}, [3, 4, 2]),
    ("RandomContrast", {"factor": 0.3, "value_range": [-9, 9]}, [3, 4, 2]),
    ("RandomRotation", {"factor": 0.2}, [3, 4, 2]),
    ("RandomZoom", {"height_factor": 0.2, "width_factor": [-0.1, 0.3]}, [3, 4, 2]),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.1, "fill_mode": "wrap"}, [3, 4, 2]),
    ("Normalization", {"mean": 0.5, "variance": 4.0}, [3, 4]),
    ("Normalization", {"axis": 1, "mean": [1.0, 2, 3], "variance": [1, 2, 3], "invert": True}, [3, 4]),
    ("GroupNormalization", {"groups": 2}, [3, 4]),
    ("GroupNormalization", {"groups": -1, "axis": 1, "center": False, "gamma_regularizer": "l2"}, [4, 3, 2]),
    ("UnitNormalization", {}, [3, 4]),
    ("RMSNormalization", {}, [3, 4]),
    ("ActivityRegularization", {"l1": 0.1}, [5]),
    ("AdaptiveAveragePooling1D", {"output_size": 2}, [5, 3]),
    ("AdaptiveAveragePooling2D", {"output_size": [2, 3]}, [4, 5, 2]),
    ("AdaptiveAveragePooling3D", {"output_size": 2}, [3, 4, 5, 2]),
    ("AdaptiveMaxPooling1D", {"output_size": 2, "data_format": "channels_first"}, [3, 5]),
    ("AdaptiveMaxPooling2D", {"output_size": 2}, [4, 5, 2]),
    ("AdaptiveMaxPooling3D", {"output_size": [1, 2, 3]}, [3, 4, 5, 2]),
    ("UnitNormalization", {"axis": [1, 2]}, [3, 4]),
    ("Identity", {}, [5]),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": [4], "bias_axes": "c"}, [5]),
    ("EinsumDense", {"equation": "abc,cde->abde", "output_shape": [None, 2, 3], "bias_axes": "de"}, [4, 5]),
    ("EinsumDense", {"equation": "...x,xy->...y", "output_shape": [3], "activation": "tanh"}, [2, 5]),
    ("Masking", {"mask_value": 0.5}, [3, 2]),
    ("SimpleRNN", {"units": 3, "return_sequences": True}, [4, 2]),
    ("GRU", {"units": 3, "dropout": 0.1, "recurrent_dropout": 0.1}, [4, 2]),
    ("GRU", {"units": 3, "reset_after": True, "recurrent_activation": "sigmoid"}, [4, 2]),
    ("LSTM", {"units": 3, "go_backwards": True, "kernel_regularizer": "l2"}, [4, 2]),
    ("LSTM", {"units": 2, "unit_forget_bias": False, "recurrent_constraint": "max_norm"}, [3, 2]),
    ("RNN", {"cell": {"class_name": "LSTMCell", "config": {"units": 2, "name": "inner"}}}, [3, 2]),
    (
        "Bidirectional",
        {"layer": {"class_name": "GRU", "config": {"units": 2, "name": "inner"}}, "merge_mode": "sum"},
        [3, 2],
    ),
    (
        "TimeDistributed",
        {"layer": {"class_name": "Dense", "config": {"units": 2, "name": "inner"}}},
        [3, 2, 4],
    ),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "padding": "same"}, [2, 3, 4, 1]),
]


@pytest.mark.parametrize(("name", "config", "shape"), CASES, ids=lambda value: str(value).replace(" ", ""))
def test_layer(name, config, shape):
    run_layer_test(name, config, shape)


def test_every_layer_has_a_case():
    several = {"Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"}
    whole = {"CategoryEncoding", "Discretization", "RandomHeight", "RandomWidth"}  # test_preprocessing.py
    attention = {
        "AdditiveAttention",
        "Attention",
        "Lambda",
        "MultiHeadAttention",
    }  # test_attention.py
    lookups = {"IntegerLookup", "StringLookup", "TextVectorization"}  # test_lookup.py
    steps = {name for name in LAYERS.items if name.endswith(("Cell", "Cells"))}  # test_recurrent.py
    operations = {"Operation"}  # test_operations.py
    ours = {name for name, cls in LAYERS.items.items() if cls.__module__.startswith("tfjs_pyo.")}
    files = (
        "area_augmentation",
        "chosen_augmentation",
        "color_augmentation",
        "elastic",
        "local_contrast",
        "boxes",
        "spectrograms",
        "hashing_layers",
    )
    of_keras = {name for name in ours if LAYERS.items[name].__module__.endswith(files)}  # tests/keras
    of_keras |= {
        "ConvLSTM1D",
        "ConvLSTM3D",
        "GroupQueryAttention",
        "SpectralNormalization",
    }  # test_defaults.py
    of_keras |= {"ReversibleEmbedding", "Wrapper"}  # docstrings
    elsewhere = {"InputLayer"} | several | whole | attention | lookups | steps | operations | of_keras
    assert ours - elsewhere == {name for name, _, _ in CASES}


# Values


def weighted(name, config, shape):
    layer = getattr(tf.layers, name)(config)
    layer._ensure_built((None, *shape))
    return layer, [weight.numpy() for weight in layer.get_weights()]


def test_dense_values():
    x = inputs_of([5])
    layer, (w, b) = weighted("Dense", {"units": 4, "biasInitializer": "ones"}, [5])
    agrees(layer, x, x @ w + b)
    layer, (w,) = weighted("Dense", {"units": 4, "useBias": False, "activation": "relu"}, [5])
    agrees(layer, x, np.maximum(x @ w, 0))


def test_dense_values_over_the_last_axis():
    x = inputs_of([2, 3, 5])
    layer, (w, b) = weighted("Dense", {"units": 4, "activation": "sigmoid"}, [2, 3, 5])
    agrees(layer, x, 1 / (1 + np.exp(-(x @ w + b))))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "hardSigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "softplus": lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "tanh": np.tanh,
    "softmax": softmax,
    "logSoftmax": lambda x: np.log(softmax(x)),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)),
    "geluNew": lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_values(name):
    x = np.linspace(-8, 8, 41).reshape(1, 41)
    agrees(tf.layers.activation({"activation": name}), x, ACTIVATIONS[name](x))


def test_gelu_values():
    from math import erf

    x = np.linspace(-8, 8, 41).reshape(1, 41)
    expected = np.array([[v * 0.5 * (1 + erf(v / np.sqrt(2))) for v in x[0]]])
    agrees(tf.layers.activation({"activation": "gelu"}), x, expected)


def test_dropout_values():
    x = np.ones((100, 40))
    layer = tf.layers.dropout({"rate": 0.4})
    agrees(layer, x, x)
    kept = layer.apply(tf.tensor(x), training=True).numpy()
    assert set(np.unique(kept).round(5)) == {0.0, np.float32(1 / 0.6).round(5)}
    assert np.mean(kept == 0) == pytest.approx(0.4, abs=0.04)
    agrees(tf.layers.dropout({"rate": 0}), x, x, training=True)


def test_dropout_with_a_seed_repeats_itself():
    x = tf.ones([4, 50])
    layer = tf.layers.dropout({"rate": 0.5, "seed": 7})
    first = layer.apply(x, training=True).numpy()
    np.testing.assert_array_equal(layer.apply(x, training=True).numpy(), first)


def test_movement_values():
    x = inputs_of([2, 3, 4])
    agrees(tf.layers.flatten(), x, x.reshape(3, 24))
    agrees(tf.layers.reshape({"targetShape": [4, -1]}), x, x.reshape(3, 4, 6))
    agrees(tf.layers.permute({"dims": [3, 1, 2]}), x, x.transpose(0, 3, 1, 2))
    v = inputs_of([4])
    agrees(tf.layers.repeatVector({"n": 3}), v, np.repeat(v[:, None], 3, 1))


def test_flatten_of_channels_first_puts_channels_last():
    x = inputs_of([2, 3, 4])
    agrees(tf.layers.flatten({"dataFormat": "channelsFirst"}), x, x.transpose(0, 2, 3, 1).reshape(3, 24))


def windows(size, kernel, stride, padding):
    """Start of each window along one axis."""
    if padding == "valid":
        return list(range(0, size - kernel + 1, stride))
    out = -(-size // stride)
    total = max(0, (out - 1) * stride + kernel - size)
    return [i * stride - total // 2 for i in range(out)]


def patches(x, kernel, strides, padding):
    """[rows, columns] of lists of (dy, dx, pixels[batch, channels]) inside the image."""
    _, height, width, _ = x.shape
    return [
        [
            [
                (dy, dx, x[:, y + dy, z + dx])
                for dy in range(kernel[0])
                for dx in range(kernel[1])
                if 0 <= y + dy < height and 0 <= z + dx < width
            ]
            for z in windows(width, kernel[1], strides[1], padding)
        ]
        for y in windows(height, kernel[0], strides[0], padding)
    ]


def over_windows(x, kernel, strides, padding, of):
    rows = [[of(window) for window in row] for row in patches(x, kernel, strides, padding)]
    return np.stack([np.stack(row, 1) for row in rows], 1)


@pytest.mark.parametrize(
    ("kernel", "strides", "padding"),
    [((2, 2), (1, 1), "valid"), ((3, 2), (2, 1), "same"), ((2, 3), (2, 3), "same")],
)
def test_conv2d_values(kernel, strides, padding):
    x = inputs_of([6, 5, 2])
    config = {
        "filters": 3,
        "kernelSize": kernel,
        "strides": strides,
        "padding": padding,
        "biasInitializer": "ones",
    }
    layer, (w, b) = weighted("Conv2D", config, [6, 5, 2])
    expected = over_windows(x, kernel, strides, padding, lambda p: sum(v @ w[dy, dx] for dy, dx, v in p)) + b
    agrees(layer, x, expected)
    first = tf.layers.conv2d({**config, "dataFormat": "channelsFirst"})
    first._ensure_built((None, 2, 6, 5))
    first.set_weights([w, b])
    agrees(first, x.transpose(0, 3, 1, 2), expected.transpose(0, 3, 1, 2))


@pytest.mark.parametrize(
    ("pool", "strides", "padding"),
    [((2, 2), None, "valid"), ((3, 2), (2, 1), "same"), ((2, 3), (1, 2), "same")],
)
def test_pooling_values(pool, strides, padding):
    x = inputs_of([6, 5, 2])
    config = {"poolSize": pool, "strides": strides, "padding": padding}
    steps = strides or pool
    largest = over_windows(x, pool, steps, padding, lambda p: np.max([v for _, _, v in p], 0))
    mean = over_windows(x, pool, steps, padding, lambda p: np.mean([v for _, _, v in p], 0))
    agrees(tf.layers.maxPooling2d(config), x, largest)
    agrees(tf.layers.averagePooling2d(config), x, mean)
    first = {**config, "dataFormat": "channelsFirst"}
    agrees(tf.layers.max_pooling2d(first), x.transpose(0, 3, 1, 2), largest.transpose(0, 3, 1, 2))


def test_global_pooling_values():
    x = inputs_of([4, 5, 2])
    agrees(tf.layers.globalAveragePooling2d(), x, x.mean((1, 2)))
    agrees(tf.layers.globalMaxPooling2d({}), x, x.max((1, 2)))
    agrees(tf.layers.globalMaxPooling2d({"dataFormat": "channelsFirst"}), x, x.max((2, 3)))
    agrees(tf.layers.globalAveragePooling2d({"dataFormat": "channelsFirst"}), x, x.mean((2, 3)))


# What the base class does for all


def test_names_are_made_up_and_unique():
    names = [tf.layers.dense(units=1).name for _ in range(3)]
    assert len(set(names)) == 3
    assert all(name.startswith("dense_Dense") for name in names)


def test_weights_can_be_given():
    layer = tf.layers.dense({"units": 2, "weights": [[[1, 2], [3, 4]], [5, 6]], "inputShape": [2]})
    agrees(layer, [[1, 1]], np.array([[9.0, 12.0]]))
    assert [weight.name.split("/")[1] for weight in layer.weights] == ["kernel", "bias"]


def test_a_layer_of_your_own_with_weights_and_training():
    class Scale(tf.layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_weight("factor", [input_shape[-1]], initializer="ones", regularizer="l2")

        def call(self, inputs, training=False):
            return inputs * self.factor * (2.0 if training else 1.0)

    layer = Scale()
    x = tf.tensor([[1.0, 2.0]])
    assert layer(x).array_sync() == [[1, 2]]
    assert layer.apply(x, {"training": True}).array_sync() == [[2, 4]]
    assert layer.count_params() == 2
    assert layer._all_penalties()[0].item() == pytest.approx(0.02)


def test_layers_inside_layers_are_found():
    class Twice(tf.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = tf.layers.dense(units=2)

        def call(self, inputs):
            return self.inner(self.inner(inputs))

    layer = Twice()
    layer(tf.ones([1, 2]))
    assert len(layer.weights) == 2


def test_errors_inside_a_layer_name_it():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [3], "name": "my_dense"})]})
    with pytest.raises(ShapeError, match="my_dense") as caught:
        model.layers[0](tf.ones([2, 4]))
    assert any("my_dense" in note for note in caught.value.__notes__)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.layers.dense(units=0), OptionError, "'units' to be a positive integer, received 0"),
        (lambda: tf.layers.dense(), ArgumentError, "expected the argument 'units'"),
        (lambda: tf.layers.dropout(rate=1), OptionError, "'rate' to be a number from 0 below 1, received 1"),
        (lambda: tf.layers.dropout({}), ArgumentError, "expected the argument 'rate'"),
        (lambda: tf.layers.conv2d(filters=1, kernel_size=1.5), OptionError, "'kernelSize'.*received 1.5"),
        (lambda: tf.layers.permute(dims=[1, 3]), OptionError, "'dims' to name the axes 1 to 2 once"),
        (lambda: tf.layers.inputLayer({}), OptionError, "'inputShape'"),
        (lambda: tf.layers.dense(units=1)(tf.ones([3])), ShapeError, "rank 2 or more"),
        (
            lambda: tf.layers.dense(units=1)(object()),
            ArgumentError,
            "a tensor or a symbolic tensor, received object",
        ),
        (lambda: tf.layers.conv2d(filters=1, kernel_size=1)(tf.ones([1, 2, 3])), ShapeError, "rank 4"),
        (lambda: tf.layers.flatten()(tf.ones([3])), ShapeError, "rank 2 or more"),
        (lambda: tf.layers.reshape(target_shape=[5])(tf.ones([1, 4])), ShapeError, "4 elements"),
        (lambda: tf.layers.max_pooling2d()(tf.ones([1, 4])), ShapeError, "rank 4"),
    ],
)
def test_wrong_use_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("axis", [1, 2, -1])
def test_batch_normalization_values(axis):
    x = inputs_of([3, 4])
    layer = tf.layers.batchNormalization({"axis": axis, "momentum": 0.9})
    others = tuple(at for at in range(3) if at != axis % 3)
    mean, variance = x.mean(others, keepdims=True), x.var(others, keepdims=True)
    agrees(layer, x, (x - mean) / np.sqrt(variance + 1e-3), training=True)
    mean, variance = 0.1 * mean, 0.9 + 0.1 * variance
    np.testing.assert_allclose(layer.moving_mean.numpy(), mean.ravel(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer.moving_variance.numpy(), variance.ravel(), rtol=1e-5)
    agrees(layer, x, (x - mean) / np.sqrt(variance + 1e-3))


def test_batch_normalization_learns_its_averages_in_fit():
    x = inputs_of([3]) * 2 + 5
    model = tf.sequential({"layers": [tf.layers.batchNormalization({"inputShape": [3], "momentum": 0.5})]})
    model.compile({"optimizer": tf.train.sgd(0.0), "loss": "meanSquaredError"})
    run(model.fit(x, x, {"epochs": 12, "batchSize": len(x)}))
    averages = model.layers[0]
    np.testing.assert_allclose(averages.moving_mean.numpy(), x.mean(0), rtol=1e-3)
    np.testing.assert_allclose(averages.moving_variance.numpy(), x.var(0), rtol=1e-3)


def test_noise_keeps_mean_and_variance():
    x = tf.ones([20_000])
    for layer, deviation in (
        (tf.layers.gaussianNoise({"stddev": 0.5}), 0.5),
        (tf.layers.gaussianDropout({"rate": 0.2}), 0.5),
    ):
        noisy = layer.apply(x, training=True).numpy()
        assert noisy.mean() == pytest.approx(1, abs=0.02)
        assert noisy.std() == pytest.approx(deviation, abs=0.02)
        agrees(layer, np.ones(20_000), np.ones(20_000))
    normal = tf.random_normal([50_000], 0, 1, "float32", 3)
    dropped = tf.layers.alphaDropout({"rate": 0.3}).apply(normal, training=True).numpy()
    assert dropped.mean() == pytest.approx(0, abs=0.03)
    assert dropped.std() == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    ("layer", "shapes", "words"),
    [
        (lambda: tf.layers.add(), [(2, 3), (2, 4)], "broadcast"),
        (lambda: tf.layers.concatenate(), [(2, 3), (2, 3, 4)], "differ along axis"),
        (lambda: tf.layers.concatenate({"axis": 0}), [(2, 3), (2, 3)], "axis 0|between 1"),
        (lambda: tf.layers.dot({"axes": 1}), [(2, 3), (2, 4)], "axes of the same length"),
        (lambda: tf.layers.add(), [(2, 3)], "2 or more"),
    ],
)
def test_merging_what_does_not_fit(layer, shapes, words):
    with pytest.raises((ShapeError, OptionError, ArgumentError), match=words):
        layer()([tf.ones(shape) for shape in shapes])


def test_one_input_without_the_other():
    a, b = tf.tensor([[3, 5]]), tf.tensor([[1, 7]])
    assert tf.keras.layers.Subtract()([a, b]).array_sync() == [[2, -2]]
    with pytest.raises(ShapeError, match="expected two inputs, received 3"):
        tf.layers.subtract().apply([a, b, b])
