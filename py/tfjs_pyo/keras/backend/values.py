"""`K.*` of Keras 2: variables, values, random numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tfjs_pyo.core.engine import import_numpy
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.keras import ops, random
from tfjs_pyo.keras.backend.arrays import elements
from tfjs_pyo.keras.backend.declare import FUNCTIONS, old
from tfjs_pyo.keras.config import floatx
from tfjs_pyo.keras.ops.declare import tensor
from tfjs_pyo.variables import name_scope

old(name_scope)


@old
def int_shape(x: Any) -> tuple[Any, ...]:
    """Returns the shape."""
    return tuple(tensor(x).shape)


@old
def count_params(x: Any) -> int:
    """Returns the number of elements."""
    return elements(tensor(x).shape)


@old
def dtype(x: Any) -> str:
    """Returns the dtype."""
    return str(tensor(x).dtype)


@old
def constant(
    value: Any,
    dtype: Any = None,
    shape: Sequence[int] | None = None,
    name: str | None = None,  # noqa: ARG001 (Keras's)
) -> Any:
    """Returns a tensor of a value, float32 by default."""
    made = ops.cast(tensor(value), dtype or floatx())
    if shape is None or made.shape == tuple(shape):
        return made
    return ops.reshape(made, shape) if made.shape else ops.broadcast_to(made, shape)


@old
def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Variable:
    """Returns a variable, float32 by default."""
    made = Variable(ops.cast(tensor(value), dtype or floatx()), name=name)
    made.constraint = constraint
    return made


@old
def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Returns a variable of ones, float32 by default."""
    return variable(ops.ones(shape), dtype, name)


@old
def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Returns a variable of zeros, float32 by default."""
    return variable(ops.zeros(shape), dtype, name)


@old
def eye(size: int, dtype: Any = None, name: str | None = None) -> Variable:
    """Returns a variable with ones on its diagonal, float32 by default."""
    return variable(ops.eye(size), dtype, name)


@old
def cast_to_floatx(x: Any) -> Any:
    """Returns a tensor as float32; an array for what is no tensor."""
    if isinstance(x, (Tensor, Variable)):
        return ops.cast(x, floatx())
    return import_numpy("K.cast_to_floatx").asarray(x, dtype=floatx())


@old
def get_value(x: Any) -> Any:
    """Returns the value as an array."""
    return tensor(x).__array__()


@old
def eval_(x: Any) -> Any:
    """Returns the value as an array."""
    return get_value(x)


@old
def set_value(x: Variable, value: Any) -> None:
    """Replaces the value of a variable."""
    x.assign(ops.cast(tensor(value), x.dtype))


@old
def batch_get_value(tensors: Iterable[Any]) -> list[Any]:
    """Returns the values as arrays."""
    return [get_value(each) for each in tensors]


@old
def batch_set_value(tuples: Iterable[tuple[Variable, Any]]) -> None:
    """Replaces the values of variables: pairs of a variable and its value."""
    for x, value in tuples:
        set_value(x, value)


@old
def update(x: Variable, new_x: Any) -> Variable:
    """Replaces the value of a variable, and returns it."""
    set_value(x, new_x)
    return x


@old
def update_add(x: Variable, increment: Any) -> Variable:
    """Adds to a variable, and returns it."""
    return update(x, ops.add(x, increment))


@old
def update_sub(x: Variable, decrement: Any) -> Variable:
    """Subtracts from a variable, and returns it."""
    return update(x, ops.subtract(x, decrement))


@old
def moving_average_update(x: Variable, value: Any, momentum: float) -> Variable:
    """Moves a variable towards a value: x * momentum + value * (1 - momentum). Returns it."""
    return update_sub(x, ops.multiply(ops.subtract(x, value), 1 - momentum))


@old
def random_normal(
    shape: Sequence[int], mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Returns normally distributed numbers."""
    return random.normal(shape, mean, stddev, dtype, seed)


@old
def random_uniform(
    shape: Sequence[int], minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Returns numbers drawn uniformly."""
    return random.uniform(shape, minval, maxval, dtype, seed)


@old
def truncated_normal(
    shape: Sequence[int], mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Returns normally distributed numbers within two standard deviations."""
    return random.truncated_normal(shape, mean, stddev, dtype, seed)


@old
def random_bernoulli(shape: Sequence[int], p: float = 0.0, dtype: Any = None, seed: Any = None) -> Any:
    """Returns ones with probability p, else zeros."""
    return ops.cast(ops.less_equal(random.uniform(shape, seed=seed), p), dtype or floatx())


@old
def random_normal_variable(
    shape: Sequence[int],
    mean: float,
    scale: float,
    dtype: Any = None,
    name: str | None = None,
    seed: Any = None,
) -> Variable:
    """Returns a variable of normally distributed numbers."""
    return variable(random.normal(shape, mean, scale, None, seed), dtype, name)


@old
def random_uniform_variable(
    shape: Sequence[int],
    low: float,
    high: float,
    dtype: Any = None,
    name: str | None = None,
    seed: Any = None,
) -> Variable:
    """Returns a variable of numbers drawn uniformly."""
    return variable(random.uniform(shape, low, high, None, seed), dtype, name)


@old
def dropout(x: Any, level: float, noise_shape: Any = None, seed: Any = None) -> Any:
    """Returns x with a share of its elements 0, the others scaled up."""
    return random.dropout(x, level, noise_shape, seed)


@old
def learning_phase() -> int:
    """Returns 0: layers are told by their `training` argument."""
    return 0


__all__ = ["FUNCTIONS"]
