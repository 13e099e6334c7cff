"""What parameters of `keras.ops` mean that many functions share: their docstrings name all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

from tfjs_pyo import documenting
from tfjs_pyo.meanings import OF_FUNCTIONS, of

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
    "x1": "tensor, array or numbers.",
    "x2": "tensor, array or numbers.",
    "xs": "list of tensors.",
    "y": "tensor, array or numbers.",
}


SUMMARIES: Mapping[str, str] = {
    "adaptive_average_pool": "Returns the mean of windows, so many that the result has a given size.",
    "adaptive_max_pool": "Returns the largest element of windows, so many that the result has a given size.",
    "average_pool": "Returns the mean of each window.",
    "bartlett": "Returns a triangular window of x points, 0 at both ends.",
    "bitwise_invert": "Returns x with each of its bits turned over: -x - 1.",
    "bitwise_not": "Returns x with each of its bits turned over: -x - 1.",
    "blackman": "Returns a Blackman window of x points: a sum of three cosines that is about 0 at both ends.",
    "depth_to_space": "Returns images with groups of channels spread out as blocks of pixels.",
    "fliplr": "Returns x with the order along its second axis reversed: left and right are exchanged.",
    "flipud": "Returns x with the order along its first axis reversed: top and bottom are exchanged.",
    "fmax": "Returns the larger of x1 and x2; where one of them is NaN, the other.",
    "fmin": "Returns the smaller of x1 and x2; where one of them is NaN, the other.",
    "gelu": "Returns x times the probability that a standard normal number is below x, exactly or by an approximation with tanh.",
    "hamming": "Returns a Hamming window of x points: a cosine raised a little from 0.",
    "hanning": "Returns a Hann window of x points: a raised cosine from 0 to 1 and back.",
    "hard_sigmoid": "Returns relu6(x + 3) / 6.",
    "logdet": "Returns the logarithms of the absolute values of determinants.",
    "lu_factor": "Returns triangular factors of matrices, L below the diagonal and U above, and the rows that were exchanged.",
    "max_pool": "Returns the largest element of each window.",
    "nanargmax": "Returns the index of the largest element along an axis, the first of equals; NaN is left out.",
    "nanargmin": "Returns the index of the smallest element along an axis, the first of equals; NaN is left out.",
    "nancumprod": "Returns the product of each element and all before it along an axis; NaN counts as 1.",
    "nancumsum": "Returns the sum of each element and all before it along an axis; NaN counts as 0.",
    "nanmax": "Returns the largest element over axes (default: all); NaN is left out.",
    "nanmean": "Returns the mean over axes (default: all) as float32; NaN is left out.",
    "nanmin": "Returns the smallest element over axes (default: all); NaN is left out.",
    "nanprod": "Returns the product over axes (default: all); NaN is left out.",
    "nanstd": "Returns the root of `nanvar`: the standard deviation over axes (default: all); NaN is left out.",
    "nansum": "Returns the sum over axes (default: all); NaN is left out.",
    "nanvar": "Returns the mean of the squared distances from the mean; NaN is left out.",
    "ptp": "Returns the largest element less the smallest one, over axes (default: all).",
    "real": "Returns the real part; real numbers stay.",
    "segment_max": "Returns the largest of the rows of each segment.",
    "segment_min": "Returns the smallest of the rows of each segment.",
    "segment_prod": "Returns the product of the rows of each segment.",
    "segment_sum": "Returns the sum of the rows of each segment.",
    "slogdet": "Returns signs of determinants, and logarithms of their absolute values.",
    "space_to_depth": "Returns images with blocks of pixels as groups of channels.",
    "std": "Returns the root of `var`: the standard deviation over axes (default: all).",
    "tril": "Returns matrices with zeros above a diagonal.",
    "triu": "Returns matrices with zeros below a diagonal.",
}
"""What functions of `keras.ops` do whose ops say it otherwise, or say nothing."""


def completed(doc: str, function: Callable[..., Any]) -> str:
    """Returns a docstring that names all parameters: those that it does not explain mean what they mean everywhere.

    Args:
        doc: of the function.
        function: whose parameters are named.
    """
    names = [name for name in inspect.signature(function).parameters if name[0] != "_"]
    own = function.__name__.rstrip("_")

    def meaning(name: str) -> str | None:
        return OF_FUNCTIONS.get(f"{own}.{name}") or PARAMETERS.get(name) or of(own, name)

    return documenting.completed(doc, names, meaning)


def summary_of(name: str, function: Callable[..., Any], parameters: Sequence[str]) -> str:
    """Returns the first sentence of what a function does: its own, or that of the function that it changes a little.

    Args:
        name: Keras's.
        function: an op, or a function around one.
        parameters: Keras's names of them, in the order of the function's.
    """
    if name in SUMMARIES:
        return SUMMARIES[name]
    each = next(each for each in (function, *inner_functions(function)) if each.__doc__)
    text = (each.__doc__ or "").partition("Source:")[0].strip().partition("\n\n")[0]
    named = dict(zip(inspect.signature(each).parameters, parameters, strict=False))
    return documenting.with_names(text, named)


def inner_functions(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Returns the functions that a function changes a little."""
    inner = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    return [each for each in inner if isinstance(each, FunctionType)]


__all__ = ["completed", "inner_functions", "summary_of"]
