"""The functions of TensorFlow that programs use, each with the operation that it means. Data, no code: `bridge.py` has that."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import activations, image, ops
from tfjs_pyo.core.rng import set_seed
from tfjs_pyo.ops import linear_algebra
from tfjs_pyo.tensorflow_names import functions, resizing
from tfjs_pyo.tensorflow_names.bridge import Op

UNARY = {
    name: Op(getattr(ops, target), "x")
    for name, target in {
        "abs": "abs", "acos": "acos", "acosh": "acosh", "asin": "asin", "asinh": "asinh", "atan": "atan", "atanh": "atanh",
        "ceil": "ceil", "cos": "cos", "cosh": "cosh", "erf": "erf", "exp": "exp", "expm1": "expm1", "floor": "floor",
        "imag": "imag", "is_finite": "is_finite", "is_inf": "is_inf", "is_nan": "is_nan", "log": "log", "log1p": "log1p",
        "log_sigmoid": "log_sigmoid", "logical_not": "logical_not", "negative": "neg", "real": "real",
        "reciprocal": "reciprocal", "round": "round", "rsqrt": "rsqrt", "sigmoid": "sigmoid", "sign": "sign", "sin": "sin",
        "sinh": "sinh", "softplus": "softplus", "sqrt": "sqrt", "square": "square", "tan": "tan", "tanh": "tanh",
    }.items()
}  # fmt: skip
BINARY = {
    name: Op(getattr(ops, target), "x y")
    for name, target in {
        "add": "add", "divide": "true_div", "divide_no_nan": "div_no_nan", "equal": "equal",
        "floordiv": "floor_div", "floormod": "mod", "greater": "greater", "greater_equal": "greater_equal", "less": "less",
        "less_equal": "less_equal", "logical_and": "logical_and", "logical_or": "logical_or", "logical_xor": "logical_xor",
        "maximum": "maximum", "minimum": "minimum", "mod": "mod", "multiply": "mul", "not_equal": "not_equal", "pow": "pow",
        "squared_difference": "squared_difference", "subtract": "sub", "truediv": "true_div",
    }.items()
}  # fmt: skip
_KEPT = {"keepdims": "keep_dims"}
REDUCTIONS = {
    f"reduce_{name}": Op(getattr(ops, target), "input_tensor axis keepdims", _KEPT)
    for name, target in {
        "all": "all", "any": "any", "euclidean_norm": "euclidean_norm", "logsumexp": "log_sum_exp", "max": "max",
        "mean": "mean", "min": "min", "prod": "prod", "sum": "sum",
    }.items()
}  # fmt: skip
_ARG = Op(functions.argmax, "input axis output_type"), Op(functions.argmin, "input axis output_type")
SHARED: dict[str, Any] = {
    **UNARY,
    **BINARY,
    **REDUCTIONS,
    "add_n": Op(ops.add_n, "inputs"),
    "atan2": Op(ops.atan2, "y x"),
    "argmax": _ARG[0],
    "argmin": _ARG[1],
    "cumsum": Op(ops.cumsum, "x axis exclusive reverse"),
    "scalar_mul": Op(ops.mul, "scalar x"),
}
"""In `tf` and in `tf.math`, though TensorFlow has some of them in one of the two only."""

TOP: dict[str, Any] = {
    **SHARED,
    "broadcast_to": Op(ops.broadcast_to, "input shape"),
    "cast": Op(functions.cast, "x dtype"),
    "clip_by_value": Op(ops.clip_by_value, "t clip_value_min clip_value_max"),
    "complex": Op(ops.complex, "real imag"),
    "concat": Op(ops.concat, "values axis"),
    "constant": Op(functions.constant, "value dtype shape"),
    "convert_to_tensor": Op(functions.constant, "value dtype"),
    "cond": Op(functions.cond, "pred true_fn false_fn"),
    "ensure_shape": Op(ops.ensure_shape, "x shape"),
    "expand_dims": Op(ops.expand_dims, "input axis"),
    "eye": Op(
        ops.eye, "num_rows num_columns batch_shape dtype", {"batch_shape": "batch_shape", "dtype": "dtype"}
    ),
    "fill": Op(ops.fill, "dims value"),
    "gather": Op(
        ops.gather,
        "params indices validate_indices axis batch_dims",
        {"validate_indices": None, "axis": "axis", "batch_dims": "batch_dims"},
    ),
    "gather_nd": Op(ops.gather_nd, "params indices"),
    "identity": Op(ops.clone, "input"),
    "linspace": Op(ops.linspace, "start stop num"),
    "map_fn": Op(
        functions.map_fn,
        "fn elems dtype parallel_iterations back_prop swap_memory infer_shape fn_output_signature",
        dict.fromkeys(
            ["dtype", "parallel_iterations", "back_prop", "swap_memory", "infer_shape", "fn_output_signature"]
        ),
    ),
    "matmul": Op(
        ops.mat_mul,
        "a b transpose_a transpose_b adjoint_a adjoint_b",
        {"adjoint_a": "transpose_a", "adjoint_b": "transpose_b"},
    ),
    "norm": Op(ops.norm, "tensor ord axis keepdims", {"axis": "axis", **_KEPT}),
    "one_hot": Op(
        functions.one_hot,
        "indices depth on_value off_value axis dtype",
        {"on_value": "on_value", "off_value": "off_value", "axis": "axis", "dtype": "dtype"},
    ),
    "ones": Op(ops.ones, "shape dtype"),
    "pad": Op(functions.pad, "tensor paddings mode constant_values"),
    "print": functions.print_,
    "range": Op(
        functions.range_, "start limit delta dtype", {"limit": "limit", "delta": "delta", "dtype": "dtype"}
    ),
    "rank": Op(functions.rank, "input"),
    "reshape": Op(ops.reshape, "tensor shape"),
    "reverse": Op(ops.reverse, "tensor axis"),
    "scatter_nd": Op(ops.scatter_nd, "indices updates shape"),
    "shape": Op(functions.shape, "input out_type", {"out_type": None}),
    "slice": Op(ops.slice, "input_ begin size"),
    "split": Op(ops.split, "value num_or_size_splits axis num", {"num": None}),
    "squeeze": Op(ops.squeeze, "input axis"),
    "stack": Op(ops.stack, "values axis"),
    "stop_gradient": Op(ops.stop_gradient, "input"),
    "tensor_scatter_nd_update": Op(ops.tensor_scatter_update, "tensor indices updates"),
    "tile": Op(ops.tile, "input multiples"),
    "transpose": Op(ops.transpose, "a perm conjugate"),
    "unstack": Op(ops.unstack, "value num axis", {"num": None, "axis": "axis"}),
    "vectorized_map": Op(functions.map_fn, "fn elems"),
    "where": Op(functions.where, "condition x y"),
    "while_loop": Op(
        functions.while_loop,
        "cond body loop_vars shape_invariants parallel_iterations back_prop swap_memory maximum_iterations",
        {
            "shape_invariants": None,
            "parallel_iterations": None,
            "back_prop": None,
            "swap_memory": None,
            "maximum_iterations": "maximum_iterations",
        },
    ),
    "ones_like": Op(ops.ones_like, "input"),
    "zeros": Op(ops.zeros, "shape dtype"),
    "zeros_like": Op(ops.zeros_like, "input"),
}

MATH: dict[str, Any] = {
    **SHARED,
    "cumprod": Op(ops.cumprod, "x axis exclusive reverse"),
    "l2_normalize": Op(functions.l2_normalize, "x axis epsilon"),
    "log_softmax": Op(ops.log_softmax, "logits axis"),
    "reduce_std": Op(functions.standard_deviation, "input_tensor axis keepdims", {"keepdims": "keepdims"}),
    "reduce_variance": Op(functions.variance, "input_tensor axis keepdims", {"keepdims": "keepdims"}),
    "softmax": Op(ops.softmax, "logits axis", {"axis": "dim"}),
    "softsign": Op(activations.softsign, "features"),
    "top_k": Op(ops.topk, "input k sorted"),
    "unsorted_segment_sum": Op(ops.unsorted_segment_sum, "data segment_ids num_segments"),
}

NN: dict[str, Any] = {
    "avg_pool": Op(functions.avg_pool, "input ksize strides padding"),
    "avg_pool2d": Op(functions.avg_pool, "input ksize strides padding"),
    "batch_normalization": Op(ops.batch_norm, "x mean variance offset scale variance_epsilon"),
    "bias_add": Op(ops.add, "value bias"),
    "conv1d": Op(ops.conv1d, "input filters stride padding"),
    "conv2d": Op(
        functions.conv2d,
        "input filters strides padding data_format dilations",
        {"data_format": "data_format", "dilations": "dilations"},
    ),
    "depthwise_conv2d": Op(
        functions.depthwise_conv2d,
        "input filter strides padding data_format dilations",
        {"data_format": "data_format", "dilations": "dilations"},
    ),
    "depth_to_space": Op(ops.depth_to_space, "input block_size data_format"),
    "dropout": Op(ops.dropout, "x rate noise_shape seed"),
    "elu": Op(ops.elu, "features"),
    "embedding_lookup": Op(ops.gather, "params ids"),
    "gelu": Op(functions.gelu, "features approximate"),
    "l2_normalize": MATH["l2_normalize"],
    "leaky_relu": Op(ops.leaky_relu, "features alpha"),
    "local_response_normalization": Op(
        ops.local_response_normalization, "input depth_radius bias alpha beta"
    ),
    "log_softmax": Op(ops.log_softmax, "logits axis"),
    "max_pool": Op(functions.max_pool, "input ksize strides padding"),
    "max_pool2d": Op(functions.max_pool, "input ksize strides padding"),
    "moments": Op(functions.moments, "x axes shift keepdims", {"shift": None, "keepdims": "keepdims"}),
    "relu": Op(ops.relu, "features"),
    "relu6": Op(ops.relu6, "features"),
    "selu": Op(ops.selu, "features"),
    "silu": Op(functions.silu, "features beta"),
    "softsign": MATH["softsign"],
    "space_to_depth": Op(functions.space_to_depth, "input block_size data_format"),
    "swish": Op(functions.silu, "features beta"),
    "sigmoid": Op(ops.sigmoid, "x"),
    "sigmoid_cross_entropy_with_logits": Op(
        functions.sigmoid_cross_entropy, "labels logits", {"labels": "labels", "logits": "logits"}
    ),
    "softmax": MATH["softmax"],
    "softmax_cross_entropy_with_logits": Op(
        functions.softmax_cross_entropy,
        "labels logits axis",
        {"labels": "labels", "logits": "logits", "axis": "axis"},
    ),
    "softplus": Op(ops.softplus, "features"),
    "sparse_softmax_cross_entropy_with_logits": Op(
        functions.sparse_softmax_cross_entropy, "labels logits", {"labels": "labels", "logits": "logits"}
    ),
    "tanh": Op(ops.tanh, "x"),
    "top_k": MATH["top_k"],
}

_DRAWN = {"dtype": "dtype", "seed": "seed"}
RANDOM: dict[str, Any] = {
    "normal": Op(
        ops.random_normal, "shape mean stddev dtype seed", {"stddev": "std_dev", **_DRAWN, "mean": "mean"}
    ),
    "set_seed": Op(set_seed, "seed"),
    "truncated_normal": Op(
        ops.truncated_normal, "shape mean stddev dtype seed", {"stddev": "std_dev", **_DRAWN, "mean": "mean"}
    ),
    "uniform": Op(
        functions.uniform,
        "shape minval maxval dtype seed",
        {"minval": "minval", "maxval": "maxval", **_DRAWN},
    ),
}

LINALG: dict[str, Any] = {
    "band_part": Op(linear_algebra.band_part, "input num_lower num_upper"),
    "einsum": ops.einsum,
    "eye": TOP["eye"],
    "matmul": TOP["matmul"],
    "norm": TOP["norm"],
    "qr": Op(linear_algebra.qr, "input full_matrices"),
}

IMAGE: dict[str, Any] = {
    "grayscale_to_rgb": Op(image.grayscale_to_rgb, "images"),
    "non_max_suppression": Op(
        image.non_max_suppression, "boxes scores max_output_size iou_threshold score_threshold"
    ),
    "resize": Op(
        resizing.resize,
        "images size method preserve_aspect_ratio antialias",
        {"preserve_aspect_ratio": "preserve_aspect_ratio", "antialias": "antialias"},
    ),
    "rgb_to_grayscale": Op(image.rgb_to_grayscale, "images"),
}

__all__ = ["IMAGE", "LINALG", "MATH", "NN", "RANDOM", "TOP"]
