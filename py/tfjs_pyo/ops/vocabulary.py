"""What parameters mean that many functions share: completes docstrings that do not explain their parameters themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tfjs_pyo.doc_examples import with_example
from tfjs_pyo.doc_examples.ops import EXAMPLES
from tfjs_pyo.ops.declare import OPS

_BOXES = "float32 [boxes, 4], each as its two opposite corners (y1, x1, y2, x2)."

PARAMETERS: Mapping[str, str] = {
    "a": "numbers; the shapes of both operands are broadcast together.",
    "alpha": "slope, or value, where x is not positive.",
    "axis": "axis or axes, negative ones counted from the end; default: all of them.",
    "b": "numbers.",
    "batch_shape": "leading axes along which the matrix is repeated.",
    "begin": "first index along each axis.",
    "boxes": _BOXES,
    "clip_value_max": "upper bound, a number.",
    "clip_value_min": "lower bound, a number.",
    "constant_value": "what is put around x, a number.",
    "data": "tensor of rank 1 or more.",
    "data_format": "where the channels are: last ('NDHWC') or first ('NCDHW').",
    "dim": "axis, negative ones counted from the end; default: the last.",
    "dim_rounding_mode": "how a fractional output size is rounded: 'floor', 'round' or 'ceil'.",
    "dtype": "'float32', 'int32', 'bool', and where it makes sense 'complex64' or 'string'.",
    "f": "function of tensors that gives a tensor.",
    "filter_size": "size of the windows, a number or one for each axis of space.",
    "indices": "int32 vector.",
    "initial_value": "its first value.",
    "iou_threshold": "boxes that share more than this part of their union with a better one are left out, 0 to 1.",
    "keep_dims": "whether reduced axes stay, with length 1.",
    "logits": "float32 of any shape of rank 1 or more.",
    "max_output_size": "most boxes to choose.",
    "maxval": "upper bound, not reached.",
    "mean": "mean of the distribution, a number.",
    "minval": "lower bound.",
    "name": "unique; made up if missing.",
    "num": "how many, 1 or more.",
    "num_columns": "of the matrix; default: as many as rows.",
    "num_or_size_splits": "how many equal parts, or the length of each part (one may be -1).",
    "num_rows": "of the matrix.",
    "off_value": "number elsewhere.",
    "offset": "what is added, the same shape as the mean; default: 0.",
    "pad": "'same', 'valid', a number, or pairs of numbers for the axes of space.",
    "pad_to_max_output_size": "whether to fill up to `max_output_size`.",
    "paddings": "a pair for each axis: how much before and how much after it.",
    "perm": "the axes in their new order; default: reversed.",
    "reps": "how often along each axis.",
    "scale": "what is multiplied by, the same shape as the mean; default: 1.",
    "score_threshold": "boxes with a lower score are left out.",
    "scores": "float32 [boxes].",
    "seed": "number or word for the same numbers each time; default: others each time.",
    "segment_ids": "int32 vector of the same length, sorted.",
    "shape": "list of dimensions.",
    "size": "length along each axis; -1 reaches to the end.",
    "soft_nms_sigma": "width of the bell by which scores of overlapping boxes are lowered; 0 leaves them out instead.",
    "start": "first number.",
    "std_dev": "standard deviation, a number.",
    "stop": "last number.",
    "strides": "distance of the windows, a number or one for each axis of space.",
    "t1": "vector or matrix.",
    "t2": "vector or matrix.",
    "tensors": "list of tensors.",
    "trainable": "whether optimizers change it by default.",
    "v1": "vector.",
    "v2": "vector.",
    "value": "a number, or what else the dtype holds.",
    "values": "numbers, nested lists of them, or an array.",
    "variance": "of the statistics, the same shape as the mean.",
    "variance_epsilon": "added to the variance before its root is taken.",
    "verbose": "whether dtype, rank and shape are printed too.",
    "window_length": "number of elements.",
    "x": "numbers of any shape.",
}

OPERANDS: Mapping[str, str] = {
    "same": "numbers of any shape; bool counts as int32.",
    "any": "numbers or bools of any shape.",
    "float": "numbers of any shape, promoted to float32.",
    "bool": "bools of any shape; of numbers those that are not 0 count as true.",
}
"""What elementwise functions take, by how they were declared."""


FIRST_AXIS = {
    "arg_max",
    "arg_min",
    "expand_dims",
    "split",
    "stack",
    "unstack",
    *(f"concat{r}" for r in ("", "1d", "2d", "3d", "4d")),
}
"""Functions along one axis, the first by default."""


def _described(name: str, parameter: str) -> str:
    op = OPS.get(name)
    if parameter in ("x", "a", "b") and op is not None and "takes" in op.extra:
        text = OPERANDS[op.extra["takes"]]
        return text if parameter != "a" else f"{text[:-1]}; broadcast with the other."
    if name.startswith("batch_norm") and parameter == "mean":
        return "of the statistics: one for each element of the last axis, or broadcast to x."
    if parameter == "axis" and name in FIRST_AXIS:
        return "axis, negative ones counted from the end; default: the first."
    return PARAMETERS[parameter]


def complete(functions: Iterable[Callable[..., Any]]) -> None:
    """Gives functions without an Args section one, made of what their parameters mean everywhere, and the examples they lack.

    Raises:
        KeyError: a parameter means nothing in particular: its function explains it, or it gets an entry here.
    """
    for function in functions:
        doc = inspect.cleandoc(function.__doc__ or "")
        code = inspect.unwrap(function).__code__
        parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if "Args:" in doc or not parameters:
            function.__doc__ = with_example(doc, EXAMPLES.section(function.__name__))
            continue
        name = function.__name__
        lines = [f"    {p}: {_described(name, p)}" for p in parameters]
        section = "Args:\n" + "\n".join(lines)
        if "a" in parameters and "b" in parameters:
            section += "\n\nRaises:\n    ShapeError: shapes that do not broadcast together."
        place = min(
            (doc.index(word) for word in ("Raises:", "Example:", "Source:") if word in doc), default=len(doc)
        )
        before, after = doc[:place].rstrip(), doc[place:]
        doc = f"{before}\n\n{section}\n\n{after}".rstrip()
        function.__doc__ = with_example(doc, EXAMPLES.section(name))
