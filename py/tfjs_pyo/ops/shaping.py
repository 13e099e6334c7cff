"""Shapes made and checked: diagonals, grids, broadcast shapes."""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo import naming, shapes
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.comparison import equal, where
from tfjs_pyo.ops.convert import node_of, real_node, uploaded
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.movement import broadcast_node, reshape_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.types import TensorLike


@tested_with(Case(((5,),)), Case(((2, 3),)), Case(((),)))
@public()
def diag(x: Node) -> Node:
    """Returns a tensor of twice the rank with the elements of x on its diagonal and zeros elsewhere.

    Args:
        x: numbers of any shape.

    Returns:
        Tensor of shape [*x.shape, *x.shape].

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.diag([1, 2])
        Tensor
            [[1, 0],
             [0, 2]]

    Source: https://js.tensorflow.org/api/latest/#diag
    """
    square = (x.size, x.size)
    flat = broadcast_node(reshape_node(x, (x.size, 1)), square)
    inside = equal(iota_node(square, 0), iota_node(square, 1))
    return reshape_node(where(inside, flat, const(0, x.dtype)), (*x.shape, *x.shape))


@naming.bridge
def meshgrid(x: TensorLike = None, y: TensorLike = None, indexing: str = "xy") -> list[Tensor]:
    """Returns the coordinates of a grid: a matrix of the x of each place, and one of its y.

    Args:
        x, y: vectors of m and n coordinates. Without y the list is that of x; without both it is empty.
        indexing: 'xy' gives shape [n, m], rows along y; 'ij' gives [m, n].

    Raises:
        OptionError: another indexing.

    Example:
        >>> import tfjs_pyo as tf
        >>> [grid.array_sync() for grid in tf.meshgrid([1, 2], [3, 4, 5])][0]
        [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]

    Source: https://js.tensorflow.org/api/latest/#meshgrid
    """
    if indexing not in ("xy", "ij"):
        raise OptionError(f"meshgrid: expected indexing to be 'xy' or 'ij', received {indexing!r}.")
    axes = [node_of(values, "meshgrid") for values in (x, y) if values is not None]
    if len(axes) < 2:
        return [Tensor(axis) for axis in axes]
    sizes = [axis.size for axis in axes]
    along = (1, 0) if indexing == "xy" else (0, 1)
    shape = tuple(sizes[i] for i in along)
    return [
        Tensor(broadcast_node(reshape_node(axis, tuple(axis.size if d == i else 1 for d in along)), shape))
        for i, axis in enumerate(axes)
    ]


@naming.bridge
def broadcast_args(s0: TensorLike, s1: TensorLike) -> Tensor:
    """Returns the shape to which two shapes broadcast, as a tensor.

    Args:
        s0, s1: int32 vectors; they are read at once.

    Raises:
        ShapeError: they do not broadcast together, or are no vectors.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.broadcastArgs([2, 1], [3])
        Tensor
            [2, 3]

    Source: https://js.tensorflow.org/api/latest/#broadcastArgs
    """
    given = [Tensor(real_node(values, "broadcast_args", "int32")) for values in (s0, s1)]
    if any(tensor.rank != 1 for tensor in given):
        raise ShapeError(
            f"broadcast_args: expected two vectors, received shapes {given[0].shape} and {given[1].shape}."
        )
    dims = shapes.broadcast("broadcast_args", *(tuple(map(int, tensor.data_sync())) for tensor in given))
    return Tensor(uploaded(dims, (len(dims),), "int32", "broadcast_args"))


@public(method=False, composed=True)
def ensure_shape(x: Node, shape: Sequence[int | None]) -> Node:
    """Returns x if it has a shape, in which None stands for any length.

    Raises:
        ShapeError: it has another one.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.ensureShape([[1, 2]], [None, 2]).shape
        (1, 2)

    Source: https://js.tensorflow.org/api/latest/#ensureShape
    """
    fits = len(shape) == x.rank and all(
        want is None or want == dim for want, dim in zip(shape, x.shape, strict=True)
    )
    if not fits:
        raise ShapeError(f"ensure_shape: expected shape {tuple(shape)}, received {x.shape}.")
    return x
