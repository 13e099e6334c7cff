"""AdamW: Adam whose weights shrink by themselves, apart from their gradients."""

from __future__ import annotations

from typing import ClassVar

from tfjs_pyo.config import Order, field, number
from tfjs_pyo.optimizers.keras_forms import Adam


class AdamW(Adam):
    """First w -= rate * weight_decay * w, then the step of Keras's Adam.

    Args:
        learning_rate: size of a step, or a schedule.
        weight_decay: how fast weights shrink.
        beta1: share of the past in the mean of gradients; Keras's `beta_1`.
        beta2: share of the past in the mean of their squares; Keras's `beta_2`.
        epsilon: added to the root.
        amsgrad: whether the largest mean of squares so far divides, not the present one.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> optimizer = tf.optimizers.AdamW(0.1, weight_decay=0.5)
        >>> optimizer.minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.85

    Source: https://keras.io/api/optimizers/adamw/
    """

    order: ClassVar[Order] = ("learning_rate", "weight_decay", ..., *Adam.order[3:])

    weight_decay: float | None = field(0.004, number(0))
