"""Writes keras.json: what Keras 3 computes, for the tests beside this file.

`pip install keras==3.15.1 torch` in an environment of its own, then `KERAS_BACKEND=torch python -m tests.keras.record`.
"""

import json
from pathlib import Path

import keras
import numpy as np
import torch

from tests.keras.record_data import data
from tests.waves import filled, seen

X = [2, 5, 4]
IMAGE = [2, 6, 5, 4]
VOLUME = [1, 4, 3, 5, 2]
LAYERS = [
    ("GroupNormalization", {"groups": 2}, X),
    ("GroupNormalization", {"groups": 4, "axis": 1, "epsilon": 0.1}, [2, 4, 3]),
    ("GroupNormalization", {"groups": 1, "center": False}, IMAGE),
    ("UnitNormalization", {}, X),
    ("UnitNormalization", {"axis": [1, 2]}, X),
    ("LayerNormalization", {"axis": [1, 2], "epsilon": 0.01}, X),
    ("LayerNormalization", {"scale": False}, X),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 3], "bias_axes": "d"}, X),
    ("EinsumDense", {"equation": "abc,cde->abde", "output_shape": [None, 2, 3], "activation": "tanh"}, X),
    ("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, X),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 2, "activation": "relu"}, X),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": [2, 3], "strides": [2, 1]}, IMAGE),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 2, "strides": 2, "padding": "same"}, VOLUME),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"}, X),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 2, "depth_multiplier": 2}, X),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 3, "padding": "same", "use_bias": False}, X),
    ("Conv1D", {"filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, X),
    ("Conv1D", {"filters": 4, "kernel_size": 2, "groups": 2}, X),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2, "padding": "same", "strides": 2}, IMAGE),
    ("Cropping1D", {"cropping": [1, 2]}, X),
    ("Cropping3D", {"cropping": [[1, 0], [0, 1], [1, 2]]}, VOLUME),
    ("UpSampling1D", {"size": 3}, X),
    ("UpSampling3D", {"size": [1, 2, 3]}, VOLUME),
    ("ZeroPadding1D", {"padding": [2, 1]}, X),
    ("ZeroPadding3D", {"padding": [[1, 0], [0, 1], [2, 1]]}, VOLUME),
    ("GlobalAveragePooling3D", {"keepdims": True}, VOLUME),
    ("GlobalMaxPooling3D", {}, VOLUME),
    ("SpatialDropout2D", {"rate": 0.5}, IMAGE),
    ("SpatialDropout3D", {"rate": 0.5}, VOLUME),
    ("Identity", {}, X),
    ("Normalization", {"mean": [1.0, 2, 3, 4], "variance": [1.0, 4, 9, 2]}, X),
    ("Rescaling", {"scale": 0.5, "offset": 2.0}, X),
    ("PReLU", {"shared_axes": [1]}, X),
    ("LeakyReLU", {"negative_slope": 0.2}, X),
    ("ELU", {"alpha": 0.5}, X),
    ("ReLU", {"max_value": 0.9, "negative_slope": 0.1, "threshold": 0.2}, X),
    ("Softmax", {"axis": 1}, X),
    (
        "GRU",
        {"units": 3, "recurrent_activation": "sigmoid", "reset_after": True, "return_sequences": True},
        X,
    ),
    ("GRU", {"units": 3, "recurrent_activation": "sigmoid", "reset_after": False, "go_backwards": True}, X),
    (
        "LSTM",
        {"units": 3, "recurrent_activation": "sigmoid", "return_sequences": True, "unit_forget_bias": False},
        X,
    ),
    ("LSTM", {"units": 3, "recurrent_activation": "sigmoid", "go_backwards": True}, X),
    ("SimpleRNN", {"units": 3, "activation": "relu"}, X),
    ("ConvLSTM2D", {"recurrent_activation": "sigmoid", "filters": 2, "kernel_size": 2}, [1, 3, 4, 4, 2]),
]

