"""Bitwise ops on int32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo.core.graph import NONDIFFERENTIABLE, Node, const
from tfjs_pyo.ops.declare import PublicOp, elementwise, public, require
from tfjs_pyo.ops.samples import Domain

_INT = Domain(dtypes=("int32",))

_bitwise_and: PublicOp = elementwise(
    "bitwise_and",
    arity=2,
    glsl="({a} & {b})",
    numpy=lambda np, a, b: a & b,
    gradient=NONDIFFERENTIABLE,
    samples=_INT,
    method=False,
)


@public(2)
def bitwise_and(a: Node, b: Node) -> Node:
    """Returns the bits that both int32 tensors have set, broadcast.

    Raises:
        DTypeError: a or b is not int32.

    Source: https://js.tensorflow.org/api/latest/#bitwiseAnd
    """
    require(a, ("int32",), "bitwise_and", "a")
    require(b, ("int32",), "bitwise_and", "b")
    result: Node = _bitwise_and(a, b)
    return result


_shift_right: PublicOp = elementwise(
    "shift_right",
    arity=2,
    glsl="ivec4(uvec4({a}) >> uvec4({b} & 31))",
    numpy=lambda np, a, b: (a.view(np.uint32) >> (b.astype(np.uint32) & np.uint32(31))).view(np.int32),
    gradient=NONDIFFERENTIABLE,
    samples=_INT,
    doc="Returns the bits of a moved right by b, zeros moving in.",
    method=False,
)


def shift_right(x: Node, bits: int) -> Node:
    """Returns the bits of an int32 node moved right, zeros moving in."""
    require(x, ("int32",), "shift_right", "x")
    return _shift_right(x, const(bits, "int32"))


def _bitwise(name: str, glsl: str, numpy: Callable[..., Any], doc: str, arity: int = 2) -> PublicOp:
    """Declares an op on the bits of int32."""
    return elementwise(
        name,
        arity=arity,
        glsl=glsl,
        numpy=numpy,
        gradient=NONDIFFERENTIABLE,
        samples=_INT,
        doc=doc,
        method=False,
    )


bitwise_or = _bitwise(
    "bitwise_or", "({a} | {b})", lambda np, a, b: a | b, "Returns the bits that a or b has set."
)
bitwise_xor = _bitwise(
    "bitwise_xor", "({a} ^ {b})", lambda np, a, b: a ^ b, "Returns the bits that one of a and b has set."
)
bitwise_not = _bitwise("bitwise_not", "(~{a})", lambda np, a: ~a, "Returns the bits that a has not set.", 1)
shift_left = _bitwise(
    "shift_left",
    "({a} << ({b} & 31))",
    lambda np, a, b: a << (b & 31),
    "Returns the bits of a moved left by b (0 to 31), zeros moving in.",
)
shift_right_signed = _bitwise(
    "shift_right_signed",
    "({a} >> ({b} & 31))",
    lambda np, a, b: a >> (b & 31),
    "Returns the bits of a moved right by b (0 to 31), the sign moving in.",
)
