"""`keras.ops`: what tensors are made of, and parts of complex numbers."""

from __future__ import annotations

import math
import re
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import NARROW, standardize_dtype, stored
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.ops.declare import Symbolic
from tfjs_pyo.types import DTypeLike, NDArray, TensorLike

core = Group()
nn = Group()
numpy = Group()


@core.op()
def cast(x: Tensor, dtype: DTypeLike | None) -> Tensor:
    """Returns x with another dtype: float32 for all floats, int32 for all integers; narrow ones wrap around.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.cast([1.7, -1.7], "int32")
        Tensor
            [1, -1]
        >>> keras.ops.cast([255, 256], "uint8")
        Tensor
            [255, 0]

    Source: https://keras.io/api/ops/core/
    """
    name = standardize_dtype(dtype)
    found = ops.cast(x, stored(name))
    if name in NARROW:
        bits, signed = NARROW[name]
        low = -(1 << (bits - 1)) if signed else 0
        found = ops.mod(found - low, 1 << bits) + low
    return found


@core.op()
def saturate_cast(x: Tensor, dtype: DTypeLike | None) -> Tensor:
    """Returns x with another dtype, held within its range.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.saturate_cast([-5.0, 100.0, 300.0], "uint8")
        Tensor
            [0, 100, 255]

    Source: https://keras.io/api/ops/core/
    """
    name = standardize_dtype(dtype)
    if name == "bool":
        return ops.cast(ops.clip_by_value(as_float(x), 0.0, 1.0), "bool")
    if name in NARROW:
        bits, signed = NARROW[name]
        low = -(1 << (bits - 1)) if signed else 0
        return ops.cast(ops.clip_by_value(x, low, low + (1 << bits) - 1), "int32")
    if name in ("uint32", "uint64"):
        return ops.cast(ops.maximum(x, ops.cast(0, x.dtype)), "int32")
    return ops.cast(x, stored(name))


@core.op(0)
def convert_to_tensor(
    x: TensorLike, dtype: DTypeLike | None = None, sparse: bool | None = None, ragged: bool | None = None
) -> Tensor:
    """Returns a tensor of numbers, lists, arrays or a variable; a tensor comes back as it is.

    Raises:
        OptionError: sparse or ragged tensors were asked for, which are not there.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.convert_to_tensor([1, 2], dtype="float32").dtype
        'float32'

    Source: https://keras.io/api/ops/core/
    """
    if sparse or ragged:
        raise OptionError("convert_to_tensor: sparse and ragged tensors are not supported.")
    if dtype is not None and not isinstance(x, (Tensor, Symbolic)) and not hasattr(x, "dtype"):
        return ops.cast(tensor(x), stored(dtype))
    found = tensor(x)
    return found if dtype is None or found.dtype == stored(dtype) else cast(found, dtype)


@core.plain
def convert_to_numpy(x: TensorLike) -> NDArray:
    """Returns the value as a NumPy array.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.convert_to_numpy([[1, 2], [3, 4]])
        array([[1, 2],
               [3, 4]], dtype=int32)

    Source: https://keras.io/api/ops/core/
    """
    return tensor(x).__array__()


