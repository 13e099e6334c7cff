"""Tensors from numbers: values, constants, ranges, and casts between dtypes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import dtypes, naming
from tfjs_pyo.compiler.coords import Coords, Mode
from tfjs_pyo.compiler.emitter import Emitter
from tfjs_pyo.core import debug, engine
from tfjs_pyo.core.context import is_recorded
from tfjs_pyo.core.graph import (
    CUSTOM_GRAD,
    NONDIFFERENTIABLE,
    Kind,
    Node,
    Op,
    complex_node,
    const,
    strings_node,
)
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dtypes import held
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mul
from tfjs_pyo.ops.comparison import equal, where
from tfjs_pyo.ops.convert import check_size, constant, flatten, nodes_of, uploaded
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.movement import broadcast_node, reshape_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.options import shown
from tfjs_pyo.shapes import MAX_ELEMENTS, Dims, Shape, dimensions, infer_reshape, integers, size

Values = Any
"""A number, nested sequences of numbers, or an array."""


def _tensor(
    owner: str, values: Values, shape: Sequence[int] | None, dtype: str | None, rank: int | None
) -> Tensor:
    if isinstance(values, Tensor):
        kept: Tensor = cast(values, dtype or values.dtype)
        return kept
    flat, found, natural = flatten(values, owner)
    wanted = dtypes.check(dtype or natural, owner, dtypes.DTYPES)
    if natural not in dtypes.STORED and wanted != natural:
        raise DTypeError(f"{owner}: expected values for dtype {wanted}, received values of dtype {natural}.")
    target: Shape = found if shape is None else integers(owner, "shape", [*shape])
    if -1 in target:
        target = infer_reshape(owner, found, target)
    check_size(target, len(flat), owner)
    last = len(found) - 1
    if last > 0 and (found[:last] != target[:last] or found[last] != size(target[last:])):
        raise ShapeError(f"{owner}: expected nested lists of shape {target}, received shape {found}.")
    if rank is not None and len(target) != rank:
        raise ShapeError(f"{owner}: expected values of rank {rank}, received shape {target}.")
    if debug.enabled() and natural == "float32":
        debug.check_given(owner, flat)
    return Tensor(uploaded(flat, target, wanted, owner))


@naming.bridge
def tensor(values: Values, shape: Sequence[int] | None = None, dtype: str | None = None) -> Tensor:
    """Returns a tensor of the given values.

    Args:
        values: a number, nested lists, a flat list with `shape`, or an array.
        shape: of the result; inferred unless given.
        dtype: 'float32' (the default; arrays keep theirs, except integers that int32 does not hold), 'int32', 'bool',
            'complex64' or 'string'; complex numbers and strings give the last two by themselves.

    Raises:
        ShapeError: ragged lists, or a shape of another size.
        DTypeError: 'int32' was asked for and does not hold a value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.tensor([[1, 2], [3, 4]]).shape
        (2, 2)

    Source: https://js.tensorflow.org/api/latest/#tensor
    """
    return _tensor("tensor", values, shape, dtype, None)


@naming.bridge
def scalar(value: Values, dtype: str | None = None) -> Tensor:
    """Returns a tensor of rank 0. Source: https://js.tensorflow.org/api/latest/#scalar"""
    return _tensor("scalar", value, None, dtype, 0)


@naming.bridge
def tensor1d(values: Values, dtype: str | None = None) -> Tensor:
    """Returns a vector. Source: https://js.tensorflow.org/api/latest/#tensor1d"""
    return _tensor("tensor1d", values, None, dtype, 1)


@naming.bridge
def tensor2d(values: Values, shape: Sequence[int] | None = None, dtype: str | None = None) -> Tensor:
    """Returns a matrix. Source: https://js.tensorflow.org/api/latest/#tensor2d"""
    return _tensor("tensor2d", values, shape, dtype, 2)


@naming.bridge
def tensor3d(values: Values, shape: Sequence[int] | None = None, dtype: str | None = None) -> Tensor:
    """Returns a tensor of rank 3. Source: https://js.tensorflow.org/api/latest/#tensor3d"""
    return _tensor("tensor3d", values, shape, dtype, 3)


