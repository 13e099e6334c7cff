"""Bitwise ops on int32, and Python's operators for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo.core.graph import NONDIFFERENTIABLE, Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.ops.comparison import logical_and, logical_not, logical_or, logical_xor
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.creation import cast, scalar
from tfjs_pyo.ops.declare import PublicOp, Symbolic, elementwise, public, require
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
    "select(lessThan(uvec4({b}), uvec4(32u)), {a} << ({b} & 31), ivec4(0))",
    lambda np, a, b: np.where(b.view(np.uint32) < 32, a << (b & 31), np.int32(0)),
    "Returns the bits of a moved left by b, zeros moving in: as NumPy, 0 where b is none of 0 to 31.",
)
shift_right_signed = _bitwise(
    "shift_right_signed",
    "({a} >> ivec4(min(uvec4({b}), uvec4(31u))))",
    lambda np, a, b: a >> np.minimum(b.view(np.uint32), np.uint32(31)).astype(np.int32),
    "Returns the bits of a moved right by b, the sign moving in: as NumPy, only the sign is left where b is none of 0 to 31.",
)


def _operand(sign: str, value: Any) -> Any:
    """Returns an operand with a dtype, integers of Python as int32.

    Raises:
        DTypeError: it has neither bits nor truth.
    """
    if type(value) is int:
        return scalar(value, "int32")
    found: Any = value if isinstance(value, (Tensor, Symbolic)) else Tensor(node_of(value, sign))
    if found.dtype not in ("int32", "bool"):
        advice = (
            " Compare numbers first, as in (x > 0), or use tf.logicalAnd and its kin, which take 0 as false."
        )
        raise DTypeError(f"operator {sign}: expected int32 or bool, received {found.dtype}.{advice}")
    return found


def _operator(sign: str, whole: PublicOp, logical: PublicOp | None) -> Callable[..., Any]:
    """Returns what an operator of Python means for tensors: bits of integers, truth where all operands are bools."""

    def operate(*values: Any) -> Any:
        operands = [_operand(sign, value) for value in values]
        if logical is not None and all(each.dtype == "bool" for each in operands):
            return logical(*operands)
        return whole(*(each if each.dtype == "int32" else cast(each, "int32") for each in operands))

    return operate


OPERATORS = {
    "and": _operator("&", bitwise_and, logical_and),
    "or": _operator("|", bitwise_or, logical_or),
    "xor": _operator("^", bitwise_xor, logical_xor),
    "invert": _operator("~", bitwise_not, logical_not),
    "lshift": _operator("<<", shift_left, None),
    "rshift": _operator(">>", shift_right_signed, None),
}
"""Operators of Python, by their names between underscores."""
Tensor.operators.update(OPERATORS)