ATTENTION = [
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, [[2, 4, 5], [2, 3, 5]], {}),
    (
        "MultiHeadAttention",
        {"num_heads": 2, "key_dim": 3, "value_dim": 2, "output_shape": 4},
        [[2, 4, 5], [2, 3, 6]],
        {},
    ),
    (
        "MultiHeadAttention",
        {"num_heads": 1, "key_dim": 2, "use_bias": False},
        [[2, 4, 5], [2, 4, 5]],
        {"use_causal_mask": True},
    ),
    (
        "MultiHeadAttention",
        {"num_heads": 2, "key_dim": 2, "attention_axes": [2]},
        [[2, 3, 4, 5], [2, 3, 4, 5]],
        {},
    ),
    ("Attention", {}, [[2, 4, 5], [2, 3, 5]], {}),
    ("Attention", {"use_scale": True}, [[2, 4, 5], [2, 3, 5]], {}),
    ("Attention", {"score_mode": "concat"}, [[2, 4, 5], [2, 3, 5]], {}),
    ("Attention", {}, [[2, 4, 5], [2, 4, 5]], {"use_causal_mask": True}),
    ("AdditiveAttention", {}, [[2, 4, 5], [2, 3, 5]], {}),
    ("AdditiveAttention", {"use_scale": False}, [[2, 4, 5], [2, 3, 5]], {}),
]

MASK = [[True, True, False, True, False], [False, True, True, True, True]]
MASKED = [
    *(
        (kind, {"units": 3, **gates, **options}, X)
        for kind, gates in (
            ("LSTM", {"recurrent_activation": "sigmoid"}),
            ("GRU", {"recurrent_activation": "sigmoid", "reset_after": True}),
            ("SimpleRNN", {}),
        )
        for options in ({}, {"return_sequences": True}, {"go_backwards": True})
    ),
    ("GlobalAveragePooling1D", {}, X),
    ("BatchNormalization", {}, X, {"training": True}),
    ("Softmax", {}, [2, 5]),
]

ACTIVATIONS = (
    "celu elu exponential gelu glu hard_shrink hard_silu "
    "hard_swish hard_tanh leaky_relu linear log_sigmoid log_softmax mish relu "
    "relu6 selu sigmoid silu soft_shrink softmax softplus softsign "
    "sparse_plus sparse_sigmoid squareplus swish tanh tanh_shrink"
)

POINTS = [-1e4, -100, -20, -3, -1.5, -1, -0.5, -1e-4, 0, 1e-4, 0.5, 1, 1.5, 3, 20, 100]

LOSSES = [
    ("Huber", {"delta": 0.5}, "signed"),
    ("BinaryFocalCrossentropy", {"gamma": 1.5, "apply_class_balancing": True}, "bits"),
    ("CategoricalFocalCrossentropy", {"alpha": 0.3, "gamma": 1.5}, "hot"),
    ("CosineSimilarity", {"axis": -1}, "signed"),
    ("LogCosh", {}, "signed"),
    ("KLDivergence", {}, "hot"),
    ("Poisson", {}, "bits"),
    ("Hinge", {}, "bits"),
    ("SquaredHinge", {}, "bits"),
    ("CategoricalHinge", {}, "hot"),
    ("MeanSquaredLogarithmicError", {}, "bits"),
    ("Dice", {}, "bits"),
    ("Tversky", {"alpha": 0.3, "beta": 0.7}, "bits"),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, "hot"),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}, "bits"),
]

METRICS = [
    ("AUC", {}, "bits"),
    ("AUC", {"curve": "PR", "num_thresholds": 20}, "bits"),
    ("AUC", {"summation_method": "majoring", "num_thresholds": 11}, "bits"),
    ("AUC", {"multi_label": True, "num_labels": 3, "num_thresholds": 30}, "bits"),
    ("Precision", {}, "bits"),
    ("Precision", {"thresholds": 0.3, "class_id": 1}, "bits"),
    ("Precision", {"top_k": 2}, "hot"),
    ("Recall", {"thresholds": 0.6}, "bits"),
    ("Recall", {"top_k": 2, "class_id": 0}, "hot"),
    ("TruePositives", {"thresholds": 0.4}, "bits"),
    ("FalseNegatives", {}, "bits"),
    ("SensitivityAtSpecificity", {"specificity": 0.5, "num_thresholds": 50}, "bits"),
    ("SpecificityAtSensitivity", {"sensitivity": 0.6, "num_thresholds": 50}, "bits"),
    ("PrecisionAtRecall", {"recall": 0.5, "num_thresholds": 50}, "bits"),
    ("RecallAtPrecision", {"precision": 0.6, "num_thresholds": 50}, "bits"),
    ("F1Score", {"average": "macro", "threshold": 0.5}, "bits"),
    ("F1Score", {"average": "micro", "threshold": 0.5}, "bits"),
    ("FBetaScore", {"average": "weighted", "beta": 2.0, "threshold": 0.4}, "bits"),
    ("BinaryIoU", {"target_class_ids": [0, 1], "threshold": 0.5}, "bits"),
    ("OneHotMeanIoU", {"num_classes": 3}, "hot"),
    ("TopKCategoricalAccuracy", {"k": 2}, "hot"),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, "classes"),
    ("CosineSimilarity", {"axis": -1}, "signed"),
    ("R2Score", {}, "signed"),
    ("RootMeanSquaredError", {}, "signed"),
    ("MeanAbsoluteError", {}, "signed"),
    ("CategoricalAccuracy", {}, "hot"),
    ("SparseCategoricalAccuracy", {}, "classes"),
    ("BinaryAccuracy", {"threshold": 0.6}, "bits"),
    ("LogCoshError", {}, "signed"),
]

SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5}),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5, "staircase": True},
    ),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 5, "alpha": 0.1}),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.0, "decay_steps": 5, "warmup_target": 0.2, "warmup_steps": 3},
    ),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 3, "t_mul": 2.0, "m_mul": 0.5},
    ),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 4, "end_learning_rate": 0.01, "power": 2.0},
    ),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "cycle": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5}),
    ("PiecewiseConstantDecay", {"boundaries": [2, 5], "values": [1.0, 0.5, 0.1]}),
]


def set_weights(layer):
    values = [filled(w.shape, 50 + i, 0.4) for i, w in enumerate(layer.weights)]
    layer.set_weights(
        [np.abs(v) if "variance" in w.path else v for v, w in zip(values, layer.weights, strict=True)]
    )


def gradients(loss, inputs, layer):
    loss.backward()
    return [seen(t.grad.numpy()) for t in (*inputs, *(w.value for w in layer.trainable_weights))]


def applied(name, config, shapes, arguments=None, mask=None):
    """What a layer gives, and the gradients of the sum of squares."""
    layer = getattr(keras.layers, name)(**config)
    several = isinstance(shapes[0], list)
    tensors = [
        torch.tensor(filled(s, 10 + i, 1.5), requires_grad=True)
        for i, s in enumerate(shapes if several else [shapes])
    ]
    arguments = dict(arguments or {})
    if mask is not None:
        arguments["mask"] = torch.tensor(mask)
    given = tensors if name in ("Attention", "AdditiveAttention") else tensors[0]
    more = tensors[1:] if name == "MultiHeadAttention" else []
    layer(given, *more, **arguments)
    set_weights(layer)
    y = layer(given, *more, **arguments)
    return {
        "layer": name,
        "config": config,
        "shape": shapes,
        "arguments": {k: v for k, v in arguments.items() if k != "mask"},
        "value": seen(y.detach().numpy()),
        "weights": [list(w.shape) for w in layer.weights],
        "gradients": gradients((y**2).sum(), tensors, layer),
    }


def activated(name):
    x = torch.tensor([POINTS], dtype=torch.float32, requires_grad=True)
    y = getattr(keras.activations, name)(x)
    y.sum().backward()
    return [[float(f"{v:.7g}") for v in t.detach().numpy().reshape(-1)] for t in (y, x.grad)]


def measured(name, config, kind):
    metric = getattr(keras.metrics, name)(**config)
    true, predicted = data(kind)
    for half in (slice(0, 4), slice(4, 8)):
        metric.update_state(true[half], predicted[half])
    return [
        name,
        config,
        kind,
        np.asarray(metric.result().detach().numpy()).reshape(-1).astype(float).tolist(),
    ]


def lost(name, config, kind):
    loss = getattr(keras.losses, name)(**config)
    true, predicted = data(kind)
    return [name, config, kind, float(loss(true, predicted))]


def scheduled(name, config):
    schedule = getattr(keras.optimizers.schedules, name)(**config)
    return [name, config, [float(schedule(step)) for step in range(12)]]


def main():
    record = {
        "version": keras.__version__,
        "layers": [applied(*case) for case in LAYERS],
        "attention": [applied(*case) for case in ATTENTION],
        "masked": [applied(*case, mask=MASK) for case in MASKED],
        "activations": {
            name: activated(name) for name in ACTIVATIONS.split() if hasattr(keras.activations, name)
        },
        "losses": [lost(*case) for case in LOSSES],
        "metrics": [measured(*case) for case in METRICS],
        "schedules": [scheduled(*case) for case in SCHEDULES],
    }
    Path(__file__).with_name("keras.json").write_text(json.dumps(record), encoding="utf-8")


if __name__ == "__main__":
    main()
