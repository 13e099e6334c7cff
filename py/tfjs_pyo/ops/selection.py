"""What a condition or a comparison picks out: shapes of results depend on values, which are read.

The values themselves are gathered on the device, so gradients reach them and any dtype will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import values
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import DTypeError, ShapeError
from tfjs_pyo.ops.convert import node_of, uploaded
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.indexing import gather
from tfjs_pyo.ops.movement import reshape
from tfjs_pyo.shapes import Shape, normalize_axis, size
from tfjs_pyo.types import TensorLike


def _integers(numbers: Sequence[int], shape: Shape | None = None) -> Tensor:
    return Tensor(uploaded(numbers, (len(numbers),) if shape is None else shape, "int32", "selection"))


@naming.bridge
async def where_async(condition: TensorLike) -> Tensor:
    """Returns the coordinates of what is true.

    Args:
        condition: bool (other dtypes: not 0) of any shape.

    Returns:
        int32 of shape [number of true elements, rank].

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.whereAsync([[True, False], [False, True]])).array_sync()
        [[0, 0], [1, 1]]

    Source: https://js.tensorflow.org/api/latest/#whereAsync
    """
    node = node_of(condition, "where_async")
    places = [place for place, here in enumerate(await values.read_async(node)) if here]
    coordinates: list[int] = []
    for place in places:
        index = []
        rest = place
        for dim in reversed(node.shape):
            rest, i = divmod(rest, dim)
            index.append(i)
        coordinates += reversed(index)
    return _integers(coordinates, (len(places), node.rank))


@naming.bridge
async def boolean_mask_async(tensor: TensorLike, mask: TensorLike, axis: int = 0) -> Tensor:
    """Returns the slices of a tensor at which a mask is true.

    Args:
        tensor: of any dtype.
        mask: bool in the shape of some neighbouring axes of the tensor, which become one.
        axis: the first of them.

    Raises:
        ShapeError: the mask does not have the shape of these axes, or is a scalar.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.booleanMaskAsync([[1, 2], [3, 4]], [True, False])).array_sync()
        [[1.0, 2.0]]

    Source: https://js.tensorflow.org/api/latest/#booleanMaskAsync
    """
    x, chosen = Tensor(node_of(tensor, "boolean_mask_async")), node_of(mask, "boolean_mask_async")
    if not x.rank:
        raise ShapeError("boolean_mask_async: expected a tensor of rank 1 or more, received a scalar.")
    start = normalize_axis("boolean_mask_async", axis, x.rank)
    end = start + chosen.rank
    if not chosen.rank or x.shape[start:end] != chosen.shape:
        raise ShapeError(
            f"boolean_mask_async: expected a mask in the shape of the axes of {x.shape} from {start} on, received shape "
            f"{chosen.shape}."
        )
    places = [place for place, here in enumerate(await values.read_async(chosen)) if here]
    flat = reshape(x, (*x.shape[:start], size(chosen.shape), *x.shape[end:]))
    result: Tensor = gather(flat, _integers(places), start)
    return result


@naming.bridge
async def setdiff1d_async(x: TensorLike, y: TensorLike) -> list[Tensor]:
    """Returns the elements of x that y does not have, in their order, and where they are.

    Args:
        x, y: vectors of one dtype.

    Returns:
        `[values, indices]`, the indices int32.

    Raises:
        ShapeError: one of them is no vector.
        DTypeError: they have different dtypes.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> [part.array_sync() for part in asyncio.run(tf.setdiff1dAsync([1, 2, 3], [2]))]
        [[1.0, 3.0], [0, 2]]

    Source: https://js.tensorflow.org/api/latest/#setdiff1dAsync
    """
    nodes = [node_of(values_, "setdiff1d_async") for values_ in (x, y)]
    if any(node.rank != 1 for node in nodes):
        raise ShapeError(
            f"setdiff1d_async: expected two vectors, received shapes {nodes[0].shape} and {nodes[1].shape}."
        )
    if nodes[0].dtype != nodes[1].dtype:
        raise DTypeError(
            f"setdiff1d_async: expected vectors of one dtype, received {nodes[0].dtype} and {nodes[1].dtype}."
        )
    known = set(await values.read_async(nodes[1]))
    places = [i for i, value in enumerate(await values.read_async(nodes[0])) if value not in known]
    indices = _integers(places)
    return [gather(Tensor(nodes[0]), indices), indices]


@public(composed=True)
def unique(x: Node, axis: int = 0) -> dict[str, Node]:
    """Returns the different slices of x along an axis in the order in which they come first, and which each slice is.

    Args:
        x: tensor of rank 1 or more, read at once; NaN equals NaN.
        axis: along which to compare.

    Returns:
        `values`: x without repeated slices; `indices`: int32 vector, for each slice of x its place in `values`.

    Raises:
        ShapeError: x is a scalar.

    Example:
        >>> import tfjs_pyo as tf
        >>> found = tf.unique([1, 1, 2, 1, 3])
        >>> found["values"].array_sync(), found["indices"].array_sync()
        ([1.0, 2.0, 3.0], [0, 0, 1, 0, 2])

    Source: https://js.tensorflow.org/api/latest/#unique
    """
    if not x.rank:
        raise ShapeError("unique: expected a tensor of rank 1 or more, received a scalar.")
    at = normalize_axis("unique", axis, x.rank)
    elements = values.read(x)
    inner, count = size(x.shape[at + 1 :]), x.shape[at]
    seen: dict[tuple[Any, ...], int] = {}
    firsts: list[int] = []
    indices: list[int] = []
    for place in range(count):
        key = tuple(
            value if value == value else None  # noqa: PLR0124 (NaN is one value here)
            for outer in range(size(x.shape[:at]))
            for value in elements[(outer * count + place) * inner : (outer * count + place + 1) * inner]
        )
        if key not in seen:
            seen[key] = len(firsts)
            firsts.append(place)
        indices.append(seen[key])
    return {"values": gather(x, _integers(firsts).node, at), "indices": _integers(indices).node}