@naming.bridge
def tensor4d(values: Values, shape: Sequence[int] | None = None, dtype: str | None = None) -> Tensor:
    """Returns a tensor of rank 4. Source: https://js.tensorflow.org/api/latest/#tensor4d"""
    return _tensor("tensor4d", values, shape, dtype, 4)


@naming.bridge
def tensor5d(values: Values, shape: Sequence[int] | None = None, dtype: str | None = None) -> Tensor:
    """Returns a tensor of rank 5. Source: https://js.tensorflow.org/api/latest/#tensor5d"""
    return _tensor("tensor5d", values, shape, dtype, 5)


@naming.bridge
def tensor6d(values: Values, shape: Sequence[int] | None = None, dtype: str | None = None) -> Tensor:
    """Returns a tensor of rank 6. Source: https://js.tensorflow.org/api/latest/#tensor6d"""
    return _tensor("tensor6d", values, shape, dtype, 6)


@naming.bridge
def variable(
    initial_value: Tensor, trainable: bool = True, name: str | None = None, dtype: str | None = None
) -> Variable:
    """Returns a variable that starts with a tensor's value. Source: https://js.tensorflow.org/api/latest/#variable"""
    return Variable(initial_value, trainable, name, dtype)


def _first_value(value: Any, dtype: str | None) -> Tensor:
    """Returns what a variable is given first as a tensor."""
    return _tensor("variable", value, None, dtype, None)


Variable.made_of = staticmethod(_first_value)


def _filled(owner: str, shape: Dims, value: Any, dtype: str) -> Tensor:
    dims = dimensions(owner, shape)
    dtypes.check(dtype, owner, dtypes.DTYPES)
    if dtype == "string":
        return Tensor(strings_node([str(value or "")] * size(dims), dims))
    if dtype == "complex64":
        part = [broadcast_node(const(v, "float32"), dims) for v in (complex(value).real, complex(value).imag)]
        return Tensor(complex_node(*part))
    return Tensor(broadcast_node(constant(value, dtypes.check(dtype, owner), owner), dims))


@naming.bridge
def zeros(shape: Dims, dtype: str = "float32") -> Tensor:
    """Returns a tensor of zeros. Source: https://js.tensorflow.org/api/latest/#zeros"""
    return _filled("zeros", shape, 0, dtype)


@naming.bridge
def ones(shape: Dims, dtype: str = "float32") -> Tensor:
    """Returns a tensor of ones. Source: https://js.tensorflow.org/api/latest/#ones"""
    return _filled("ones", shape, 1, dtype)


@naming.bridge
def fill(shape: Dims, value: Values, dtype: str | None = None) -> Tensor:
    """Returns a tensor of one value.

    Raises:
        ShapeError: the value is a list, or the shape has a negative dimension.

    Source: https://js.tensorflow.org/api/latest/#fill
    """
    flat, found, natural = flatten(value, "fill")
    if found:
        raise ShapeError(f"fill: expected a single value, received {shown(value)}.")
    return _filled("fill", shape, flat[0], dtype or natural)


@naming.bridge
def from_dlpack(x: Any) -> Tensor:
    """Returns a tensor with a copy of the values of another library's array: PyTorch's, JAX's, CuPy's, NumPy's.

    Args:
        x: what has `__dlpack__`.

    Returns:
        Its shape; float32, int32, bool or complex64, as `tf.tensor` makes them of NumPy's arrays.

    Raises:
        ArgumentError: it has no `__dlpack__`.
        DTypeError: its library cannot hand it out to the processor, or its dtype is none of NumPy's.
        DeviceError: NumPy is not installed.

    Example:
        >>> import numpy as np
        >>> import tfjs_pyo as tf
        >>> tf.from_dlpack(np.array([1.5, 2.5])).array_sync()
        [1.5, 2.5]

    Source: https://dmlc.github.io/dlpack/latest/python_spec.html
    """
    if isinstance(x, Tensor):
        return Tensor(x.node)
    if not hasattr(x, "__dlpack__") or not hasattr(x, "__dlpack_device__"):
        raise ArgumentError(
            f"from_dlpack: expected an array with __dlpack__ and __dlpack_device__, received {type(x).__name__}."
        )
    np = engine.import_numpy("from_dlpack")
    try:
        return tensor(
            np.from_dlpack(x) if x.__dlpack_device__()[0] == _PROCESSOR else np.from_dlpack(x, device="cpu")
        )
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise DTypeError(
            f"from_dlpack: expected an array that NumPy can read in the processor's memory: {error}"
        ) from error


