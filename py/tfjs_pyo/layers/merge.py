"""Layers that make one tensor of several. Source: https://js.tensorflow.org/api/latest/#Layers-Merge"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.config import field, whole_numbers
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.layers.base import BatchShape, Layer


class Merge(Layer):
    """Inputs: a list of tensors."""

    per_sample = True

    def _takes_a_list(self) -> bool:
        return True

    def _shapes(self, input_shape: Any, least: int = 2) -> list[BatchShape]:
        several = isinstance(input_shape, list) and all(isinstance(s, (list, tuple)) for s in input_shape)
        if not several or len(input_shape) < least:
            raise ArgumentError(f"{self.display_name}: expected a list of {least} or more tensors.")
        if () in map(tuple, input_shape):
            raise ShapeError(f"{self.display_name}: expected tensors with a batch axis, received a scalar.")
        return [tuple(shape) for shape in input_shape]

    def build(self, input_shape: Any) -> None:
        self.compute_output_shape(input_shape)


class _Elementwise(Merge):
    """Merges element by element; shapes broadcast, and a tensor of lower rank gets axes of length 1 after the batch."""

    _several_inputs = True

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        shapes = self._shapes(input_shape)
        rank = max(len(shape) for shape in shapes)
        result: list[int | None] = []
        for dims in zip(*[_spread(shape, rank) for shape in shapes], strict=True):
            wide = {dim for dim in dims if dim != 1}
            known = wide - {None}
            if len(known) > 1:
                raise ShapeError(
                    f"{self.display_name}: expected shapes that broadcast together, received {input_shape}."
                )
            result.append(known.pop() if known else None if wide else 1)
        return tuple(result)

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        rank = max(t.rank for t in inputs)
        return self._merge([ops.reshape(t, _spread(t.shape, rank)) for t in inputs])

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        """Returns what is made of inputs of the same rank."""
        raise NotImplementedError


def _spread(shape: Sequence[Any], rank: int) -> tuple[Any, ...]:
    return (shape[0], *(1 for _ in range(rank - len(shape))), *shape[1:])


def _folded(function: Callable[[Any, Any], Any], inputs: list[Tensor]) -> Tensor:
    result: Tensor = functools.reduce(function, inputs)
    return result


class Add(_Elementwise):
    """The sum of the inputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.add()([tf.tensor([[1, 2]]), tf.tensor([[3, 4]])])
        Tensor
             [[4, 6],]

    Source: https://js.tensorflow.org/api/latest/#layers.add
    """

    per_sample = True

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        return _folded(ops.add, inputs)


class Multiply(_Elementwise):
    """The product of the inputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.multiply()([tf.tensor([[1, 2]]), tf.tensor([[3, 4]])])
        Tensor
             [[3, 8],]

    Source: https://js.tensorflow.org/api/latest/#layers.multiply
    """

    per_sample = True

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        return _folded(ops.mul, inputs)


class Subtract(_Elementwise):
    """The first of two inputs without the second.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.subtract()([tf.tensor([[5, 2]]), tf.tensor([[3, 4]])])
        Tensor
             [[2, -2],]

    Source: https://keras.io/api/layers/merging_layers/subtract/
    """

    per_sample = True

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        if len(self._shapes(input_shape)) != 2:
            raise ShapeError(
                f"{self.display_name}: expected two inputs, received {len(self._shapes(input_shape))}."
            )
        return super().compute_output_shape(input_shape)

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        return _folded(ops.sub, inputs)


class Average(_Elementwise):
    """The mean of the inputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.average()([tf.tensor([[1, 2]]), tf.tensor([[3, 4]])])
        Tensor
             [[2, 3],]

    Source: https://js.tensorflow.org/api/latest/#layers.average
    """

    per_sample = True

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        return _folded(ops.add, inputs) * (1 / len(inputs))


class Maximum(_Elementwise):
    """The largest of the inputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.maximum()([tf.tensor([[1, 4]]), tf.tensor([[3, 2]])])
        Tensor
             [[3, 4],]

    Source: https://js.tensorflow.org/api/latest/#layers.maximum
    """

    per_sample = True

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        return _folded(ops.maximum, inputs)


class Minimum(_Elementwise):
    """The smallest of the inputs.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.minimum()([tf.tensor([[1, 4]]), tf.tensor([[3, 2]])])
        Tensor
             [[1, 2],]

    Source: https://js.tensorflow.org/api/latest/#layers.minimum
    """

    per_sample = True

    def _merge(self, inputs: list[Tensor]) -> Tensor:
        return _folded(ops.minimum, inputs)


class Concatenate(Merge):
    """The inputs one after the other along an axis, the last one by default.

    Args:
        axis: not the batch.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.concatenate()([tf.tensor([[1, 2]]), tf.tensor([[3]])])
        Tensor
             [[1, 2, 3],]

    Source: https://js.tensorflow.org/api/latest/#layers.concatenate
    """

    _several_inputs = True
    per_sample = True

    axis: int = field(-1)

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        shapes = self._shapes(input_shape)
        first = shapes[0]
        rank = len(first)
        if not -rank <= self.axis < rank or self.axis % rank == 0:
            raise OptionError(
                f"{self.display_name}: expected 'axis' between 1 and {rank - 1}, received {self.axis!r}."
            )
        axis = self.axis % rank
        for shape in shapes[1:]:
            if len(shape) != rank or any(
                a != b for at, (a, b) in enumerate(zip(shape, first, strict=False)) if at not in (0, axis)
            ):
                raise ShapeError(
                    f"{self.display_name}: expected shapes that differ along axis {axis} only, received {shapes}."
                )
        lengths = [shape[axis] for shape in shapes]
        total = None if None in lengths else sum(length or 0 for length in lengths)
        return (*first[:axis], total, *first[axis + 1 :])

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        return ops.concat(list(inputs), self.axis)


def _axes(owner: str, name: str, value: Any) -> int | tuple[int, ...]:
    single = options.whole(value)
    return single if single is not None else whole_numbers(owner, name, value)


class Dot(Merge):
    """Products of two inputs along one axis of each, sample by sample.

    Args:
        axes: one axis of both, or one of each.
        normalize: whether vectors are made to have length 1 first, which gives their cosine.

    Example:
        >>> import tfjs_pyo as tf
        >>> a, b = tf.tensor([[3, 4]]), tf.tensor([[4, 3]])
        >>> tf.layers.dot({"axes": 1})([a, b])
        Tensor
             [[24],]
        >>> tf.layers.dot({"axes": 1, "normalize": True})([a, b])
        Tensor
             [[0.96],]

    Source: https://js.tensorflow.org/api/latest/#layers.dot
    """

    _several_inputs = True
    per_sample = True

    axes: int | tuple[int, ...] = field(convert=_axes)
    normalize: bool = field(False)

    def _pair(self, shapes: Sequence[Sequence[Any]]) -> list[int]:
        if len(shapes) != 2 or any(len(shape) not in (2, 3) for shape in shapes):
            raise ShapeError(
                f"{self.display_name}: expected two inputs of rank 2 or 3, received {list(shapes)}."
            )
        given = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        axes = [axis % len(shape) for axis, shape in zip(given, shapes, strict=False)]
        if len(given) != 2 or 0 in axes or shapes[0][axes[0]] != shapes[1][axes[1]]:
            raise ShapeError(
                f"{self.display_name}: expected axes of the same length, not the batch; received axes {self.axes} "
                f"for shapes {list(shapes)}."
            )
        return axes

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        shapes = self._shapes(input_shape)
        axes = self._pair(shapes)
        rest = [d for s, a in zip(shapes, axes, strict=True) for i, d in enumerate(s) if i not in (0, a)]
        return (shapes[0][0], *(rest or [1]))

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        axes = self._pair([t.shape for t in inputs])
        a, b = (self._rows(t, axis) for t, axis in zip(inputs, axes, strict=True))
        products = ops.mat_mul(a, b, False, True)
        rest = [
            d for t, x in zip(inputs, axes, strict=True) for i, d in enumerate(t.shape) if i not in (0, x)
        ]
        return ops.reshape(products, (inputs[0].shape[0], *(rest or [1])))

    def _rows(self, x: Tensor, axis: int) -> Tensor:
        """Returns x as [batch, rest, axis], normalized if that is asked for."""
        if self.normalize:
            x = x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, True), 1e-12))
        if x.rank == 2:
            return ops.expand_dims(x, 1)
        return x if axis == 2 else ops.transpose(x, (0, 2, 1))
