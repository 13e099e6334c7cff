"""Normalization where Keras computes otherwise than TensorFlow.js."""

from __future__ import annotations

from typing import Any

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.keras.layer import Layer
from tfjs_pyo.layers import normalization_layers


class BatchNormalization(normalization_layers.BatchNormalization, Layer, dialect=KERAS):
    """Gives each feature mean 0 and variance 1 over the batch while training, by moving averages otherwise.

    A layer that is frozen (`trainable = False`) goes by its moving averages while training, too.

    Args:
        axis: of the features.
        momentum: share of the old moving average that stays in each step.
        epsilon: added to the variance.
        center, scale: whether there is a learned offset `beta` and factor `gamma`.
        beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer: first values.
        beta_constraint, gamma_constraint, beta_regularizer, gamma_regularizer: of the learned weights.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.layers.BatchNormalization()([[1.0], [3.0]], training=True).shape
        (2, 1)

    Source: https://keras.io/api/layers/normalization_layers/batch_normalization/
    """

    def call(self, inputs: Tensor, training: Any = None, mask: Tensor | None = None) -> Tensor:
        """Normalizes by the batch while training; a layer that is frozen by its moving averages, as in Keras.

        Args:
            inputs: a tensor.
            training: whether to normalize by the batch, and to move the averages.
            mask: bool, false for the steps that do not count.

        Returns:
            A tensor of the shape of the inputs.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.BatchNormalization(epsilon=0.0)
            >>> layer.build((None, 1))
            >>> batch = keras.ops.array([[1.0], [3.0]])
            >>> layer.call(batch, training=True).tolist()
            [[-1.0], [1.0]]
            >>> layer.trainable = False
            >>> layer.call(batch, training=True)
            Tensor
                [[0.98],
                 [2.98]]
        """
        return super().call(inputs, bool(training) and bool(self.trainable), mask)


__all__ = ["BatchNormalization"]