_PROCESSOR = 1
"""DLPack's number of it."""


@public()
def zeros_like(x: Node) -> Node:
    """Returns zeros of the shape and dtype of x. Source: https://js.tensorflow.org/api/latest/#zerosLike"""
    return _like(x, 0)


@public()
def ones_like(x: Node) -> Node:
    """Returns ones of the shape and dtype of x. Source: https://js.tensorflow.org/api/latest/#onesLike"""
    return _like(x, 1)


def _like(x: Node, value: int) -> Node:
    """Returns a constant that inside of tapes counts as a function of x, whose derivative is zero, as in TF.js."""
    constant = broadcast_node(const(value, x.dtype), x.shape)
    if not is_recorded():
        return constant
    node = Node(CUSTOM_GRAD, (constant, x), x.shape, x.dtype)
    node.rule = lambda _: (None, None)
    return node


@public()
def clone(x: Node) -> Node:
    """Returns a tensor of the same value; no bytes are copied. Source: https://js.tensorflow.org/api/latest/#clone"""
    return reshape_node(reshape_node(x, (x.size,)), x.shape) if x.buffer is None else x


def like(x: Tensor, value: Any) -> Tensor:
    """Returns a Python number as a constant that suits x, any other value as a tensor; for reflected operators."""
    if type(value) is float and x.dtype == "float32":
        return Tensor(const(value, "float32"))
    return Tensor(nodes_of([x, value], "operator")[1] or x.node)


Tensor.methods["like"] = like


@tested_with(
    Case(((3, 5),), ("int32",), differentiable=False), Case(((3, 5),), ("bool",), differentiable=False)
)
@public()
def cast(x: Node, dtype: str) -> Node:
    """Returns x in another dtype. Float to int32 truncates; what int32 does not hold becomes its nearest end, NaN 0.

    Source: https://js.tensorflow.org/api/latest/#cast
    """
    dtypes.check(dtype, "cast", dtypes.DTYPES)
    if dtype == "complex64":
        return complex_node(cast_node(x, "float32"), broadcast_node(const(0.0, "float32"), x.shape))
    return cast_node(x, dtypes.check(dtype, "cast"))


@public()
def to_float(x: Node) -> Node:
    """Returns x as float32. Source: https://js.tensorflow.org/api/latest/#tf.Tensor.toFloat"""
    return cast_node(x, "float32")


@public()
def to_int(x: Node) -> Node:
    """Returns x as int32. Source: https://js.tensorflow.org/api/latest/#tf.Tensor.toInt"""
    return cast_node(x, "int32")


@public()
def to_bool(x: Node) -> Node:
    """Returns x as bool. Source: https://js.tensorflow.org/api/latest/#tf.Tensor.toBool"""
    return cast_node(x, "bool")


# Ranges


def _emit_iota(emitter: Emitter, node: Node, coords: Coords) -> str:
    spread = coords.spread()
    part = spread.parts()[node.attrs]
    if spread.mode is Mode.ROW and node.attrs == node.rank - 1:
        return emitter.let("ivec4", f"ivec4({part}) + ivec4(0, 1, 2, 3)")
    return emitter.let("ivec4", f"ivec4({part})")


IOTA = declare(
    Op(
        "iota",
        Kind.POINTWISE,
        numpy=lambda np, node: np.broadcast_to(
            np.arange(node.shape[node.attrs]).reshape(
                [-1 if a == node.attrs else 1 for a in range(node.rank)]
            ),
            node.shape,
        ),
        gradient=NONDIFFERENTIABLE,
        emit=_emit_iota,
    )
)


