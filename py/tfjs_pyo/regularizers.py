"""Penalties on weights that are added to the loss."""

from __future__ import annotations

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Configurable, Registry, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError


class Regularizer(Configurable):
    """Base of regularizers, penalties for weights: a subclass defines `apply`, or `__call__`, which do the same.

    Source: https://js.tensorflow.org/api/latest/#Regularizers
    """

    def apply(self, x: Tensor) -> Tensor:
        """Returns the penalty for a weight, a scalar."""
        if type(self).__call__ is Regularizer.__call__:
            raise ArgumentError(f"{self.display_name}: a regularizer must define apply(x).")
        return self(x)

    def __call__(self, weight: Tensor) -> Tensor:
        return self.apply(weight)


class L1L2(Regularizer):
    """l1 * sum(|w|) + l2 * sum(w^2). Source: https://js.tensorflow.org/api/latest/#regularizers.l1l2"""

    l1: float = field(0.01, number(0))
    l2: float = field(0.01, number(0))

    def apply(self, x: Tensor) -> Tensor:
        total = ops.scalar(0.0)
        if self.l1:
            total = total + self.l1 * ops.sum(ops.abs(x))
        if self.l2:
            total = total + self.l2 * ops.sum(ops.square(x))
        return total


class L1(L1L2):
    """l1 * sum(|w|); saved as L1L2, as TF.js does. Source: https://js.tensorflow.org/api/latest/#regularizers.l1"""

    l2: float = field(0.0, number(0, 0), keyword_only=True)

    @classmethod
    def saved_class_name(cls) -> str:
        return "L1L2"


class L2(L1L2):
    """l2 * sum(w^2); saved as L1L2, as TF.js does. Source: https://js.tensorflow.org/api/latest/#regularizers.l2"""

    l1: float = field(0.0, number(0, 0), keyword_only=True)

    @classmethod
    def saved_class_name(cls) -> str:
        return "L1L2"


REGULARIZERS = Registry("regularizer", (L1L2, L1, L2))
get = REGULARIZERS.get

__all__ = ["L1", "L1L2", "L2", "Regularizer", "get"]
__getattr__, __dir__ = naming.module_names(__name__)
