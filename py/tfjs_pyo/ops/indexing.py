"""Reading by index: gather, and Python's square brackets."""

from __future__ import annotations

import builtins
from array import array
from dataclasses import replace
from typing import Any

from tfjs_pyo import options
from tfjs_pyo.compiler.coords import Coords, Mode
from tfjs_pyo.compiler.emitter import Emitter, glsl_type
from tfjs_pyo.core import engine
from tfjs_pyo.core.context import trace
from tfjs_pyo.core.graph import Kind, Node, Op, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import held
from tfjs_pyo.errors import DTypeError, IndexingError, OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mul
from tfjs_pyo.ops.comparison import equal, greater_equal, less, logical_and, where
from tfjs_pyo.ops.convert import Places, check_indices, node_of, places_of
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, declare, on_symbols, public
from tfjs_pyo.ops.movement import broadcast_node, reshape, reshape_node, slice_node, transpose_node
from tfjs_pyo.ops.reduction import SUM, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import normalize_axis, size


def _emit_gather(emitter: Emitter, node: Node, coords: Coords) -> str:
    x, indices = node.inputs
    axis = node.attrs
    spread = coords.spread()
    takes_last = axis == x.rank - 1
    if spread.mode is Mode.ROW and (takes_last or x.shape[-1] % 4):
        spread = spread.lanes()
    parts, width = list(spread.parts()), indices.rank
    inner = Coords(
        emitter,
        indices.shape,
        spread.dims[axis : axis + width],
        Mode.LANES if spread.mode is Mode.LANES else Mode.SPLAT,
        parts=parts[axis : axis + width],
    )
    index = emitter.value(indices, inner)
    chosen = index if spread.mode is Mode.LANES else emitter.let("int", f"{index}.x")
    own = emitter.dims(x)
    dims = [*spread.dims[:axis], own[axis], *spread.dims[axis + width :]]
    moved = [*parts[:axis], chosen, *parts[axis + width :]]
    found = emitter.value(x, Coords(emitter, x.shape, dims, spread.mode, parts=moved))
    inside = spread.inside([spread.not_less(chosen, "0"), spread.less(chosen, own[axis])])
    return emitter.select(spread, inside, node.dtype, found, f"{glsl_type(node.dtype)}(0)")


def _gather_gradient(node: Node, g: Node) -> tuple[Node, None]:
    """Adds each row of g to the row it was taken from; small ones as a sum over all indices, fused with the comparison."""
    x, indices = node.inputs
    axis, count = node.attrs, size(indices.shape)
    if axis == 0:
        rows = reshape_node(g, (count, *x.shape[1:]))
        return segment_sum_node(reshape_node(indices, (count,)), rows, x.shape[0]), None
    before, after = x.shape[:axis], x.shape[axis + 1 :]
    rows = reshape_node(g, (*before, 1, count, *after))
    flat = reshape_node(indices, (*(1 for _ in before), 1, count, *(1 for _ in after)))
    shape = (*before, x.shape[axis], count, *after)
    hits = equal(iota_node(shape, axis), flat)
    taken = where(hits, broadcast_node(rows, shape), const(0.0, "float32"))
    return reduce_node(SUM, taken, (axis + 1,)), None


SMALL_SCATTER = 1 << 16
"""Up to so many comparisons a sum over all indices is as fast as a launch of its own."""


def scatter_add_node(indices: Node, rows: Node, count: int) -> Node:
    """Returns `count` rows: at each the sum of those of `rows` whose index it is; indices [N] int32, rows [N, ...] float32."""
    return Node(SCATTER_ADD, (indices, rows), (count, *rows.shape[1:]), "float32", count)


