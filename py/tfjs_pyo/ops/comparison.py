"""Elementwise comparison, logic and choice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tfjs_pyo.compiler.coords import Coords
from tfjs_pyo.compiler.emitter import Emitter, glsl_type
from tfjs_pyo.core.graph import NONDIFFERENTIABLE, Kind, Node, Op, const
from tfjs_pyo.dtypes import STORED, promote
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.ops.declare import PublicOp, cast_node, declare, elementwise, public
from tfjs_pyo.ops.samples import LOGICAL, Case, Domain, tested_with
from tfjs_pyo.shapes import broadcast

_URL = "Source: https://js.tensorflow.org/api/latest/#"


def _compare(
    name: str, function: str, numpy: Callable[[Any, Any, Any], Any], doc: str, url: str
) -> Callable[..., Any]:
    return elementwise(
        name,
        arity=2,
        takes="any",
        gives="bool",
        glsl=f"ivec4({function}({{a}}, {{b}}))",
        numpy=numpy,
        gradient=NONDIFFERENTIABLE,
        samples=LOGICAL,
        doc=f"Tells where {doc}, broadcast. {_URL}{url}",
    )


equal: PublicOp = _compare("equal", "equal", lambda np, a, b: a == b, "a == b", "equal")
not_equal: PublicOp = _compare("not_equal", "notEqual", lambda np, a, b: a != b, "a != b", "notEqual")
less: PublicOp = _compare("less", "lessThan", lambda np, a, b: a < b, "a < b", "less")
less_equal: PublicOp = _compare("less_equal", "lessThanEqual", lambda np, a, b: a <= b, "a <= b", "lessEqual")
greater: PublicOp = _compare("greater", "greaterThan", lambda np, a, b: a > b, "a > b", "greater")
greater_equal: PublicOp = _compare(
    "greater_equal", "greaterThanEqual", lambda np, a, b: a >= b, "a >= b", "greaterEqual"
)


def _logical(
    name: str, glsl: str, numpy: Callable[..., Any], doc: str, url: str, arity: int = 2
) -> Callable[..., Any]:
    return elementwise(
        name,
        arity=arity,
        takes="bool",
        glsl=glsl,
        numpy=numpy,
        gradient=NONDIFFERENTIABLE,
        samples=Domain(dtypes=("bool",)),
        doc=f"{doc} {_URL}{url}",
    )


logical_and: PublicOp = _logical(
    "logical_and", "({a} & {b})", lambda np, a, b: a & b, "Tells where both hold.", "logicalAnd"
)
logical_or: PublicOp = _logical(
    "logical_or", "({a} | {b})", lambda np, a, b: a | b, "Tells where at least one holds.", "logicalOr"
)
logical_xor: PublicOp = _logical(
    "logical_xor", "({a} ^ {b})", lambda np, a, b: a ^ b, "Tells where just one holds.", "logicalXor"
)
logical_not: PublicOp = _logical(
    "logical_not", "(1 - {a})", lambda np, a: ~a, "Tells where it does not hold.", "logicalNot", 1
)


def _emit_where(emitter: Emitter, node: Node, coords: Coords) -> str:
    condition, a, b = (emitter.value(source, coords.broadcast_to_source(source)) for source in node.inputs)
    yes = f"notEqual({condition}, ivec4(0))"
    choose = f"mix({b}, {a}, {yes})" if node.dtype == "float32" else f"select({yes}, {a}, {b})"
    compared = _ORDER.fullmatch(emitter.expression(condition))
    if node.dtype == "float32" and compared and {compared[1], compared[2]} == {a, b}:
        # Some drivers make max(a, b) of it, which loses NaN. Where one of them is NaN, b is the choice.
        choose = f"mix({choose}, {b}, notEqual({b}, {b}))"
    return emitter.let(glsl_type(node.dtype), choose)


_ORDER = re.compile(r"ivec4\((?:less|greater)Than(?:Equal)?\((.+), (.+)\)\)")


def _where_gradient(node: Node, g: Node) -> tuple[Node | None, ...]:
    condition = node.inputs[0]
    zero = const(0.0, "float32")
    return None, where(condition, g, zero), where(condition, zero, g)


WHERE = declare(
    Op(
        "where",
        Kind.POINTWISE,
        numpy=lambda np, node, c, a, b: np.where(c, a, b),
        gradient=_where_gradient,
        emit=_emit_where,
        identity=True,
    )
)


@tested_with(
    Case(((3, 5), (3, 5), (3, 5)), dtypes=("bool", "float32", "float32")),
    Case(((4,), (2, 1, 4), (3, 1)), dtypes=("bool", "float32", "float32")),
    Case(((8,), (8,), ()), dtypes=("bool", "int32", "int32"), differentiable=False),
)
@public(3, method=False)
def where(condition: Node, a: Node, b: Node) -> Node:
    """Returns elements of a where the condition holds, of b elsewhere, broadcast.

    Args:
        condition: bool (other dtypes: not 0).
        a: value where it holds.
        b: value where it does not.

    Raises:
        DTypeError: the condition is complex or holds strings.
        ShapeError: shapes that do not broadcast together.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.where([True, False], [1, 2], [3, 4])
        Tensor
            [1, 4]

    Source: https://js.tensorflow.org/api/latest/#where
    """
    if condition.dtype not in STORED:
        raise DTypeError(f"where: expected `condition` to be bool, received {condition.dtype}.")
    dtype = promote(a.dtype, b.dtype)
    shape = broadcast("where", condition.shape, a.shape, b.shape)
    sources = (cast_node(condition, "bool"), cast_node(a, dtype), cast_node(b, dtype))
    return Node(WHERE, sources, shape, dtype)
