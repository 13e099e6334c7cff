"""`keras.backend`: settings, dtypes, and the functions `K.*` of Keras 2 that programs still use: each is one of `keras.ops`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import dtypes, naming
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.documenting import complete
from tfjs_pyo.dtype_names import FLOATS, INTEGERS, standardize_dtype, stored
from tfjs_pyo.keras import ops, random
from tfjs_pyo.keras.config import (
    backend,
    epsilon,
    floatx,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_image_data_format,
)
from tfjs_pyo.keras.ops.declare import tensor
from tfjs_pyo.keras.utils.objects import clear_session, is_keras_tensor
from tfjs_pyo.rules import check_public

_counts: dict[str, int] = {}


def get_uid(prefix: str = "") -> int:
    """Returns how often it was called with a prefix. Source: https://keras.io/api/utils/backend_utils/"""
    _counts[prefix] = _counts.get(prefix, 0) + 1
    return _counts[prefix]


def is_float_dtype(dtype: Any) -> bool:
    """Returns whether a dtype is one of floats. Source: https://keras.io/api/utils/backend_utils/"""
    return standardize_dtype(dtype) in FLOATS


def is_int_dtype(dtype: Any) -> bool:
    """Returns whether a dtype is one of integers. Source: https://keras.io/api/utils/backend_utils/"""
    return standardize_dtype(dtype) in INTEGERS


def result_type(*dtypes_: Any) -> str:
    """Returns the dtype that operands are promoted to: of those that are computed here.

    Example:
        >>> result_type("int32", "float32"), result_type("int64", bool)
        ('float32', 'int32')

    Source: https://keras.io/api/utils/backend_utils/
    """
    return dtypes.promote(*(stored(dtype) for dtype in dtypes_)) if dtypes_ else "float32"


# Keras 2's functions. Where a name or a default differs from that of keras.ops, it is said here.

_SAME = (
    "abs all any arange batch_normalization binary_crossentropy cast categorical_crossentropy clip cos cumprod cumsum elu equal "
    "exp eye greater greater_equal less less_equal log logsumexp max maximum mean min minimum moveaxis ndim not_equal one_hot "
    "ones ones_like prod relu reshape round shape sigmoid sign sin softmax softplus softsign sparse_categorical_crossentropy "
    "sqrt square squeeze std stop_gradient sum tanh tile transpose var zeros zeros_like"
)
_RENAMED = {
    "pow": "power",
    "permute_dimensions": "transpose",
    "hard_sigmoid": "hard_sigmoid",
    "repeat_elements": "repeat",
    "reverse": "flip",
}
_OLD: dict[str, Callable[..., Any]] = {
    **{name: getattr(ops, name) for name in _SAME.split()},
    **{name: getattr(ops, new) for name, new in _RENAMED.items()},
}


def _old(function: Callable[..., Any]) -> Callable[..., Any]:
    _OLD[function.__name__.rstrip("_")] = function
    return function


@_old
def gather(reference: Any, indices: Any) -> Any:
    """Returns rows by their indices."""
    return ops.take(reference, indices, axis=0)


@_old
def expand_dims(x: Any, axis: int = -1) -> Any:
    """Returns x with a new axis of length 1."""
    return ops.expand_dims(x, axis)


@_old
def argmax(x: Any, axis: int = -1) -> Any:
    """Returns the place of the largest element along an axis."""
    return ops.argmax(x, axis)


@_old
def argmin(x: Any, axis: int = -1) -> Any:
    """Returns the place of the smallest element along an axis."""
    return ops.argmin(x, axis)


@_old
def concatenate(tensors: Sequence[Any], axis: int = -1) -> Any:
    """Returns tensors one after the other."""
    return ops.concatenate(tensors, axis)


@_old
def stack(x: Sequence[Any], axis: int = 0) -> Any:
    """Returns tensors along a new axis."""
    return ops.stack(x, axis)


@_old
def dot(x: Any, y: Any) -> Any:
    """Returns the product of the last axis of x and the second to last of y."""
    return ops.dot(x, y)


