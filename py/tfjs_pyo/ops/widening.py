"""Values in larger tensors: what is computed of a padded result may be computed of what lies behind it as well.

So nothing is cut and padded again between two contractions: activations, gradients and statistics of channels take the
padded results of one as they are, and the next finds its operand in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from tfjs_pyo.compiler.coords import Coords, Mode, matching_axes
from tfjs_pyo.compiler.emitter import Emitter, glsl_type
from tfjs_pyo.core.graph import Kind, Node, Op
from tfjs_pyo.ops.creation import IOTA
from tfjs_pyo.ops.declare import declare
from tfjs_pyo.ops.movement import BROADCAST, CONCAT, PAD, RESHAPE, SLICE, TRANSPOSE, pad_node
from tfjs_pyo.ops.windows import COLLECT, SPREAD
from tfjs_pyo.shapes import Shape

Rule = Callable[[Node, Shape], Sequence[Shape] | None]
"""`(node, shape)`: shapes of inputs with which the op gives a value of that larger shape, its first elements along each axis
those of the node; None where there are none."""

_DEEPEST = 64
"""Ops between a value and the padded results that it comes from, at most."""


def _emit_mask(emitter: Emitter, node: Node, coords: Coords) -> str:
    """Writes the value where its coordinates lie inside; of a texel at the end of a row only some lanes may do."""
    value, spread = emitter.value(node.inputs[0], coords), coords.spread()
    zero = f"{glsl_type(node.dtype)}(0)"
    checks = []
    for axis, (part, inside) in enumerate(zip(spread.parts(), node.attrs, strict=True)):
        if inside == node.shape[axis]:
            continue
        most = emitter.uniform(inside)
        if spread.mode is Mode.ROW and axis == node.rank - 1:
            lanes = f"lessThan(ivec4({part}) + ivec4(0, 1, 2, 3), ivec4({most}))"
            value = emitter.select_lanes(lanes, node.dtype, value, zero)
        else:
            checks.append(spread.less(part, most))
    return emitter.select(spread, spread.inside(checks), node.dtype, value, zero) if checks else value


def _numpy_mask(np: Any, node: Node, x: Any) -> Any:
    result = np.zeros_like(x)
    inside = tuple(map(slice, node.attrs))
    result[inside] = x[inside]
    return result


MASK = declare(
    Op(
        "mask",
        Kind.POINTWISE,
        numpy=_numpy_mask,
        gradient=lambda node, g: (masked(g, node.attrs),),
        emit=_emit_mask,
        cost=2,
        identity=True,
    )
)
"""The first elements along each axis, as many as `attrs` says, and zeros behind them."""


_FINITE = frozenset(
    "cast equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor logical_not where add "  # noqa: SIM905
    "sub mul maximum minimum neg tanh sigmoid softplus softsign tanh_shrink erf abs sign square floor ceil round rectify "
    "prelu copy stop_gradient reshape mask".split()
)
"""Elementwise ops that make finite numbers of zeros, and of what they make of zeros. What others make is masked."""


_refused: WeakKeyDictionary[Node, set[Shape]] = WeakKeyDictionary()
"""Shapes that values were not found in: steps of a sequence lead to all earlier ones."""


def widened(x: Node, shape: Shape) -> Node | None:
    """Returns a value of a larger shape that begins, along each axis, with what x has; finite numbers lie behind.

    Returns None unless it comes from padded results of this shape, of which x is the part that was wanted.
    """
    return _widened(x, shape, {}, _DEEPEST)


def filled(x: Node, shape: Shape) -> Node:
    """Returns x with zeros behind it along each axis, up to a larger shape."""
    return pad_node(x, [(0, new - old) for new, old in zip(shape, x.shape, strict=True)], 0)


def _widened(x: Node, shape: Shape, known: dict[tuple[Node, Shape], Node | None], depth: int) -> Node | None:
    if x.shape == shape or x.buffer is not None:
        return None
    if _is_beginning(x) and x.inputs[0].shape == shape:
        return masked(x.inputs[0], x.shape)
    if (x, shape) not in known:
        refused = _refused.setdefault(x, set())
        known[x, shape] = _recomputed(x, shape, known, depth) if depth and shape not in refused else None
        if known[x, shape] is None:
            refused.add(shape)
    return known[x, shape]


def _recomputed(
    x: Node, shape: Shape, known: dict[tuple[Node, Shape], Node | None], depth: int
) -> Node | None:
    """Returns x's op with inputs that are wider themselves, or filled beside such ones."""
    rule = _rule(x.op)
    shapes = rule(x, shape) if rule else None
    if shapes is None:
        return None
    if any(source.shape == new and _is_of_rows(source) for source, new in zip(x.inputs, shapes, strict=True)):
        return None
    wider = [_widened(source, new, known, depth - 1) for source, new in zip(x.inputs, shapes, strict=True)]
    if not any(wider) and x.inputs:
        return None
    inputs = [
        found or filled(source, new) for found, source, new in zip(wider, x.inputs, shapes, strict=True)
    ]
    result = Node(x.op, tuple(inputs), shape, x.dtype, x.attrs)
    return result if not x.op.identity or x.op.name in _FINITE else masked(result, x.shape)


