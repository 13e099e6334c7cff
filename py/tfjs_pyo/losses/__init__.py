"""Losses of whole batches, `tf.losses`: weighted and reduced to one number, written as ops in `ops/losses.py`.

`functions.py` has the losses that `compile` takes by name, a number per sample; `classes.py` those of Keras, as objects.
"""

from tfjs_pyo import naming
from tfjs_pyo.ops.losses import (
    absolute_difference,
    compute_weighted_loss,
    cosine_distance,
    hinge_loss,
    huber_loss,
    log_loss,
    mean_squared_error,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)

__all__ = [
    "absolute_difference",
    "compute_weighted_loss",
    "cosine_distance",
    "hinge_loss",
    "huber_loss",
    "log_loss",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
]
__getattr__, __dir__ = naming.module_names(__name__)
