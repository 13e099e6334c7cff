"""`tf.debugging`: conditions that programs check while they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import DTypeError, OptionError, RangeError, ShapeError
from tfjs_pyo.options import items, shown
from tfjs_pyo.rules import all_checked
from tfjs_pyo.tensorflow.functions import constant


def _told(message: str | None) -> str:
    return f" {message}" if message else ""


def _check(name: str, holds: Any, message: str | None, shown: Sequence[Any], summarize: int | None) -> None:
    """Raises unless a condition holds everywhere. What a recording has no values for is not checked."""
    if context.trace() is not None:
        return
    if not bool(ops.all(constant(holds)).item()):
        values = "; ".join(str(constant(each).tolist())[: 20 * (summarize or 10)] for each in shown)
        raise RangeError(
            f"tf.debugging.{name}: the condition does not hold.{_told(message)} Values: {values}"
        )


def _compared(name: str, sign: str, function: Callable[..., Tensor]) -> Callable[..., None]:
    def call(
        x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
    ) -> None:
        _check(label, function(constant(x), constant(y)), message, (x, y), summarize)

    label = f"assert_{name}"
    call.__name__ = call.__qualname__ = label
    call.__doc__ = f"Raises RangeError unless x {sign} y everywhere."
    return call


def _single(name: str, function: Callable[[Tensor], Tensor]) -> Callable[..., None]:
    def call(
        x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
    ) -> None:
        _check(label, function(constant(x)), message, (x,), summarize)

    label = f"assert_{name}"
    call.__name__ = call.__qualname__ = label
    call.__doc__ = f"Raises RangeError unless all numbers are {name.replace('_', '-')}."
    return call


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    message: str | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> None:
    """Raises RangeError unless |x - y| <= atol + rtol * |y| everywhere."""
    x, y = constant(x, "float32"), constant(y, "float32")
    near = 10 * 1.1920929e-07
    bound = (near if atol is None else atol) + (near if rtol is None else rtol) * ops.abs(y)
    _check("assert_near", ops.less_equal(ops.abs(x - y), bound), message, (x, y), summarize)


def assert_all_finite(x: Any, message: str, name: str | None = None) -> Tensor:
    """Returns a tensor; raises RangeError where it has NaN or infinity."""
    _check("assert_all_finite", ops.is_finite(constant(x)), message, (x,), None)
    return constant(x)


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """Returns a tensor; raises RangeError where it has NaN or infinity."""
    _check("check_numerics", ops.is_finite(constant(tensor)), message, (tensor,), None)
    return constant(tensor)


def Assert(
    condition: Any, data: Sequence[Any], summarize: int | None = None, name: str | None = None
) -> None:
    """Raises RangeError unless a condition holds."""
    _check("Assert", condition, None, data, summarize)


def assert_rank(x: Any, rank: int, message: str | None = None, name: str | None = None) -> None:
    """Raises ShapeError unless a tensor has some number of axes."""
    _ranked("assert_rank", x, len(constant(x).shape) == int(rank), str(rank), message)


def assert_rank_at_least(x: Any, rank: int, message: str | None = None, name: str | None = None) -> None:
    """Raises ShapeError unless a tensor has at least some number of axes."""
    _ranked("assert_rank_at_least", x, len(constant(x).shape) >= int(rank), f"at least {rank}", message)


def assert_rank_in(x: Any, ranks: Sequence[int], message: str | None = None, name: str | None = None) -> None:
    """Raises ShapeError unless the number of a tensor's axes is one of some."""
    _ranked(
        "assert_rank_in",
        x,
        len(constant(x).shape) in [int(rank) for rank in ranks],
        f"in {list(ranks)}",
        message,
    )


def _ranked(owner: str, x: Any, holds: bool, wanted: str, message: str | None) -> None:
    if not holds:
        raise ShapeError(
            f"tf.debugging.{owner}: expected rank {wanted}, received shape {constant(x).shape}.{_told(message)}"
        )


def assert_scalar(tensor: Any, message: str | None = None, name: str | None = None) -> None:
    """Raises ShapeError unless a tensor has no axes."""
    _ranked("assert_scalar", tensor, constant(tensor).shape == (), "0", message)


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> None:
    """Raises ShapeError unless tensors have their shapes; the same letter stands for the same size throughout.

    Args:
        shapes: pairs of tensor and shape, or a dict of them: sizes, letters for those that are to be equal, None for any.
        data, summarize, name: have no effect.
        message: for the error.

    Raises:
        ShapeError: a tensor has another shape.
        OptionError: `shapes` has no pairs.
    """
    sizes: dict[str, int] = {}
    pairs = list(shapes.items()) if isinstance(shapes, Mapping) else items(shapes)
    if pairs is None or not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
        raise OptionError(
            f"tf.debugging.assert_shapes: expected pairs of a tensor and a shape, received {shown(shapes)}."
        )
    for tensor, each in pairs:
        shape, wanted = tuple(constant(tensor).shape), (each,) if isinstance(each, int) else tuple(each)
        if wanted[:1] in ((Ellipsis,), ("*",)):
            shape, wanted = shape[max(0, len(shape) - len(wanted) + 1) :], wanted[1:]
        fits = len(shape) == len(wanted) and all(
            want in (None, ".")
            or (sizes.setdefault(want, size) == size if isinstance(want, str) else want == size)
            for size, want in zip(shape, wanted, strict=True)
        )
        if not fits:
            raise ShapeError(
                f"tf.debugging.assert_shapes: expected shape {wanted}, received {shape}, with {sizes}.{_told(message)}"
            )


def assert_type(tensor: Any, tf_type: str, message: str | None = None, name: str | None = None) -> None:
    """Raises DTypeError, which is a TypeError, unless a tensor is of a dtype.

    Args:
        tensor: a tensor, or what becomes one.
        tf_type: the dtype, as tf.float32.
        message: for the error.
        name: has no effect.

    Raises:
        DTypeError: another dtype.
    """
    if constant(tensor).dtype != tf_type:
        raise DTypeError(
            f"tf.debugging.assert_type: expected {tf_type}, received {constant(tensor).dtype}.{_told(message)}"
        )


def is_numeric_tensor(tensor: Any) -> bool:
    """Returns whether a value is a tensor of numbers."""
    return isinstance(tensor, Tensor) and tensor.dtype not in ("string", "bool")


_FUNCTIONS: dict[str, Any] = {
    "Assert": Assert,
    "assert_all_finite": assert_all_finite,
    "assert_near": assert_near,
    "assert_rank": assert_rank,
    "assert_rank_at_least": assert_rank_at_least,
    "assert_rank_in": assert_rank_in,
    "assert_scalar": assert_scalar,
    "assert_shapes": assert_shapes,
    "assert_type": assert_type,
    "check_numerics": check_numerics,
    "is_numeric_tensor": is_numeric_tensor,
    **{
        f"assert_{name}": _compared(name, sign, function)
        for name, sign, function in (
            ("equal", "==", ops.equal), ("none_equal", "!=", ops.not_equal), ("less", "<", ops.less),
            ("less_equal", "<=", ops.less_equal), ("greater", ">", ops.greater), ("greater_equal", ">=", ops.greater_equal),
        )
    },
    **{
        f"assert_{name}": _single(name, function)
        for name, function in {
            "positive": lambda x: ops.greater(x, 0), "negative": lambda x: ops.less(x, 0),
            "non_negative": lambda x: ops.greater_equal(x, 0), "non_positive": lambda x: ops.less_equal(x, 0),
        }.items()
    },
}  # fmt: skip

DEBUGGING = all_checked(_FUNCTIONS)

__all__ = ["DEBUGGING"]
