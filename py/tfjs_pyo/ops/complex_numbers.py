"""Complex numbers: what ops mean for values that are two float32 parts. Arithmetic is written out on the parts.

TF.js has complex64 for little more than the Fourier transforms; here arithmetic, movement and gradients work on it too.
The derivative of a real loss with respect to a complex value is `d/d re + i d/d im`, as TensorFlow defines it.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from tfjs_pyo import dtypes
from tfjs_pyo.core.graph import Node, complex_node, const
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops import arithmetic, comparison, math, trigonometry
from tfjs_pyo.ops.arithmetic import add, divide_real, mul, neg, sub
from tfjs_pyo.ops.comparison import logical_and, logical_or, where
from tfjs_pyo.ops.conversions import RESHAPED
from tfjs_pyo.ops.declare import FORMS, cast_node, public, require
from tfjs_pyo.ops.movement import broadcast_node
from tfjs_pyo.types import TensorLike


def is_complex(x: TensorLike) -> bool:
    """Returns whether an argument is a node of complex numbers."""
    return type(x) is Node and x.dtype == "complex64"


def zeros_of(x: Node) -> Node:
    """Returns float32 zeros of the shape of x."""
    return broadcast_node(const(0.0, "float32"), x.shape)


def parts(x: Node) -> tuple[Node, Node]:
    """Returns the real and the imaginary part of numbers of any dtype, as float32."""
    if is_complex(x):
        return x.inputs[0], x.inputs[1]
    return cast_node(x, "float32"), zeros_of(x)


@public(2, method=False)
def complex_(real: Node, imag: Node) -> Node:
    """Returns complex64 numbers of two parts.

    Args:
        real, imag: float32, of one shape.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.complex([1.0, 2.0], [3.0, -4.0])
        Tensor
            [1 + 3j, 2 + -4j]

    Source: https://js.tensorflow.org/api/latest/#complex
    """
    for node, name in ((real, "real"), (imag, "imag")):
        require(node, dtypes.STORED, "complex", name)
    if real.shape != imag.shape:
        raise ShapeError(
            f"complex: expected real and imaginary parts of one shape, received {real.shape} and {imag.shape}."
        )
    return complex_node(cast_node(real, "float32"), cast_node(imag, "float32"))


@public()
def real(x: Node) -> Node:
    """Returns the real part of numbers, float32. Source: https://js.tensorflow.org/api/latest/#real"""
    return cast_node(x, "float32")


@public()
def imag(x: Node) -> Node:
    """Returns the imaginary part of numbers, float32; 0 for real ones. Source: https://js.tensorflow.org/api/latest/#imag"""
    return zeros_of(x)


# What ops mean


def _combined(re: Any, im: Any) -> Any:
    """Returns complex nodes for what an op gave for the parts, also in lists."""
    if isinstance(re, Node):
        return complex_node(re, im)
    return type(re)(_combined(a, b) for a, b in zip(re, im, strict=True))


def _split(value: Any, every: bool) -> tuple[Any, Any]:
    """Returns an argument for the call on the real parts and one for that on the imaginary parts."""
    if is_complex(value) or (every and type(value) is Node):
        return parts(value)
    if isinstance(value, (list, tuple)) and value and all(type(item) is Node for item in value):
        pairs = [parts(item) for item in value]
        return [re for re, _ in pairs], [im for _, im in pairs]
    return value, value