def segment_sum_node(indices: Node, rows: Node, count: int) -> Node:
    """Returns `count` rows: at each the sum of those of `rows` whose index it is; indices [N] int32, rows [N, ...] any numbers.

    Many float32 rows are drawn and added up by blending; others are a sum over all indices, whose cost is N times the size
    of the result. So int32 sums are exact.
    """
    shape = (count, *rows.shape)
    if not size(shape):
        return broadcast_node(const(0, rows.dtype), (count, *rows.shape[1:]))
    if rows.dtype == "float32" and size(shape) > SMALL_SCATTER:
        return scatter_add_node(indices, rows, count)
    return _sum_of_hits(indices, rows, count)


def _sum_of_hits(indices: Node, rows: Node, count: int) -> Node:
    """Returns sums by index as sums over all indices."""
    shape = (count, *rows.shape)
    flat = reshape_node(indices, (1, rows.shape[0], *(1 for _ in rows.shape[1:])))
    hits = equal(iota_node(shape, 0), flat)
    taken = where(hits, broadcast_node(reshape_node(rows, (1, *rows.shape)), shape), const(0, rows.dtype))
    return reduce_node(SUM, taken, (1,))


def _numpy_scatter_add(np: Any, node: Node, indices: Any, rows: Any) -> Any:
    result = np.zeros(node.shape, rows.dtype)
    inside = (indices >= 0) & (indices < node.shape[0])
    np.add.at(result, indices[inside], rows[inside])
    return result


SCATTER_ADD = declare(
    Op(
        "scatter_add",
        Kind.SCATTER,
        numpy=_numpy_scatter_add,
        gradient=lambda node, g: (None, gather_node(g, node.inputs[0], 0)),
        lower=lambda node, tuning: (
            None if tuning.scatters else _sum_of_hits(node.inputs[0], node.inputs[1], node.attrs)
        ),
        cost=100,
    )
)


def _numpy_gather(np: Any, node: Node, x: Any, indices: Any) -> Any:
    axis, inside = node.attrs, (indices >= 0) & (indices < x.shape[node.attrs])
    if inside.all():
        return np.take(x, indices, axis)
    if not x.size:
        return np.zeros(node.shape, x.dtype)
    mask = inside.reshape((1,) * axis + indices.shape + (1,) * (x.ndim - axis - 1))
    return np.where(mask, np.take(x, np.where(inside, indices, 0), axis), x.dtype.type(0))


GATHER = declare(
    Op(
        "gather",
        Kind.POINTWISE,
        numpy=_numpy_gather,
        gradient=_gather_gradient,
        emit=_emit_gather,
        cost=4,
    )
)


def gather_node(x: Node, indices: Node, axis: int) -> Node:
    """Returns the slices of x at int32 indices along an axis; zeros where an index is out of range."""
    return Node(GATHER, (x, indices), (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]), x.dtype, axis)


@tested_with(
    Case(((5, 3), (4,)), dtypes=("float32", "int32")),
    Case(((5, 4), (2, 3)), dtypes=("float32", "int32")),
    Case(((3, 5), (4,)), (1,), dtypes=("float32", "int32")),
    Case(((2, 5, 8), (3,)), (1,), dtypes=("float32", "int32")),
    Case(((3, 4), (5,)), dtypes=("float32", "int32"), integers=7),
    Case(((2, 3, 5), (4,)), (1,), dtypes=("float32", "int32"), integers=7),
    Case(((2, 5, 3), (2, 4)), (1, 1), dtypes=("float32", "int32"), integers=7),
    Case(((2, 3, 2, 5, 4), (2, 3, 2)), (3, 2), dtypes=("float32", "int32")),
)
@public(2, indices=("indices",))
def gather(x: Node, indices: Node, axis: int = 0, batch_dims: int = 0) -> Node:
    """Returns the slices of x at `indices` along an axis.

    Args:
        x: tensor of rank 1 or more.
        indices: int32, any shape; it takes the place of the axis. An index of a tensor that is out of range reads zeros, as
            in TensorFlow on a GPU: looking at values would wait for the device. Debug mode looks, and raises RangeError.
        axis: axis of x that is indexed.
        batch_dims: so many first axes of x and `indices` are the same: each row of the one is indexed by that of the other.

    Returns:
        Tensor of shape x.shape[:axis] + indices.shape[batch_dims:] + x.shape[axis + 1:].

    Raises:
        RangeError: a number in a list or an array of indices is out of range.
        ShapeError: x is a scalar, or the first axes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.gather([[1, 2], [3, 4]], [1, 0])
        Tensor
            [[3, 4],
             [1, 2]]

    Source: https://js.tensorflow.org/api/latest/#gather
    """
    if not x.rank:
        raise ShapeError("gather: expected x of rank 1 or more, received rank 0.")
    if indices.dtype == "bool":
        raise DTypeError("gather: expected indices of dtype int32, received bool.")
    at, places = normalize_axis("gather", axis, x.rank), cast_node(indices, "int32")
    check_indices("gather", "indices", places, x.shape[at])
    return _gather_batches(x, places, at, batch_dims) if batch_dims else gather_node(x, places, at)