def _is_of_rows(x: Node) -> bool:
    """Returns whether x has a number for each row of something, as softmax divides by: that takes the rows as they are."""
    if x.size == 1:
        return False
    stack, left = [x], _DEEPEST
    while stack and left:
        node = stack.pop()
        left -= 1
        if node.op.kind is Kind.REDUCTION:
            source = node.inputs[0]
            return source.rank - 1 in _reduced_axes(node) and source.shape[-1] > 1
        if node.buffer is None and node.op.kind is Kind.POINTWISE:
            stack.extend(node.inputs)
    return False


def _reduced_axes(node: Node) -> tuple[int, ...]:
    return node.attrs if isinstance(node.attrs, tuple) else (node.attrs,)


def masked(x: Node, inside: Shape) -> Node:
    """Returns the first elements of x along each axis, and zeros behind them."""
    return Node(MASK, (x,), x.shape, x.dtype, inside)


def _is_beginning(x: Node) -> bool:
    """Returns whether x is what its input begins with, along each axis."""
    return x.op is SLICE and not any(x.attrs.begin) and all(step == 1 for step in x.attrs.step)


def _rule(op: Op) -> Rule | None:
    if op in _RULES:
        return _RULES[op]
    if op.kind is Kind.REDUCTION:
        return _of_kept_axes
    return _of_broadcast if op.kind is Kind.POINTWISE and op.identity else None


def _of_broadcast(node: Node, shape: Shape) -> Sequence[Shape]:
    return [
        tuple(
            1 if old == 1 else new
            for old, new in zip(source.shape, shape[node.rank - source.rank :], strict=True)
        )
        for source in node.inputs
    ]


def _of_reshape(node: Node, shape: Shape) -> Sequence[Shape] | None:
    source = node.inputs[0]
    found = list(source.shape)
    for theirs, ours in matching_axes(source.shape, node.shape):
        grown = [axis for axis in ours if shape[axis] != node.shape[axis]]
        if not grown:
            continue
        wide = [axis for axis in theirs if source.shape[axis] != 1]
        if len(wide) != 1 or [axis for axis in ours if node.shape[axis] != 1] != grown:
            return None
        found[wide[0]] = shape[grown[0]]
    return [tuple(found)]


def _of_transpose(node: Node, shape: Shape) -> Sequence[Shape]:
    return [tuple(shape[node.attrs.index(axis)] for axis in range(node.rank))]


def _of_slice(node: Node, shape: Shape) -> Sequence[Shape] | None:
    source, (begin, step) = node.inputs[0], node.attrs
    found = list(source.shape)
    for axis in _grown(node, shape):
        if begin[axis] or step[axis] != 1 or source.shape[axis] != node.shape[axis]:
            return None
        found[axis] = shape[axis]
    return [tuple(found)]


def _of_pad(node: Node, shape: Shape) -> Sequence[Shape] | None:
    source, fill = node.inputs
    grown = _grown(node, shape)
    if any(node.attrs[axis] != (0, 0) for axis in grown):
        return None
    return [tuple(shape[axis] if axis in grown else old for axis, old in enumerate(source.shape)), fill.shape]


def _of_concat(node: Node, shape: Shape) -> Sequence[Shape] | None:
    if node.attrs in _grown(node, shape):
        return None
    return [
        tuple(old if axis == node.attrs else shape[axis] for axis, old in enumerate(source.shape))
        for source in node.inputs
    ]


def _of_channels(node: Node, shape: Shape) -> Sequence[Shape] | None:
    if _grown(node, shape) != [node.rank - 1]:
        return None
    return [(*node.inputs[0].shape[:-1], shape[-1])]


def _of_kept_axes(node: Node, shape: Shape) -> Sequence[Shape]:
    axes = _reduced_axes(node)
    kept = iter(shape)
    return [tuple(old if axis in axes else next(kept) for axis, old in enumerate(node.inputs[0].shape))]


def _grown(node: Node, shape: Shape) -> list[int]:
    return [axis for axis, (old, new) in enumerate(zip(node.shape, shape, strict=True)) if old != new]


_RULES: Mapping[Op, Rule] = {
    BROADCAST: _of_broadcast,
    RESHAPE: _of_reshape,
    TRANSPOSE: _of_transpose,
    SLICE: _of_slice,
    PAD: _of_pad,
    CONCAT: _of_concat,
    SPREAD: _of_channels,
    COLLECT: _of_channels,
    IOTA: lambda node, shape: [],
}