@_old
def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """Returns products, sample by sample, added up along an axis of each."""
    x, y = tensor(x), tensor(y)
    first, second = (
        (axes, axes) if isinstance(axes, int) else axes or (len(x.shape) - 1, max(1, len(y.shape) - 2))
    )
    letters = "abcdefghijklmnop"
    left = list(letters[: len(x.shape)])
    right = [left[0], *letters[len(left) : len(left) + len(y.shape) - 1]]
    right[second] = left[first]
    out = [each for each in left if each != left[first]] + [each for each in right[1:] if each != left[first]]
    found = ops.einsum(f"{''.join(left)},{''.join(right)}->{''.join(out)}", x, y)
    return ops.expand_dims(found, -1) if len(out) == 1 else found


@_old
def flatten(x: Any) -> Any:
    """Returns the elements as a vector."""
    return ops.ravel(x)


@_old
def batch_flatten(x: Any) -> Any:
    """Returns each sample as a vector."""
    return ops.reshape(x, (-1, _elements(tensor(x).shape[1:])))


def _elements(shape: Sequence[int]) -> int:
    count = 1
    for dim in shape:
        count *= dim
    return count


@_old
def l2_normalize(x: Any, axis: int | None = None) -> Any:
    """Returns x divided by the root of the sum of its squares."""
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return ops.multiply(x, ops.rsqrt(ops.maximum(squares, 1e-12)))


@_old
def int_shape(x: Any) -> tuple[Any, ...]:
    """Returns the shape."""
    return tuple(tensor(x).shape)


@_old
def count_params(x: Any) -> int:
    """Returns the number of elements."""
    return _elements(tensor(x).shape)


@_old
def dtype(x: Any) -> str:
    """Returns the dtype."""
    return str(tensor(x).dtype)


@_old
def constant(value: Any, dtype: Any = None, shape: Sequence[int] | None = None) -> Any:
    """Returns a tensor of a value, float32 by default."""
    made = ops.cast(tensor(value), dtype or "float32")
    return made if shape is None else ops.broadcast_to(made, shape)


@_old
def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Variable:
    """Returns a variable, float32 by default."""
    made = Variable(ops.cast(tensor(value), dtype or "float32"), name=name)
    made.constraint = constraint
    return made


@_old
def get_value(x: Any) -> Any:
    """Returns the value as an array."""
    return tensor(x).__array__()


@_old
def set_value(x: Variable, value: Any) -> None:
    """Replaces the value of a variable."""
    x.assign(ops.cast(tensor(value), x.dtype))


@_old
def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """Returns one of two values, element by element; of functions what one of them gives."""
    if callable(then_expression) and not isinstance(then_expression, Variable):
        return ops.cond(condition, then_expression, else_expression)
    return ops.where(condition, then_expression, else_expression)


@_old
def random_normal(
    shape: Sequence[int], mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Returns normally distributed numbers."""
    return random.normal(shape, mean, stddev, dtype, seed)


@_old
def random_uniform(
    shape: Sequence[int], minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Returns numbers drawn uniformly."""
    return random.uniform(shape, minval, maxval, dtype, seed)


@_old
def dropout(x: Any, level: float, noise_shape: Any = None, seed: Any = None) -> Any:
    """Returns x with a share of its elements 0, the others scaled up."""
    return random.dropout(x, level, noise_shape, seed)


@_old
def learning_phase() -> int:
    """Returns 0: layers are told by their `training` argument."""
    return 0


_INSTEAD = {
    "function": "call a Model of these inputs and outputs",
    "gradients": "compute the result in a GradientTape, and ask it",
    "get_session": "there are no sessions: tensors have values",
    "set_session": "there are no sessions: leave the call out",
    "rnn": "use a keras.layers.RNN with a cell",
    "placeholder": "use keras.Input",
}


def __getattr__(name: str) -> Any:
    if name in _OLD:
        return _OLD[name]
    raise AttributeError(
        f"keras.backend has no {name!r}."
        + (f" Instead: {_INSTEAD[name]}." if name in _INSTEAD else " Look in keras.ops.")
    )


__all__ = [
    "backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format", "is_float_dtype", "is_int_dtype",
    "is_keras_tensor", "result_type", "set_epsilon", "set_floatx", "set_image_data_format", "standardize_dtype",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
check_public(globals())
complete(globals())