def _gather_batches(x: Node, indices: Node, axis: int, batch_dims: int) -> Node:
    """Returns `gather` of each batch: with the axis moved in front, all batches are rows of one table."""
    rank = batch_dims if batch_dims >= 0 else batch_dims + indices.rank
    if not 0 <= rank <= min(axis, indices.rank) or x.shape[:rank] != indices.shape[:rank]:
        raise ShapeError(
            f"gather: expected batch_dims of the axis {axis} at most, and {batch_dims} equal first axes, received shapes "
            f"{x.shape} and {indices.shape}."
        )
    batch, outer, length, inner = x.shape[:rank], x.shape[rank:axis], x.shape[axis], x.shape[axis + 1 :]
    many, wide, chosen = size(batch), size(outer), size(indices.shape[rank:])
    table = transpose_node(reshape_node(x, (many, wide, length, size(inner))), (0, 2, 1, 3))
    flat = reshape_node(indices, (many, chosen))
    inside = logical_and(greater_equal(flat, const(0, "int32")), less(flat, const(length, "int32")))
    first = mul(iota_node(flat.shape, 0), const(length, "int32"))
    rows = where(inside, add(flat, first), const(-1, "int32"))
    found = gather_node(reshape_node(table, (many * length, wide, size(inner))), rows, 0)
    return reshape_node(transpose_node(found, (0, 2, 1, 3)), (*batch, *outer, *indices.shape[rank:], *inner))


@on_symbols("get_item")
def _get_item(x: Tensor, index: Any) -> Tensor:
    """Returns `x[index]` for integers, slices, `...`, None, integer tensors and boolean masks, which are read at once.

    Tensors of whole numbers may be float32, as TensorFlow.js makes them: they are read at once, too.

    Negative integers count from the end, in lists and tensors, too. An integer of a tensor that is out of range reads zeros.

    Raises:
        IndexingError: an integer, also one of a list or an array, is out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([[1, 2, 3], [4, 5, 6]])
        >>> x[:, ::2].array_sync()
        [[1.0, 3.0], [4.0, 6.0]]
        >>> x[x > 2].array_sync()
        [3.0, 4.0, 5.0, 6.0]
    """
    items = [_as_index(item) for item in (index if isinstance(index, tuple) else (index,))]
    first = items[0] if items else None
    if isinstance(first, Tensor) and first.dtype == "bool":
        rank = max(1, len(first.shape))
        if x.shape[:rank] != first.shape:
            raise ShapeError(
                f"indexing: expected a mask of the first dimensions of {x.shape}, received shape {first.shape}."
            )
        x = reshape(x, (size(x.shape[:rank]), *x.shape[rank:]))
        first = Tensor(reshape_node(first.node, (first.size,)))
    items[:1] = [first] if items else []
    items = [_places(item) if isinstance(item, Tensor) and item.dtype == "bool" else item for item in items]
    return Tensor(index_node(x.node, items))