def iota_node(shape: Shape, axis: int) -> Node:
    """Returns int32 coordinates along an axis."""
    return Node(IOTA, (), shape, "int32", axis)


@naming.bridge
def range_(start: float, stop: float, step: float | None = None, dtype: str = "float32") -> Tensor:
    """Returns start, start + step, ... up to but not including stop.

    Args:
        start, stop: numbers.
        step: default: 1 (-1 if stop lies below start, as in TF.js); not 0.
        dtype: 'float32' or 'int32'.

    Raises:
        OptionError: a step of 0, a number that is not finite, or too many numbers.

    Source: https://js.tensorflow.org/api/latest/#range
    """
    kind = dtypes.check(dtype, "range")
    if not all(map(math.isfinite, (start, stop, step or 0))):
        raise OptionError(f"range: expected finite numbers, received {start}, {stop} and {step}.")
    pace = step if step is not None else (-1 if stop < start else 1)
    if pace == 0:
        raise OptionError("range: expected a step that is not 0, received 0.")
    count = max(0, -int(-(stop - start) // pace)) if (stop - start) / pace > 0 else 0
    if count > MAX_ELEMENTS:
        raise OptionError(
            f"range: expected at most {MAX_ELEMENTS} numbers, received {start}, {stop} and {step}."
        )
    index = cast_node(iota_node((count,), 0), kind)
    held(start + pace * max(0, count - 1), kind, "range")
    scaled = index if pace == 1 else mul(index, constant(pace, kind, "range"))
    return Tensor(scaled if start == 0 else add(scaled, constant(start, kind, "range")))


@naming.bridge
def linspace(start: float, stop: float, num: int) -> Tensor:
    """Returns `num` numbers from start to stop at equal distances.

    Raises:
        OptionError: num is below 1.

    Source: https://js.tensorflow.org/api/latest/#linspace
    """
    if not 1 <= num <= MAX_ELEMENTS:
        raise OptionError(f"linspace: expected num to be a positive integer, received {shown(num)}.")
    step = (stop - start) / (num - 1) if num > 1 else 0.0
    index = cast_node(iota_node((num,), 0), "float32")
    return Tensor(add(mul(index, const(step, "float32")), const(start, "float32")))


@naming.bridge
def eye(
    num_rows: int,
    num_columns: int | None = None,
    batch_shape: Sequence[int] | None = None,
    dtype: str = "float32",
) -> Tensor:
    """Returns an identity matrix, repeated over `batch_shape`. Source: https://js.tensorflow.org/api/latest/#eye"""
    shape = dimensions("eye", (num_rows, num_columns if num_columns is not None else num_rows))
    diagonal = cast_node(equal(iota_node(shape, 0), iota_node(shape, 1)), dtypes.check(dtype, "eye"))
    return Tensor(
        broadcast_node(diagonal, (*dimensions("eye", () if batch_shape is None else batch_shape), *shape))
    )


@tested_with(Case(((4,),), (5,), dtypes=("int32",)), Case(((2, 3),), (8, 2, -1), dtypes=("int32",)))
@public(indices=("indices",))
def one_hot(
    indices: Node, depth: int, on_value: float = 1, off_value: float = 0, dtype: str = "int32"
) -> Node:
    """Returns a new last axis with `on_value` at the index and `off_value` elsewhere.

    Args:
        indices: int32 of any shape; out of range: `off_value` everywhere.
        depth: length of the new axis.
        on_value, off_value: numbers.
        dtype: of the result; default: 'int32' as in TF.js.

    Raises:
        OptionError: depth is not positive.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.oneHot([1, 0], 3)
        Tensor
            [[0, 1, 0],
             [1, 0, 0]]

    Source: https://js.tensorflow.org/api/latest/#oneHot
    """
    kind = dtypes.check(dtype, "one_hot")
    if depth < 1:
        raise OptionError(f"one_hot: expected depth to be a positive integer, received {depth}.")
    places = iota_node((*indices.shape, depth), indices.rank)
    wide = reshape_node(cast_node(indices, "int32"), (*indices.shape, 1))
    on, off = (constant(value, kind, "one_hot") for value in (on_value, off_value))
    return where(equal(wide, places), on, off)
