"""Ragged tensors: rows of different lengths, given by values and where rows begin.

Splits are read at once, because shapes depend on them; values stay on the device and keep their gradients.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.convert import node_of, real_node, uploaded
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.indexing import gather
from tfjs_pyo.ops.movement import broadcast_to, concat, reshape
from tfjs_pyo.ops.sparse import integers
from tfjs_pyo.options import shown
from tfjs_pyo.shapes import Shape, check_listed, size
from tfjs_pyo.types import TensorLike


def _read(values: Any, owner: str) -> tuple[list[Any], Shape]:
    tensor = Tensor(node_of(values, owner, None if isinstance(values, Tensor) else "int32"))
    return list(tensor.data_sync()), tensor.shape


def _splits(values: Any, owner: str, end: int | None) -> list[int]:
    """Returns checked splits: rising from 0 to `end`."""
    splits, shape = _read(values, owner)
    if len(shape) != 1 or not splits:
        raise ShapeError(f"{owner}: expected splits to be a vector of 1 or more, received shape {shape}.")
    if splits[0] != 0 or splits != sorted(splits) or (end is not None and splits[-1] != end):
        raise OptionError(
            f"{owner}: expected splits that rise from 0 to {end if end is not None else 'their end'}, received {splits}."
        )
    return splits


@naming.bridge
def ragged_gather(
    params_nested_splits: Sequence[Any],
    params_dense_values: TensorLike,
    indices: TensorLike,
    output_ragged_rank: int,
) -> dict[str, Any]:
    """Returns the rows of a ragged tensor at some indices.

    Args:
        params_nested_splits: int32 vectors, for each ragged axis from the outermost on where its rows begin (and the end).
        params_dense_values: values of the innermost rows, one after the other: shape [n, ...].
        indices: int32 of any shape: which rows of the outermost axis.
        output_ragged_rank: ragged axes of the result: as many as there are splits, less 1, plus the rank of `indices`.

    Returns:
        `outputNestedSplits`: list of int32 vectors; `outputDenseValues`: the values.

    Raises:
        OptionError: an index is out of range, or splits do not rise from 0.
        ShapeError: values of rank 0, or splits that are no vectors.

    Example:
        >>> import tfjs_pyo as tf
        >>> rows = tf.raggedGather([tf.tensor1d([0, 2, 3], "int32")], [1.0, 2.0, 3.0], tf.tensor1d([1, 0], "int32"), 1)
        >>> rows["outputNestedSplits"][0].array_sync(), rows["outputDenseValues"].array_sync()
        ([0, 1, 3], [3.0, 1.0, 2.0])

    Source: https://js.tensorflow.org/api/latest/#raggedGather
    """
    owner = "ragged_gather"
    dense = Tensor(node_of(params_dense_values, owner))
    if not dense.rank:
        raise ShapeError(f"{owner}: expected params_dense_values of rank 1 or more, received a scalar.")
    if not params_nested_splits:
        raise OptionError(f"{owner}: expected one or more splits in params_nested_splits, received none.")
    nested = [_splits(splits, owner, None) for splits in params_nested_splits]
    for outer, end in zip(nested, [*(len(inner) - 1 for inner in nested[1:]), dense.shape[0]], strict=True):
        if outer[-1] != end:
            raise OptionError(f"{owner}: expected splits that end at {end}, received {outer}.")
    chosen, shape = _read(indices, owner)
    rank = len(nested) + len(shape) - 1
    if output_ragged_rank != rank:
        raise OptionError(f"{owner}: expected output_ragged_rank {rank}, received {output_ragged_rank}.")
    rows = len(nested[0]) - 1
    if any(not 0 <= index < rows for index in chosen):
        raise OptionError(f"{owner}: expected indices between 0 and {rows - 1}, received {chosen}.")
    regular = [
        [row * shape[axis + 1] for row in range(math.prod(shape[: axis + 1]) + 1)]
        for axis in range(len(shape) - 1)
    ]
    ranges = [range(index, index + 1) for index in chosen]
    found = []
    for splits in nested:
        check_listed(owner, sum(map(len, ranges)))
        lengths = [splits[row + 1] - splits[row] for rows_ in ranges for row in rows_]
        found.append(list(itertools.accumulate(lengths, initial=0)))
        ranges = [range(splits[r.start], splits[r.stop]) for r in ranges]
    check_listed(owner, sum(map(len, ranges)))
    places = [place for places_ in ranges for place in places_]
    return {
        "outputNestedSplits": [integers(splits) for splits in [*regular, *found][0 if shape else 1 :]],
        "outputDenseValues": gather(dense, integers(places)),
    }


@naming.bridge
def ragged_range(starts: TensorLike, limits: TensorLike, deltas: TensorLike) -> dict[str, Tensor]:
    """Returns ranges of numbers, a row for each.

    Args:
        starts, limits, deltas: numbers, or vectors of one length: row i has starts[i], starts[i] + deltas[i], ... up to
            but not including limits[i].

    Returns:
        `rtNestedSplits`: int32, where each row begins, and the end; `rtDenseValues`: the numbers, in the dtype of `starts`.

    Raises:
        ShapeError: vectors of different lengths, or higher ranks, or there would be more than 2^24 numbers.
        OptionError: a delta is 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.raggedRange(tf.tensor1d([0, 5], "int32"), [2, 8], [1, 2])["rtDenseValues"]
        Tensor
            [0, 1, 5, 7]

    Source: https://js.tensorflow.org/api/latest/#raggedRange
    """
    owner = "ragged_range"
    given = [Tensor(real_node(values, owner)) for values in (starts, limits, deltas)]
    lengths = {tensor.shape[0] for tensor in given if tensor.rank == 1}
    if max(tensor.rank for tensor in given) > 1 or len(lengths) > 1:
        shapes = ", ".join(str(tensor.shape) for tensor in given)
        raise ShapeError(f"{owner}: expected numbers or vectors of one length, received shapes {shapes}.")
    rows = lengths.pop() if lengths else 1
    columns = [list(tensor.data_sync()) * (rows if tensor.rank == 0 else 1) for tensor in given]
    if 0 in columns[2]:
        raise OptionError(f"{owner}: expected deltas other than 0, received {columns[2]}.")
    if not all(math.isfinite(value) for column in columns for value in column):
        raise OptionError(f"{owner}: expected finite numbers, received {shown(columns)}.")
    lengths_of = [(limit - start) / delta for start, limit, delta in zip(*columns, strict=True)]
    check_listed(owner, sum(max(length, 0.0) for length in lengths_of))
    counts = [max(0, math.ceil(length)) for length in lengths_of]
    splits = [0, *itertools.accumulate(counts)]
    values = [
        start + i * delta
        for start, delta, count in zip(columns[0], columns[2], counts, strict=True)
        for i in range(count)
    ]
    dtype = given[0].dtype
    return {
        "rtNestedSplits": integers(splits),
        "rtDenseValues": Tensor(uploaded(values, (len(values),), dtype, owner)),
    }


@naming.bridge
def ragged_tensor_to_tensor(
    shape: Any,
    values: Any,
    default_value: TensorLike,
    row_partition_tensors: Sequence[Any],
    row_partition_types: Sequence[str],
) -> Tensor:
    """Returns a ragged tensor as an ordinary one, filled up and cut where needed.

    Args:
        shape: int32 vector, the shape of the result with -1 where the longest row decides; or the scalar -1 for all.
        values: of shape [n, ...], the innermost rows one after the other.
        default_value: fills rows up; broadcast to the shape of one value.
        row_partition_tensors: for each ragged axis from the outermost on int32 of its kind.
        row_partition_types: kind of each: 'ROW_SPLITS' (where rows begin, and the end), 'VALUE_ROWIDS' (the row of each
            value; 'FIRST_DIM_SIZE', the number of rows, then comes first).

    Raises:
        ShapeError: a shape that does not suit the values.
        OptionError: kinds in an order that does not say how many rows there are.

    Example:
        >>> import tfjs_pyo as tf
        >>> splits = tf.tensor1d([0, 2, 3], "int32")
        >>> tf.raggedTensorToTensor([2, -1], [1.0, 2.0, 3.0], 0.0, [splits], ["ROW_SPLITS"])
        Tensor
            [[1, 2],
             [3, 0]]

    Source: https://js.tensorflow.org/api/latest/#raggedTensorToTensor
    """
    owner = "ragged_tensor_to_tensor"
    dense = Tensor(node_of(values, owner))
    rows, parents = _partitions(owner, row_partition_tensors, row_partition_types)
    wanted = _output_shape(owner, shape, len(parents), dense.shape)
    check_listed(owner, rows)
    outer = [wanted[0] if wanted[0] >= 0 else rows]
    # The place in the result of each row of the axis at hand, -1 if it was cut off.
    places = [row if row < outer[0] else -1 for row in range(rows)]
    for axis, owners in enumerate(parents, start=1):
        columns = [0] * len(places)
        found = []
        for parent in owners:
            found.append((parent, columns[parent]))
            columns[parent] += 1
        width = wanted[axis] if wanted[axis] >= 0 else max(columns, default=0)
        outer.append(width)
        places = [
            places[parent] * width + column if places[parent] >= 0 and column < width else -1
            for parent, column in found
        ]
    if len(places) != dense.shape[0]:
        raise ShapeError(f"{owner}: expected {len(places)} values for these rows, received {dense.shape[0]}.")
    check_listed(owner, size(outer))
    sources = [len(places)] * size(outer)
    for source, place in enumerate(places):
        if place >= 0:
            sources[place] = source
    default: Node = cast_node(node_of(default_value, owner), dense.dtype)
    filling = broadcast_to(Tensor(default), [1, *dense.shape[1:]])
    result: Tensor = reshape(gather(concat([dense, filling]), integers(sources)), [*outer, *dense.shape[1:]])
    return result


def _partitions(owner: str, tensors: Sequence[Any], types: Sequence[str]) -> tuple[int, list[list[int]]]:
    """Returns the number of rows, and for each ragged axis the row that each of its values belongs to."""
    if len(tensors) != len(types) or not types:
        raise OptionError(
            f"{owner}: expected a type for each of the row partitions, received {len(tensors)} and {list(types)}."
        )
    kinds = [naming.resolve(kind, ("first_dim_size", "value_rowids", "row_splits"), owner) for kind in types]
    if kinds[0] == "value_rowids" or "first_dim_size" in kinds[1:]:
        raise OptionError(
            f"{owner}: expected 'FIRST_DIM_SIZE' or 'ROW_SPLITS' first, received {list(types)}."
        )
    contents = [_read(tensor, owner)[0] for tensor in tensors]
    rows = contents[0][0] if kinds[0] == "first_dim_size" else len(contents[0]) - 1
    parents = []
    for kind, content in zip(kinds, contents, strict=True):
        if kind == "value_rowids":
            parents.append(content)
        elif kind == "row_splits":
            splits = _splits(integers(content), owner, None)
            check_listed(owner, splits[-1])
            pairs = itertools.pairwise(splits)
            parents.append([row for row, (begin, end) in enumerate(pairs) for _ in range(end - begin)])
    return rows, parents


def _output_shape(owner: str, shape: Any, ragged: int, value_shape: Shape) -> list[int]:
    """Returns the wanted shape over the ragged axes and those of a value, -1 where it is open."""
    wanted, form = _read(shape, owner)
    rank = ragged + len(value_shape)
    if not form:
        if wanted != [-1]:
            raise ShapeError(f"{owner}: expected a shape or the scalar -1, received {wanted[0]}.")
        wanted = [-1] * rank
    inner = wanted[ragged + 1 :]
    fits = all(want in (-1, dim) for want, dim in zip(inner, value_shape[1:], strict=False))
    if len(wanted) != rank or not fits:
        raise ShapeError(
            f"{owner}: expected a shape of rank {rank} that ends in {value_shape[1:]}, received {wanted}."
        )
    return wanted
