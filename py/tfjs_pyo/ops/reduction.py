"""Reductions over axes, and what is composed of them: means, softmax, positions of extremes."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo.compiler.coords import Coords, Mode
from tfjs_pyo.compiler.emitter import Emitter, glsl_type
from tfjs_pyo.core.graph import NONDIFFERENTIABLE, STOP, Kind, Node, NotDifferentiable, Op, const
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops import glsl
from tfjs_pyo.ops.alignment import aligned_reduction, cut, wide_reduction
from tfjs_pyo.ops.arithmetic import add, divide_real, maximum, minimum, mul, sub
from tfjs_pyo.ops.comparison import equal, logical_and, logical_or, where
from tfjs_pyo.ops.declare import PublicOp, cast_node, declare, elementwise, public
from tfjs_pyo.ops.math import exp, log
from tfjs_pyo.ops.movement import broadcast_node, reshape_node, slice_node
from tfjs_pyo.ops.runs import SHORTEST, Run
from tfjs_pyo.ops.samples import Case, Domain, tested_with
from tfjs_pyo.shapes import Shape, normalize_axes, normalize_axis, reduced
from tfjs_pyo.shapes import size as size_of

Axis = int | Sequence[int] | None
_LONG = 1024
"""A reduction over this many elements or more is cut in two when it has few results: one fragment would do it all."""
_FEW = 1024
_ROLLED = 64
"""A loop over fewer elements takes one step a turn, ..."""
_UNROLLED = (4, 5, 3, 2, 1)
"""... others the first of these that divides their number: a turn costs as much as reading a texel."""
_COMPENSATED = 40
"""Sums of more turns than this note what each addition loses. Where all turns add about the same, all lose about the same."""


def _emit_reduction(emitter: Emitter, node: Node, coords: Coords) -> str:
    """Writes the loops. The lanes of the result are rows of the source unless the last axis is kept."""
    for helper in node.op.extra["helpers"]:
        emitter.helper(helper)
    source = node.inputs[0]
    spread = coords.spread()
    if source.rank - 1 not in node.attrs:
        if spread.mode is Mode.ROW and source.shape[-1] % 4:
            spread = spread.lanes()
        return _accumulate(emitter, node, spread, spread.mode, None)
    return _each_lane(emitter, node, spread, lambda row: _of_row(emitter, node, row))


def _each_lane(emitter: Emitter, node: Node, coords: Coords, compute: Callable[[Coords], str]) -> str:
    """Returns what `compute` makes of each element, whose rows lie apart; it is the same in all lanes."""
    if coords.mode is Mode.SPLAT:
        return compute(coords)
    kind, result = glsl_type(node.dtype), emitter.fresh("r")
    emitter.statement(f"{kind} {result} = {kind}(0);")

    def one(turn: list[list[str]]) -> None:
        ((lane,),) = turn
        emitter.statement(f"{result}[{lane}] = {compute(coords.lane(lane))}.x;")

    emitter.loops(["4"], one, [1])
    return result


def _of_row(emitter: Emitter, node: Node, coords: Coords) -> str:
    """Writes the loops for one row, or several that follow each other."""
    source, axes = node.inputs[0], node.attrs
    if source.shape[-1] % 4 == 0:
        return _accumulate(emitter, node, coords, Mode.ROW, 4)
    length = size_of(source.shape[axis] for axis in axes)
    if length < SHORTEST or axes != tuple(range(axes[0], source.rank)):
        return _accumulate(emitter, node, coords, Mode.SPLAT, 1)
    run, init = Run(emitter, source, coords, length), node.op.extra["init"][node.dtype]
    repeats = (
        next(r for r in _UNROLLED if not run.is_whole or run.turns % r == 0) if run.turns >= _ROLLED else 1
    )
    turns = -(-run.turns // repeats)  # what is beyond the row is masked

    def value_at(counters: list[str]) -> str:
        value, inside = emitter.value(source, run.coords(counters[0])), run.inside(counters[0])
        kind = glsl_type(node.dtype)
        if inside is None:
            return value
        return f"mix({init}, {value}, {inside})" if kind == "vec4" else f"select({inside}, {value}, {init})"

    total = _fold(emitter, node, [emitter.uniform(turns * repeats)], [1], (turns, repeats), value_at)
    return _across(emitter, node, total)


def _accumulate(emitter: Emitter, node: Node, coords: Coords, mode: Mode, row_step: int | None) -> str:
    """Writes the loops for one set of result coordinates; the inner coordinates are in `mode`."""
    source, axes = node.inputs[0], node.attrs
    kept = [axis for axis in range(source.rank) if axis not in axes]
    own = emitter.dims(source)
    outer = dict(zip(kept, zip(coords.parts(), coords.dims, strict=True), strict=True))
    dims = [outer[axis][1] if axis in outer else own[axis] for axis in range(source.rank)]
    steps = [row_step if row_step and axis == source.rank - 1 else 1 for axis in axes]
    last = source.shape[axes[-1]]
    repeats = next(r for r in _UNROLLED if last % (steps[-1] * r) == 0) if last >= _ROLLED else 1
    turns = size_of(source.shape[axis] for axis in axes) // (steps[-1] * repeats)

    def value_at(counters: list[str]) -> str:
        counter = dict(zip(axes, counters, strict=True))
        parts = [outer[axis][0] if axis in outer else counter[axis] for axis in range(source.rank)]
        if mode is Mode.LANES:
            parts = [
                emitter.let("ivec4", f"ivec4({p})") if axis in counter else p for axis, p in enumerate(parts)
            ]
        return str(emitter.value(source, Coords(emitter, source.shape, dims, mode, parts=parts)))

    total = _fold(emitter, node, [dims[axis] for axis in axes], steps, (turns, repeats), value_at)
    return _across(emitter, node, total) if row_step == 4 else total


def _fold(
    emitter: Emitter,
    node: Node,
    counts: Sequence[str],
    steps: Sequence[int],
    unrolled: tuple[int, int],
    value_at: Callable[[list[str]], str],
) -> str:
    """Writes loops that combine four running results with what `value_at` gives for the loops' counters.

    Args:
        emitter, node: what is written with, and the reduction.
        counts, steps: ends and steps of the counters.
        unrolled: turns of all loops together, and steps that one takes.
        value_at: writes what is combined.
    """
    turns, repeats = unrolled
    kind = glsl_type(node.dtype)
    init, combine = node.op.extra["init"][node.dtype], node.op.extra["combine"]
    total, lost = emitter.fresh("acc"), ""
    emitter.statement(f"{kind} {total} = {init};")
    if node.op.extra["compensated"] and kind == "vec4" and turns > _COMPENSATED:
        lost = emitter.fresh("lost")
        emitter.statement(f"vec4 {lost} = vec4(0.);")

    def body(turn: list[list[str]]) -> None:
        found = functools.reduce(lambda a, b: f"({combine.format(a=a, b=b)})", map(value_at, turn))
        if not lost:
            emitter.statement(f"{total} = {combine.format(a=total, b=found)};")
            return
        part, longer = emitter.fresh(), emitter.fresh()
        emitter.statement(f"vec4 {part} = {found}, {longer} = {total} + {part};")
        emitter.statement(f"{lost} += ({total} - {longer}) + {part};")
        emitter.statement(f"{total} = {longer};")

    emitter.loops(counts, body, steps, repeats)
    if lost:  # Of an infinite sum nothing is known to be lost.
        emitter.statement(f"{total} += mix(vec4(0.), {lost}, equal({lost}, {lost}));")
    return total


def _across(emitter: Emitter, node: Node, total: str) -> str:
    """Combines four running results."""
    combine = node.op.extra["combine"]
    for lanes in ("zwxy", "yxwz"):
        emitter.statement(f"{total} = {combine.format(a=total, b=f'{total}.{lanes}')};")
    return total


def _reduction(
    name: str,
    numpy: Callable[..., Any],
    combine: str,
    init: dict[DType, str],
    gradient: Callable[[Node, Node], tuple[Node | None, ...]] | NotDifferentiable,
    join: Callable[..., Any],
    helpers: tuple[str, ...] = (),
    compensated: bool = False,
) -> Op:
    return declare(
        Op(
            name,
            Kind.REDUCTION,
            numpy=lambda np, node, x: numpy(np, x, node.attrs),
            gradient=gradient,
            emit=_emit_reduction,
            lower=lambda node, tuning: _lowered(node, join),
            extra={"init": init, "combine": combine, "helpers": helpers, "compensated": compensated},
        )
    )


def _lowered(node: Node, join: Callable[..., Any]) -> Node | None:
    wide = wide_reduction(node)
    return _in_two(node, join) if wide is None else cut(_in_two(wide, join) or wide, node.shape)


def _in_two(node: Node, join: Callable[..., Any]) -> Node | None:
    """Cuts a long reduction with few results in two, so that many fragments share the work."""
    source, axes = node.inputs[0], node.attrs
    length = size_of(source.shape[axis] for axis in axes)
    if length < _LONG or node.size > _FEW or axes != tuple(range(axes[0], axes[-1] + 1)):
        return None
    before, after = source.shape[: axes[0]], source.shape[axes[-1] + 1 :]
    parts, inner = _parts(length, 1 if after else 4)
    rank = len(before)
    flat = reshape_node(source, (*before, length, *after))
    main = slice_node(flat, [0] * flat.rank, (*before, parts * inner, *after))
    first = reduce_node(node.op, reshape_node(main, (*before, parts, inner, *after)), (rank + 1,), node.dtype)
    result = reduce_node(node.op, first, (rank,), node.dtype)
    rest = length - parts * inner
    if rest:
        begin = [0] * flat.rank
        begin[rank] = parts * inner
        tail = reduce_node(node.op, slice_node(flat, begin, (*before, rest, *after)), (rank,), node.dtype)
        result = join(result, tail)
    return result


def _parts(length: int, multiple: int) -> tuple[int, int]:
    """Returns a number of parts near the root of `length`, and their size, a multiple of `multiple`.

    They cover the length if some number near the root divides it; else a rest is left.
    """
    root = math.isqrt(length)
    for distance in range(3 * root):
        for parts in (root - distance, root + distance):
            if parts >= max(1, root // 4) and length % (parts * multiple) == 0:
                return parts, length // parts
    inner = length // root
    return root, inner - inner % multiple


def reduce_node(op: Op, x: Node, axes: tuple[int, ...], dtype: DType | None = None) -> Node:
    """Returns x reduced over `axes` (normalized), without them; over axes of length 1 this is a reshape."""
    shape = reduced(x.shape, axes, keep_dims=False)
    dtype = dtype or x.dtype
    if all(x.shape[axis] == 1 for axis in axes):
        return reshape_node(cast_node(x, dtype), shape)
    return Node(op, (x,), shape, dtype, axes)


def _expand(g: Node, node: Node) -> Node:
    """Returns a value of the result's shape, broadcast back to the source's."""
    source = node.inputs[0]
    return broadcast_node(reshape_node(g, reduced(source.shape, node.attrs, keep_dims=True)), source.shape)


def _extreme_gradient(node: Node, g: Node) -> tuple[Node]:
    """Shares the gradient between the elements that are equal to the extreme."""
    source = node.inputs[0]
    chosen = equal(source, _expand(node, node))
    count = reduce_node(SUM, cast_node(chosen, "float32"), node.attrs)
    return (where(chosen, _expand(divide_real(g, count), node), const(0.0, "float32")),)


def _prod_gradient(node: Node, g: Node) -> tuple[Node]:
    """The product of the others: y / x, and where one element is 0 the product without it."""
    source, zero, one = node.inputs[0], const(0.0, "float32"), const(1.0, "float32")
    is_zero = equal(source, zero)
    zeros = reduce_node(SUM, cast_node(is_zero, "float32"), node.attrs)
    others = reduce_node(PROD, where(is_zero, one, source), node.attrs)
    at_zero = _expand(where(equal(zeros, one), others, zero), node)
    elsewhere = _expand(where(equal(zeros, zero), node, zero), node)
    derivative = where(is_zero, at_zero, divide_real(elsewhere, where(is_zero, one, source)))
    return (mul(_expand(g, node), derivative),)


def _numpy_sum(np: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """Adds float32 up in pairs, as NumPy does along the last axis only; along others in float64."""
    in_pairs = axes[-1] == x.ndim - 1 and (len(axes) == 1 or len(axes) == x.ndim)
    return x.sum(axes, dtype=np.float64 if x.dtype == np.float32 and not in_pairs else x.dtype)


SUM = _reduction(
    "sum",
    _numpy_sum,
    "{a} + {b}",
    {"float32": "vec4(0.)", "int32": "ivec4(0)"},
    lambda node, g: (_expand(g, node),),
    add,
    compensated=True,
)
PROD = _reduction(
    "prod",
    lambda np, x, axes: x.prod(axes, dtype=x.dtype),
    "{a} * {b}",
    {"float32": "vec4(1.)", "int32": "ivec4(1)"},
    _prod_gradient,
    mul,
)
MAX = _reduction(
    "max",
    lambda np, x, axes: x.max(axes),
    "max_({a}, {b})",
    {"float32": "vec4(-INF)", "int32": "ivec4(-2147483647 - 1)"},
    _extreme_gradient,
    maximum,
    (glsl.MINMAX,),
)
MIN = _reduction(
    "min",
    lambda np, x, axes: x.min(axes),
    "min_({a}, {b})",
    {"float32": "vec4(INF)", "int32": "ivec4(2147483647)"},
    _extreme_gradient,
    minimum,
    (glsl.MINMAX,),
)
ANY = _reduction(
    "any", lambda np, x, axes: x.any(axes), "{a} | {b}", {"bool": "ivec4(0)"}, NONDIFFERENTIABLE, logical_or
)
ALL = _reduction(
    "all", lambda np, x, axes: x.all(axes), "{a} & {b}", {"bool": "ivec4(1)"}, NONDIFFERENTIABLE, logical_and
)


def sum_to_node(g: Node, shape: Shape) -> Node:
    """Returns the gradient of a broadcast: `g` summed over the axes along which `shape` was repeated."""
    lead = len(g.shape) - len(shape)
    axes = tuple(i for i, dim in enumerate(g.shape) if i < lead or (shape[i - lead] == 1 and dim != 1))
    return reshape_node(reduce_node(SUM, g, axes), shape)


def _reduced(op: Op, x: Node, axis: Axis, keep_dims: bool, owner: str) -> Node:
    axes = normalize_axes(owner, axis, x.rank)
    if owner in ("max", "min") and 0 in [x.shape[a] for a in axes]:
        raise ShapeError(
            f"{owner}: expected at least one element along axes {axes}, received shape {x.shape}."
        )
    return reshape_node(reduce_node(op, x, axes), reduced(x.shape, axes, keep_dims))


_CASES = (
    Case(((3, 5),)),
    Case(((3, 8),), (1,)),
    Case(((2, 3, 4),), ((0, 2), True)),
    Case(((6, 4),), (0,)),
    Case(((2, 3, 5),), (-1,)),
    Case(((7,),)),
    Case(((1, 1),)),
    Case(((40, 33),)),
    Case(((3, 30, 14),), ((1, 2),)),  # rows of whole texels, whose number no unrolled loop divides
    Case(((2100, 2),), (0,)),
)


@tested_with(
    *_CASES,
    Case(((3, 4),), (1,), dtypes=("int32",)),
    Case(((2, 3, 1, 2, 2, 3),), ((1, 3, 5), True)),
)
@public()
def sum_(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns the sum over axes (default: all); bool counts as int32.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.sum([[1, 2], [3, 4]], 0)
        Tensor
            [4, 6]

    Source: https://js.tensorflow.org/api/latest/#sum
    """
    return _reduced(SUM, cast_node(x, "int32") if x.dtype == "bool" else x, axis, keep_dims, "sum")


