"""Tensors given by the places of their elements. Source: https://js.tensorflow.org/api/latest/#Operations-Sparse

Shapes of results depend on values here: indices are read at once, values stay on the device and keep their gradients.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import true_div
from tfjs_pyo.ops.convert import node_of, real_node, uploaded
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.indexing import gather, segment_sum_node
from tfjs_pyo.ops.movement import concat, reshape
from tfjs_pyo.shapes import Shape, check_listed, size
from tfjs_pyo.types import TensorLike

__all__ = ["sparse_fill_empty_rows", "sparse_reshape", "sparse_segment_mean", "sparse_segment_sum"]


def _matrix(values: Any, owner: str) -> tuple[list[list[int]], int]:
    """Returns the rows of an int32 matrix of indices, and their length."""
    indices = Tensor(real_node(values, owner, "int32"))
    if indices.rank != 2:
        raise ShapeError(f"{owner}: expected indices of shape [n, rank], received shape {indices.shape}.")
    columns = indices.shape[1]
    flat = [int(v) for v in indices.data_sync()]
    return [flat[i * columns : (i + 1) * columns] for i in range(indices.shape[0])], columns


def _vector(values: Any, owner: str, parameter: str) -> list[int]:
    vector = Tensor(real_node(values, owner, "int32"))
    if vector.rank != 1:
        raise ShapeError(f"{owner}: expected `{parameter}` to be a vector, received shape {vector.shape}.")
    return [int(v) for v in vector.data_sync()]


def integers(values: Sequence[int], shape: Shape | None = None) -> Tensor:
    """Returns an int32 tensor, a vector by default."""
    return Tensor(uploaded(values, (len(values),) if shape is None else shape, "int32", "sparse"))


@naming.bridge
def sparse_fill_empty_rows(
    indices: TensorLike, values: Any, dense_shape: TensorLike, default_value: TensorLike
) -> dict[str, Tensor]:
    """Returns a sparse tensor in which every row has an element.

    Args:
        indices: int32 of shape [n, rank], the places of the elements.
        values: their n values, any dtype.
        dense_shape: shape of the tensor.
        default_value: element at the beginning of each row that had none.

    Returns:
        `outputIndices` and `outputValues`, ordered by rows; `emptyRowIndicator`: bool for each row; `reverseIndexMap`:
        int32, where each given element is now.

    Raises:
        OptionError: an index lies outside of the rows.

    Example:
        >>> import tfjs_pyo as tf
        >>> filled = tf.sparse.sparseFillEmptyRows([[0, 1], [2, 0]], [5.0, 6.0], [3, 2], -1.0)
        >>> filled["outputIndices"].array_sync(), filled["outputValues"].array_sync()
        ([[0, 1], [1, 0], [2, 0]], [5.0, -1.0, 6.0])

    Source: https://js.tensorflow.org/api/latest/#sparse.sparseFillEmptyRows
    """
    owner = "sparse_fill_empty_rows"
    given, rank = _matrix(indices, owner)
    extents = _vector(dense_shape, owner, "dense_shape")
    if len(extents) != rank:
        raise ShapeError(f"{owner}: expected a dense shape of {rank} dimensions, received {extents}.")
    rows = extents[0]
    check_listed(owner, rows)
    for place, index in enumerate(given):
        if not 0 <= index[0] < rows:
            raise OptionError(
                f"{owner}: expected rows between 0 and {rows - 1}, received {index[0]} in indices[{place}, 0]."
            )
    held = {index[0] for index in given}
    empty = [row for row in range(rows) if row not in held]
    # Given elements keep their order within a row; n + i stands for the default value of the i-th empty row.
    order = sorted(
        [(index[0], place) for place, index in enumerate(given)] + [(row, len(given)) for row in empty]
    )
    all_indices = [
        index
        for row, place in order
        for index in (given[place] if place < len(given) else [row] + [0] * (rank - 1))
    ]
    moved = [0] * len(given)
    for position, (_, place) in enumerate(order):
        if place < len(given):
            moved[place] = position
    known = Tensor(node_of(values, owner))
    default = reshape(Tensor(cast_node(node_of(default_value, owner), known.dtype)), [1])
    return {
        "outputIndices": integers(all_indices, (len(order), rank)),
        "outputValues": gather(concat([known, default]), integers([place for _, place in order])),
        "emptyRowIndicator": Tensor(
            uploaded([row not in held for row in range(rows)], (rows,), "bool", owner)
        ),
        "reverseIndexMap": integers(moved),
    }


@naming.bridge
def sparse_reshape(input_indices: TensorLike, input_shape: Any, new_shape: Any) -> dict[str, Tensor]:
    """Returns the places of a sparse tensor's elements in another shape of the same size.

    Args:
        input_indices: int32 of shape [n, rank].
        input_shape: shape before.
        new_shape: shape afterwards; one dimension may be -1.

    Returns:
        `outputIndices` and `outputShape`, int32.

    Raises:
        ShapeError: the shapes have different sizes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.sparse.sparseReshape([[0, 1], [1, 2]], [2, 3], [3, -1])["outputIndices"]
        Tensor
            [[0, 1],
             [2, 1]]

    Source: https://js.tensorflow.org/api/latest/#sparse.sparseReshape
    """
    owner = "sparse_reshape"
    given, _ = _matrix(input_indices, owner)
    before, after = _vector(input_shape, owner, "input_shape"), _vector(new_shape, owner, "new_shape")
    if after.count(-1) == 1:
        rest = math.prod(dim for dim in after if dim != -1)
        after[after.index(-1)] = math.prod(before) // rest if rest else 0
    if min(after, default=0) < 0 or size(before) != size(after):
        raise ShapeError(
            f"{owner}: expected a new shape of the size of {before} with at most one -1, received "
            f"{_vector(new_shape, owner, 'new_shape')}."
        )
    places: list[int] = []
    for index in given:
        flat = 0
        if len(index) != len(before) or not all(0 <= i < dim for dim, i in zip(before, index, strict=True)):
            raise OptionError(f"{owner}: expected indices within the shape {before}, received {index}.")
        for dim, i in zip(before, index, strict=True):
            flat = flat * dim + i
        place = []
        for dim in reversed(after):
            flat, i = divmod(flat, dim)
            place.append(i)
        places += reversed(place)
    return {"outputIndices": integers(places, (len(given), len(after))), "outputShape": integers(after)}


def _segments(owner: str, data: Any, indices: Any, segment_ids: Any) -> tuple[Node, list[int], int]:
    """Returns the chosen rows, the segment of each, and the number of segments."""
    chosen, segments = _vector(indices, owner, "indices"), _vector(segment_ids, owner, "segment_ids")
    rows = Tensor(real_node(data, owner))
    if not rows.rank:
        raise ShapeError(f"{owner}: expected data of rank 1 or more, received a scalar.")
    if len(chosen) != len(segments):
        raise ShapeError(
            f"{owner}: expected as many segment ids as indices, received {len(segments)} and {len(chosen)}."
        )
    if segments != sorted(segments) or (segments and segments[0] < 0):
        raise OptionError(f"{owner}: expected segment ids that rise from 0 on, received {segments}.")
    if any(not 0 <= index < rows.shape[0] for index in chosen):
        raise OptionError(f"{owner}: expected indices between 0 and {rows.shape[0] - 1}, received {chosen}.")
    count = segments[-1] + 1 if segments else 0
    return gather(rows, integers(chosen)).node, segments, count


def _summed(rows: Node, segments: list[int], count: int) -> Tensor:
    return Tensor(segment_sum_node(integers(segments).node, rows, count))


@naming.bridge
def sparse_segment_sum(data: Any, indices: TensorLike, segment_ids: TensorLike) -> Tensor:
    """Returns sums of rows, a sum for each segment.

    Args:
        data: tensor of rank 1 or more.
        indices: int32 vector: which rows.
        segment_ids: int32 vector of the same length: to which sum each belongs; sorted. A segment left out is 0.

    Raises:
        ShapeError: the two vectors differ in length.
        OptionError: an index is out of range, or the segments are not sorted.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.sparse.sparseSegmentSum([[1.0], [2.0], [4.0]], [0, 2, 1], [0, 0, 1])
        Tensor
            [[5],
             [2]]

    Source: https://js.tensorflow.org/api/latest/#sparse.sparseSegmentSum
    """
    return _summed(*_segments("sparse_segment_sum", data, indices, segment_ids))


@naming.bridge
def sparse_segment_mean(data: Any, indices: TensorLike, segment_ids: TensorLike) -> Tensor:
    """Returns means of rows, one for each segment, of int32 in int32; see `sparse_segment_sum`.

    Raises:
        ShapeError: the two vectors differ in length.
        OptionError: an index is out of range, or the segments are not sorted.

    Source: https://js.tensorflow.org/api/latest/#sparse.sparseSegmentMean
    """
    rows, segments, count = _segments("sparse_segment_mean", data, indices, segment_ids)
    total = _summed(rows, segments, count)
    check_listed("sparse_segment_mean", count)
    held = Counter(segments)
    lengths = [float(max(1, held[segment])) for segment in range(count)]
    divisor = Tensor(uploaded(lengths, (count,) + (1,) * (total.rank - 1), "float32", "sparse"))
    return Tensor(cast_node(true_div(total, divisor).node, total.dtype))


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
