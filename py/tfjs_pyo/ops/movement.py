"""Ops that move elements without changing them. In a kernel each is only a change of coordinates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tfjs_pyo.compiler.coords import Coords, Mode
from tfjs_pyo.compiler.emitter import Emitter, glsl_type
from tfjs_pyo.core.graph import Kind, Node, Op, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.convert import constant
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import Shape, broadcast, dimensions, infer_reshape, normalize_axes, normalize_axis

# reshape

RESHAPE = declare(
    Op(
        "reshape",
        Kind.POINTWISE,
        numpy=lambda np, node, x: x.reshape(node.shape),
        gradient=lambda node, g: (reshape_node(g, node.inputs[0].shape),),
        emit=lambda emitter, node, coords: emitter.value(node.inputs[0], coords.reshape(node.inputs[0])),
        cost=0,
        view=True,
        identity=True,
    )
)


def reshape_node(x: Node, shape: Shape) -> Node:
    """Returns x in another shape of the same size; free."""
    return x if x.shape == shape else Node(RESHAPE, (x,), shape, x.dtype)


@tested_with(
    Case(((2, 6),), ((3, 4),)), Case(((3, 5),), ((-1,),)), Case(((),), ((1, 1),)), Case(((0, 3),), ((3, 0),))
)
@public()
def reshape(x: Node, shape: Sequence[int]) -> Node:
    """Returns the elements of x in row-major order in another shape; one dimension may be -1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.reshape([1, 2, 3, 4], [2, -1]).shape
        (2, 2)

    Source: https://js.tensorflow.org/api/latest/#reshape
    """
    return reshape_node(x, infer_reshape("reshape", x.shape, shape))


@public()
def expand_dims(x: Node, axis: int = 0) -> Node:
    """Returns x with a new axis of length 1. Source: https://js.tensorflow.org/api/latest/#expandDims"""
    at = normalize_axis("expand_dims", axis, x.rank + 1)
    return reshape_node(x, (*x.shape[:at], 1, *x.shape[at:]))


@public()
def squeeze(x: Node, axis: int | Sequence[int] | None = None) -> Node:
    """Returns x without axes of length 1: those named, else all.

    Raises:
        ShapeError: a named axis has another length.

    Source: https://js.tensorflow.org/api/latest/#squeeze
    """
    if axis is None or axis in ((), []):
        return reshape_node(x, tuple(dim for dim in x.shape if dim != 1))
    axes = normalize_axes("squeeze", axis, x.rank)
    for a in axes:
        if x.shape[a] != 1:
            raise ShapeError(f"squeeze: expected axis {a} to have length 1, received shape {x.shape}.")
    return reshape_node(x, tuple(dim for a, dim in enumerate(x.shape) if a not in axes))


# transpose

TRANSPOSE = declare(
    Op(
        "transpose",
        Kind.POINTWISE,
        numpy=lambda np, node, x: x.transpose(node.attrs),
        gradient=lambda node, g: (transpose_node(g, _inverse(node.attrs)),),
        emit=lambda emitter, node, coords: _emit_transpose(emitter, node, coords),
        cost=1,
    )
)


def _inverse(perm: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(range(len(perm)), key=perm.__getitem__))


def _emit_transpose(emitter: Emitter, node: Node, coords: Coords) -> str:
    source = node.inputs[0]
    inverse = _inverse(node.attrs)
    emitter.crosses_rows |= node.attrs[-1] != node.rank - 1
    moved = coords.move(
        source.shape,
        [coords.dims[axis] for axis in inverse],
        lambda parts: [parts[axis] for axis in inverse],
        keeps_rows=node.attrs[-1] == source.rank - 1,
    )
    return emitter.value(source, moved)


def transpose_node(x: Node, perm: tuple[int, ...]) -> Node:
    """Returns x with axis i of the result being axis perm[i] of x."""
    if perm == tuple(range(len(perm))):
        return x
    # Moving axes of length 1 around moves no elements.
    if [a for a in perm if x.shape[a] != 1] == [a for a in range(x.rank) if x.shape[a] != 1]:
        return reshape_node(x, tuple(x.shape[a] for a in perm))
    return Node(TRANSPOSE, (x,), tuple(x.shape[a] for a in perm), x.dtype, perm)


