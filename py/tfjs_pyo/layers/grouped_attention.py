"""Attention whose heads share keys and values. Source: https://keras.io/api/layers/attention_layers/group_query_attention/"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import constraints, initializers, ops, regularizers
from tfjs_pyo.config import field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.layers.attention_layers import ProjectingAttention, masks_of_inputs, seen_pairs, shares_of
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.types import Result


class GroupQueryAttention(ProjectingAttention):
    """Several attentions beside each other, of which groups share projections of keys and values (Ainslie et al., 2023).

    Args:
        head_dim: length of the projections.
        num_query_heads: attentions; a multiple of the next number.
        num_key_value_heads: projections of keys and values.
        dropout: share of the attention that is dropped while training.
        use_bias: whether projections have biases.
        sliding_window: how far from itself a step sees, itself included; default: all steps.
        flash_attention: accepted as it is; results are the same.
        kernel_initializer, bias_initializer: first values.
        kernel_regularizer, bias_regularizer, activity_regularizer: penalties.
        kernel_constraint, bias_constraint: projections after updates.
        use_gate: whether heads are multiplied by the sigmoid of a projection of the queries.
        seed: accepted as it is.

    Raises:
        OptionError: heads cannot be grouped.
        ShapeError: queries and values have other numbers of features.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.groupQueryAttention({"headDim": 3, "numQueryHeads": 4, "numKeyValueHeads": 2})
        >>> x = tf.ones([1, 5, 8])
        >>> layer(x, x, use_causal_mask=True).shape
        (1, 5, 8)

    Source: https://keras.io/api/layers/attention_layers/group_query_attention/
    """

    keras_class_name = "GroupedQueryAttention"
    _several_inputs = True
    per_sample = True

    head_dim: int = field(convert=positive_int)
    num_query_heads: int = field(convert=positive_int)
    num_key_value_heads: int = field(convert=positive_int)
    dropout: float = field(0.0, number(0, 1, open_high=True))
    use_bias: bool = field(True)
    sliding_window: int | None = field(None, positive_int)
    flash_attention: bool | None = field(None, saved=False)
    kernel_initializer: Any = field("glorot_uniform", initializers.INITIALIZERS.convert)
    bias_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    bias_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    activity_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    bias_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    use_gate: bool = field(False)
    seed: int | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.num_query_heads % self.num_key_value_heads:
            raise OptionError(
                f"{self.display_name}: expected 'num_query_heads' to be a multiple of 'num_key_value_heads', received "
                f"{self.num_query_heads} and {self.num_key_value_heads}."
            )

    def build(self, input_shape: Any) -> None:
        query, value, key = self._shapes(input_shape)
        if query[-1] != value[-1]:
            raise ShapeError(
                f"{self.display_name}: expected as many features of values as of queries, received {value} and {query}."
            )
        heads = {
            "query": (query, self.num_query_heads),
            "key": (key, self.num_key_value_heads),
            **({"gate": (query, self.num_query_heads)} if self.use_gate else {}),
            "value": (value, self.num_key_value_heads),
        }
        self._projections = {}
        for name, (shape, count) in heads.items():
            features = self._require_known(shape[-1], f"the number of features of the {name}", shape)
            self._projections[name] = self._weights(
                name, (features, count, self.head_dim), (count, self.head_dim)
            )
        features = self._require_known(query[-1], "the number of features", query)
        self._projections["output"] = self._weights(
            "attention_output", (self.num_query_heads, self.head_dim, features), (features,)
        )

    def call(
        self,
        inputs: Sequence[Tensor],
        mask: Any = None,
        training: bool = False,
        attention_mask: Tensor | None = None,
        use_causal_mask: bool = False,
        return_attention_scores: bool = False,
        query_mask: Tensor | None = None,
        value_mask: Tensor | None = None,
        key_mask: Tensor | None = None,
    ) -> Result:
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) == 3 else value
        q, k, v = (
            self._projected(n, x) for n, x in zip(("query", "key", "value"), (query, key, value), strict=True)
        )
        k, v = self._shared(k), self._shared(v)
        scores = ops.mat_mul(q * (1 / math.sqrt(self.head_dim)), k, False, True)
        masks = masks_of_inputs(mask, query_mask, value_mask, key_mask)
        near = self._within_window(attention_mask, query.shape[1], key.shape[1])
        seen = seen_pairs(scores, masks[0], masks[1:], near, use_causal_mask)
        shares = shares_of(scores, seen, zeros=return_attention_scores or self.dropout > 0)
        kept = ops.dropout(shares, self.dropout) if training and self.dropout else shares
        heads = ops.mat_mul(kept, v)
        if self.use_gate:
            heads = heads * ops.sigmoid(self._projected("gate", query))
        kernel, bias = self._projections["output"]
        rows = ops.reshape(ops.transpose(heads, (0, 2, 1, 3)), (-1, self.num_query_heads * self.head_dim))
        joined = ops.mat_mul(rows, ops.reshape(kernel, (rows.shape[1], -1)))
        joined = joined if bias is None else joined + bias
        result = ops.reshape(joined, query.shape)
        return [result, shares] if return_attention_scores else result

    def _shared(self, x: Tensor) -> Tensor:
        """Returns [batch, heads of queries, steps, width]: what all queries of a group share, once for each."""
        batch, count, steps, width = x.shape
        group = self.num_query_heads // count
        whole: Tensor = ops.reshape(
            ops.tile(ops.expand_dims(x, 2), (1, 1, group, 1, 1)), (batch, count * group, steps, width)
        )
        return whole

    def _within_window(self, given: Tensor | None, queries: int, keys: int) -> Tensor | None:
        """Returns which keys a query may see: those that were given and lie within the window."""
        if self.sliding_window is None:
            return given
        row = ops.expand_dims(ops.range(0, queries, 1, "int32"), 1)
        near = ops.less(ops.abs(row - ops.range(0, keys, 1, "int32")), self.sliding_window)
        near = ops.expand_dims(near, 0)
        return near if given is None else ops.logical_and(ops.cast(given, "bool"), near)

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        return self._shapes(input_shape)[0]

    def _scores_shape(self, input_shape: Any) -> BatchShape:
        query, value, _ = self._shapes(input_shape)
        return (query[0], self.num_query_heads, query[1], value[1])


__all__ = ["GroupQueryAttention"]
