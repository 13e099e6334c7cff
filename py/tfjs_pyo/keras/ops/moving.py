"""`keras.ops`, NumPy-like functions that move elements: shapes, axes, joining, splitting."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, alike
from tfjs_pyo.shapes import Dims, normalize_axis

numpy = Group()

Axes = int | Sequence[int] | None


def sizes(shape: Dims) -> list[int]:
    """Returns a list of numbers, of one if it was one."""
    return [shape] if isinstance(shape, int) else list(shape)


@numpy.op()
def reshape(x: Tensor, newshape: int | Sequence[int | None]) -> Tensor:
    """Returns the elements in another shape; one dimension may be -1.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.reshape([1, 2, 3, 4, 5, 6], [2, -1])
        Tensor
            [[1, 2, 3],
             [4, 5, 6]]

    Source: https://keras.io/api/ops/numpy/
    """
    dims = [newshape] if isinstance(newshape, int) else newshape
    return ops.reshape(x, [-1 if dim is None else dim for dim in dims])


@numpy.op()
def ravel(x: Tensor) -> Tensor:
    """Returns the elements as a vector.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.ravel([[1, 2], [3, 4]])
        Tensor
            [1, 2, 3, 4]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.reshape(x, [-1])


@numpy.op()
def broadcast_to(x: Tensor, shape: Dims) -> Tensor:
    """Returns x repeated along axes of length 1 and new ones.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.broadcast_to([1, 2, 3], [2, 3])
        Tensor
            [[1, 2, 3],
             [1, 2, 3]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.broadcast_to(x, sizes(shape))


@numpy.op()
def transpose(x: Tensor, axes: Sequence[int] | None = None) -> Tensor:
    """Returns x with its axes in another order; default: reversed.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.transpose([[1, 2, 3], [4, 5, 6]])
        Tensor
            [[1, 4],
             [2, 5],
             [3, 6]]
        >>> keras.ops.transpose(keras.ops.ones([2, 3, 4]), axes=[0, 2, 1]).shape
        (2, 4, 3)

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.transpose(
        x, None if axes is None else [normalize_axis("transpose", axis, x.rank) for axis in axes]
    )


@numpy.op()
def swapaxes(x: Tensor, axis1: int, axis2: int) -> Tensor:
    """Returns x with two axes swapped.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.swapaxes(keras.ops.ones([2, 3, 4]), 0, 2).shape
        (4, 3, 2)

    Source: https://keras.io/api/ops/numpy/
    """
    one, other = (normalize_axis("swapaxes", axis, x.rank) for axis in (axis1, axis2))
    perm = list(range(x.rank))
    perm[one], perm[other] = perm[other], perm[one]
    return ops.transpose(x, perm)