@tested_with(
    Case(((3, 5),)),
    Case(((2, 3, 8),), ((1, 0, 2),)),
    Case(((2, 3, 4, 5),), ((3, 1, 0, 2),)),
    Case(((4,),)),
    Case(((2, 1, 3, 2, 1, 5),), ((5, 3, 1, 0, 2, 4),)),
)
@public()
def transpose(x: Node, perm: Sequence[int] | None = None, conjugate: bool = False) -> Node:  # noqa: ARG001 (complex_numbers.py)
    """Returns x with its axes in another order.

    Args:
        x: any values.
        perm: axis i of the result is axis perm[i] of x; default: all axes reversed.
        conjugate: whether complex numbers become their conjugates.

    Raises:
        OptionError: perm does not name each axis once.

    Source: https://js.tensorflow.org/api/latest/#transpose
    """
    order = tuple(reversed(range(x.rank))) if perm is None else tuple(perm)
    normal = tuple(normalize_axis("transpose", axis, x.rank) for axis in order)
    if sorted(normal) != list(range(x.rank)):
        raise OptionError(f"transpose: expected perm to name each of {x.rank} axes once, received {order}.")
    return transpose_node(x, normal)


# broadcast

BROADCAST = declare(
    Op(
        "broadcast_to",
        Kind.POINTWISE,
        numpy=lambda np, node, x: np.broadcast_to(x, node.shape),
        gradient=lambda node, g: (g,),
        emit=lambda emitter, node, coords: emitter.value(
            node.inputs[0], coords.broadcast_to_source(node.inputs[0])
        ),
        cost=0,
    )
)


def broadcast_node(x: Node, shape: Shape) -> Node:
    """Returns x repeated to `shape`, to which it must broadcast."""
    return x if x.shape == shape else Node(BROADCAST, (x,), shape, x.dtype)


@tested_with(
    Case(((3, 1),), ((2, 3, 4),)),
    Case(((),), ((5,),)),
    Case(((8,),), ((3, 8),)),
    Case(((2, 1, 3, 1, 2),), ((2, 2, 4, 3, 2, 2),)),
)
@public()
def broadcast_to(x: Node, shape: Sequence[int]) -> Node:
    """Returns x repeated to a shape that its own broadcasts to.

    Raises:
        ShapeError: x does not broadcast to the shape.

    Source: https://js.tensorflow.org/api/latest/#broadcastTo
    """
    target = dimensions("broadcast_to", tuple(shape))
    if broadcast("broadcast_to", x.shape, target) != target:
        raise ShapeError(f"broadcast_to: expected a shape that {x.shape} broadcasts to, received {target}.")
    return broadcast_node(x, target)


@tested_with(Case(((2, 3),), ((2, 2),)), Case(((4,),), ((3,),)))
@public()
def tile(x: Node, reps: Sequence[int]) -> Node:
    """Returns x repeated `reps[i]` times along axis i.

    Raises:
        ShapeError: not one number of repetitions for each axis, or a negative one.

    Source: https://js.tensorflow.org/api/latest/#tile
    """
    if len(reps) != x.rank or any(r < 0 for r in reps):
        raise ShapeError(
            f"tile: expected {x.rank} non-negative repetitions for shape {x.shape}, received {tuple(reps)}."
        )
    split = tuple(d for dim in x.shape for d in (1, dim))
    wide = tuple(d for r, dim in zip(reps, x.shape, strict=True) for d in (r, dim))
    return reshape_node(
        broadcast_node(reshape_node(x, split), wide), tuple(r * d for r, d in zip(reps, x.shape, strict=True))
    )


# slice


class SliceAttrs(NamedTuple):
    """begin and step along each axis; a step may be negative, never 0."""

    begin: tuple[int, ...]
    step: tuple[int, ...]


SLICE = declare(
    Op(
        "slice",
        Kind.POINTWISE,
        numpy=lambda np, node, x: _numpy_slice(node, x),
        gradient=lambda node, g: (_partial_of_slice(node, g),),
        emit=lambda emitter, node, coords: _emit_slice(emitter, node, coords),
        cost=1,
    )
)


