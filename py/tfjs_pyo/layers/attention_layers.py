"""Attention: what of some values matters for each query. Source: https://keras.io/api/layers/attention_layers/"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, ClassVar

from tfjs_pyo import constraints, initializers, naming, ops, options, regularizers
from tfjs_pyo.config import (
    choice,
    field,
    keras_field,
    number,
    positive_int,
    positive_ints,
    unsupported,
    whole_numbers,
)
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.shapes import normalize_axes, size
from tfjs_pyo.types import Result

FAR = -1e9
"""What is added to scores that do not count, so that nothing is left of them after the softmax."""


class _Attending(Layer):
    """Base: queries [batch, queries, ...], values and keys [batch, values, ...]; keys are the values unless given."""

    _first_argument = "query"
    _further: ClassVar[tuple[str, ...]] = ()
    """What may follow the key, in the order of its places."""

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Applies the layer.

        Args:
            inputs: `[query, value]` or `[query, value, key]`; these may also be given one by one, in this order or by name.
            kwargs: `mask` (a list, for query and value), `attention_mask` (bool [batch, queries, values]),
                `use_causal_mask` (whether a query sees no later values), `return_attention_scores`, `training`; of layers with
                several heads also `query_mask`, `value_mask` and `key_mask`, in place of those that the inputs carry.
            args: value and key, where `inputs` is the query alone.

        Returns:
            Float32 of shape [batch, queries, features]; with `return_attention_scores` a list of it and the scores.

        Raises:
            ArgumentError: another number of tensors than two or three.
            ShapeError: shapes that do not fit.

        Example:
            >>> import tfjs_pyo as tf
            >>> query, value = tf.zeros([1, 1, 2]), tf.tensor3d([[[1, 2], [3, 4]]])
            >>> tf.layers.attention().apply([query, value]).array_sync()
            [[[2.0, 3.0]]]
            >>> _, scores = tf.layers.attention().apply(query, value=value, return_attention_scores=True)
            >>> scores.array_sync()
            [[[0.5, 0.5]]]
        """
        by_place, kwargs = naming.with_config(self.display_name, args, kwargs)
        named = naming.keyword_arguments(
            self.display_name, kwargs, [*inspect.signature(self.call).parameters, "value", "key"]
        )
        given = [*(inputs if isinstance(inputs, (list, tuple)) else [inputs]), *by_place]
        given += [named.pop(name) for name in ("value", "key") if name in named]
        named = {**dict(zip(self._further, given[3:], strict=False)), **named}
        given = given[: 3 if self._further else None]
        given = given[:2] if len(given) == 3 and given[2] is None else given
        if len(given) not in (2, 3):
            raise ArgumentError(
                f"{self.display_name}: expected query, value and perhaps key, received {len(given)} tensors."
            )
        return super().apply(given, **named)

    def _shapes_of_call(self, input_shape: Any, arguments: Mapping[str, Any]) -> Any:
        result = self.compute_output_shape(input_shape)
        return (
            [result, self._scores_shape(input_shape)] if arguments.get("return_attention_scores") else result
        )

    def _scores_shape(self, input_shape: Any) -> BatchShape:
        """Returns the shape of what `return_attention_scores` adds to the outputs."""
        query, value, _ = self._shapes(input_shape)
        return (query[0], query[1], value[1])

    def _shapes(self, input_shape: Any) -> list[BatchShape]:
        """Returns the shapes of query, value and key.

        Raises:
            ShapeError: another rank than 3, or values and keys of different lengths.
        """
        shapes = [tuple(shape) for shape in input_shape]
        shapes = shapes if len(shapes) == 3 else [*shapes, shapes[1]]
        for shape in shapes:
            if len(shape) < 3 or not self._several_axes:
                self._require_rank(shape, 3, "[batch, steps, features]")
        if None not in (shapes[1][1], shapes[2][1]) and shapes[1][1] != shapes[2][1]:
            raise ShapeError(
                f"{self.display_name}: expected as many keys as values, received {shapes[2]} and {shapes[1]}."
            )
        return shapes

    _several_axes: ClassVar[bool] = False
    """Whether there may be more axes than one between batch and features."""

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        """Returns how much each key has to do with each query, [batch, queries, keys]."""
        raise NotImplementedError(f"{self.display_name}: an attention layer must define _scores(query, key).")

    def compute_mask(self, inputs: Any, mask: Any = None) -> Result:  # noqa: ARG002 (the mask tells)
        return mask[0] if isinstance(mask, list) else mask


