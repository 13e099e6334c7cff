"""Helpers for shapes, axes and places in row-major order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.shapes import integers
from tfjs_pyo.util.programs import helper


@helper
def size_from_shape(shape: Sequence[int]) -> int:
    """Returns the number of elements of a shape.

    Args:
        shape: list of dimensions.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.sizeFromShape([2, 3, 4]), tf.util.sizeFromShape([])
        (24, 1)

    Source: https://js.tensorflow.org/api/latest/#util.sizeFromShape
    """
    return math.prod(integers("size_from_shape", "shape", list(shape)))


@helper
def is_scalar_shape(shape: Sequence[int]) -> bool:
    """Returns whether a shape is that of a scalar.

    Args:
        shape: list of dimensions.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isScalarShape([]), tf.util.isScalarShape([1])
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return len(shape) == 0


@helper
def size_to_squarish_shape(size: int) -> list[int]:
    """Returns the sides of a rectangle, nearly a square, with room for `size` elements.

    Args:
        size: number of elements.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.sizeToSquarishShape(12), tf.util.sizeToSquarishShape(13)
        ([4, 3], [4, 4])

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    width = math.isqrt(size - 1) + 1 if size > 0 else 0
    return [width, -(-size // width) if width else 0]


@helper
def infer_from_implicit_shape(shape: Sequence[int], size: int) -> list[int]:
    """Returns a shape with its -1 replaced, so that it has `size` elements.

    Args:
        shape: dimensions, at most one of them -1.
        size: number of elements.

    Raises:
        ShapeError: no such shape exists.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.inferFromImplicitShape([2, -1], 6)
        [2, 3]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    dims = list(shape)
    owner = f"infer_from_implicit_shape: expected a shape of {size} elements"
    if any(dim < -1 for dim in dims) or dims.count(-1) > 1:
        raise ShapeError(f"{owner} with at most one -1 and nothing below it, received {dims}.")
    known = math.prod(dim for dim in dims if dim != -1)
    if -1 not in dims:
        if size > 0 and size != known:
            raise ShapeError(f"{owner}, received {dims}.")
        return dims
    if known == 0 or size % known:
        raise ShapeError(f"{owner}, received {dims}: {size} is no multiple of {known}.")
    dims[dims.index(-1)] = size // known
    return dims


@helper
def parse_axis_param(axis: int | Sequence[int] | None, shape: Sequence[int]) -> list[int]:
    """Returns axes counted from the front; all of them for None.

    Args:
        axis: an axis or a list of them; negative ones count from the end.
        shape: of the tensor.

    Raises:
        OptionError: an axis is none of the tensor's.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.parseAxisParam(-1, [2, 3, 4]), tf.util.parseAxisParam(None, [2, 3])
        ([2], [0, 1])

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    rank = len(shape)
    given: Any = range(rank) if axis is None else integers("parse_axis_param", "axis", axis)
    axes = [given] if isinstance(given, int) else list(given)
    if not all(-rank <= each < rank for each in axes):
        raise OptionError(
            f"parse_axis_param: expected axes between {-rank} and {rank - 1} for shape {list(shape)}, received {axis!r}."
        )
    return [each % rank for each in axes]


@helper
def squeeze_shape(shape: Sequence[int], axis: int | Sequence[int] | None = None) -> dict[str, list[int]]:
    """Returns a shape without its axes of length 1.

    Args:
        shape: list of dimensions.
        axis: those to leave out; default: all of length 1, also for an empty list.

    Returns:
        `newShape`, and in `keptDims` the axes that are left.

    Raises:
        ShapeError: one of these axes has another length.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.squeezeShape([1, 2, 1, 3], [0])
        {'newShape': [2, 1, 3], 'keptDims': [1, 2, 3]}

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    all_ones = axis is None or (isinstance(axis, (list, tuple)) and not axis)
    left = {i for i, dim in enumerate(shape) if dim == 1} if all_ones else set(parse_axis_param(axis, shape))
    for each in sorted(left):
        if shape[each] != 1:
            raise ShapeError(
                f"squeeze_shape: expected axis {each} to have length 1, received shape {list(shape)}."
            )
    kept = [i for i in range(len(shape)) if i not in left]
    return {"newShape": [shape[i] for i in kept], "keptDims": kept}


@helper
def compute_strides(shape: Sequence[int]) -> list[int]:
    """Returns how far apart neighbours along each axis but the last lie in row-major order.

    Args:
        shape: list of dimensions.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.computeStrides([2, 3, 4])
        [12, 4]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return [math.prod(shape[i + 1 :]) for i in range(len(shape) - 1)]


@helper
def loc_to_index(locs: Sequence[int], rank: int, strides: Sequence[int]) -> int:
    """Returns the place of an element in row-major order.

    Args:
        locs: its index along each axis.
        rank: of the tensor.
        strides: as `compute_strides` gives them.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.locToIndex([1, 0, 2], 3, [12, 4])
        14

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if rank == 0:
        return 0
    steps = [*strides, 1][-rank:]
    return sum(step * loc for step, loc in zip(steps, locs, strict=True))


@helper
def index_to_loc(index: int, rank: int, strides: Sequence[int]) -> list[int]:
    """Returns the index of an element along each axis.

    Args:
        index: its place in row-major order.
        rank: of the tensor.
        strides: as `compute_strides` gives them.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.indexToLoc(14, 3, [12, 4])
        [1, 0, 2]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if rank == 0:
        return []
    found = []
    for step in list(strides)[: rank - 1]:
        place, index = divmod(index, step)
        found.append(place)
    return [*found, index]