def _numpy_slice(node: Node, x: Any) -> Any:
    index = []
    for begin, step, dim in zip(*node.attrs, node.shape, strict=True):
        end = begin + step * dim
        index.append(slice(begin, None if end < 0 else end, step))
    return x[tuple(index)]


def _emit_slice(emitter: Emitter, node: Node, coords: Coords) -> str:
    source = node.inputs[0]
    begin, step = node.attrs
    let = emitter.let

    def change(parts: list[str]) -> list[str]:
        # A vector plus a scalar is a vector, but 0 plus a scalar is not.
        kind = "ivec4" if moved_lanes else "int"
        out = []
        for axis, coordinate in enumerate(parts):
            part = coordinate
            if step[axis] != 1 and part != "0":
                part = let(kind, f"{part} * {emitter.uniform(step[axis])}")
            if begin[axis]:
                part = let(kind, f"{kind}({part}) + {emitter.uniform(begin[axis])}")
            out.append(part)
        return out

    keeps = bool(step) and step[-1] == 1 and begin[-1] % 4 == 0
    spread = coords.spread()
    moved_lanes = spread.mode is Mode.LANES or (
        spread.mode is Mode.ROW and not (keeps and source.shape[-1] % 4 == 0)
    )
    return emitter.value(source, spread.move(source.shape, emitter.dims(source), change, keeps))


def slice_node(
    x: Node, begin: Sequence[int], shape: Sequence[int], step: Sequence[int] | None = None
) -> Node:
    """Returns the part of x that starts at `begin` and has `shape`, every step-th element."""
    steps = tuple(step) if step is not None else (1,) * x.rank
    if tuple(shape) == x.shape and not any(begin) and all(s == 1 for s in steps):
        return x
    return Node(SLICE, (x,), tuple(shape), x.dtype, SliceAttrs(tuple(begin), steps))


def _partial_of_slice(node: Node, g: Node) -> Node | PartialSlice:
    """Returns a partial of the gradient if the slice is a run along one axis, as of sequences taken apart; else the gradient."""
    shape = node.inputs[0].shape
    cut = [axis for axis, dim in enumerate(node.shape) if dim != shape[axis]]
    if len(cut) == 1 and node.size and all(step == 1 for step in node.attrs.step):
        return PartialSlice(g, cut[0], node.attrs.begin[cut[0]], shape)
    return _slice_gradient(node, g)


class PartialSlice(NamedTuple):
    """The gradient of a run along an axis."""

    g: Node
    axis: int
    begin: int
    shape: Shape

    def group_key(self) -> int:
        return self.axis

    @property
    def end(self) -> int:
        """Where the run ends."""
        return self.begin + self.g.shape[self.axis]

    def padded(self) -> Node:
        """Returns the gradient of the whole, 0 outside of the run."""
        around = [(0, 0)] * len(self.shape)
        around[self.axis] = (self.begin, self.shape[self.axis] - self.end)
        return pad_node(self.g, around, 0)

    def sum_all(self, partials: Sequence[PartialSlice], add: Callable[[Node, Node], Node]) -> Node:
        """Joins runs that do not overlap; adds the others up."""
        ordered = sorted(partials, key=lambda partial: partial.begin)
        if any(one.end > next_.begin for one, next_ in itertools.pairwise(ordered)):
            total = ordered[0].padded()
            for partial in ordered[1:]:
                total = add(total, partial.padded())
            return total
        if len(ordered) == 1:
            return self.padded()
        parts, reached = [], 0
        for partial in ordered:
            parts += [self._gap(reached, partial.begin), partial.g]
            reached = partial.end
        parts.append(self._gap(reached, self.shape[self.axis]))
        return concat_node([part for part in parts if part.shape[self.axis]], self.axis)

    def _gap(self, begin: int, end: int) -> Node:
        shape = (*self.shape[: self.axis], end - begin, *self.shape[self.axis + 1 :])
        return broadcast_node(const(0, self.g.dtype), shape)


