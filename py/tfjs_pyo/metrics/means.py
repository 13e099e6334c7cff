"""Metrics that are means over samples: accuracies, errors, losses; and the plain mean and sum of numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import tfjs_pyo.losses.keras_functions as losses
import tfjs_pyo.metrics.keras_functions as functions
from tfjs_pyo import ops
from tfjs_pyo.config import Order, field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.doc_examples import losses as examples
from tfjs_pyo.documenting import entries
from tfjs_pyo.errors import OptionError
from tfjs_pyo.metrics.base import MeanOf, Metric, as_floats, mean_totals
from tfjs_pyo.types import TensorLike


class Mean(MeanOf):
    """The mean of numbers.

    Args:
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> mean = keras.metrics.Mean("loss")
        >>> mean.update_state([1, 3, 5])
        >>> float(mean(7))
        4.0

    Source: https://keras.io/api/metrics/metrics_wrappers/#mean-class
    """

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        del y_true, y_pred
        raise OptionError(
            f"{self.display_name}: it takes numbers, not true and predicted values, so it is for use by hand and not for compile."
        )

    def update_state(self, values: Any, sample_weight: TensorLike | None = None) -> None:  # type: ignore[override]
        """Adds numbers to the mean.

        Args:
            values: tensor, array, list or number.
            sample_weight: weights of the numbers; default: 1 for each.

        Example:
            >>> from tfjs_pyo import keras
            >>> mean = keras.metrics.Mean()
            >>> mean.update_state([1, 5], sample_weight=[3, 1])
            >>> float(mean.result())
            2.0

        Source: https://keras.io/api/metrics/metrics_wrappers/#mean-class
        """
        self._add(mean_totals(as_floats(values), self._weight(sample_weight)))


class Sum(Mean):
    """The sum of numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> total = keras.metrics.Sum()
        >>> total.update_state([1, 3, 5])
        >>> float(total(7))
        16.0

    Source: https://keras.io/api/metrics/metrics_wrappers/#sum-class
    """

    def compute(self, totals: Tensor) -> Tensor:
        return totals[0]


class MeanMetricWrapper(MeanOf):
    """The mean of what a function of true and predicted values gives.

    Args:
        fn: the function.
        name: what the history calls it.
        dtype: float32 is what is computed, whatever is asked for.
        kwargs: further arguments of the function.

    Example:
        >>> from tfjs_pyo import keras
        >>> def furthest(y_true, y_pred):
        ...     return keras.ops.max(keras.ops.abs(y_true - y_pred), axis=-1)
        >>> metric = keras.metrics.MeanMetricWrapper(furthest)
        >>> metric.update_state([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [5.0, 0.0]])
        >>> float(metric.result())
        4.0

    Source: https://keras.io/api/metrics/metrics_wrappers/
    """

    order: ClassVar[Order] = ("fn", "name", "dtype", ...)

    fn: Callable[..., Tensor] = field(saved=False)
    name: str | None = field(None)

    def __init__(
        self, fn: Callable[..., Tensor], name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(fn=fn, name=name or getattr(fn, "__name__", None), dtype=dtype)
        self.arguments = kwargs

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return self.fn(y_true, y_pred, **self.arguments)


class RootMeanSquaredError(MeanOf):
    """The root of the mean of squared errors.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.RootMeanSquaredError()
        >>> metric.update_state([0, 0], [1, 7])
        >>> float(metric.result())
        5.0

    Source: https://keras.io/api/metrics/regression_metrics/#rootmeansquarederror-class
    """

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return ops.square(y_pred - y_true)

    def compute(self, totals: Tensor) -> Tensor:
        return ops.sqrt(super().compute(totals))


class _OfFunction(MeanOf):
    """Base of means of a function: its options are fields."""

    _internal = ("function", "options")
    function: ClassVar[Callable[..., Tensor]]
    options: ClassVar[tuple[str, ...]]

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        kind = type(self)
        return kind.function(y_true, y_pred, **{name: getattr(self, name) for name in kind.options})


_CONVERT = {"k": positive_int, "threshold": number(), "label_smoothing": number(0, 1)}


def _doc(name: str, function: Callable[..., Tensor], options: Sequence[str]) -> str:
    """Returns the docstring of a class from that of its function."""
    doc = inspect.cleandoc(function.__doc__ or "")
    said = entries(doc)
    args = [f"    {key}: {said.get(key, 'as the function has it.')}" for key in options]
    parts = [
        f"The mean over samples of {doc.splitlines()[0].removeprefix('Returns ')}",
        "\n".join(["Args:", "    name: what the history calls it.", *args]),
        examples.of_metric(name, function.__name__),
        "Source: https://keras.io/api/metrics/",
    ]
    return "\n\n".join(parts)


def _of(
    name: str,
    function: Callable[..., Tensor],
    *options: str,
    order: tuple[Any, ...] = MeanOf.order,
    called: str | None = None,
) -> type[Metric]:
    """Returns the class of metrics that is the mean of a function.

    Args:
        name: of the class.
        function: of true and predicted values and options.
        options: of these, what the class has.
        order: of the fields.
        called: what the objects are called, where it is not the class's name in snake_case.
    """
    parameters = inspect.signature(function).parameters
    own: dict[str, Any] = {key: field(parameters[key].default, _CONVERT.get(key)) for key in options}
    if called is not None:
        own["name"] = field(None, keras=called)
    body = {
        "function": staticmethod(function),
        "options": options,
        "order": order,
        "__doc__": _doc(name, function, options),
        "__module__": Metric.keras_module,
    }
    return type(name, (_OfFunction,), {**own, **body})


_SORTED = ("k", "name", "dtype", ...)
MEANS: dict[str, type[Metric]] = {
    kind.__name__: kind
    for kind in (
        _of("Accuracy", functions.accuracy),
        _of("BinaryAccuracy", functions.binary_accuracy, "threshold"),
        _of("CategoricalAccuracy", functions.categorical_accuracy),
        _of("SparseCategoricalAccuracy", functions.sparse_categorical_accuracy),
        _of("TopKCategoricalAccuracy", functions.top_k_categorical_accuracy, "k", order=_SORTED),
        _of(
            "SparseTopKCategoricalAccuracy",
            functions.sparse_top_k_categorical_accuracy,
            "k",
            "from_sorted_ids",
            order=_SORTED,
        ),
        _of("CosineSimilarity", functions.cosine_similarity, "axis"),
        _of("PearsonCorrelation", functions.pearson_correlation, "axis"),
        _of("ConcordanceCorrelation", functions.concordance_correlation, "axis"),
        _of("MeanSquaredError", losses.mean_squared_error),
        _of("MeanAbsoluteError", losses.mean_absolute_error),
        _of("MeanAbsolutePercentageError", losses.mean_absolute_percentage_error),
        _of("MeanSquaredLogarithmicError", losses.mean_squared_logarithmic_error),
        _of("KLDivergence", losses.kl_divergence),
        _of("Poisson", losses.poisson),
        _of("LogCoshError", losses.log_cosh, called="logcosh"),
        _of("Hinge", losses.hinge),
        _of("SquaredHinge", losses.squared_hinge),
        _of("CategoricalHinge", losses.categorical_hinge),
        _of("BinaryCrossentropy", losses.binary_crossentropy, "from_logits", "label_smoothing"),
        _of(
            "CategoricalCrossentropy",
            losses.categorical_crossentropy,
            "from_logits",
            "label_smoothing",
            "axis",
        ),
        _of(
            "SparseCategoricalCrossentropy",
            losses.sparse_categorical_crossentropy,
            "from_logits",
            "ignore_class",
            "axis",
        ),
    )
}
"""The classes of metrics that are means of functions, by name."""
