"""What parameters of `keras.ops` mean that many functions share: their docstrings name all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from tfjs_pyo import documenting
from tfjs_pyo.meanings import ARGUMENTS

_AXIS = "axis or axes, negative ones counted from the end; default: all, or the one that the signature shows."
PARAMETERS: Mapping[str, str] = {
    "a": "tensor, array or numbers.",
    "approximate": "whether a faster formula is used.",
    "array": "tensor, array or numbers.",
    "axes": _AXIS,
    "axis": _AXIS,
    "axis1": "first axis of the planes.",
    "axis2": "second axis of the planes.",
    "b": "tensor, array or numbers.",
    "bias": "tensor that is added; default: none.",
    "data": "tensor whose rows are put together.",
    "data_format": "'channels_last' or 'channels_first'; default: that of keras.config.image_data_format().",
    "dtype": "of the result; default: that of the arguments, as Keras promotes them.",
    "from_logits": "whether values are logits, and not probabilities yet.",
    "image": "[height, width, channels].",
    "images": "[height, width, channels], or a batch of such.",
    "indices": "int32 tensor.",
    "initial": "least value, or greatest, that the result has.",
    "inputs": "tensor: [batch, ..., channels], or channels first.",
    "keepdims": "whether reduced axes stay, with length 1.",
    "k": "number of the diagonal, or how many.",
    "lower": "whether the matrix is a lower triangle.",
    "num_classes": "how many classes there are.",
    "num_segments": "how many segments there are; default: as many as are named.",
    "output": "predictions.",
    "output_size": "size of the result along the axes of space.",
    "padding": "'valid' or 'same'.",
    "pool_size": "size of the windows.",
    "reduction": "what is done with several values for one place.",
    "seed": "number, or keras.random.SeedGenerator; default: other numbers each time.",
    "segment_ids": "int32 vector: the segment of each row.",
    "shape": "list of dimensions.",
    "sorted": "whether the segments come in their order.",
    "strides": "distance of windows.",
    "target": "what is expected.",
    "threshold": "from where on values count.",
    "x": "tensor, array or numbers.",
    "x1": "tensor, array or numbers; the shapes of both are broadcast together.",
    "x2": "tensor, array or numbers.",
    "xs": "list of tensors.",
    "y": "tensor, array or numbers.",
}


def completed(doc: str, function: Callable[..., Any]) -> str:
    """Returns a docstring that names all parameters: those that it does not explain mean what they mean everywhere.

    Args:
        doc: of the function.
        function: whose parameters are named.
    """
    names = [name for name in inspect.signature(function).parameters if name[0] != "_"]
    return documenting.completed(doc, names, lambda name: PARAMETERS.get(name) or ARGUMENTS.get(name))


def summary_of(name: str, function: Callable[..., Any]) -> str:
    """Returns the first sentence of what a function does: its own, or that of the function that it changes a little.

    Args:
        name: Keras's.
        function: an op, or a function around one.
    """
    for each in (function, *inner_functions(function)):
        text = (each.__doc__ or "").partition("Source:")[0].strip().partition("\n\n")[0]
        if text:
            return f"{text.rstrip('.')}; NaN is left out." if name.startswith("nan") else text
    return f"Returns what Keras's and NumPy's `{name}` give."


def inner_functions(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Returns the functions that a function changes a little."""
    inner = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    return [each for each in inner if isinstance(each, FunctionType)]


__all__ = ["completed", "inner_functions", "summary_of"]
