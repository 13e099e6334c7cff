"""Models of nearly every layer that Keras 3 has too, each with inputs; for record_opening.py and test_keras_opening.py."""

import numpy as np

import tfjs_pyo as tf
from tests.io.record_keras import filled

L = tf.keras.layers
IMAGE, STEPS, FLAT = (6, 6, 2), (4, 3), (4,)
GATES = {"recurrent_activation": "sigmoid"}

STACKS = {
    "dense": (
        FLAT,
        lambda: [
            L.Dense(3, activation="gelu", kernel_regularizer="l2", bias_constraint="non_neg"),
            L.Dropout(0.5),
        ],
    ),
    "activations": (
        FLAT,
        lambda: [
            L.Dense(4),
            L.LeakyReLU(0.2),
            L.PReLU(),
            L.ELU(0.5),
            L.ReLU(max_value=3.0),
            L.Activation("selu"),
            L.Softmax(),
        ],
    ),
    "noise": (FLAT, lambda: [L.GaussianNoise(0.2), L.GaussianDropout(0.2), L.AlphaDropout(0.2), L.Dense(2)]),
    "normalizations": (
        FLAT,
        lambda: [
            L.BatchNormalization(),
            L.LayerNormalization(),
            L.GroupNormalization(2),
            L.UnitNormalization(),
        ],
    ),
    "embedding": ((3,), lambda: [L.Embedding(5, 3, mask_zero=True), L.LSTM(2, **GATES)]),
    "lstm": (
        STEPS,
        lambda: [
            L.LSTM(2, return_sequences=True, go_backwards=True, **GATES),
            L.LSTM(3, unit_forget_bias=False, **GATES),
        ],
    ),
    "gru": (
        STEPS,
        lambda: [
            L.GRU(2, return_sequences=True, reset_after=True, **GATES),
            L.GRU(3, reset_after=False, **GATES),
        ],
    ),
    "rnn": (
        STEPS,
        lambda: [
            L.RNN([L.LSTMCell(2, **GATES), L.GRUCell(3, **GATES)], return_sequences=True),
            L.SimpleRNN(2),
        ],
    ),
    "bidirectional": (
        STEPS,
        lambda: [
            L.Bidirectional(L.LSTM(2, return_sequences=True, **GATES)),
            L.Bidirectional(L.GRU(2, **GATES), merge_mode="sum"),
        ],
    ),
    "time": (
        STEPS,
        lambda: [
            L.TimeDistributed(L.Dense(2)),
            L.Masking(0.5),
            L.GlobalAveragePooling1D(),
            L.RepeatVector(2),
        ],
    ),
    "conv_lstm": ((2, 4, 4, 1), lambda: [L.ConvLSTM2D(2, 2, **GATES)]),
    "conv1d": (
        (6, 2),
        lambda: [
            L.Conv1D(3, 2, dilation_rate=2),
            L.Conv1D(2, 2, padding="causal"),
            L.SeparableConv1D(2, 2),
            L.MaxPooling1D(2),
            L.AveragePooling1D(1),
            L.GlobalMaxPooling1D(),
        ],
    ),
    "conv1d_transposed": (
        (6, 2),
        lambda: [
            L.Conv1DTranspose(3, 2, strides=2),
            L.DepthwiseConv1D(2),
            L.Cropping1D((1, 2)),
            L.ZeroPadding1D(1),
            L.UpSampling1D(2),
        ],
    ),
    "conv2d": (
        IMAGE,
        lambda: [
            L.Conv2D(3, 3, strides=2, padding="same", activation="elu"),
            L.DepthwiseConv2D(2, depth_multiplier=2),
            L.SeparableConv2D(2, 2),
            L.Flatten(),
        ],
    ),
    "conv2d_transposed": (
        IMAGE,
        lambda: [
            L.Conv2DTranspose(2, 3, strides=2),
            L.Cropping2D(((1, 1), (0, 1))),
            L.ZeroPadding2D(((1, 0), (0, 2))),
            L.UpSampling2D(2),
            L.UpSampling2D((3, 2), interpolation="bilinear"),
        ],
    ),
    "pools2d": (
        IMAGE,
        lambda: [
            L.SpatialDropout2D(0.2),
            L.MaxPooling2D(2, strides=1),
            L.AveragePooling2D((2, 1)),
            L.GlobalMaxPooling2D(keepdims=True),
            L.GlobalAveragePooling2D(),
        ],
    ),
    "conv3d": (
        (3, 4, 4, 1),
        lambda: [
            L.Conv3D(2, 2),
            L.Conv3DTranspose(1, 2),
            L.ZeroPadding3D(1),
            L.Cropping3D(1),
            L.UpSampling3D(2),
            L.MaxPooling3D(2),
            L.AveragePooling3D(1),
            L.GlobalAveragePooling3D(),
        ],
    ),
    "shapes": (
        STEPS,
        lambda: [
            L.Reshape((2, 6)),
            L.Permute((2, 1)),
            L.SpatialDropout1D(0.3),
            L.Identity(),
            L.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d"),
            L.Flatten(),
        ],
    ),
    "preprocessing": (
        IMAGE,
        lambda: [
            L.Rescaling(0.5, offset=1),
            L.CenterCrop(4, 4),
            L.Resizing(2, 2),
            L.RandomFlip(),
        ],
    ),
}


