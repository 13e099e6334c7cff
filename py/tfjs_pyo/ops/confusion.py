"""`tf.math`: the confusion matrix. Source: https://js.tensorflow.org/api/latest/#math.confusionMatrix"""

from __future__ import annotations

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.convert import check_indices
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.indexing import segment_sum_node
from tfjs_pyo.ops.movement import broadcast_node, concat_node, reshape_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.scatter import flat_places, integer_node

__all__ = ["confusion_matrix"]


@tested_with(Case(((9,), (9,)), (5,), dtypes=("int32", "int32"), differentiable=False))
@public(2, method=False, indices=("labels", "predictions"))
def confusion_matrix(labels: Node, predictions: Node, num_classes: int) -> Node:
    """Returns how often each class was taken for each: rows are true classes, columns predicted ones.

    Args:
        labels, predictions: int32 vectors of one length, from 0 to `num_classes` - 1.
        num_classes: a positive integer.

    Returns:
        int32 of shape [num_classes, num_classes].

    Raises:
        RangeError: a class that was given as a number is out of range; pairs of tensors with such a class do not count.
        ShapeError: no vectors, or of different lengths.
        OptionError: `num_classes` is not positive.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.math.confusionMatrix([0, 1, 1], [0, 1, 0], 2)
        Tensor
            [[1, 0],
             [1, 1]]

    Source: https://js.tensorflow.org/api/latest/#math.confusionMatrix
    """
    if labels.rank != 1 or labels.shape != predictions.shape:
        raise ShapeError(
            f"confusion_matrix: expected two vectors of one length, received shapes {labels.shape} and "
            f"{predictions.shape}."
        )
    if num_classes < 1:
        raise OptionError(f"confusion_matrix: expected num_classes to be positive, received {num_classes}.")
    for name, x in (("labels", labels), ("predictions", predictions)):
        check_indices("confusion_matrix", name, x, num_classes)
    pairs = [
        reshape_node(integer_node("confusion_matrix", name, x), (x.size, 1))
        for name, x in (("labels", labels), ("predictions", predictions))
    ]
    places = flat_places("confusion_matrix", concat_node(pairs, 1), (num_classes, num_classes))
    ones = broadcast_node(const(1, "int32"), labels.shape)
    return reshape_node(segment_sum_node(places, ones, num_classes**2), (num_classes, num_classes))


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