@numpy.op(0)
def array(x: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor of numbers, lists or arrays.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.array([[1.5, 2.0], [3.0, 4.5]])
        Tensor
            [[1.5, 2  ],
             [3  , 4.5]]

    Source: https://keras.io/api/ops/numpy/
    """
    return convert_to_tensor(x, dtype)


@core.plain
def is_tensor(x: TensorLike) -> bool:
    """Returns whether a value is a tensor.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.is_tensor(keras.ops.ones([2])), keras.ops.is_tensor([1.0, 1.0])
        (True, False)

    Source: https://keras.io/api/ops/core/
    """
    return isinstance(x, Tensor)


@core.plain
def shape(x: TensorLike) -> tuple[Any, ...]:
    """Returns the shape; of a symbolic tensor with None where it is not known.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.shape([[1, 2, 3], [4, 5, 6]])
        (2, 3)
        >>> keras.ops.shape(keras.Input([3]))
        (None, 3)

    Source: https://keras.io/api/ops/core/
    """
    return tuple(tensor(x).shape)


@core.plain
def dtype(x: TensorLike) -> str:
    """Returns the dtype of a tensor.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.dtype([1, 2]), keras.ops.dtype([1.0, 2.0])
        ('int32', 'float32')

    Source: https://keras.io/api/ops/core/
    """
    return str(tensor(x).dtype)


@numpy.plain
def ndim(x: TensorLike) -> int:
    """Returns the number of axes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.ndim([[1, 2], [3, 4]])
        2

    Source: https://keras.io/api/ops/numpy/
    """
    return len(tensor(x).shape)


@numpy.plain
def size(x: TensorLike) -> Any:
    """Returns the number of elements, None where it is not known.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.size([[1, 2, 3], [4, 5, 6]])
        6

    Source: https://keras.io/api/ops/numpy/
    """
    dims = tensor(x).shape
    return None if None in dims else math.prod(dims)


@core.op()
def stop_gradient(variable: Tensor) -> Tensor:
    """Returns the same value, which gradients take for a constant.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.jvp(lambda x: x * keras.ops.stop_gradient(x), [3.0], [1.0])[1].item()
        3.0

    Source: https://keras.io/api/ops/core/
    """
    return ops.stop_gradient(variable)


@core.op()
def unstack(x: Tensor, num: int | None = None, axis: int = 0) -> list[Tensor]:
    """Returns the slices along an axis.

    Raises:
        ShapeError: there are not `num` slices.

    Example:
        >>> from tfjs_pyo import keras
        >>> first, second = keras.ops.unstack([[1, 2], [3, 4]], axis=1)
        >>> first
        Tensor
            [1, 3]

    Source: https://keras.io/api/ops/core/
    """
    parts = list(ops.unstack(x, axis))
    if num is not None and num != len(parts):
        raise ShapeError(f"unstack: expected {num} slices, received shape {x.shape} along axis {axis}.")
    return parts


@core.op()
def rearrange(tensor: Tensor, pattern: str, **axes_lengths: int) -> Tensor:
    """Returns x with axes split, moved and joined as a pattern says: 'b h w c -> b (h w) c'.

    Raises:
        ShapeError: axes or lengths that do not fit the pattern.
        OptionError: the sides of the pattern have different axes.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.ops.reshape(keras.ops.arange(8), [2, 2, 2])
        >>> keras.ops.rearrange(x, "b h w -> b (w h)")
        Tensor
            [[0, 2, 1, 3],
             [4, 6, 5, 7]]

    Source: https://keras.io/api/ops/einops/
    """
    left, right = (re.findall(r"\w+|\(.*?\)", side) for side in re.split(r"\s*->\s*", pattern))
    lengths = dict(axes_lengths)
    if len(left) != tensor.rank:
        raise ShapeError(
            f"rearrange: expected {len(left)} axes for {pattern!r}, received shape {tensor.shape}."
        )
    for group, dim in zip(left, tensor.shape, strict=True):
        names = re.findall(r"\w+", group)
        unknown = [name for name in names if name not in lengths]
        known = math.prod(lengths[name] for name in names if name in lengths)
        if len(unknown) > 1 or dim % max(known, 1):
            raise ShapeError(
                f"rearrange: expected lengths for {group} that make {dim}, received {axes_lengths}."
            )
        if unknown:
            lengths[unknown[0]] = dim // known
    given = [name for group in left for name in re.findall(r"\w+", group)]
    wanted = [name for group in right for name in re.findall(r"\w+", group)]
    if sorted(given) != sorted(wanted):
        raise OptionError(f"rearrange: expected the same axes on both sides of {pattern!r}.")
    x = ops.reshape(tensor, [lengths[name] for name in given])
    x = ops.transpose(x, [given.index(name) for name in wanted])
    return ops.reshape(x, [math.prod(lengths[n] for n in re.findall(r"\w+", group)) for group in right])


# Complex numbers


@core.op()
def view_as_complex(x: Tensor) -> Tensor:
    """Returns pairs of the last axis as complex numbers.

    Raises:
        ShapeError: the last axis has another length than 2.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.view_as_complex([[1.0, 2.0], [3.0, 4.0]])
        Tensor
            [1 + 2j, 3 + 4j]

    Source: https://keras.io/api/ops/core/
    """
    if not x.rank or x.shape[-1] != 2:
        raise ShapeError(f"view_as_complex: expected pairs along the last axis, received shape {x.shape}.")
    real, imaginary = ops.unstack(as_float(x), -1)
    return ops.complex(real, imaginary)


@core.op()
def view_as_real(x: Tensor) -> Tensor:
    """Returns complex numbers as pairs along a new last axis.

    Raises:
        DTypeError: x is not complex.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.view_as_real(keras.ops.array([1 + 2j, 3 + 4j]))
        Tensor
            [[1, 2],
             [3, 4]]

    Source: https://keras.io/api/ops/core/
    """
    if x.dtype != "complex64":
        raise DTypeError(f"view_as_real: expected complex numbers, received {x.dtype}.")
    return ops.stack([ops.real(x), ops.imag(x)], -1)


@nn.op(2)
def polar(abs_: Tensor, angle: Tensor) -> Tensor:
    """Returns complex numbers of lengths and angles.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.polar([1.0, 2.0], [0.0, 3.141592653589793]).numpy().round(4)
        array([ 1.+0.j, -2.-0.j], dtype=complex64)

    Source: https://keras.io/api/ops/core/
    """
    length, turn = as_float(abs_), as_float(angle)
    return ops.complex(length * ops.cos(turn), length * ops.sin(turn))


__all__ = ["core", "nn", "numpy"]
