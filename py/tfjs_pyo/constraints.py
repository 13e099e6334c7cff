"""Projections of weights after each update."""

from __future__ import annotations

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Configurable, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.registry import Registry

_EPSILON = 1e-7


class Constraint(Configurable):
    """Base of constraints, projections of weights after updates: a subclass defines `apply`, or `__call__`, which do the same.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Positive(tf.constraints.Constraint):
        ...     def apply(self, w):
        ...         return tf.abs(w)
        >>> Positive().apply(tf.tensor([-1, 2]))
        Tensor
            [1, 2]

    Source: https://js.tensorflow.org/api/latest/#Constraints
    """

    keras_module = "tfjs_pyo.keras.constraints"

    def apply(self, w: Tensor) -> Tensor:
        """Returns the new value of a weight.

        Args:
            w: the weight after an update.

        Raises:
            ArgumentError: a subclass that defines neither `apply` nor `__call__`.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.constraints.nonNeg().apply(tf.tensor([-1, 2]))
            Tensor
                [0, 2]

        Source: https://js.tensorflow.org/api/latest/#Constraints
        """
        if type(self).__call__ is Constraint.__call__:
            raise ArgumentError(f"{self.display_name}: a constraint must define apply(w).")
        return self(w)

    def __call__(self, weight: Tensor) -> Tensor:
        return self.apply(weight)


def _norms(weight: Tensor, axis: int) -> Tensor:
    return ops.sqrt(ops.sum(ops.square(weight), axis, True))


class MaxNorm(Constraint):
    """Scales vectors along an axis down to a norm.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.constraints.maxNorm({"maxValue": 2}).apply(tf.tensor([3, 4]))
        Tensor
            [1.2, 1.6]

    Source: https://js.tensorflow.org/api/latest/#constraints.maxNorm
    """

    max_value: float = field(2.0, number(0))
    axis: int = field(0)

    def apply(self, w: Tensor) -> Tensor:
        norms = _norms(w, self.axis)
        return w * (ops.clip_by_value(norms, 0, self.max_value) / (norms + _EPSILON))


class UnitNorm(Constraint):
    """Scales vectors along an axis to norm 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.constraints.unitNorm().apply(tf.tensor([3, 4]))
        Tensor
            [0.6, 0.8]

    Source: https://js.tensorflow.org/api/latest/#constraints.unitNorm
    """

    axis: int = field(0)

    def apply(self, w: Tensor) -> Tensor:
        return w / (_norms(w, self.axis) + _EPSILON)


class NonNeg(Constraint):
    """Sets negative weights to 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.constraints.nonNeg().apply(tf.tensor([-1, 2]))
        Tensor
            [0, 2]

    Source: https://js.tensorflow.org/api/latest/#constraints.nonNeg
    """

    def apply(self, w: Tensor) -> Tensor:
        return ops.relu(w)


class MinMaxNorm(Constraint):
    """Moves norms along an axis into a range.

    Args:
        min_value: least norm.
        max_value: greatest norm.
        rate: how far norms move: 1 into the range at once, less only a part of the way in each step.
        axis: axis or axes along which norms are taken, negative ones counted from the end.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.constraints.minMaxNorm({"minValue": 1, "maxValue": 2}).apply(tf.tensor([3, 4]))
        Tensor
            [1.2, 1.6]

    Source: https://js.tensorflow.org/api/latest/#constraints.minMaxNorm
    """

    min_value: float = field(0.0, number(0))
    max_value: float = field(1.0, number(0))
    rate: float = field(1.0, number(0, 1))
    axis: int = field(0)

    def apply(self, w: Tensor) -> Tensor:
        norms = _norms(w, self.axis)
        wanted = ops.clip_by_value(norms, self.min_value, self.max_value) * self.rate + norms * (
            1 - self.rate
        )
        return w * (wanted / (norms + _EPSILON))


CONSTRAINTS = Registry("constraint", (MaxNorm, UnitNorm, NonNeg, MinMaxNorm))
get = CONSTRAINTS.get

__all__ = ["Constraint", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"]
__getattr__, __dir__ = naming.module_names(__name__)
