"""Methods of tensors that are no functions of `tf`: other shapes and dtypes, and joining with others. Source: https://js.tensorflow.org/api/latest/#class:Tensor"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo import options
from tfjs_pyo.core.formatting import items
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, ShapeError
from tfjs_pyo.ops.comparison import equal, less, where
from tfjs_pyo.ops.creation import cast, tensor
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.math import abs_, round_
from tfjs_pyo.ops.movement import concat, reshape
from tfjs_pyo.ops.splitting import stack
from tfjs_pyo.shapes import Shape, integers

Tensor.methods["as_type"] = cast


@public()
def flatten(x: Node) -> Node:
    """Returns the elements as a vector, in row-major order. Source: https://js.tensorflow.org/api/latest/#tf.Tensor.flatten"""
    result: Node = reshape(x, (x.size,))
    return result


Tensor.methods["as1d"] = flatten


@public()
def as_scalar(x: Node) -> Node:
    """Returns the only element as a tensor of rank 0.

    Raises:
        ShapeError: x has more or fewer elements than one.

    Source: https://js.tensorflow.org/api/latest/#tf.Tensor.asScalar
    """
    if x.size != 1:
        raise ShapeError(f"as_scalar: expected a tensor of one element, received shape {x.shape}.")
    result: Node = reshape(x, ())
    return result


@public(2)
def reshape_as(x: Node, other: Node) -> Node:
    """Returns x in the shape of another tensor of as many elements. Source: https://js.tensorflow.org/api/latest/#tf.Tensor.reshapeAs"""
    result: Node = reshape(x, other.shape)
    return result


def _as_rank(rank: int) -> Callable[..., Any]:
    def as_rank(x: Node, *dims: int) -> Node:
        if len(dims) != rank:
            raise ShapeError(f"as{rank}d: expected {rank} dimensions, received {len(dims)}: {dims}.")
        result: Node = reshape(x, integers(f"as{rank}d", "dims", dims))
        return result

    as_rank.__name__ = as_rank.__qualname__ = f"as{rank}d"
    as_rank.__doc__ = f"Returns x as a tensor of rank {rank} with these dimensions, one argument each."
    return as_rank


for _rank in range(2, 6):
    public()(_as_rank(_rank))

RESHAPED = ("flatten", "as_scalar", "reshape_as", *(f"as{rank}d" for rank in range(2, 6)))
"""What is a reshape by another name."""


def _others(owner: str, x: Tensor, given: Any) -> list[Any]:
    others = list(given) if isinstance(given, (list, tuple)) else [given]
    if any(other is None for other in others):
        raise ArgumentError(f"{owner}: expected other tensors, received None.")
    return [x, *others]


def _concat(x: Tensor, others: Any, axis: int = 0) -> Tensor:
    """Returns x and another tensor, or a list of others, joined along an axis."""
    result: Tensor = concat(_others("concat", x, others), axis)
    return result


def _stack(x: Tensor, others: Any, axis: int = 0) -> Tensor:
    """Returns x and another tensor, or a list of others, joined along a new axis."""
    result: Tensor = stack(_others("stack", x, others), axis)
    return result


def _where(x: Tensor, condition: Any, other: Any) -> Tensor:
    """Returns elements of x where the condition holds, of the other elsewhere."""
    result: Tensor = where(condition, x, other)
    return result


Tensor.methods.update({"concat": _concat, "stack": _stack, "where": _where})


def _variable(
    x: Tensor, trainable: bool = True, name: str | None = None, dtype: str | None = None
) -> Variable:
    """Returns a variable that starts with this value. Source: https://js.tensorflow.org/api/latest/#variable"""
    return Variable(cast(x, dtype or x.dtype), trainable, name)


def _round_to(x: Tensor, digits: int) -> Tensor:
    """Returns each element rounded to so many decimal digits, as `numpy.round` does."""
    found = options.whole(digits)
    if found is None:
        raise OptionError(f"round: expected `digits` to be a whole number, received {options.shown(digits)}.")
    digits = found
    if x.dtype not in ("float32", "int32"):
        raise DTypeError(f"round: expected float32 or int32, received {x.dtype}.")
    if x.dtype == "int32":
        return x if digits >= 0 else _round_whole(x, -digits)
    if not digits:
        return round_(x)
    if abs(digits) > FLOAT_DIGITS:
        return x if digits > 0 else x * 0.0
    power = 10.0 ** abs(digits)
    if digits < 0:
        return round_(x / power) * power
    scaled = x * power
    return where(less(abs_(scaled), FIRST_WHOLE), round_(scaled) / power, x)


def _round_whole(x: Tensor, digits: int) -> Tensor:
    """Rounds integers to tens, hundreds and so on."""
    if digits > INT_DIGITS:
        return x * 0
    power = 10**digits
    tens = x // power
    rest = x - tens * power
    half = power // 2
    up = (rest > half) | (equal(rest, half) & equal(tens % 2, 1))
    return (tens + cast(up, "int32")) * power


def _remade(flat: Any, shape: Shape, dtype: DType) -> Tensor:
    """Returns a tensor from what `_reduced` gave."""
    made: Tensor = tensor(flat, shape, dtype)
    return made


def _reduced(x: Tensor) -> tuple[Any, ...]:
    """Returns how pickle makes a tensor anew: of its values."""
    flat = x.data_sync()
    return _remade, (items(flat, x.dtype) if x.dtype == "complex64" else flat, x.shape, x.dtype)


Tensor.reduced = staticmethod(_reduced)

FLOAT_DIGITS, INT_DIGITS = 38, 9
"""The most digits by which the largest float32 and int32 numbers can be moved."""
FIRST_WHOLE = 2.0**23
"""From here on float32 has whole numbers only."""

Tensor.methods["variable"] = _variable
Tensor.methods["round_to"] = _round_to
