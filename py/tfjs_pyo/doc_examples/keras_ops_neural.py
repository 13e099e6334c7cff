"""Examples of `keras.ops.*`: of pooling, blocks and activations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

CALLS: Mapping[str, Sequence[str]] = {
    "adaptive_average_pool": (
        "keras.ops.adaptive_average_pool([[[1.0], [5.0], [2.0], [8.0]]], 2).tolist()",
        "[[[3.0], [5.0]]]",
    ),
    "adaptive_max_pool": (
        "keras.ops.adaptive_max_pool([[[1.0], [5.0], [2.0], [3.0]]], 2).tolist()",
        "[[[5.0], [3.0]]]",
    ),
    "average_pool": (
        "keras.ops.average_pool([[[1.0], [5.0], [2.0], [8.0]]], 2).tolist()",
        "[[[3.0], [5.0]]]",
    ),
    "celu": ("keras.ops.celu([-100.0, 0.0, 2.0], 0.5)", "Tensor [-0.5, 0, 2]"),
    "depth_to_space": (
        "x = keras.ops.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 1, 4])",
        "keras.ops.depth_to_space(x, 2)[0, :, :, 0]",
        "Tensor [[1, 2], [3, 4]]",
    ),
    "elu": ("keras.ops.elu([-100.0, 0.0, 2.0], 0.5)", "Tensor [-0.5, 0, 2]"),
    "gelu": (
        "keras.ops.gelu([-1.0, 0.0, 1.0], approximate=False).numpy().round(4)",
        "array([-0.1587,  0.    ,  0.8413], dtype=float32)",
    ),
    "glu": ("keras.ops.glu([1.0, 2.0, 0.0, 100.0])", "Tensor [0.5, 2]"),
    "hard_shrink": ("keras.ops.hard_shrink([-2.0, 0.2, 1.0])", "Tensor [-2, 0, 1]"),
    "hard_sigmoid": ("keras.ops.hard_sigmoid([-3.0, 0.0, 1.5, 3.0])", "Tensor [0, 0.5, 0.75, 1]"),
    "hard_silu": ("keras.ops.hard_silu([-3.0, 0.0, 3.0])", "Tensor [0, 0, 3]"),
    "hard_swish": ("keras.ops.hard_swish([-3.0, 0.0, 3.0])", "Tensor [0, 0, 3]"),
    "hard_tanh": ("keras.ops.hard_tanh([-3.0, 0.5, 3.0])", "Tensor [-1, 0.5, 1]"),
    "leaky_relu": ("keras.ops.leaky_relu([-10.0, 0.0, 3.0])", "Tensor [-2, 0, 3]"),
    "log_sigmoid": (
        "keras.ops.log_sigmoid([-100.0, 0.0]).numpy().round(4)",
        "array([-100.    ,   -0.6931], dtype=float32)",
    ),
    "log_softmax": (
        "keras.ops.log_softmax([5.0, 5.0]).numpy().round(4)",
        "array([-0.6931, -0.6931], dtype=float32)",
    ),
    "max_pool": ("keras.ops.max_pool([[[1.0], [5.0], [2.0], [3.0]]], 2).tolist()", "[[[5.0], [3.0]]]"),
    "relu": ("keras.ops.relu([-2.0, 0.0, 3.0])", "Tensor [0, 0, 3]"),
    "relu6": ("keras.ops.relu6([-2.0, 3.0, 9.0])", "Tensor [0, 3, 6]"),
    "selu": (
        "keras.ops.selu([-100.0, 0.0, 1.0]).numpy().round(3)",
        "array([-1.758,  0.   ,  1.051], dtype=float32)",
    ),
    "sigmoid": ("keras.ops.sigmoid([-100.0, 0.0, 100.0])", "Tensor [0, 0.5, 1]"),
    "silu": (
        "keras.ops.silu([-1.0, 0.0, 1.0]).numpy().round(3)",
        "array([-0.269,  0.   ,  0.731], dtype=float32)",
    ),
    "soft_shrink": ("keras.ops.soft_shrink([-2.0, 0.2, 1.0])", "Tensor [-1.5, 0, 0.5]"),
    "softplus": (
        "keras.ops.softplus([-100.0, 0.0, 100.0]).numpy().round(4)",
        "array([  0.    ,   0.6931, 100.    ], dtype=float32)",
    ),
    "softsign": ("keras.ops.softsign([-1.0, 0.0, 3.0])", "Tensor [-0.5, 0, 0.75]"),
    "space_to_depth": (
        "x = keras.ops.reshape([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 1])",
        "keras.ops.space_to_depth(x, 2)[0, 0, 0]",
        "Tensor [1, 2, 3, 4]",
    ),
    "sparse_plus": ("keras.ops.sparse_plus([-2.0, 0.0, 3.0])", "Tensor [0, 0.25, 3]"),
    "sparse_sigmoid": ("keras.ops.sparse_sigmoid([-2.0, 0.0, 0.5, 3.0])", "Tensor [0, 0.5, 0.75, 1]"),
    "squareplus": ("keras.ops.squareplus([0.0, 1.5], 4)", "Tensor [1, 2]"),
    "swish": (
        "keras.ops.swish([-1.0, 0.0, 1.0]).numpy().round(3)",
        "array([-0.269,  0.   ,  0.731], dtype=float32)",
    ),
    "tanh_shrink": ("keras.ops.tanh_shrink([0.0, 100.0])", "Tensor [0, 99]"),
}
