"""`K.*` of Keras 2: elements, shapes, reductions.

Where a name, an order or a default differs from that of keras.ops, it is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.keras import ops, tree
from tfjs_pyo.keras.backend.declare import FUNCTIONS, old, same
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops.declare import tensor
from tfjs_pyo.keras.ops.images import image

same("x", "abs cos exp log ndim round shape sigmoid sign sin softplus softsign square tanh transpose")
same("x, y", "dot equal greater greater_equal less less_equal maximum minimum not_equal")
same("x, axis=None, keepdims=False", "all any logsumexp max mean min prod std sum var")
same("x, axis=-1", "argmax argmin expand_dims softmax")
same("x, axis=0", "cumprod cumsum stack")
same("x, a", "pow=power")
same("x, axes", "reverse=flip")
same("x, axis", "squeeze")
same("x, dtype", "cast")
same("x, pattern", "permute_dimensions=transpose")
same("x, shape", "reshape")
same("x, min_value, max_value", "clip")
same("x, rep, axis", "repeat_elements=repeat")
same("x, alpha=1.0", "elu")
same("indices, num_classes", "one_hot")
same("tensors, axis=-1", "concatenate")


def elements(shape: Sequence[int]) -> int:
    """Returns how many elements a shape has."""
    count = 1
    for dim in shape:
        count *= dim
    return count


@old
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Returns numbers from start to before stop, int32 by default."""
    return ops.arange(start, stop, step, dtype)


@old
def sqrt(x: Any) -> Any:
    """Returns the square root; 0 for what is negative."""
    return ops.sqrt(ops.maximum(x, 0))


@old
def gather(reference: Any, indices: Any) -> Any:
    """Returns rows by their indices."""
    return ops.take(reference, indices, axis=0)


@old
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


@old
def flatten(x: Any) -> Any:
    """Returns the elements as a vector."""
    return ops.ravel(x)


@old
def batch_flatten(x: Any) -> Any:
    """Returns each sample as a vector."""
    return ops.reshape(x, (-1, elements(tensor(x).shape[1:])))


@old
def tile(x: Any, n: Any) -> Any:
    """Returns x repeated, n times along each axis; a vector where n is one number."""
    return ops.tile(x, [n] if isinstance(n, int) else n)


@old
def repeat(x: Any, n: int) -> Any:
    """Returns the rows of a matrix, each n times: [batch, n, features]."""
    return ops.repeat(ops.expand_dims(x, 1), n, 1)


@old
def stop_gradient(variables: Any) -> Any:
    """Returns values that have no gradient; of a list, a list."""
    return tree.map_structure(ops.stop_gradient, variables)


@old
def l2_normalize(x: Any, axis: int | None = None) -> Any:
    """Returns x divided by the root of the sum of its squares."""
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return ops.multiply(x, ops.rsqrt(ops.maximum(squares, 1e-12)))


@old
def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:  # noqa: ARG001 (Keras's parameter)
    """Returns ones of the shape of x."""
    return ops.ones_like(x, dtype)


@old
def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:  # noqa: ARG001 (Keras's parameter)
    """Returns zeros of the shape of x."""
    return ops.zeros_like(x, dtype)


@old
def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """Returns one of two values, element by element; of functions what one of them gives."""
    if callable(then_expression) and not isinstance(then_expression, Variable):
        return ops.cond(condition, then_expression, else_expression)
    return ops.where(_along(condition, then_expression), then_expression, else_expression)


def _along(condition: Any, values: Any) -> Any:
    """Returns a condition of several axes with as many as values have, those at the end of length 1."""
    condition, rank = tensor(condition), len(tensor(values).shape)
    added = max(rank - len(condition.shape), 0) if len(condition.shape) > 1 else 0
    return ops.reshape(ops.cast(condition, "bool"), (*condition.shape, *[1] * added))


@old
def temporal_padding(x: Any, padding: Sequence[int] = (1, 1)) -> Any:
    """Returns sequences with zeros before and after: [batch, steps, features]."""
    return ops.pad(x, [[0, 0], list(padding), [0, 0]])


@old
def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Returns images with zeros around them."""
    return ops.pad(x, around_space(padding, data_format))


@old
def spatial_3d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None
) -> Any:
    """Returns volumes with zeros around them."""
    return ops.pad(x, around_space(padding, data_format))


def around_space(pairs: Sequence[Sequence[int]], data_format: str | None) -> list[list[int]]:
    """Returns pairs for the axes of space, with [0, 0] for those of samples and channels."""
    space = [list(pair) for pair in pairs]
    return [[0, 0], [0, 0], *space] if is_first(data_format) else [[0, 0], *space, [0, 0]]


def is_first(data_format: str | None) -> bool:
    """Returns whether channels come before space."""
    return checked_data_format(data_format) == "channels_first"


@old
def resize_images(
    x: Any, height_factor: int, width_factor: int, data_format: str | None, interpolation: str = "nearest"
) -> Any:
    """Returns images that are several times as large."""
    shape = tensor(x).shape
    height, width = shape[2:4] if is_first(data_format) else shape[1:3]
    size = (height * height_factor, width * width_factor)
    return image.functions["resize"](x, size, interpolation, data_format=checked_data_format(data_format))


@old
def resize_volumes(
    x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str | None
) -> Any:
    """Returns volumes that are several times as large, by repeating elements."""
    for axis, factor in enumerate(
        (depth_factor, height_factor, width_factor), 2 if is_first(data_format) else 1
    ):
        x = ops.repeat(x, factor, axis)
    return x


@old
def in_top_k(predictions: Any, targets: Any, k: int) -> Any:
    """Tells whether each target is among the k largest predictions."""
    return ops.in_top_k(targets, predictions, k)


@old
def map_fn(fn: Callable[..., Any], elems: Any, name: str | None = None, dtype: Any = None) -> Any:  # noqa: ARG001 (Keras's)
    """Returns what a function gives for each element of the first axis, stacked."""
    found = ops.map(fn, elems)
    return found if dtype is None else ops.cast(found, dtype)


@old
def foldl(fn: Callable[..., Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:  # noqa: ARG001
    """Returns what is left where a function joins a value with each element, from the first to the last."""
    return _folded(fn, list(ops.unstack(elems)), initializer)


@old
def foldr(fn: Callable[..., Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:  # noqa: ARG001
    """Returns what is left where a function joins a value with each element, from the last to the first."""
    return _folded(fn, list(ops.unstack(elems))[::-1], initializer)


def _folded(fn: Callable[..., Any], items: list[Any], value: Any) -> Any:
    value = items.pop(0) if value is None else tensor(value)
    for item in items:
        value = fn(value, item)
    return value


@old
def is_sparse(tensor: Any) -> bool:  # noqa: ARG001 (Keras's parameter)
    """Returns False: there are no sparse tensors."""
    return False


@old
def to_dense(tensor: Any) -> Any:
    """Returns a tensor as it is: there are no sparse ones."""
    return tensor


__all__ = ["FUNCTIONS", "around_space", "elements", "is_first"]