def seen_pairs(
    scores: Tensor,
    query_mask: Tensor | None,
    value_masks: Sequence[Tensor | None],
    attention_mask: Tensor | None,
    causal: bool,
) -> Tensor | None:
    """Returns which values count for which queries, of a shape that broadcasts to that of the scores; None if all do.

    Args:
        scores: [..., queries, values].
        query_mask: bool [batch, queries].
        value_masks: bool [batch, values].
        attention_mask: bool [batch, queries, values], or of the rank of the scores.
        causal: whether a query sees no later values.
    """
    lead = [1] * (scores.rank - 3)
    masks = [
        ops.reshape(mask, (mask.shape[0], *lead, 1, mask.shape[1]))
        for mask in value_masks
        if mask is not None
    ]
    if query_mask is not None:
        masks.append(ops.reshape(query_mask, (query_mask.shape[0], *lead, query_mask.shape[1], 1)))
    if attention_mask is not None:
        heads = (1,) * (scores.rank - attention_mask.rank)
        masks.append(
            ops.reshape(attention_mask, (attention_mask.shape[0], *heads, *attention_mask.shape[1:]))
        )
    if causal:
        queries, values = scores.shape[-2:]
        row, column = ops.range(0, queries, 1, "int32"), ops.range(0, values, 1, "int32")
        masks.append(ops.greater_equal(ops.expand_dims(row, 1), column))
    return reduce(ops.logical_and, [ops.cast(mask, "bool") for mask in masks]) if masks else None


def shares_of(scores: Tensor, seen: Tensor | None, zeros: bool = False) -> Tensor:
    """Returns shares that add up to 1 over the last axis, of what counts.

    Args:
        scores: [..., queries, values].
        seen: which values count for which queries; all if None.
        zeros: whether queries for which none counts get none, rather than an equal part of all.
    """
    if seen is None:
        return ops.softmax(scores)
    shares: Tensor = ops.softmax(scores + ops.where(seen, 0.0, FAR))
    return ops.where(seen, shares, 0.0) if zeros else shares


class Attention(_Attending):
    """Dot-product attention (Luong et al., 2015).

    Args:
        use_scale: whether scores are multiplied by a number that is learned.
        score_mode: 'dot', the product of query and key, or 'concat', a learned factor of tanh(query + key).
        dropout: share of the attention that is dropped while training.

    Example:
        >>> import tfjs_pyo as tf
        >>> query, value = tf.zeros([1, 1, 2]), tf.tensor([[[1, 2], [3, 4]]])
        >>> tf.layers.attention()([query, value]).array_sync()
        [[[2.0, 3.0]]]

    Source: https://keras.io/api/layers/attention_layers/attention/
    """

    _several_inputs = True
    per_sample = True

    use_scale: bool = field(False)
    score_mode: str = field("dot", choice("dot", "concat"))
    dropout: float = field(0.0, number(0, 1, open_high=True))
    seed: int | None = keras_field(None)

    def build(self, input_shape: Any) -> None:
        self._shapes(input_shape)
        self.scale = self.add_weight("scale", (), initializer="ones") if self.use_scale else None
        concat = self.score_mode == "concat"
        self.concat_score_weight = (
            self.add_weight("concat_score_weight", (), initializer="ones") if concat else None
        )

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        if self.concat_score_weight is not None:
            both = ops.expand_dims(query, 2) + ops.expand_dims(key, 1)
            both = both if self.scale is None else both * self.scale
            return self.concat_score_weight * ops.sum(ops.tanh(both), -1)
        scores: Tensor = ops.mat_mul(query, key, False, True)
        return scores if self.scale is None else scores * self.scale

    def call(
        self,
        inputs: Sequence[Tensor],
        mask: Any = None,
        training: bool = False,
        attention_mask: Tensor | None = None,
        use_causal_mask: bool = False,
        return_attention_scores: bool = False,
    ) -> Result:
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) == 3 else value
        value_mask = mask[1] if isinstance(mask, list) else None
        scores = self._scores(query, key)
        shares = shares_of(scores, seen_pairs(scores, None, [value_mask], attention_mask, use_causal_mask))
        if training and self.dropout:
            shares = ops.dropout(shares, self.dropout)
        result = ops.mat_mul(shares, value)
        if isinstance(mask, list) and mask[0] is not None:
            result = ops.where(ops.expand_dims(mask[0], -1), result, 0.0)
        return [result, shares] if return_attention_scores else result

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        query, value, _ = self._shapes(input_shape)
        return (*query[:-1], value[-1])


