"""What calls of keras.ops are made of: drawn arrays, and the calls themselves."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class A:
    """A drawn array: shape, dtype, range; `distinct` draws a permutation, `special` puts NaN and infinities in."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    low: float = -2.0
    high: float = 2.0
    distinct: bool = False
    special: tuple[float, ...] = ()
    symmetric: bool = False
    """Of the last two axes: positive definite."""


@dataclass(frozen=True)
class Call:
    """A call of an op.

    Attributes:
        name: the op, with its module where it is not in keras.ops itself.
        args, kwargs: `A` for what is drawn.
        gradient: whether the derivatives by float inputs are compared, too.
        tolerance: relative and absolute.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    gradient: bool = True
    tolerance: tuple[float, float] = (1e-5, 1e-5)


def drawn(spec: A, key: str) -> np.ndarray:
    """Returns the array of a spec: the same for the same call and place."""
    random = np.random.RandomState(zlib.crc32(key.encode()))
    size = int(np.prod(spec.shape))
    if spec.distinct:
        flat = random.permutation(size).astype(np.float64) * (spec.high - spec.low) / max(size, 1) + spec.low
    elif spec.dtype in ("int32", "uint8", "int64"):
        flat = random.randint(int(spec.low), int(spec.high) + 1, size)
    elif spec.dtype == "bool":
        flat = random.rand(size) < 0.5
    else:
        flat = random.uniform(spec.low, spec.high, size)
    for place, value in enumerate(spec.special):
        flat[(place * 7 + 3) % size] = value
    array = np.asarray(flat).reshape(spec.shape).astype(spec.dtype)
    if spec.symmetric:
        n = spec.shape[-1]
        array = (array @ np.swapaxes(array, -1, -2) + n * np.eye(n)).astype(spec.dtype)
    return array


def inputs_of(call: Call, number: int) -> tuple[list[Any], dict[str, Any]]:
    """Returns the arguments of a call with arrays in the place of specs, also in lists."""
    count = 0

    def filled(value: Any) -> Any:
        nonlocal count
        if isinstance(value, A):
            count += 1
            return drawn(value, f"{call.name}/{number}/{count}")
        if isinstance(value, (list, tuple)):
            return type(value)(filled(each) for each in value)
        return value

    return [filled(each) for each in call.args], {key: filled(each) for key, each in call.kwargs.items()}


X = A((3, 4))
V = A((6,))
I = A((3, 4), "int32", -5, 5)  # noqa: E741
B = A((3, 4), "bool")
POSITIVE = A((3, 4), low=0.1, high=4.0)
UNIT = A((3, 4), low=-0.95, high=0.95)
NANS = A((4, 5), special=(float("nan"), float("inf"), float("-inf"), float("nan")))
ORDERED = A((3, 5), distinct=True)