def _on_parts(every: bool) -> Callable[..., Any]:
    """Returns the meaning of an op that treats the parts alike.

    Args:
        every: whether all tensors are values, of which real ones are promoted (`add`), or only the complex ones (`gather`).
    """

    def meaning(body: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        given = [_split(arg, every) for arg in args]
        named = {key: _split(value, every) for key, value in kwargs.items()}
        re = body(*(a for a, _ in given), **{k: a for k, (a, _) in named.items()})
        im = body(*(b for _, b in given), **{k: b for k, (_, b) in named.items()})
        return _combined(re, im)

    return meaning


LINEAR = ("add", "add_n", "concat", "cumsum", "mean", "neg", "stack", "sub", "sum", "zeros_like")
MOVEMENT = (
    *RESHAPED,
    "batch_to_space_nd",
    "broadcast_to",
    "clone",
    "depth_to_space",
    "diag",
    "expand_dims",
    "gather",
    "gather_nd",
    "index_node",
    "mirror_pad",
    "reshape",
    "reverse",
    "slice",
    "space_to_batch_nd",
    "split",
    "squeeze",
    "strided_slice",
    "tile",
    "unstack",
)

Pair = tuple[Node, Node]


def _arithmetic(compute: Callable[..., Pair]) -> Callable[..., Node]:
    """Returns the meaning of an op given on pairs of parts; it has no other arguments."""

    def meaning(_body: Callable[..., Any], *args: Node) -> Node:
        return complex_node(*compute(*map(parts, args)))

    return meaning


def _mul(a: Pair, b: Pair) -> Pair:
    return sub(mul(a[0], b[0]), mul(a[1], b[1])), add(mul(a[0], b[1]), mul(a[1], b[0]))


def _div(a: Pair, b: Pair) -> Pair:
    """Divides by the larger part of b first (Smith's method), so that the squares of large parts do not overflow."""
    flat = math.abs_(b[0])
    steep = comparison.less(flat, math.abs_(b[1]))
    large, small = where(steep, b[1], b[0]), where(steep, b[0], b[1])
    ratio = divide_real(small, large)
    whole = add(large, mul(small, ratio))
    re = where(steep, add(mul(a[0], ratio), a[1]), add(a[0], mul(a[1], ratio)))
    im = where(steep, sub(mul(a[1], ratio), a[0]), sub(a[1], mul(a[0], ratio)))
    return divide_real(re, whole), divide_real(im, whole)


def magnitude(x: Pair) -> Node:
    """Returns |x|, scaled so that nothing overflows, with derivative 0 at 0."""
    largest = arithmetic.maximum(math.abs_(x[0]), math.abs_(x[1]))
    ordinary = logical_and(comparison.greater(largest, const(0.0, "float32")), math.is_finite(largest))
    scale = where(ordinary, largest, const(1.0, "float32"))
    a, b = divide_real(x[0], scale), divide_real(x[1], scale)
    length = math.sqrt(where(ordinary, add(mul(a, a), mul(b, b)), const(1.0, "float32")))
    result: Node = where(ordinary, mul(length, scale), largest)
    return result


def _exp(x: Pair) -> Pair:
    size = math.exp(x[0])
    return mul(size, trigonometry.cos(x[1])), mul(size, trigonometry.sin(x[1]))


def _log(x: Pair) -> Pair:
    return math.log(magnitude(x)), arithmetic.atan2(x[1], x[0])


def _sqrt(x: Pair) -> Pair:
    """The root with a real part of 0 or more: of the two forms for its parts the one without cancellation."""
    half = const(0.5, "float32")
    root = math.sqrt(mul(half, add(magnitude(x), math.abs_(x[0]))))
    other = arithmetic.div_no_nan(mul(half, math.abs_(x[1])), root)
    right = comparison.greater_equal(x[0], const(0.0, "float32"))
    im = where(right, other, root)
    return where(right, root, other), where(comparison.less(x[1], const(0.0, "float32")), neg(im), im)


def _reciprocal(x: Pair) -> Pair:
    return _div((broadcast_node(const(1.0, "float32"), x[0].shape), zeros_of(x[0])), x)


def _pow(base: Pair, exponent: Pair) -> Pair:
    zero = const(0.0, "float32")
    nothing = logical_and(comparison.equal(base[0], zero), comparison.equal(base[1], zero))
    safe = (where(nothing, const(1.0, "float32"), base[0]), base[1])
    # |base|^re e^(-im angle): pow keeps the digits that the product of a logarithm loses.
    length, angle = magnitude(safe), arithmetic.atan2(safe[1], safe[0])
    size = mul(math.pow_(length, exponent[0]), math.exp(neg(mul(exponent[1], angle))))
    turn = add(mul(exponent[0], angle), mul(exponent[1], math.log(length)))
    power = mul(size, trigonometry.cos(turn)), mul(size, trigonometry.sin(turn))
    empty = logical_and(comparison.equal(exponent[0], zero), comparison.equal(exponent[1], zero))
    at_zero = cast_node(empty, "float32")
    return where(nothing, at_zero, power[0]), where(nothing, zero, power[1])


ARITHMETIC: dict[str, Callable[..., Pair]] = {
    "div": _div,
    "exp": _exp,
    "log": _log,
    "mul": _mul,
    "ones_like": lambda x: (broadcast_node(const(1.0, "float32"), x[0].shape), zeros_of(x[0])),
    "pow": _pow,
    "reciprocal": _reciprocal,
    "sqrt": _sqrt,
    "square": lambda x: _mul(x, x),
    "true_div": _div,
}


def _mat_mul(body: Callable[..., Any], a: Node, b: Node, *rest: Any, **kwargs: Any) -> Node:
    x, y = parts(a), parts(b)

    def times(i: int, j: int) -> Node:
        result: Node = body(x[i], y[j], *rest, **kwargs)
        return result

    return complex_node(sub(times(0, 0), times(1, 1)), add(times(0, 1), times(1, 0)))


def _cast(_body: Callable[..., Any], x: Node, dtype: str) -> Node:
    result: Node = x if dtype == "complex64" else cast_node(parts(x)[0], dtypes.check(dtype, "cast"))
    return result


def _where(_body: Callable[..., Any], condition: Node, a: Node, b: Node) -> Node:
    (ra, ia), (rb, ib) = parts(a), parts(b)
    return complex_node(where(condition, ra, rb), where(condition, ia, ib))


def _same(body: Callable[..., Any], a: Node, b: Node) -> Node:
    """`equal` asks both parts, `not_equal` either."""
    join = logical_and if body.__name__ == "equal" else logical_or
    (ra, ia), (rb, ib) = parts(a), parts(b)
    result: Node = join(body(ra, rb), body(ia, ib))
    return result


def _pad(body: Callable[..., Any], x: Node, paddings: Any, constant_value: Any = 0) -> Node:
    re, im = parts(x)
    value = builtins.complex(constant_value)
    return complex_node(body(re, paddings, value.real), body(im, paddings, value.imag))


def _transpose(body: Callable[..., Any], x: Node, perm: Any = None, conjugate: bool = False) -> Node:
    re, im = (body(part, perm) for part in parts(x))
    return complex_node(re, neg(im) if conjugate else im)


FORMS["complex64"].update(
    {
        **dict.fromkeys(LINEAR, _on_parts(every=True)),
        **dict.fromkeys(MOVEMENT, _on_parts(every=False)),
        **{name: _arithmetic(compute) for name, compute in ARITHMETIC.items()},
        "abs": lambda _body, x: magnitude(parts(x)),
        "cast": _cast,
        "equal": _same,
        "imag": lambda _body, x: x.inputs[1],
        "mat_mul": _mat_mul,
        "not_equal": _same,
        "pad": _pad,
        "real": lambda _body, x: x.inputs[0],
        "to_float": lambda _body, x: x.inputs[0],
        "transpose": _transpose,
        "where": _where,
    }
)