@public(method=False)
def index_node(x: Node, items: list[Any], owner: str = "indexing") -> Node:
    """Returns `x[items]`: integers, slices, `...`, None and int32 tensors.

    Raises:
        OptionError: several `...`.
        ShapeError: more indices than axes.
    """
    if builtins.sum(item is Ellipsis for item in items) > 1:
        raise OptionError(f"{owner}: expected at most one `...`.")
    taken = builtins.sum(item is not None and item is not Ellipsis for item in items)
    rank = len(x.shape)
    if taken > rank:
        raise ShapeError(f"{owner}: expected at most {rank} indices for shape {x.shape}, received {taken}.")
    at = next((i for i, item in enumerate(items) if item is Ellipsis), len(items))
    return _index(x, [*items[:at], *[slice(None)] * (rank - taken), *items[at + 1 :]], owner)


def _as_index(item: Any) -> Any:
    """Returns tensors of integers, lists and arrays as a mask if they hold booleans, else as known places."""
    if isinstance(item, Tensor):
        return _whole(item) if item.dtype == "float32" else item
    if not (isinstance(item, list) or hasattr(type(item), "__array__")):
        return item
    if not isinstance(item, list) and not getattr(item, "shape", ()):
        return item
    return places_of(item, "indexing") or Tensor(node_of(item, "indexing"))


def _whole(item: Tensor) -> Places:
    """Returns the values of a float32 tensor, which are read at once, as known places.

    Raises:
        IndexingError: one of them is no whole number, or they cannot be read.
    """
    if trace() is not None:
        raise IndexingError(
            "indexing: expected an int32 tensor, received float32. tf.cast(index, 'int32') makes it one."
        )
    values = item.data_sync()
    wrong = next((value for value in values if not value.is_integer()), None)
    if wrong is not None:
        raise IndexingError(f"indexing: expected whole numbers, received a tensor with {wrong}.")
    return Places(array("i", [held(value, "int32", "indexing") for value in values]), item.shape)


def _places(mask: Tensor) -> Tensor:
    """Returns where a mask of rank 1 is true."""
    places = [i for i, here in enumerate(mask.data_sync()) if here]
    return Tensor(engine.upload(array("i", places), (len(places),), "int32"))


def _index(node: Node, items: list[Any], owner: str) -> Node:
    begin, shape, step, result, gathers = [], [], [], [], []
    axis = 0
    for item in items:
        if item is None:
            result.append(1)
            continue
        dim = node.shape[axis]
        if isinstance(item, slice):
            start, stop, pace = item.indices(dim)
            count = len(builtins.range(start, stop, pace))
            begin.append(start if count else 0)
            shape.append(count)
            step.append(pace)
            result.append(count)
        elif isinstance(item, (Tensor, Places)):
            gathers.append((len(result), _from_the_end(item, dim, axis, owner)))
            begin.append(0)
            shape.append(dim)
            step.append(1)
            result.append(dim)
        else:
            place = options.whole(item)
            if place is None:
                raise IndexingError(
                    f"{owner}: expected whole numbers, slices, `...`, None, or tensors of these, received {options.shown(item)}."
                )
            begin.append(_counted(place, dim, axis, owner))
            shape.append(1)
            step.append(1)
        axis += 1
    out = reshape_node(slice_node(node, begin, shape, step), tuple(result))
    for place, indices in reversed(gathers):
        out = gather_node(out, indices, place)
    return out


def _counted(place: int, dim: int, axis: int, owner: str) -> int:
    """Returns a place with those below 0 counted from the end."""
    if not -dim <= place < dim:
        raise IndexingError(
            f"{owner}: expected an index between {-dim} and {dim - 1} along axis {axis}, received {place}."
        )
    return place % dim


def _from_the_end(item: Tensor | Places, dim: int, axis: int, owner: str) -> Node:
    """Returns indices with those below 0 counted from the end; known ones are checked."""
    if isinstance(item, Places):
        return replace(item, values=array("i", [_counted(v, dim, axis, owner) for v in item.values])).node()
    index = item.node
    result: Node = where(less(index, const(0, "int32")), add(index, const(dim, "int32")), index)
    return result


Tensor.methods["get_item"] = _get_item