@tested_with(*_CASES[:6])
@public()
def prod(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns the product over axes (default: all). Source: https://js.tensorflow.org/api/latest/#prod"""
    return _reduced(PROD, cast_node(x, "int32") if x.dtype == "bool" else x, axis, keep_dims, "prod")


@tested_with(*_CASES, Case(((3, 4),), (0,), dtypes=("int32",)))
@public()
def max_(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns the largest element over axes (default: all), NaN if there is one. Source: https://js.tensorflow.org/api/latest/#max"""
    return _reduced(MAX, cast_node(x, "int32") if x.dtype == "bool" else x, axis, keep_dims, "max")


@tested_with(*_CASES)
@public()
def min_(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns the smallest element over axes (default: all), NaN if there is one. Source: https://js.tensorflow.org/api/latest/#min"""
    return _reduced(MIN, cast_node(x, "int32") if x.dtype == "bool" else x, axis, keep_dims, "min")


@tested_with(Case(((3, 5),), (1,), dtypes=("bool",)))
@public()
def any_(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Tells whether an element is not 0, over axes (default: all). Source: https://js.tensorflow.org/api/latest/#any"""
    return _reduced(ANY, cast_node(x, "bool"), axis, keep_dims, "any")


@tested_with(Case(((3, 5),), (0,), dtypes=("bool",)))
@public()
def all_(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Tells whether no element is 0, over axes (default: all). Source: https://js.tensorflow.org/api/latest/#all"""
    return _reduced(ALL, cast_node(x, "bool"), axis, keep_dims, "all")


@tested_with(*_CASES)
@public()
def mean(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns the mean over axes (default: all) as float32. Source: https://js.tensorflow.org/api/latest/#mean"""
    axes = normalize_axes("mean", axis, x.rank)
    count = size_of(x.shape[a] for a in axes)
    total = _reduced(SUM, cast_node(x, "float32"), axes, keep_dims, "mean")
    return mul(total, const(1.0 / count if count else math.nan, "float32"))


finite: PublicOp = elementwise(
    "finite",
    takes="float",
    glsl="mix(vec4(0.), {a}, notEqual(floatBitsToInt({a}) & 0x7f800000, ivec4(0x7f800000)))",
    numpy=lambda np, x: np.where(np.isfinite(x), x, x.dtype.type(0)),
    gradient=NONDIFFERENTIABLE,
    samples=Domain(),
    doc="Returns x with -inf, inf and NaN as 0: what is subtracted must not make inf - inf.",
    method=False,
)


@tested_with(*_CASES[:5])
@public()
def log_sum_exp(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns log(sum(exp(x))) over axes without overflow. Source: https://js.tensorflow.org/api/latest/#logSumExp"""
    axes = normalize_axes("log_sum_exp", axis, x.rank)
    top = stop_gradient(finite(max_(cast_node(x, "float32"), axes, True)))
    result = add(log(sum_(exp(sub(x, top)), axes, True)), top)
    return reshape_node(result, reduced(x.shape, axes, keep_dims))


@tested_with(Case(((3, 5),)), Case(((4, 8),)), Case(((7,),)))
@public()
def softmax(logits: Node, dim: int = -1) -> Node:
    """Returns exp(x) scaled to add up to 1 along an axis. Source: https://js.tensorflow.org/api/latest/#softmax"""
    axis = normalize_axis("softmax", dim, logits.rank)
    x = cast_node(logits, "float32")
    weights = exp(sub(x, stop_gradient(max_(x, axis, True))))
    return divide_real(weights, sum_(weights, axis, True))


@tested_with(Case(((3, 5),)), Case(((4, 8),), (0,)))
@public()
def log_softmax(logits: Node, axis: int = -1) -> Node:
    """Returns the logarithm of softmax, exact for large inputs. Source: https://js.tensorflow.org/api/latest/#logSoftmax"""
    at = normalize_axis("log_softmax", axis, logits.rank)
    x = cast_node(logits, "float32")
    shifted = sub(x, stop_gradient(max_(x, at, True)))
    return sub(shifted, log(sum_(exp(shifted), at, True)))


declare(STOP)


@public()
def stop_gradient(x: Node) -> Node:
    """Returns x, which gradients take for a constant. Source: https://keras.io/api/ops/core/#stop_gradient-function"""
    return Node(STOP, (x,), x.shape, x.dtype)


# Positions of extremes


def _emit_arg(emitter: Emitter, node: Node, coords: Coords) -> str:
    source, axis = node.inputs[0], node.attrs
    spread = coords.spread()
    if axis == source.rank - 1 and source.shape[-1] >= SHORTEST:
        return _each_lane(emitter, node, spread, lambda row: _arg_of_row(emitter, node, row))
    if spread.mode is Mode.ROW and (axis == source.rank - 1 or source.shape[-1] % 4):
        spread = spread.lanes()
    own = emitter.dims(source)
    parts, dims = list(spread.parts()), list(spread.dims)
    kind = glsl_type(source.dtype)
    best, where_ = emitter.fresh("best"), emitter.fresh("at")
    emitter.statement(f"{kind} {best} = {kind}(0);")
    emitter.statement(f"ivec4 {where_} = ivec4(0);")

    def body(turn: list[list[str]]) -> None:
        (counters,) = turn
        counter = emitter.let("ivec4", f"ivec4({counters[0]})") if spread.mode is Mode.LANES else counters[0]
        inner = Coords(
            emitter,
            source.shape,
            [*dims[:axis], own[axis], *dims[axis:]],
            spread.mode,
            parts=[*parts[:axis], counter, *parts[axis:]],
        )
        value = emitter.value(source, inner)
        chosen = emitter.let("bvec4", f"bvec4({_is_better(node, value, best)} | ivec4({counters[0]} == 0))")
        emitter.statement(f"{best} = {_chosen(node, chosen, value, best)};")
        emitter.statement(f"{where_} = select({chosen}, ivec4({counters[0]}), {where_});")

    emitter.loops([own[axis]], body, [1])
    return str(where_)


def _arg_of_row(emitter: Emitter, node: Node, coords: Coords) -> str:
    """Writes the loop over a row, four elements at a time, and chooses among the best of each lane the one that comes first."""
    source = node.inputs[0]
    run = Run(emitter, source, coords, source.shape[-1])
    kind = glsl_type(source.dtype)
    best, where_ = emitter.fresh("best"), emitter.fresh("at")
    emitter.statement(f"{kind} {best} = {kind}(0);")
    emitter.statement(f"ivec4 {where_} = ivec4(-1);")

    def body(turn: list[list[str]]) -> None:
        ((counter,),) = turn
        value, columns, inside = (
            emitter.value(source, run.coords(counter)),
            run.columns(counter),
            run.inside(counter),
        )
        better = f"({_is_better(node, value, best)} | ivec4(lessThan({where_}, ivec4(0))))"
        chosen = emitter.let("bvec4", f"bvec4({better}{f' & ivec4({inside})' if inside else ''})")
        emitter.statement(f"{best} = {_chosen(node, chosen, value, best)};")
        emitter.statement(f"{where_} = select({chosen}, {columns}, {where_});")

    emitter.loops([emitter.uniform(run.turns)], body, [1])
    for lanes in ("zwxy", "yxwz"):
        other, there = emitter.fresh("best"), emitter.fresh("at")
        emitter.statement(f"{kind} {other} = {best}.{lanes};")
        emitter.statement(f"ivec4 {there} = {where_}.{lanes};")
        worse = f"{_is_better(node, best, other)}"
        earlier = f"ivec4(lessThan({there}, {where_}))"
        chosen = emitter.fresh()
        emitter.statement(
            f"bvec4 {chosen} = bvec4({_is_better(node, other, best)} | ((1 - {worse}) & {earlier}));"
        )
        emitter.statement(f"{best} = {_chosen(node, chosen, other, best)};")
        emitter.statement(f"{where_} = select({chosen}, {there}, {where_});")
    return where_


def _is_better(node: Node, value: str, best: str) -> str:
    """Returns the expression, 0 or 1 in each lane, of whether a value goes before the best one; NaN goes before numbers."""
    better = f"ivec4({node.op.extra['better']}({value}, {best}))"
    if node.inputs[0].dtype != "float32":
        return better
    return f"({better} | (ivec4(notEqual({value}, {value})) & ivec4(equal({best}, {best}))))"


def _chosen(node: Node, condition: str, yes: str, no: str) -> str:
    """Returns the expression of one of two values of the source's dtype."""
    is_float = node.inputs[0].dtype == "float32"
    return f"mix({no}, {yes}, {condition})" if is_float else f"select({condition}, {yes}, {no})"


def _arg_op(name: str, better: str, numpy: Callable[..., Any]) -> Op:
    return declare(
        Op(
            name,
            Kind.REDUCTION,
            numpy=lambda np, node, x: numpy(np, x, node.attrs),
            gradient=NONDIFFERENTIABLE,
            emit=_emit_arg,
            lower=lambda node, tuning: aligned_reduction(node),
            extra={"better": better},
        )
    )


ARG_MAX = _arg_op("arg_max", "greaterThan", lambda np, x, axis: np.argmax(x, axis))
ARG_MIN = _arg_op("arg_min", "lessThan", lambda np, x, axis: np.argmin(x, axis))


def _arg(op: Op, x: Node, axis: int) -> Node:
    at = normalize_axis(op.name, axis, x.rank)
    if not x.shape[at]:
        raise ShapeError(
            f"{op.name}: expected at least one element along axis {at}, received shape {x.shape}."
        )
    source = cast_node(x, "int32") if x.dtype == "bool" else x
    return Node(op, (source,), reduced(x.shape, (at,), keep_dims=False), "int32", at)


@tested_with(Case(((3, 5),), (1,)), Case(((4, 8),), (0,)), Case(((6,),)))
@public()
def arg_max(x: Node, axis: int = 0) -> Node:
    """Returns the index of the largest element along an axis, the first of equals. Source: https://js.tensorflow.org/api/latest/#argMax"""
    return _arg(ARG_MAX, x, axis)


@tested_with(Case(((3, 5),), (1,)), Case(((4, 8),), (0,)))
@public()
def arg_min(x: Node, axis: int = 0) -> Node:
    """Returns the index of the smallest element along an axis, the first of equals. Source: https://js.tensorflow.org/api/latest/#argMin"""
    return _arg(ARG_MIN, x, axis)