class AdditiveAttention(Attention):
    """Additive attention (Bahdanau et al., 2015): scores are sums of tanh(query + key), with learned factors.

    Args:
        use_scale: whether the factors are learned, or 1.
        dropout: share of the attention that is dropped while training.

    Example:
        >>> import tfjs_pyo as tf
        >>> query, key, value = tf.ones([1, 1, 2]), tf.zeros([1, 2, 2]), tf.tensor([[[1, 2], [3, 4]]])
        >>> tf.layers.additiveAttention()([query, value, key]).array_sync()
        [[[2.0, 3.0]]]

    Source: https://keras.io/api/layers/attention_layers/additive_attention/
    """

    per_sample = True

    use_scale: bool = field(True)
    score_mode: str = field("concat", choice("concat"), argument="", saved=False)
    seed: int | None = field(None, argument="", saved=False)

    def build(self, input_shape: Any) -> None:
        features = self._require_known(
            self._shapes(input_shape)[1][-1], "the number of features", input_shape[1]
        )
        self.scale = self.add_weight("scale", (features,)) if self.use_scale else None

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        both = ops.tanh(ops.expand_dims(query, 2) + ops.expand_dims(key, 1))
        scores: Tensor = ops.sum(both if self.scale is None else both * self.scale, -1)
        return scores


def _output_dims(owner: str, name: str, value: Any) -> tuple[int, ...]:
    """Returns the last axes of the outputs: one, or several."""
    return positive_ints(1 if options.whole(value) is not None else len(options.items(value) or [0]))(
        owner, name, value
    )


def masks_of_inputs(mask: Any, *given: Tensor | None) -> list[Tensor | None]:
    """Returns the masks of query, value and key: those that are given, else those that the inputs carry."""
    carried = [*mask, None][:3] if isinstance(mask, list) else [None] * 3
    return [own if own is not None else other for own, other in zip(given, carried, strict=True)]


class ProjectingAttention(_Attending):
    """Base of attentions between learned projections of queries, keys and values, in several heads."""

    _further = (
        "query_mask",
        "value_mask",
        "key_mask",
        "attention_mask",
        "return_attention_scores",
        "training",
    )

    use_bias: bool
    _projections: dict[str, tuple[Tensor, Tensor | None]]

    def _weights(self, name: str, kernel: Sequence[int], bias: Sequence[int]) -> tuple[Tensor, Tensor | None]:
        """Returns a kernel, and a bias if there are biases."""

        def made(kind: str, shape: Sequence[int]) -> Tensor:
            given = {p: getattr(self, f"{kind}_{p}") for p in ("initializer", "regularizer", "constraint")}
            return self.add_weight(f"{name}/{kind}", shape, **given)

        return made("kernel", kernel), made("bias", bias) if self.use_bias else None

    def _projected(self, name: str, x: Tensor) -> Tensor:
        """Returns [batch, heads, steps, width]."""
        kernel, bias = self._projections[name]
        features, heads, width = kernel.shape
        rows = ops.mat_mul(ops.reshape(x, (-1, features)), ops.reshape(kernel, (features, heads * width)))
        split = ops.reshape(rows, (*x.shape[:2], heads, width))
        split = split if bias is None else split + bias
        turned: Tensor = ops.transpose(split, (0, 2, 1, 3))
        return turned


