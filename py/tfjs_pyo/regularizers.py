"""Penalties on weights that are added to the loss."""

from __future__ import annotations

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Configurable, choice, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import TFJS
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.registry import Registry


class Regularizer(Configurable):
    """Base of regularizers, penalties for weights: a subclass defines `apply`, or `__call__`, which do the same.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Mean(tf.regularizers.Regularizer):
        ...     def apply(self, x):
        ...         return tf.mean(tf.abs(x))
        >>> float(Mean().apply(tf.tensor([-1, 3])))
        2.0

    Source: https://js.tensorflow.org/api/latest/#Regularizers
    """

    keras_module = "tfjs_pyo.keras.regularizers"

    def apply(self, x: Tensor) -> Tensor:
        """Returns the penalty for a weight, a scalar.

        Args:
            x: the weight.

        Raises:
            ArgumentError: a subclass that defines neither `apply` nor `__call__`.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.regularizers.l2({"l2": 0.5}).apply(tf.tensor([1, 3]))
            Tensor
                5

        Source: https://js.tensorflow.org/api/latest/#Regularizers
        """
        if type(self).__call__ is Regularizer.__call__:
            raise ArgumentError(f"{self.display_name}: a regularizer must define apply(x).")
        return self(x)

    def __call__(self, weight: Tensor) -> Tensor:
        return self.apply(weight)


class L1L2(Regularizer):
    """l1 * sum(|w|) + l2 * sum(w^2).

    Example:
        >>> import tfjs_pyo as tf
        >>> float(tf.regularizers.l1l2({"l1": 0.5, "l2": 0.5}).apply(tf.tensor([-1, 3])))
        7.0

    Source: https://js.tensorflow.org/api/latest/#regularizers.l1l2
    """

    l1: float = field(0.01, number(0), keras=0.0)
    l2: float = field(0.01, number(0), keras=0.0)

    def apply(self, x: Tensor) -> Tensor:
        total = ops.scalar(0.0)
        if self.l1:
            total = total + self.l1 * ops.sum(ops.abs(x))
        if self.l2:
            total = total + self.l2 * ops.sum(ops.square(x))
        return total


class L1(L1L2):
    """l1 * sum(|w|); saved as L1L2, as TF.js does.

    Example:
        >>> import tfjs_pyo as tf
        >>> float(tf.regularizers.l1({"l1": 0.5}).apply(tf.tensor([-1, 3])))
        2.0

    Source: https://js.tensorflow.org/api/latest/#regularizers.l1
    """

    tfjs_class_name = "L1L2"

    l1: float = field(0.01, number(0))
    l2: float = field(0.0, number(0, 0), argument="", saved=TFJS)


class L2(L1L2):
    """l2 * sum(w^2); saved as L1L2, as TF.js does.

    Example:
        >>> import tfjs_pyo as tf
        >>> float(tf.regularizers.l2({"l2": 0.5}).apply(tf.tensor([-1, 3])))
        5.0

    Source: https://js.tensorflow.org/api/latest/#regularizers.l2
    """

    tfjs_class_name = "L1L2"

    l1: float = field(0.0, number(0, 0), argument="", saved=TFJS)
    l2: float = field(0.01, number(0))


class OrthogonalRegularizer(Regularizer):
    """A penalty for rows, or columns, of a matrix that are not at right angles to each other.

    Args:
        factor: of the penalty.
        mode: 'rows' or 'columns'.

    Raises:
        ShapeError: the weight is no matrix.

    Example:
        >>> import tfjs_pyo as tf
        >>> penalty = tf.regularizers.orthogonalRegularizer({"factor": 1})
        >>> float(penalty.apply(tf.tensor([[1, 0], [0, 2]]))), float(penalty.apply(tf.tensor([[1, 0], [2, 0]])))
        (0.0, 1.0)

    Source: https://keras.io/api/layers/regularizers/#orthogonalregularizer-class
    """

    factor: float = field(0.01, number(0))
    mode: str = field("rows", choice("rows", "columns"))

    def apply(self, x: Tensor) -> Tensor:
        x = ops.cast(x, "float32")
        if x.rank != 2:
            raise ShapeError(f"{self.display_name}: expected a matrix, received shape {x.shape}.")
        axis = 1 if self.mode == "rows" else 0
        # As Keras has it: the root of the sum of squares, kept from 0.
        unit = x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, True), 1e-12))
        turned = ops.transpose(unit)
        products = ops.mat_mul(unit, turned) if axis == 1 else ops.mat_mul(turned, unit)
        size = x.shape[1 - axis]
        pairs = max(size * (size - 1) / 2.0, 1.0)
        return self.factor * 0.5 * ops.sum(ops.abs(products * (1.0 - ops.eye(size)))) / pairs


REGULARIZERS = Registry("regularizer", (L1L2, L1, L2, OrthogonalRegularizer))
get = REGULARIZERS.get

__all__ = ["L1", "L1L2", "L2", "OrthogonalRegularizer", "Regularizer"]
__getattr__, __dir__ = naming.module_names(__name__)