def merged():
    a, b = (tf.keras.Input((3,), name=name) for name in "ab")
    both = [L.Add(), L.Average(), L.Maximum(), L.Minimum(), L.Multiply(), L.Dot(1, normalize=True)]
    return tf.keras.Model([a, b], L.Concatenate()([layer([a, b]) for layer in both]))


def attended():
    steps = tf.keras.Input(STEPS, name="steps")
    outputs = [
        L.MultiHeadAttention(2, 3, value_dim=2, name="heads")(steps, steps),
        L.Attention(use_scale=True)([steps, steps]),
        L.AdditiveAttention()([steps, steps]),
    ]
    return tf.keras.Model(steps, outputs)


def shared():
    a, b = (tf.keras.Input((3,), name=name) for name in "ab")
    layer, within = L.Dense(2, name="shared", activation="tanh"), tf.keras.Input((2,), name="within")
    nested = tf.keras.Model(within, L.Dense(2, name="deep")(within), name="nested")
    joined = L.Concatenate(name="joined")([nested(layer(a)), nested(layer(b))])
    small = tf.keras.Sequential([L.Dense(3, name="last", input_shape=(4,))], name="small")
    return tf.keras.Model([a, b], [small(joined), joined], name="whole")


def default_gates():
    """TensorFlow.js's hard_sigmoid, which is another function in Keras 3."""
    return [
        tf.layers.Bidirectional(tf.layers.LSTM(2, return_sequences=True)),
        tf.layers.RNN([tf.layers.LSTMCell(2), tf.layers.GRUCell(3)], return_sequences=True),
        tf.layers.GRU(3, reset_after=True, return_sequences=True),
        tf.layers.GRU(2, reset_after=False),
    ]


def _stack(shape, layers):
    return tf.keras.Sequential([tf.keras.Input(shape), *layers()])


STACKS["default gates"] = (STEPS, default_gates)
STACKS["default gates of images"] = ((2, 4, 4, 1), lambda: [tf.layers.ConvLSTM2D(2, 2)])
GRAPHS = {"merged": merged, "attended": attended, "shared": shared}


def made(name):
    """A model with weights that look random, and inputs for it."""
    model = GRAPHS[name]() if name in GRAPHS else _stack(*STACKS[name])
    stack = tf.model(
        inputs=model.inputs, outputs=model.outputs
    )  # its weights are in the order of TensorFlow.js
    stack.set_weights([np.abs(filled(tuple(w.shape), i + 1)) for i, w in enumerate(stack.get_weights())])
    inputs = [filled((2, *t.shape[1:]), 90 + i) for i, t in enumerate(model.inputs)]
    return model, [np.floor(2.5 + 3 * x) % 5 for x in inputs] if name == "embedding" else inputs


NAMES = [*STACKS, *GRAPHS]