def _slice_gradient(node: Node, g: Node) -> Node:
    """Puts g where the slice was taken and 0 elsewhere: reversed, dilated and padded."""
    source = node.inputs[0]
    begin, step = node.attrs
    flipped = tuple(axis for axis, s in enumerate(step) if s < 0)
    first = [b + s * (d - 1) if s < 0 else b for b, s, d in zip(begin, step, node.shape, strict=True)]
    if flipped:
        g = reverse_node(g, flipped)
    factors = [abs(s) for s in step]
    if any(f > 1 for f in factors):
        split = tuple(d for dim in g.shape for d in (dim, 1))
        padding = [p for f in factors for p in ((0, 0), (0, f - 1))]
        wide = tuple(dim * f for dim, f in zip(g.shape, factors, strict=True))
        g = reshape_node(pad_node(reshape_node(g, split), padding, 0), wide)
        kept = [(d - 1) * f + 1 if d else 0 for d, f in zip(node.shape, factors, strict=True)]
        g = slice_node(g, [0] * g.rank, kept)
    return pad_node(g, [(b, n - b - d) for b, n, d in zip(first, source.shape, g.shape, strict=True)], 0)


@tested_with(
    Case(((5, 6),), ((1, 2), (3, 2))),
    Case(((4, 8),), ((1, 4), (2, 4))),
    Case(((6,),), (2,)),
    Case(((2, 3, 4),), ((0, 1), (-1, 1))),
    Case(((2, 3, 1, 2, 2, 5),), ((0, 1, 0, 0, 1, 2), (2, 2, 1, 1, 1, 3))),
)
@public()
def slice_(x: Node, begin: int | Sequence[int], size: int | Sequence[int] | None = None) -> Node:
    """Returns a part of x.

    Args:
        x: tensor of rank 1 or more.
        begin: first index along each axis (missing axes: 0).
        size: length along each axis; -1 or missing: to the end.

    Raises:
        ShapeError: the part does not lie inside x.

    Source: https://js.tensorflow.org/api/latest/#slice
    """
    starts = [begin] if isinstance(begin, int) else list(begin)
    lengths = [] if size is None else [size] if isinstance(size, int) else list(size)
    if len(starts) > x.rank or len(lengths) > x.rank or not x.rank:
        raise ShapeError(
            f"slice: expected at most {x.rank} numbers for shape {x.shape}, received {begin=}, {size=}."
        )
    starts += [0] * (x.rank - len(starts))
    lengths += [-1] * (x.rank - len(lengths))
    lengths = [n - b if s == -1 else s for n, b, s in zip(x.shape, starts, lengths, strict=True)]
    for axis, (b, s, n) in enumerate(zip(starts, lengths, x.shape, strict=True)):
        if b < 0 or s < 0 or b + s > n:
            raise ShapeError(
                f"slice: expected a part inside shape {x.shape}, received begin {b} and size {s} along axis {axis}."
            )
    return slice_node(x, starts, lengths)


def reverse_node(x: Node, axes: Sequence[int]) -> Node:
    """Returns x with the order along `axes` reversed."""
    flips = set(axes)
    begin = [dim - 1 if axis in flips and dim else 0 for axis, dim in enumerate(x.shape)]
    return slice_node(x, begin, x.shape, [-1 if axis in flips else 1 for axis in range(x.rank)])


@tested_with(Case(((3, 4),)), Case(((3, 5),), (1,)), Case(((2, 3, 4),), ((0, -1),)))
@public()
def reverse(x: Node, axis: int | Sequence[int] | None = None) -> Node:
    """Returns x with the order along some axes (default: all) reversed. Source: https://js.tensorflow.org/api/latest/#reverse"""
    return reverse_node(x, normalize_axes("reverse", axis, x.rank))


# pad

PAD = declare(
    Op(
        "pad",
        Kind.POINTWISE,
        numpy=lambda np, node, x, value: np.pad(x, node.attrs, constant_values=value),
        gradient=lambda node, g: (slice_node(g, [p[0] for p in node.attrs], node.inputs[0].shape), None),
        emit=lambda emitter, node, coords: _emit_pad(emitter, node, coords),
        cost=3,
    )
)


