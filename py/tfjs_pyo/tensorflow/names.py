"""TensorFlow's names for operations that `keras.ops` has, beside those of `tensorflow_names`. Data, no code."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import image, ops
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.tensorflow import files, functions, further_names, images
from tfjs_pyo.tensorflow import strings as texts
from tfjs_pyo.tensorflow_names import resizing, tables
from tfjs_pyo.tensorflow_names.bridge import Op, renamed

keras_ops: Any = _keras_ops  # its functions are declared, not written

_UNARY = {
    name: Op(getattr(keras_ops, target), "x")
    for name, target in {
        "angle": "angle", "conj": "conj", "digamma": "digamma", "erfc": "erfc", "erfinv": "erfinv", "lgamma": "lgamma",
        "rint": "round", "softsign": "softsign",
    }.items()
    if hasattr(keras_ops, target)
}  # fmt: skip
_REDUCED = "input_tensor axis keepdims"
_BY_NAME = {"axis": "axis", "keepdims": "keepdims"}
_SHARED: dict[str, Any] = {
    **_UNARY,
    "reduce_std": Op(keras_ops.std, _REDUCED, _BY_NAME),
    "reduce_variance": Op(keras_ops.var, _REDUCED, _BY_NAME),
    "l2_normalize": Op(functions.l2_normalize, "x axis epsilon"),
    "accumulate_n": tables.TOP["add_n"],
}

TOP: dict[str, Any] = {
    **tables.TOP,
    **further_names.TOP,
    **{name: _SHARED[name] for name in ("reduce_std", "reduce_variance")},
    "argsort": Op(functions.argsort, "values axis direction stable"),
    "boolean_mask": Op(functions.boolean_mask, "tensor mask axis"),
    "cast": functions.cast,
    "einsum": functions.einsum,
    "reduce_max": Op(functions.reduce_max, _REDUCED, _BY_NAME),
    "reduce_min": Op(functions.reduce_min, _REDUCED, _BY_NAME),
    "constant": Op(functions.constant, "value dtype shape"),
    "convert_to_tensor": Op(functions.constant, "value dtype"),
    "clip_by_global_norm": Op(functions.clip_by_global_norm, "t_list clip_norm use_norm"),
    "clip_by_norm": Op(functions.clip_by_norm, "t clip_norm axes"),
    "eye": Op(
        ops.eye,
        "num_rows num_columns batch_shape dtype",
        {name: name for name in ("num_columns", "batch_shape", "dtype")},
    ),
    "meshgrid": renamed(keras_ops.meshgrid),
    "ones_like": Op(keras_ops.ones_like, "input dtype", {"dtype": "dtype"}),
    "repeat": Op(keras_ops.repeat, "input repeats axis", {"axis": "axis"}),
    "roll": Op(keras_ops.roll, "input shift axis", {"axis": "axis"}),
    "searchsorted": Op(keras_ops.searchsorted, "sorted_sequence values side", {"side": "side"}),
    "size": Op(keras_ops.size, "input out_type", {"out_type": None}),
    "sort": Op(functions.sort, "values axis direction"),
    "tensor_scatter_nd_update": Op(functions.tensor_scatter_nd_update, "tensor indices updates"),
    "tensordot": Op(keras_ops.tensordot, "a b axes"),
    "zeros_like": Op(keras_ops.zeros_like, "input dtype", {"dtype": "dtype"}),
}
MATH: dict[str, Any] = {
    **tables.MATH,
    "reduce_max": TOP["reduce_max"],
    "reduce_min": TOP["reduce_min"],
    **further_names.MATH,
    **_SHARED,
    "bincount": Op(
        functions.bincount, "arr weights minlength", {"weights": "weights", "minlength": "minlength"}
    ),
    "confusion_matrix": Op(functions.confusion_matrix, "labels predictions num_classes"),
    "in_top_k": Op(keras_ops.in_top_k, "targets predictions k"),
    "multiply_no_nan": Op(functions.multiply_no_nan, "x y"),
    "segment_sum": Op(keras_ops.segment_sum, "data segment_ids"),
    **{
        name: Op(getattr(functions, name), "data segment_ids num_segments")
        for name in (
            "unsorted_segment_max",
            "unsorted_segment_mean",
            "unsorted_segment_min",
            "unsorted_segment_prod",
        )
    },
}
NN: dict[str, Any] = {
    **tables.NN,
    **further_names.NN,
    "batch_normalization": Op(functions.batch_normalization, "x mean variance offset scale variance_epsilon"),
    "gelu": Op(keras_ops.gelu, "features approximate", defaults={"approximate": False}),
    "l2_loss": Op(functions.l2_loss, "t"),
    "l2_normalize": _SHARED["l2_normalize"],
    "silu": Op(functions.silu, "features beta"),
    "softsign": Op(keras_ops.softsign, "features"),
    "swish": Op(functions.silu, "features beta"),
}
LINALG: dict[str, Any] = {
    **tables.LINALG,
    "einsum": functions.einsum,
    **further_names.LINALG,
    "l2_normalize": _SHARED["l2_normalize"],
    "matrix_transpose": Op(functions.matrix_transpose, "a"),
    "tensordot": TOP["tensordot"],
}
RANDOM: dict[str, Any] = {
    **tables.RANDOM,
    **further_names.RANDOM,
    "gamma": Op(functions.gamma, "shape alpha beta dtype seed"),
    "categorical": Op(functions.categorical, "logits num_samples dtype seed"),
    "shuffle": Op(functions.shuffle, "value seed"),
}
IMAGE: dict[str, Any] = {
    **tables.IMAGE,
    **further_names.IMAGE,
    **images.named(Op),
    "ResizeMethod": resizing.ResizeMethod,
    "convert_image_dtype": Op(functions.convert_image_dtype, "image dtype saturate", {"saturate": None}),
    "crop_and_resize": Op(
        image.crop_and_resize, "image boxes box_indices crop_size method extrapolation_value"
    ),
    "flip_left_right": Op(functions.flip_left_right, "image"),
    "flip_up_down": Op(functions.flip_up_down, "image"),
    "resize": Op(
        functions.resize,
        "images size method preserve_aspect_ratio antialias",
        {"preserve_aspect_ratio": "preserve_aspect_ratio", "antialias": "antialias"},
    ),
}
IO: dict[str, Any] = files.named(Op)
NUMPY: dict[str, Any] = {
    name: getattr(keras_ops.numpy, name)
    for name in dir(keras_ops.numpy)
    if not name.startswith("_") and name in keras_ops.__all__
}
_ENCODED = {"encoding": None}
STRINGS: dict[str, Any] = {
    **further_names.STRINGS,
    "as_string": Op(texts.as_string, "input precision scientific shortest width fill"),
    "join": Op(texts.join, "inputs separator", {"separator": "separator"}),
    "length": Op(texts.length, "input unit"),
    "lower": Op(texts.lower, "input encoding", _ENCODED),
    "reduce_join": Op(texts.reduce_join, "inputs axis keepdims separator"),
    "regex_replace": Op(
        texts.regex_replace, "input pattern rewrite replace_global", {"replace_global": "replace_global"}
    ),
    "split": Op(texts.split, "input sep maxsplit"),
    "strip": Op(texts.strip, "input"),
    "substr": Op(texts.substr, "input pos len"),
    "to_number": Op(texts.to_number, "input out_type", {"out_type": "out_type"}),
    "unicode_split": Op(
        texts.unicode_split,
        "input input_encoding errors replacement_char",
        {"errors": None, "replacement_char": None},
    ),
    "upper": Op(texts.upper, "input encoding", _ENCODED),
}

__all__ = ["IMAGE", "IO", "LINALG", "MATH", "NN", "NUMPY", "RANDOM", "STRINGS", "TOP"]
