"""Normalization layers. Source: https://js.tensorflow.org/api/latest/#Layers-Normalization"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import constraints, initializers, ops, regularizers
from tfjs_pyo.config import field, keras_field, number, unsupported
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import OptionError
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.ops.normalization import Centered, centered
from tfjs_pyo.types import Axes


def _centered(x: Tensor, axes: Sequence[int], mask: Tensor | None = None) -> Centered:
    """Returns mean, deviations and variance along axes, which stay with length 1; of what a mask [batch, ...] counts in."""
    if mask is None:
        found: Centered = centered(x, None, axes)
        return found
    weights = ops.reshape(ops.cast(mask, "float32"), (*mask.shape, *(1 for _ in x.shape[mask.rank :])))
    masked: Centered = centered(x, ops.broadcast_to(weights, x.shape), axes)
    return masked


class _Normalization(Layer):
    """What both layers share: offset `beta` and scale `gamma`."""

    epsilon: float
    center: bool
    scale: bool
    gamma: Variable | None = None
    beta: Variable | None = None

    def _offset_and_scale(self, shape: Sequence[int]) -> None:
        if self.scale:
            self.gamma = self._declared_weight("gamma", shape)
        if self.center:
            self.beta = self._declared_weight("beta", shape)

    def _normalized(self, deviation: Tensor, variance: Tensor, shape: Sequence[int]) -> Tensor:
        """Returns deviation / sqrt(variance + epsilon) * gamma + beta; `shape` makes weights broadcast."""
        result = deviation * ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            result = result * ops.reshape(self.gamma, shape)
        if self.beta is not None:
            result = result + ops.reshape(self.beta, shape)
        return result

    def _axis(self, axis: int, rank: int) -> int:
        if not -rank <= axis < rank or axis % rank == 0:
            raise OptionError(
                f"{self.display_name}: expected 'axis' between 1 and {rank - 1}, received {axis!r}; axis 0 is the batch."
            )
        return axis % rank


class BatchNormalization(_Normalization):
    """Gives each feature mean 0 and variance 1 over the batch while training, by moving averages otherwise.

    Args:
        axis: of the features.
        momentum: share of the old moving average that stays in each step.
        epsilon: added to the variance.
        center, scale: whether there is a learned offset `beta` and factor `gamma`.
        beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer: first values.
        beta_constraint, gamma_constraint, beta_regularizer, gamma_regularizer: of the learned weights.

    While training, steps that a mask leaves out do not count, as in Keras.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.batchNormalization({"epsilon": 0, "scale": False})
        >>> layer.apply(tf.tensor([[1, 10], [3, 30]]), {"training": True})
        Tensor
            [[-1, -1],
             [1 , 1 ]]

    Source: https://js.tensorflow.org/api/latest/#layers.batchNormalization
    """

    axis: int = field(-1)
    momentum: float = field(0.99, number(0, 1))
    epsilon: float = field(1e-3, number(0))
    center: bool = field(True)
    scale: bool = field(True)
    beta_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    gamma_initializer: Any = field("ones", initializers.INITIALIZERS.convert)
    moving_mean_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    moving_variance_initializer: Any = field("ones", initializers.INITIALIZERS.convert)
    beta_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    gamma_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    beta_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    gamma_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    renorm: bool = keras_field(False, unsupported("batch renormalization is not available here"), saved=False)
    renorm_clipping: Any = keras_field(None, saved=False)
    renorm_momentum: float = keras_field(0.99, saved=False)
    synchronized: bool = keras_field(False, saved=False)

    def build(self, input_shape: BatchShape) -> None:
        axis = self._axis(self.axis, len(input_shape))
        features = (self._require_known(input_shape[axis], f"dimension {axis}", input_shape),)
        self._offset_and_scale(features)
        self.moving_mean = self._declared_weight("moving_mean", features, trainable=False)
        self.moving_variance = self._declared_weight("moving_variance", features, trainable=False)

    def call(self, inputs: Tensor, training: bool = False, mask: Tensor | None = None) -> Tensor:
        axis = self._axis(self.axis, inputs.rank)
        shape = [size if at == axis else 1 for at, size in enumerate(inputs.shape)]
        if not training:
            mean, variance = (ops.reshape(w, shape) for w in (self.moving_mean, self.moving_variance))
            return self._normalized(inputs - mean, variance, shape)
        counted = mask is not None and mask.shape == inputs.shape[: mask.rank]
        others = [at for at in range(inputs.rank) if at != axis]
        mean, deviation, variance = _centered(inputs, others, mask if counted else None)
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            now = ops.stop_gradient(ops.reshape(value, average.shape))
            average.assign(average - (average - now) * (1 - self.momentum))
        return self._normalized(deviation, variance, shape)


class LayerNormalization(_Normalization):
    """Gives the features of each sample mean 0 and variance 1.

    Args:
        axis: of the features, or several axes.
        epsilon: added to the variance.
        center, scale: whether there is a learned offset `beta` and factor `gamma`.
        beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer: of the learned weights.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.layerNormalization({"epsilon": 0})(tf.tensor([[1, 3], [10, 30]]))
        Tensor
            [[-1, 1],
             [-1, 1]]

    Source: https://js.tensorflow.org/api/latest/#layers.layerNormalization
    """

    per_sample = True

    axis: int | Sequence[int] = field(-1)
    epsilon: float = field(1e-3, number(0))
    center: bool = field(True)
    scale: bool = field(True)
    beta_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    gamma_initializer: Any = field("ones", initializers.INITIALIZERS.convert)
    beta_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    gamma_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    beta_constraint: Any = keras_field(None, constraints.CONSTRAINTS.convert)
    gamma_constraint: Any = keras_field(None, constraints.CONSTRAINTS.convert)

    def _axes(self, rank: int) -> list[int]:
        axes = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        return [self._axis(axis, rank) for axis in axes]

    def build(self, input_shape: BatchShape) -> None:
        axes = self._axes(len(input_shape))
        self._offset_and_scale(
            [self._require_known(input_shape[axis], f"dimension {axis}", input_shape) for axis in axes]
        )

    def call(self, inputs: Tensor) -> Tensor:
        axes = self._axes(inputs.rank)
        shape = [size if at in axes else 1 for at, size in enumerate(inputs.shape)]
        found = _centered(inputs, axes)
        return self._normalized(found.deviation, found.variance, shape)


class GroupNormalization(_Normalization):
    """Gives groups of channels mean 0 and variance 1 in each sample by itself (Wu and He, 2018).

    Args:
        groups: how many; a divisor of the channels. -1: one for each channel.
        axis: of the channels.
        epsilon: added to the variance.
        center, scale: whether there are `beta` and `gamma`.
        beta_initializer, gamma_initializer: first values.
        beta_regularizer, gamma_regularizer: penalties.
        beta_constraint, gamma_constraint: projections after updates.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.groupNormalization({"groups": 2, "epsilon": 0})
        >>> layer(tf.tensor([[1, 3, 10, 30]]))
        Tensor
             [[-1, 1, -1, 1],]

    Source: https://keras.io/api/layers/normalization_layers/group_normalization/
    """

    per_sample = True

    groups: int = field(32)
    axis: int = field(-1)
    epsilon: float = field(1e-3, number(0))
    center: bool = field(True)
    scale: bool = field(True)
    beta_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    gamma_initializer: Any = field("ones", initializers.INITIALIZERS.convert)
    beta_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    gamma_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    beta_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    gamma_constraint: Any = field(None, constraints.CONSTRAINTS.convert)

    def build(self, input_shape: BatchShape) -> None:
        axis = self._axis(self.axis, len(input_shape))
        channels = self._require_known(input_shape[axis], "the number of channels", input_shape)
        self._groups = channels if self.groups == -1 else self.groups
        if self._groups < 1 or channels % self._groups:
            raise OptionError(
                f"{self.display_name}: expected 'groups' that divide {channels} channels, received {self.groups}."
            )
        self._offset_and_scale((channels,))

    def call(self, inputs: Tensor) -> Tensor:
        axis = self._axis(self.axis, inputs.rank)
        channels = inputs.shape[axis]
        apart = (*inputs.shape[:axis], self._groups, channels // self._groups, *inputs.shape[axis + 1 :])
        x = ops.reshape(inputs, apart)
        _, deviation, variance = _centered(x, [a for a in range(1, x.rank) if a != axis])
        normal = ops.reshape(deviation * ops.rsqrt(variance + self.epsilon), inputs.shape)
        shape = [channels if a == axis else 1 for a in range(inputs.rank)]
        normal = normal if self.gamma is None else normal * ops.reshape(self.gamma, shape)
        result: Tensor = normal if self.beta is None else normal + ops.reshape(self.beta, shape)
        return result


class RMSNormalization(Layer):
    """x over the root of the mean of its squares along axes, times a learned scale.

    Args:
        axis: along which the mean is taken, or several; the scale has their shape.
        epsilon: added to the mean.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.rmsNormalization()(tf.tensor([[3, -3, 3, 3]])).round()
        Tensor
             [[1, -1, 1, 1],]

    Source: https://keras.io/api/layers/normalization_layers/rms_normalization/
    """

    per_sample = True
    supports_masking = True

    axis: Axes = field(-1)
    epsilon: float = field(1e-6, number(0))

    def _axes(self, rank: int) -> list[int]:
        given = self.axis if isinstance(self.axis, (list, tuple)) else [self.axis]
        return sorted(axis % rank for axis in given)

    def build(self, input_shape: BatchShape) -> None:
        axes = self._axes(len(input_shape))
        shape = [self._require_known(input_shape[axis], f"axis {axis}", input_shape) for axis in axes]
        self.scale = self.add_weight("scale", shape, initializer="ones")

    def call(self, inputs: Tensor) -> Tensor:
        axes = self._axes(inputs.rank)
        root = ops.rsqrt(ops.mean(ops.square(inputs), axes, True) + self.epsilon)
        shape = [dim if axis in axes else 1 for axis, dim in enumerate(inputs.shape)]
        return inputs * root * ops.reshape(self.scale, shape)


class UnitNormalization(Layer):
    """Scales vectors along an axis, or axes, to length 1.

    Args:
        axis: default: the last; several together are one vector.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.unitNormalization()(tf.tensor([[0, 2]]))
        Tensor
             [[0, 1],]

    Source: https://keras.io/api/layers/normalization_layers/unit_normalization/
    """

    per_sample = True
    supports_masking = True

    axis: Axes = field(-1)

    def call(self, inputs: Tensor) -> Tensor:
        axes = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        squares = ops.sum(ops.square(inputs), axes, True)
        return inputs * ops.rsqrt(ops.maximum(squares, 1e-12))