def _emit_pad(emitter: Emitter, node: Node, coords: Coords) -> str:
    source, value = node.inputs
    dims = emitter.dims(source)
    last_before = node.attrs[-1][0]
    spread = coords.spread()
    if spread.mode is Mode.ROW and last_before % 4:
        spread = spread.lanes()
    # Only some lanes of a texel at the end of a row may be the source's.
    partly = spread.mode is Mode.ROW and source.shape[-1] % 4 != 0
    parts = list(spread.parts())
    checks, of_lanes = [], "bvec4(true)"
    for axis, (before, after) in enumerate(node.attrs):
        if before:
            parts[axis] = emitter.let(
                spread.int_type,
                f"{spread.vector(parts[axis]) if spread.mode is Mode.LANES else parts[axis]} - {emitter.uniform(before)}",
            )
            checks.append(spread.not_less(parts[axis], "0"))
        if after and partly and axis == source.rank - 1:
            of_lanes = f"lessThan(ivec4({parts[axis]}) + ivec4(0, 1, 2, 3), ivec4({dims[axis]}))"
        elif after:
            checks.append(spread.less(parts[axis], dims[axis]))
    inner = Coords(emitter, source.shape, dims, spread.mode, parts=parts)
    loaded, fill = emitter.value(source, inner), emitter.value(value, inner)
    if partly:
        loaded = emitter.select_lanes(of_lanes, node.dtype, loaded, fill)
    return emitter.select(spread, spread.inside(checks), node.dtype, loaded, fill) if checks else loaded


def pad_node(x: Node, paddings: Sequence[tuple[int, int]], value: float) -> Node:
    """Returns x with constants around it."""
    if not any(before or after for before, after in paddings):
        return x
    shape = tuple(dim + before + after for dim, (before, after) in zip(x.shape, paddings, strict=True))
    fill = constant(value, x.dtype, "pad")
    if 0 in x.shape:
        return broadcast_node(fill, shape)
    return Node(PAD, (x, fill), shape, x.dtype, tuple((b, a) for b, a in paddings))


@tested_with(
    Case(((3, 4),), (((1, 2), (0, 0)),)),
    Case(((2, 8),), (((0, 0), (4, 4)), 7)),
    Case(((3,),), (((2, 1),), -1)),
    Case(((3, 6),), (((1, 0), (4, 2)),)),
    Case(((5, 7),), (((0, 0), (0, 1)), 3), dtypes=("int32",)),
    Case(((2, 1, 2, 1, 3, 2),), (((0, 1), (1, 0), (0, 0), (2, 0), (0, 1), (1, 1)),)),
)
@public()
def pad(x: Node, paddings: Sequence[Sequence[int]], constant_value: float = 0) -> Node:
    """Returns x with `paddings[i] = (before, after)` constants along axis i.

    Raises:
        ShapeError: not one pair for each axis, or a negative number.

    Source: https://js.tensorflow.org/api/latest/#pad
    """
    pairs = [tuple(p) if isinstance(p, (list, tuple)) else (p,) for p in paddings]
    if len(pairs) != x.rank or any(len(p) != 2 or min(p) < 0 for p in pairs):
        raise ShapeError(
            f"pad: expected {x.rank} pairs of non-negative numbers for shape {x.shape}, received {pairs}."
        )
    return pad_node(x, [(p[0], p[1]) for p in pairs], constant_value)


# concat

CONCAT = declare(
    Op(
        "concat",
        Kind.POINTWISE,
        numpy=lambda np, node, *xs: np.concatenate(xs, node.attrs),
        gradient=lambda node, g: _concat_gradient(node, g),
        emit=lambda emitter, node, coords: _emit_concat(emitter, node, coords),
        cost=3,
    )
)
_MOST_CONCATENATED = 8
"""Inputs of one concat node; more become a tree, so that no kernel reads more textures than a device binds."""