class MultiHeadAttention(ProjectingAttention):
    """Several attentions beside each other, each over projections of its own (Vaswani et al., 2017).

    Args:
        num_heads: how many.
        key_dim: length of the projections of queries and keys.
        value_dim: of values; default: that of keys.
        dropout: share of the attention that is dropped while training.
        use_bias: whether projections have biases.
        output_shape: features of the output, or several last axes of it; default: those of the queries.
        attention_axes: the axes whose elements attend to each other, for inputs with several; all between batch and features
            by default.
        kernel_initializer, bias_initializer: first values.
        kernel_regularizer, bias_regularizer: penalties.
        kernel_constraint, bias_constraint: projections after updates.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.multiHeadAttention({"numHeads": 2, "keyDim": 3})
        >>> x = tf.ones([1, 5, 8])
        >>> layer(x, x, use_causal_mask=True).shape
        (1, 5, 8)

    Source: https://keras.io/api/layers/attention_layers/multi_head_attention/
    """

    _several_inputs = True
    per_sample = True
    _several_axes = True

    num_heads: int = field(convert=positive_int)
    key_dim: int = field(convert=positive_int)
    value_dim: int | None = field(None, positive_int)
    dropout: float = field(0.0, number(0, 1, open_high=True))
    use_bias: bool = field(True)
    output_shape: Any = field(None, _output_dims)
    attention_axes: tuple[int, ...] | None = field(None, whole_numbers)
    sliding_window: int | None = keras_field(None, unsupported("all steps attend to all"), saved=False)
    flash_attention: bool | None = keras_field(None, saved=False)
    kernel_initializer: Any = field("glorot_uniform", initializers.INITIALIZERS.convert)
    bias_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    bias_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    activity_regularizer: Any = keras_field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    bias_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    use_gate: bool = keras_field(False, unsupported("there is no gate on the output"), saved=False)
    seed: int | None = keras_field(None)

    def build(self, input_shape: Any) -> None:
        query, value, key = self._shapes(input_shape)
        widths = {
            "query": (query, self.key_dim),
            "key": (key, self.key_dim),
            "value": (value, self._value_dim),
        }
        self._projections = {}
        for name, (shape, width) in widths.items():
            features = self._require_known(shape[-1], f"the number of features of the {name}", shape)
            self._projections[name] = self._weights(
                name, (features, self.num_heads, width), (self.num_heads, width)
            )
        last = self._require_known(query[-1], "the number of features", query)
        outputs = self.output_shape or (last,)
        self._projections["output"] = self._weights(
            "attention_output", (self.num_heads, self._value_dim, *outputs), outputs
        )

    @property
    def _value_dim(self) -> int:
        return self.value_dim or self.key_dim

    def _order(self, rank: int) -> tuple[int, ...]:
        """Returns the axes in the order batch, those that do not attend, those that do, features."""
        given = self.attention_axes if self.attention_axes is not None else range(1, rank - 1)
        axes = normalize_axes(f"{self.display_name}: attentionAxes", given, rank)
        return (*(axis for axis in range(rank - 1) if axis not in axes), *axes, rank - 1)

    def _attending(self, rank: int) -> int:
        """Returns how many axes attend."""
        return rank - 2 if self.attention_axes is None else len(self.attention_axes)

    def _in_rows(self, x: Tensor) -> Tensor:
        """Returns x as [batch, steps, features]: axes that do not attend go to the batch."""
        if x.rank == 3 and self.attention_axes is None:
            return x
        moved = ops.transpose(x, self._order(x.rank))
        steps = size(moved.shape[x.rank - 1 - self._attending(x.rank) : -1])
        rows: Tensor = ops.reshape(moved, (-1, steps, x.shape[-1]))
        return rows

    def _out_of_rows(self, rows: Tensor, shape: Sequence[int], features: int) -> Tensor:
        """Undoes `_in_rows` for rows of as many elements as `shape` has."""
        order = self._order(len(shape) + 1)
        moved = ops.reshape(rows, (*(shape[axis] for axis in order[:-1]), features))
        result: Tensor = ops.transpose(moved, [order.index(axis) for axis in range(len(order))])
        return result

    def call(
        self,
        inputs: Sequence[Tensor],
        mask: Any = None,
        training: bool = False,
        attention_mask: Tensor | None = None,
        use_causal_mask: bool = False,
        return_attention_scores: bool = False,
        query_mask: Tensor | None = None,  # noqa: ARG002 (as in Keras)
        value_mask: Tensor | None = None,
        key_mask: Tensor | None = None,
    ) -> Result:
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) == 3 else value
        rows = [self._in_rows(x) for x in (query, key, value)]
        q, k, v = (self._projected(n, x) for n, x in zip(("query", "key", "value"), rows, strict=True))
        scores = ops.mat_mul(q * (1 / math.sqrt(self.key_dim)), k, False, True)
        # Keras takes the mask of queries from these alone here, and leaves one that is given for it out of account.
        masks = masks_of_inputs(mask, None, value_mask, key_mask)
        several = query.rank > 3 or self.attention_axes is not None
        if several:
            masks = [
                None if each is None else self._steps_in_rows(each, x.shape)
                for each, x in zip(masks, (query, value, key), strict=True)
            ]
            if attention_mask is not None:
                attention_mask = self._pairs_in_rows(attention_mask, query.shape, value.shape)
        seen = seen_pairs(scores, masks[0], masks[1:], attention_mask, use_causal_mask)
        shares = shares_of(scores, seen, zeros=query.rank > 3 or return_attention_scores or self.dropout > 0)
        kept = ops.dropout(shares, self.dropout) if training and self.dropout else shares
        heads = ops.transpose(ops.mat_mul(kept, v), (0, 2, 1, 3))
        kernel, bias = self._projections["output"]
        outputs = size(kernel.shape[2:])
        joined = ops.mat_mul(
            ops.reshape(heads, (-1, heads.shape[2] * heads.shape[3])), ops.reshape(kernel, (-1, outputs))
        )
        joined = joined if bias is None else joined + ops.reshape(bias, (outputs,))
        result = self._out_of_rows(joined, query.shape[:-1], outputs)
        result = ops.reshape(result, (*query.shape[:-1], *kernel.shape[2:]))
        if not return_attention_scores:
            return result
        return [result, ops.reshape(shares, self._shape_of_scores(query.shape, value.shape))]

    def compute_output_shape(self, input_shape: Any) -> BatchShape:
        query, _, _ = self._shapes(input_shape)
        return (*query[:-1], *(self.output_shape or query[-1:]))

    def _scores_shape(self, input_shape: Any) -> BatchShape:
        query, value, _ = self._shapes(input_shape)
        return self._shape_of_scores(query, value)

    def _sides(self, query: Sequence[Any], value: Sequence[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """Returns the sizes of the axes that do not attend, of those of the queries that do, and of those of the values."""
        order = self._order(len(query))[:-1]
        alone = len(order) - self._attending(len(query))
        return (
            [query[a] for a in order[:alone]],
            [query[a] for a in order[alone:]],
            [value[a] for a in order[alone:]],
        )

    def _shape_of_scores(self, query: Sequence[Any], value: Sequence[Any]) -> BatchShape:
        """Returns [axes that do not attend, heads, those of the queries that do, those of the values that do]."""
        alone, queries, values = self._sides(query, value)
        return (*alone, self.num_heads, *queries, *values)

    def _steps_in_rows(self, mask: Tensor, value: Sequence[int]) -> Tensor:
        """Returns the mask of values, [batch, axes before the features], as [rows, steps]; it may lack the last ones."""
        lacking = (1,) * (len(value) - 1 - mask.rank)
        whole = ops.broadcast_to(ops.reshape(mask, (*mask.shape, *lacking)), value[:-1])
        rows: Tensor = ops.squeeze(self._in_rows(ops.expand_dims(whole, -1)), (-1,))
        return rows

    def _pairs_in_rows(self, mask: Tensor, query: Sequence[int], value: Sequence[int]) -> Tensor:
        """Returns the mask of pairs, [axes that do not attend, queries, values], as [rows, queries, values].

        Axes that do not attend may be missing after the batch, as in Keras.
        """
        alone, queries, values = self._sides(query, value)
        pairs = len(queries) + len(values)
        if not pairs < mask.rank <= len(alone) + pairs:
            raise ShapeError(
                f"{self.display_name}: expected an attentionMask of shape {[*alone, *queries, *values]}, in which axes after the "
                f"batch that do not attend may be missing, received shape {list(mask.shape)}."
            )
        lacking = (1,) * (len(alone) + pairs - mask.rank)
        whole = ops.reshape(mask, (*mask.shape[:-pairs], *lacking, *mask.shape[-pairs:]))
        rows: Tensor = ops.reshape(
            ops.broadcast_to(whole, (*alone, *queries, *values)), (-1, size(queries), size(values))
        )
        return rows