@numpy.op()
def moveaxis(x: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Returns x with axes at other places.

    Raises:
        ShapeError: there are not as many places as axes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.moveaxis(keras.ops.ones([2, 3, 4]), 0, -1).shape
        (3, 4, 2)

    Source: https://keras.io/api/ops/numpy/
    """
    sources = [normalize_axis("moveaxis", axis, x.rank) for axis in sizes(source)]
    places = [normalize_axis("moveaxis", axis, x.rank) for axis in sizes(destination)]
    if len(sources) != len(places):
        raise ShapeError(f"moveaxis: expected as many places as axes, received {source} and {destination}.")
    perm = [axis for axis in range(x.rank) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        perm.insert(place, axis)
    return ops.transpose(x, perm)


@numpy.op()
def expand_dims(x: Tensor, axis: int | Sequence[int]) -> Tensor:
    """Returns x with new axes of length 1.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.expand_dims([1, 2, 3], -1)
        Tensor
            [[1],
             [2],
             [3]]

    Source: https://keras.io/api/ops/numpy/
    """
    axes = sizes(axis)
    rank = x.rank + len(axes)
    shape = list(x.shape)
    for place in sorted(normalize_axis("expand_dims", each, rank) for each in axes):
        shape.insert(place, 1)
    return ops.reshape(x, shape)


@numpy.op()
def squeeze(x: Tensor, axis: Axes = None) -> Tensor:
    """Returns x without axes of length 1.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.squeeze([[[1], [2]]])
        Tensor
            [1, 2]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.squeeze(x, axis)


@numpy.op()
def flip(x: Tensor, axis: Axes = None) -> Tensor:
    """Returns x with axes reversed.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.flip([[1, 2], [3, 4]], axis=1)
        Tensor
            [[2, 1],
             [4, 3]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.reverse(x, axis) if x.rank else x


numpy.same("x", {"flipud": lambda x: ops.reverse(x, 0), "fliplr": lambda x: ops.reverse(x, 1)})


@numpy.op()
def rot90(array: Tensor, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
    """Returns x turned by right angles in the plane of two axes.

    Raises:
        OptionError: `axes` are not two different axes of the array.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.rot90([[1, 2], [3, 4]])
        Tensor
            [[2, 4],
             [1, 3]]

    Source: https://keras.io/api/ops/numpy/
    """
    if array.rank < 2 or len(axes) != 2 or axes[0] % array.rank == axes[1] % array.rank:
        raise OptionError(f"rot90: expected two different axes of shape {array.shape}, received {axes}.")
    first, second = (axis % array.rank for axis in axes)
    perm = list(range(array.rank))
    perm[first], perm[second] = second, first
    turns = k % 4
    if turns == 2:
        return ops.reverse(array, [first, second])
    if turns == 1:
        return ops.transpose(ops.reverse(array, second), perm)
    return ops.reverse(ops.transpose(array, perm), second) if turns else array


@numpy.op()
def roll(x: Tensor, shift: int | Sequence[int], axis: Axes = None) -> Tensor:
    """Returns x with elements moved along axes; what leaves at the end comes back at the beginning.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.roll([1, 2, 3, 4], 1, axis=0)
        Tensor
            [4, 1, 2, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        return ops.reshape(roll(ops.reshape(x, [-1]), sum(sizes(shift)), 0), x.shape)
    axes, shifts = sizes(axis), sizes(shift)
    axes = axes * len(shifts) if len(axes) == 1 else axes
    for along, by in zip(axes, shifts * len(axes) if len(shifts) == 1 else shifts, strict=True):
        at = normalize_axis("roll", along, x.rank)
        length = x.shape[at]
        if length and by % length:
            head, tail = ops.split(x, [length - by % length, by % length], at)
            x = ops.concat([tail, head], at)
    return x


# Joining


def _joined(xs: Sequence[Any]) -> list[Tensor]:
    return alike(*xs)


@numpy.op(sequence=True)
def concatenate(xs: Sequence[Tensor], axis: int | None = 0) -> Tensor:
    """Returns tensors one after the other along an axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.concatenate([[[1, 2], [3, 4]], [[5], [6]]], axis=1)
        Tensor
            [[1, 2, 5],
             [3, 4, 6]]

    Source: https://keras.io/api/ops/numpy/
    """
    parts = _joined(xs)
    if axis is None:
        return ops.concat([ops.reshape(part, [-1]) for part in parts], 0)
    return ops.concat(parts, axis)


@numpy.op(sequence=True)
def stack(x: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Returns tensors of one shape along a new axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.stack([[1, 2], [3, 4]], axis=1)
        Tensor
            [[1, 3],
             [2, 4]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.stack(_joined(x), axis)


def _at_least(x: Tensor, rank: int) -> Tensor:
    shape = {(1, 0): [1], (2, 0): [1, 1], (2, 1): [1, -1], (3, 0): [1, 1, 1], (3, 1): [1, -1, 1]}.get(
        (rank, x.rank)
    )
    if shape is None and rank == 3 and x.rank == 2:
        shape = [*x.shape, 1]
    return x if shape is None else ops.reshape(x, shape)


@numpy.op(sequence=True)
def hstack(xs: Sequence[Tensor]) -> Tensor:
    """Returns tensors side by side.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.hstack([[[1], [2]], [[3], [4]]])
        Tensor
            [[1, 3],
             [2, 4]]

    Source: https://keras.io/api/ops/numpy/
    """
    parts = [_at_least(part, 1) for part in _joined(xs)]
    return ops.concat(parts, 0 if parts[0].rank == 1 else 1)


@numpy.op(sequence=True)
def vstack(xs: Sequence[Tensor]) -> Tensor:
    """Returns tensors as rows, one below the other.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.vstack([[1, 2], [3, 4]])
        Tensor
            [[1, 2],
             [3, 4]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.concat([_at_least(part, 2) for part in _joined(xs)], 0)


@numpy.op(sequence=True)
def dstack(xs: Sequence[Tensor]) -> Tensor:
    """Returns tensors along a third axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.dstack([[1, 2], [3, 4]])[0]
        Tensor
            [[1, 3],
             [2, 4]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.concat([_at_least(part, 3) for part in _joined(xs)], 2)


@numpy.op(2)
def append(x1: Tensor, x2: Tensor, axis: int | None = None) -> Tensor:
    """Returns x1 followed by x2, as vectors unless there is an axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.append([1, 2], [[3], [4]])
        Tensor
            [1, 2, 3, 4]

    Source: https://keras.io/api/ops/numpy/
    """
    return concatenate([x1, x2], axis)


# Splitting


def _split(x: Tensor, sections: Dims, axis: int) -> list[Tensor]:
    """Returns equal parts, or those between indices."""
    at = normalize_axis("split", axis, x.rank)
    length = x.shape[at]
    if isinstance(sections, int):
        return list(ops.split(x, sections, at))
    places = [0, *(max(0, min(length, p + length if p < 0 else p)) for p in sizes(sections)), length]
    return list(ops.split(x, [max(0, b - a) for a, b in itertools.pairwise(places)], at))


@numpy.op()
def split(x: Tensor, indices_or_sections: Dims, axis: int = 0) -> list[Tensor]:
    """Returns equal parts of x along an axis, or those between indices.

    Example:
        >>> from tfjs_pyo import keras
        >>> start, middle, end = keras.ops.split([1, 2, 3, 4, 5, 6], [2, 5])
        >>> middle
        Tensor
            [3, 4, 5]

    Source: https://keras.io/api/ops/numpy/
    """
    return _split(x, indices_or_sections, axis)


_MOST_PARTS = 2**16
"""More are a mistake, and each would be a tensor."""


@numpy.op()
def array_split(x: Tensor, indices_or_sections: Dims, axis: int = 0) -> list[Tensor]:
    """Returns parts of x whose lengths differ by at most 1.

    Raises:
        OptionError: a number of parts below 1, or too large.

    Example:
        >>> from tfjs_pyo import keras
        >>> [part.tolist() for part in keras.ops.array_split([1, 2, 3, 4, 5], 3)]
        [[1, 2], [3, 4], [5]]

    Source: https://keras.io/api/ops/numpy/
    """
    if not isinstance(indices_or_sections, int):
        return _split(x, indices_or_sections, axis)
    at = normalize_axis("array_split", axis, x.rank)
    if not 1 <= indices_or_sections <= _MOST_PARTS:
        raise OptionError(f"array_split: expected 1 to {_MOST_PARTS} parts, received {indices_or_sections}.")
    size, more = divmod(x.shape[at], indices_or_sections)
    lengths = [size + (place < more) for place in range(indices_or_sections)]
    return list(ops.split(x, lengths, at))


@numpy.op()
def hsplit(x: Tensor, indices_or_sections: Dims) -> list[Tensor]:
    """Returns parts of x side by side.

    Example:
        >>> from tfjs_pyo import keras
        >>> left, right = keras.ops.hsplit([[1, 2], [3, 4]], 2)
        >>> left
        Tensor
            [[1],
             [3]]

    Source: https://keras.io/api/ops/numpy/
    """
    return _split(x, indices_or_sections, 1 if x.rank > 1 else 0)


@numpy.op()
def vsplit(x: Tensor, indices_or_sections: Dims) -> list[Tensor]:
    """Returns parts of x one below the other.

    Example:
        >>> from tfjs_pyo import keras
        >>> top, bottom = keras.ops.vsplit([[1, 2], [3, 4], [5, 6], [7, 8]], 2)
        >>> top
        Tensor
            [[1, 2],
             [3, 4]]

    Source: https://keras.io/api/ops/numpy/
    """
    return _split(x, indices_or_sections, 0)


@numpy.op()
def dsplit(x: Tensor, indices_or_sections: Dims) -> list[Tensor]:
    """Returns parts of x along the third axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> [part.shape for part in keras.ops.dsplit(keras.ops.ones([2, 2, 5]), [2])]
        [(2, 2, 2), (2, 2, 3)]

    Source: https://keras.io/api/ops/numpy/
    """
    return _split(x, indices_or_sections, 2)


__all__ = ["numpy", "sizes"]