def _emit_concat(emitter: Emitter, node: Node, coords: Coords) -> str:
    axis = node.attrs
    spread = coords.spread()
    if (
        spread.mode is Mode.ROW
        and axis == node.rank - 1
        and any(source.shape[-1] % 4 for source in node.inputs)
    ):
        spread = spread.lanes()
    places = _places_in_parts(emitter, node, spread)
    if spread.mode is Mode.LANES:
        result = emitter.value(*places[0])
        for source, place in places[1:]:
            inside = spread.inside([spread.not_less(place.parts()[axis], "0")])
            result = emitter.select(spread, inside, node.dtype, emitter.value(source, place), result)
        return result
    # All lanes lie in one of the parts: only that one is read.
    result = emitter.fresh("r")
    emitter.statement(f"{glsl_type(node.dtype)} {result};")
    for number in range(len(places) - 1, -1, -1):
        source, place = places[number]
        inside = f"if ({place.parts()[axis]} >= 0)" if number else ""
        with emitter.block(f"{'else ' if number < len(places) - 1 else ''}{inside}".strip()):
            emitter.statement(f"{result} = {emitter.value(source, place)};")
    return result


def _places_in_parts(emitter: Emitter, node: Node, coords: Coords) -> list[tuple[Node, Coords]]:
    """Returns each input of a concatenation with the coordinates that `at` has in it; they are negative before it begins."""
    axis, offset, found = node.attrs, 0, []
    parts = list(coords.parts())
    for source in node.inputs:
        moved = list(parts)
        if offset:
            base = coords.vector(parts[axis]) if coords.mode is Mode.LANES else parts[axis]
            moved[axis] = emitter.let(coords.int_type, f"{base} - {emitter.uniform(offset)}")
        dims = [emitter.dims(source)[a] if a == axis else dim for a, dim in enumerate(coords.dims)]
        found.append((source, Coords(emitter, source.shape, dims, coords.mode, parts=moved)))
        offset += source.shape[axis]
    return found


def _concat_gradient(node: Node, g: Node) -> tuple[Node, ...]:
    axis, offset, parts = node.attrs, 0, []
    for source in node.inputs:
        begin = [0] * source.rank
        begin[axis] = offset
        parts.append(slice_node(g, begin, source.shape))
        offset += source.shape[axis]
    return tuple(parts)


def concat_node(xs: Sequence[Node], axis: int) -> Node:
    """Returns nodes of one dtype joined along an axis."""
    parts = [x for x in xs if x.shape[axis]] or list(xs[:1])
    while len(parts) > 1:
        groups = [parts[i : i + _MOST_CONCATENATED] for i in range(0, len(parts), _MOST_CONCATENATED)]
        parts = [group[0] if len(group) == 1 else _joined(group, axis) for group in groups]
    return parts[0]


def _joined(group: Sequence[Node], axis: int) -> Node:
    first = group[0]
    shape = (*first.shape[:axis], sum(x.shape[axis] for x in group), *first.shape[axis + 1 :])
    return Node(CONCAT, tuple(group), shape, first.dtype, axis)


@tested_with(
    Case(((2, 3), (4, 3))),
    Case(((2, 4), (2, 8)), (1,)),
    Case(((2, 3, 2), (2, 1, 2), (2, 2, 2)), (1,)),
    Case(((2, 3), (2, 2)), (-1,)),
)
@public(1, sequence=True)
def concat(tensors: list[Node], axis: int = 0) -> Node:
    """Returns tensors joined along an axis; all other dimensions must be equal.

    Raises:
        ShapeError: an empty list, or shapes that differ along another axis.

    Source: https://js.tensorflow.org/api/latest/#concat
    """
    if not tensors:
        raise ShapeError("concat: expected at least one tensor, received an empty list.")
    first = tensors[0]
    at = normalize_axis("concat", axis, first.rank)
    dtype = max((x.dtype for x in tensors), key=("bool", "int32", "float32").index)
    for x in tensors:
        if x.rank != first.rank or any(a != at and x.shape[a] != first.shape[a] for a in range(first.rank)):
            listed = ", ".join(str(x.shape) for x in tensors)
            raise ShapeError(f"concat: expected shapes that differ only along axis {at}, received {listed}.")
    return concat_node([cast_node(x, dtype) for x in tensors], at)
