"""Embedding. Source: https://js.tensorflow.org/api/latest/#layers.embedding"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tfjs_pyo import constraints, initializers, ops, options, regularizers
from tfjs_pyo.config import Order, field, keras_field, number, positive_int, shape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.layers.base import BatchShape, Layer, no_lora, no_quantization
from tfjs_pyo.layers.passing import set_masks
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
        >>> tf.layers.embedding({"inputDim": 10, "outputDim": 4})(tf.tensor([[1, 2, 3]], dtype="int32")).shape
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
        says_length = self.input_length is not None or type(self).dialect is not KERAS
        if self.batch_input_shape is None and says_length:
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


class ReversibleEmbedding(Embedding):
    """An embedding that also goes back: from vectors to a score for each number, `layer(x, reverse=True)`.

    Args:
        input_dim, output_dim: as for Embedding.
        tie_weights: whether the same table serves both ways.
        embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero: as for Embedding.
        reverse_dtype: accepted as it is; float32 is computed.
        logit_soft_cap: scores lie between minus and plus this, by tanh; None for no limit.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.reversibleEmbedding({"inputDim": 10, "outputDim": 4})
        >>> vectors = layer(tf.tensor([[1, 2, 3]], dtype="int32"))
        >>> vectors.shape, layer(vectors, reverse=True).shape
        ((1, 3, 4), (1, 3, 10))

    Source: https://keras.io/api/layers/core_layers/reversible_embedding/
    """

    per_sample = True
    _makes_masks = False  # but where `call` sets one
    order: ClassVar[Order] = ("input_dim", "output_dim", "tie_weights", ...)

    _first_weights: Any = field(None, argument="", saved=False)
    lora_rank: int | None = field(None, argument="", saved=False)
    lora_alpha: float | None = field(None, argument="", saved=False)
    quantization_config: Any = field(None, argument="", saved=False)
    tie_weights: bool = field(True)
    reverse_dtype: str | None = field(None)
    logit_soft_cap: float | None = field(None, number(0))

    def build(self, input_shape: BatchShape) -> None:
        super().build(input_shape)
        self.reverse_embeddings = None
        if not self.tie_weights:
            self.reverse_embeddings = self.add_weight(
                "reverse_embeddings",
                (self.output_dim, self.input_dim),
                initializer=self.embeddings_initializer,
            )

    def call(self, inputs: Tensor, reverse: bool = False) -> Tensor:
        if not reverse:
            vectors = super().call(inputs)
            if self.mask_zero:
                set_masks(vectors, super().compute_mask(inputs))
            return vectors
        rows = ops.reshape(inputs, (-1, self.output_dim))
        if self.reverse_embeddings is None:
            logits = ops.mat_mul(rows, self.embeddings, False, True)
        else:
            logits = ops.mat_mul(rows, self.reverse_embeddings)
        if self.logit_soft_cap is not None:
            logits = ops.tanh(logits / self.logit_soft_cap) * self.logit_soft_cap
        scores: Tensor = ops.reshape(logits, (*inputs.shape[:-1], self.input_dim))
        return scores

    def compute_mask(self, inputs: Tensor, mask: Any = None) -> None:  # noqa: ARG002 (as others)
        return None  # scores have none; `call` gives vectors theirs

    def _shapes_of_call(self, input_shape: Any, arguments: Mapping[str, Any]) -> Any:
        if arguments.get("reverse"):
            return (*input_shape[:-1], self.input_dim)
        return self.compute_output_shape(input_shape)
