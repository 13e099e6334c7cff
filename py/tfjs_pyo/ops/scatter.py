"""Writing and reading at indices of several axes, sums by index, and counts.

Indices of tensors are not checked, because reading them would wait for the device. As with TensorFlow on a GPU, what they
would write is left out and what they would read is 0. Those given as numbers are checked (`check_indices`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core import values
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mul
from tfjs_pyo.ops.comparison import equal, greater, greater_equal, less, logical_and, where
from tfjs_pyo.ops.convert import check_indices
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.indexing import gather_node, segment_sum_node
from tfjs_pyo.ops.movement import broadcast_node, reshape_node, slice_node
from tfjs_pyo.ops.reduction import MAX, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import Shape, size

__all__ = [
    "bincount",
    "dense_bincount",
    "gather_nd",
    "scatter_nd",
    "sparse_to_dense",
    "tensor_scatter_update",
    "unsorted_segment_sum",
]

INT = ("float32", "int32")


def integer_node(owner: str, parameter: str, x: Node) -> Node:
    """Returns indices as int32.

    Raises:
        DTypeError: they are no numbers.
    """
    if x.dtype not in INT:
        raise DTypeError(f"{owner}: expected `{parameter}` to be int32, received {x.dtype}.")
    return cast_node(x, "int32")


def flat_places(owner: str, indices: Node, shape: Shape, parameter: str = "indices") -> Node:
    """Returns the row-major place of each index tuple in the first axes of `shape`; -1 where one is out of range."""
    depth = indices.shape[-1]
    if depth > len(shape):
        raise ShapeError(
            f"{owner}: expected at most {len(shape)} indices in the last axis for shape {shape}, received {depth}."
        )
    check_indices(owner, parameter, indices, *shape[:depth])
    count = size(indices.shape[:-1])
    rows = reshape_node(indices, (count, depth))
    place = broadcast_node(const(0, "int32"), (count,))
    inside = broadcast_node(const(1, "bool"), (count,))
    for axis in range(depth):
        column = reshape_node(slice_node(rows, [0, axis], [count, 1], [1, 1]), (count,))
        place = add(mul(place, const(shape[axis], "int32")), column)
        fits = logical_and(
            greater_equal(column, const(0, "int32")), less(column, const(shape[axis], "int32"))
        )
        inside = logical_and(inside, fits)
    result: Node = where(inside, place, const(-1, "int32"))
    return result


@tested_with(
    Case(((5, 3), (4, 1)), dtypes=("float32", "int32")),
    Case(((5, 6), (2, 4, 2)), dtypes=("float32", "int32")),
    Case(((5, 5, 4), (3, 2)), dtypes=("float32", "int32")),
    Case(((5, 5), (0, 1)), dtypes=("float32", "int32"), differentiable=False),
)
@public(2, indices=("indices",))
def gather_nd(x: Node, indices: Node) -> Node:
    """Returns the slices of x at tuples of indices.

    Args:
        x: tensor of rank 1 or more.
        indices: int32 of shape [..., k]: the last axis has the indices into the first k axes of x.

    Returns:
        Tensor of shape [..., *x.shape[k:]]; 0 where an index is out of range.

    Raises:
        RangeError: an index that was given as a number is out of range.
        ShapeError: k is greater than the rank of x, or `indices` is a scalar.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.gatherND([[1, 2], [3, 4]], [[0, 1], [1, 0]])
        Tensor
            [2, 3]

    Source: https://js.tensorflow.org/api/latest/#gatherND
    """
    if not indices.rank:
        raise ShapeError("gather_nd: expected indices of rank 1 or more, received a scalar.")
    depth = indices.shape[-1]
    places = flat_places("gather_nd", integer_node("gather_nd", "indices", indices), x.shape)
    flat = reshape_node(x, (size(x.shape[:depth]), *x.shape[depth:]))
    return reshape_node(gather_node(flat, places, 0), (*indices.shape[:-1], *x.shape[depth:]))


def _in_rows(owner: str, indices: Node) -> Node:
    """Returns indices of rank 2 or more: those of a vector in rows of their own, as TF.js reads them."""
    if not indices.rank:
        raise ShapeError(f"{owner}: expected indices of rank 1 or more, received a scalar.")
    return reshape_node(indices, (*indices.shape, 1)) if indices.rank == 1 else indices


def _check_updates(owner: str, indices: Node, updates: Node, shape: Shape) -> None:
    wanted = (*indices.shape[:-1], *shape[indices.shape[-1] :])
    if updates.shape != wanted:
        raise ShapeError(
            f"{owner}: expected updates of shape {wanted} for indices of shape {indices.shape} into shape {shape}, "
            f"received {updates.shape}."
        )


@tested_with(
    Case(((4, 1), (4, 3)), ((5, 3),), dtypes=("int32", "float32")),
    Case(((2, 3, 2), (2, 3)), ((5, 6),), dtypes=("int32", "float32")),
    Case(((6, 1), (6,)), ((4,),), dtypes=("int32", "int32"), differentiable=False),
)
@public(2, indices=("indices",))
def scatter_nd(indices: Node, updates: Node, shape: Sequence[int]) -> Node:
    """Returns zeros with slices added in at tuples of indices; what comes twice is added up.

    Args:
        indices: int32 of shape [..., k]; a vector has an index into the first axis for each update.
        updates: of shape [..., *shape[k:]].
        shape: of the result.

    Raises:
        RangeError: an index that was given as a number is out of range; what one of a tensor would write is left out.
        ShapeError: the shapes do not suit each other.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.scatterND([[1], [3], [1]], [1.0, 2.0, 4.0], [4])
        Tensor
            [0, 5, 0, 2]

    Source: https://js.tensorflow.org/api/latest/#scatterND
    """
    target = tuple(shape)
    indices = _in_rows("scatter_nd", indices)
    places = flat_places("scatter_nd", integer_node("scatter_nd", "indices", indices), target)
    _check_updates("scatter_nd", indices, updates, target)
    depth = indices.shape[-1]
    rows = reshape_node(updates, (places.size, *target[depth:]))
    return reshape_node(segment_sum_node(places, rows, size(target[:depth])), target)


@tested_with(
    Case(((5, 3), (4, 1), (4, 3)), dtypes=("float32", "int32", "float32")),
    Case(((5, 6), (2, 3, 2), (2, 3)), dtypes=("float32", "int32", "float32")),
)
@public(3, indices=("indices",))
def tensor_scatter_update(tensor: Node, indices: Node, updates: Node) -> Node:
    """Returns a tensor with slices replaced at tuples of indices; of what comes twice the last one stays.

    Each slice of the result looks for its update among all: as many comparisons as there are slices times updates.

    Args:
        tensor: any tensor.
        indices: int32 of shape [..., k]; a vector has an index into the first axis for each update.
        updates: of shape [..., *tensor.shape[k:]].

    Raises:
        RangeError: an index that was given as a number is out of range; what one of a tensor would write is left out.
        ShapeError: the shapes do not suit each other.
        DTypeError: tensor and updates have different dtypes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.tensorScatterUpdate([1, 2, 3], [[1]], [9.0])
        Tensor
            [1, 9, 3]

    Source: https://js.tensorflow.org/api/latest/#tensorScatterUpdate
    """
    indices = _in_rows("tensor_scatter_update", indices)
    places = flat_places(
        "tensor_scatter_update", integer_node("tensor_scatter_update", "indices", indices), tensor.shape
    )
    _check_updates("tensor_scatter_update", indices, updates, tensor.shape)
    if tensor.dtype != updates.dtype:
        raise DTypeError(
            f"tensor_scatter_update: expected updates of dtype {tensor.dtype}, received {updates.dtype}."
        )
    return _updated(tensor, places, updates, indices.shape[-1])


def _updated(x: Node, places: Node, updates: Node, depth: int) -> Node:
    count, number = size(x.shape[:depth]), places.size
    if not number or not x.size:
        return x
    shape = (count, number)
    hits = equal(iota_node(shape, 0), reshape_node(places, (1, number)))
    newest = reduce_node(MAX, where(hits, iota_node(shape, 1), const(-1, "int32")), (1,))
    found = gather_node(reshape_node(updates, (number, *x.shape[depth:])), newest, 0)
    hit = reshape_node(greater(newest, const(-1, "int32")), (count, *(1 for _ in x.shape[depth:])))
    return reshape_node(where(hit, found, reshape_node(x, (count, *x.shape[depth:]))), x.shape)


@public(4, indices=("sparse_indices", "output_shape"))
def sparse_to_dense(
    sparse_indices: Node,
    sparse_values: Node,
    output_shape: Node,
    default_value: Node | None = None,
) -> Node:
    """Returns a tensor with some elements at given places.

    Args:
        sparse_indices: int32: the places, shape [n, rank], or [n] for a vector, or a scalar for one element of a vector.
        sparse_values: a value for each place, or one for all.
        output_shape: of the result.
        default_value: the other elements; default: 0.

    Raises:
        RangeError: an index that was given as a number is out of range; what one of a tensor would write is left out.
        ShapeError: the shapes do not suit each other.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.sparseToDense([1, 3], [7.0, 8.0], [4], -1.0)
        Tensor
            [-1, 7, -1, 8]

    Source: https://js.tensorflow.org/api/latest/#sparseToDense
    """
    owner = "sparse_to_dense"
    shape = tuple(int(dim) for dim in values.read(output_shape))
    if min(shape, default=0) < 0:
        raise ShapeError(f"{owner}: expected output_shape of dimensions from 0, received {shape}.")
    indices = integer_node(owner, "sparse_indices", sparse_indices)
    check_indices(owner, "sparse_indices", indices, *shape)
    if indices.rank > 2:
        raise ShapeError(f"{owner}: expected sparse_indices of rank 2 at most, received {indices.shape}.")
    if indices.rank < 2:
        indices = reshape_node(indices, (indices.size, 1))
    if indices.shape[1] != len(shape):
        raise ShapeError(
            f"{owner}: expected {len(shape)} indices an element for shape {shape}, received {indices.shape[1]}."
        )
    count = indices.shape[0]
    if sparse_values.shape not in ((), (count,)):
        raise ShapeError(f"{owner}: expected one value or {count}, received shape {sparse_values.shape}.")
    default = const(0, sparse_values.dtype) if default_value is None else default_value
    if default.rank:
        raise ShapeError(
            f"{owner}: expected default_value to be a single value, received shape {default.shape}."
        )
    base = broadcast_node(cast_node(default, sparse_values.dtype), shape)
    return _updated(
        base, flat_places(owner, indices, shape), broadcast_node(sparse_values, (count,)), len(shape)
    )


@tested_with(
    Case(((6, 3), (6,)), (5,), dtypes=("float32", "int32")),
    Case(((2, 3, 4), (2, 3)), (5,), dtypes=("float32", "int32")),
    Case(((7,), (7,)), (4,), dtypes=("int32", "int32"), differentiable=False),
)
@public(2, indices=("segment_ids",))
def unsorted_segment_sum(x: Node, segment_ids: Node, num_segments: int) -> Node:
    """Returns sums of slices of x, one for each segment.

    Args:
        x: tensor of numbers.
        segment_ids: int32 in the shape of the first axes of x: which sum a slice belongs to; out of range: none.
        num_segments: how many sums.

    Returns:
        Tensor of shape [num_segments, *x.shape[segment_ids.rank:]].

    Raises:
        RangeError: an id that was given as a number is out of range.
        ShapeError: the ids do not have the shape of the first axes of x.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.unsortedSegmentSum([1, 2, 4], [1, 0, 1], 2)
        Tensor
            [2, 5]

    Source: https://js.tensorflow.org/api/latest/#unsortedSegmentSum
    """
    rank = segment_ids.rank
    if not rank or x.shape[:rank] != segment_ids.shape:
        raise ShapeError(
            f"unsorted_segment_sum: expected segment ids in the shape of the first axes of {x.shape}, received shape "
            f"{segment_ids.shape}."
        )
    check_indices("unsorted_segment_sum", "segment_ids", segment_ids, num_segments)
    ids = integer_node("unsorted_segment_sum", "segment_ids", segment_ids)
    rows = reshape_node(x, (ids.size, *x.shape[rank:]))
    return segment_sum_node(reshape_node(ids, (ids.size,)), rows, num_segments)


def _counted(owner: str, x: Node, weights: Node, count: int) -> Node:
    """Returns what each element of x adds to its bin."""
    if count < 0:
        raise OptionError(f"{owner}: expected size to be 0 or more, received {count}.")
    check_indices(owner, "x", x, 2**31)
    if not weights.size and weights.rank:
        return broadcast_node(const(1, weights.dtype), x.shape)
    if weights.shape != x.shape:
        raise ShapeError(f"{owner}: expected weights of shape {x.shape} or none, received {weights.shape}.")
    return weights


@tested_with(
    Case(((9,), (9,)), (5,), dtypes=("int32", "float32")),
    Case(((9,), (0,)), (3,), dtypes=("int32", "int32"), differentiable=False),
)
@public(2, indices=("x",))
def bincount(x: Node, weights: Node, size: int) -> Node:
    """Returns how often each number from 0 on comes, or the sums of weights by number.

    Args:
        x: int32 vector; numbers from `size` on, and those below 0, are left out.
        weights: of the shape of x, or an empty vector: 1 each.
        size: how many numbers.

    Returns:
        Vector of `size` elements in the dtype of the weights.

    Raises:
        RangeError: a number that was given as such is below 0.
        ShapeError: x is no vector, or the weights have another shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.bincount(tf.tensor1d([0, 2, 2], "int32"), tf.tensor1d([], "int32"), 4)
        Tensor
            [1, 0, 2, 0]

    Source: https://js.tensorflow.org/api/latest/#bincount
    """
    if x.rank != 1:
        raise ShapeError(f"bincount: expected a vector, received shape {x.shape}.")
    return segment_sum_node(integer_node("bincount", "x", x), _counted("bincount", x, weights, size), size)


@tested_with(
    Case(((3, 6), (3, 6)), (5,), dtypes=("int32", "float32")),
    Case(((3, 6), (0,)), (4, True), dtypes=("int32", "float32"), differentiable=False),
)
@public(2, indices=("x",))
def dense_bincount(x: Node, weights: Node, size: int, binary_output: bool = False) -> Node:
    """Returns how often each number comes in a vector, or in each row of a matrix; see `bincount`.

    Args:
        x: int32 of rank 1 or 2.
        weights: of the shape of x, or an empty vector.
        size: how many numbers.
        binary_output: whether to tell only if a number comes (1) or not (0).

    Returns:
        Tensor of shape [size] or [rows, size] in the dtype of the weights.

    Raises:
        RangeError: a number that was given as such is below 0.
        ShapeError: x has another rank, or the weights another shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.denseBincount([[0, 2, 2], [1, 1, 1]], tf.tensor1d([], "int32"), 3)
        Tensor
            [[1, 0, 2],
             [0, 3, 0]]

    Source: https://js.tensorflow.org/api/latest/#denseBincount
    """
    if x.rank not in (1, 2):
        raise ShapeError(f"dense_bincount: expected a vector or a matrix, received shape {x.shape}.")
    added = _counted("dense_bincount", x, weights, size)
    numbers = integer_node("dense_bincount", "x", x)
    rows = x.shape[0] if x.rank == 2 else 1
    inside = logical_and(greater_equal(numbers, const(0, "int32")), less(numbers, const(size, "int32")))
    row = mul(iota_node(x.shape, 0), const(size, "int32")) if x.rank == 2 else const(0, "int32")
    places = where(inside, add(numbers, row), const(-1, "int32"))
    ones = broadcast_node(const(1, weights.dtype), x.shape) if binary_output else added
    counts = segment_sum_node(reshape_node(places, (x.size,)), reshape_node(ones, (x.size,)), rows * size)
    if binary_output:
        counts = cast_node(greater(counts, const(0, counts.dtype)), counts.dtype)
    return reshape_node(counts, (*x.shape[:-1], size))
