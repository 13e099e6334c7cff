"""Embedding. Source: https://js.tensorflow.org/api/latest/#layers.embedding"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import constraints, initializers, ops, options, regularizers
from tfjs_pyo.config import field, keras_field, positive_int, shape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape, Layer, no_lora, no_quantization
from tfjs_pyo.types import WeightsLike


def _length(owner: str, name: str, value: Any) -> int | BatchShape:
    """Returns a length, or those of several axes."""
    single = options.whole(value)
    return shape(owner, name, value) if single is None else single


class Embedding(Layer):
    """Turns whole numbers into learned vectors: [batch, ...] to [batch, ..., output_dim].

    Args:
        input_dim: how many numbers there are: inputs lie in [0, input_dim).
        output_dim: length of a vector.
        embeddings_initializer, embeddings_regularizer, embeddings_constraint: of the table.
        activity_regularizer: penalty on outputs.
        mask_zero: whether number 0 stands for a step that holds nothing: recurrent layers skip it.
        input_length: length of sequences, where the shape of inputs is not told otherwise; a list for several axes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.embedding({"inputDim": 10, "outputDim": 4})(tf.tensor([[1, 2, 3]])).shape
        (1, 3, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.embedding
    """

    per_sample = True
    _makes_masks = True

    input_dim: int = field(convert=positive_int)
    output_dim: int = field(convert=positive_int)
    embeddings_initializer: Any = field("randomUniform", initializers.INITIALIZERS.convert, keras="uniform")
    embeddings_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    embeddings_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    mask_zero: bool = field(False)
    _first_weights: WeightsLike | None = field(None, saved=False, argument="weights")
    lora_rank: int | None = keras_field(None, no_lora, saved=False)
    lora_alpha: float | None = keras_field(None, no_lora, saved=False)
    quantization_config: Any = keras_field(None, no_quantization, saved=False)
    activity_regularizer: Any = field(None, regularizers.REGULARIZERS.convert, keyword_only=True)
    input_length: Any = field(None, _length, keyword_only=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.batch_input_shape is None:
            lengths = self.input_length
            self.batch_input_shape = (
                self.batch_size,
                *(lengths if isinstance(lengths, tuple) else (lengths,)),
            )

    def build(self, input_shape: BatchShape) -> None:  # noqa: ARG002 (tables do not depend on it)
        self.embeddings = self._declared_weight("embeddings", (self.input_dim, self.output_dim))

    def call(self, inputs: Tensor) -> Tensor:
        return ops.gather(self.embeddings, ops.cast(inputs, "int32"))

    def compute_mask(self, inputs: Tensor, mask: Any = None) -> Tensor | None:  # noqa: ARG002 (inputs tell)
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return (*input_shape, self.output_dim)
