"""Activations that have parameters, as layers. Source: https://js.tensorflow.org/api/latest/#Layers-Advanced%20Activation"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import constraints, initializers, ops, regularizers
from tfjs_pyo.config import field, number, whole_numbers
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.types import Axes


class ReLU(Layer):
    """max(x, 0), and at most `max_value`.

    Args:
        max_value: no limit unless given.
        negative_slope: of what is below the threshold; default: 0.
        threshold: below it x counts as negative.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.reLU({"maxValue": 6})(tf.tensor([-1, 2, 8]))
        Tensor
            [0, 2, 6]

    Source: https://js.tensorflow.org/api/latest/#layers.reLU
    """

    per_sample = True
    supports_masking = True

    max_value: float | None = field(None, number(0))
    negative_slope: float = field(0.0, number(0))
    threshold: float = field(0.0, number(0))

    def call(self, inputs: Tensor) -> Tensor:
        result = ops.relu(inputs)
        if self.threshold or self.negative_slope:
            below = self.negative_slope * (inputs - self.threshold)
            result = ops.where(ops.greater_equal(inputs, self.threshold), inputs, below)
        return result if self.max_value is None else ops.minimum(result, self.max_value)


class LeakyReLU(Layer):
    """x where it is positive, else x times a slope.

    Args:
        alpha: the slope; Keras's `negative_slope`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.leakyReLU({"alpha": 0.5})(tf.tensor([-2, 2]))
        Tensor
            [-1, 2]

    Source: https://js.tensorflow.org/api/latest/#layers.leakyReLU
    """

    per_sample = True
    supports_masking = True

    alpha: float = field(0.3, number(), keras_name="negative_slope")

    def call(self, inputs: Tensor) -> Tensor:
        return ops.leaky_relu(inputs, self.alpha)


class PReLU(Layer):
    """x where it is positive, else alpha * x with learned alphas, one per element of a sample.

    Args:
        alpha_initializer, alpha_regularizer, alpha_constraint: of the weight.
        shared_axes: axes, the first of a sample being 1, along which one alpha serves all.

    Example:
        >>> import tfjs_pyo as tf
        >>> alpha = tf.initializers.constant({"value": 0.25})
        >>> tf.layers.prelu({"alphaInitializer": alpha})(tf.tensor([[-2, 2]]))
        Tensor
             [[-0.5, 2],]

    Source: https://js.tensorflow.org/api/latest/#layers.prelu
    """

    per_sample = True
    supports_masking = True

    alpha_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    alpha_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    alpha_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    shared_axes: tuple[int, ...] | None = field(None, whole_numbers)

    def build(self, input_shape: BatchShape) -> None:
        shared = self.shared_axes or ()
        shape = [
            1 if axis in shared else self._require_known(dim, f"dimension {axis}", input_shape)
            for axis, dim in enumerate(input_shape[1:], 1)
        ]
        self.alpha = self._declared_weight("alpha", shape)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.prelu(inputs, self.alpha)


class ELU(Layer):
    """x where it is positive, else alpha * (exp(x) - 1).

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.elu()(tf.tensor([-1, 0, 2]))
        Tensor
            [-0.632..., 0, 2]

    Source: https://js.tensorflow.org/api/latest/#layers.elu
    """

    per_sample = True
    supports_masking = True

    alpha: float = field(1.0, number())

    def call(self, inputs: Tensor) -> Tensor:
        below = ops.minimum(ops.elu(inputs), 0.0)
        return ops.relu(inputs) + below * self.alpha


class ThresholdedReLU(Layer):
    """x where it is above theta, else 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.thresholdedReLU({"theta": 1})(tf.tensor([-1, 1, 2]))
        Tensor
            [0, 0, 2]

    Source: https://js.tensorflow.org/api/latest/#layers.thresholdedReLU
    """

    per_sample = True
    supports_masking = True

    theta: float = field(1.0, number())

    def call(self, inputs: Tensor) -> Tensor:
        return inputs * ops.cast(inputs > self.theta, "float32")


class Softmax(Layer):
    """Shares that add up to 1 along an axis, the last one by default, or along several.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.softmax()(tf.tensor([[1, 1, 1, 1]]))
        Tensor
             [[0.25, 0.25, 0.25, 0.25],]

    Source: https://js.tensorflow.org/api/latest/#layers.softmax
    """

    per_sample = True
    supports_masking = True

    axis: Axes = field(-1)

    def _shares(self, x: Tensor) -> Tensor:
        if isinstance(self.axis, int):
            return ops.softmax(x, self.axis)
        parts = ops.exp(x - ops.max(x, self.axis, True))
        return parts / ops.sum(parts, self.axis, True)

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        if mask is None:
            return self._shares(inputs)
        sides = zip(reversed(mask.shape), reversed(inputs.shape), strict=False)
        if mask.rank > inputs.rank or any(own not in (1, size) for own, size in sides):
            raise ShapeError(
                f"{self.display_name}: expected a mask that broadcasts to inputs of shape {tuple(inputs.shape)}, received shape "
                f"{tuple(mask.shape)}."
            )
        seen = mask if mask.dtype == "bool" else ops.greater(mask, 0.5)
        shares = self._shares(ops.where(seen, inputs, -1e9))
        return ops.where(seen, shares, 0.0)
