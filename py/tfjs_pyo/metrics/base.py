"""Metric: a number about many samples, from sums that batches add to. By hand or in `compile`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import ByClass, Configurable, Order, field
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.options import shown
from tfjs_pyo.rules import shows
from tfjs_pyo.shapes import dimensions
from tfjs_pyo.types import TensorLike
from tfjs_pyo.variables import StatelessScope, Variable, values_in


def as_floats(value: Any) -> Tensor:
    """Returns what a user gave as a float32 tensor."""
    return ops.cast(value if isinstance(value, Tensor) else ops.tensor(value), "float32")


def fit_rank(tensor: Tensor, rank: int) -> Tensor:
    """Returns a tensor with axes of size 1 added at the end, or one taken off, so that it has this rank."""
    if tensor.rank == rank + 1 and tensor.shape[-1] == 1:
        return ops.squeeze(tensor, (-1,))
    if tensor.rank < rank:
        return ops.reshape(tensor, (*tensor.shape, *(1 for _ in range(rank - tensor.rank))))
    return tensor


def weights_of(values: Tensor, weight: Tensor | None) -> Tensor:
    """Returns a weight for each value; `weight` has one per sample, or per value."""
    if weight is None:
        return ops.ones(values.shape)
    return ops.broadcast_to(fit_rank(weight, values.rank), values.shape)


class Metric(Configurable, dialect=KERAS):
    """Base of metrics: a subclass says what a batch adds to the sums, and what number the sums make.

    In `compile` the steps of an epoch add up in the graph, and the number comes from the sums of all its samples, which are the
    metric's state at the end of the epoch or of the evaluation.

    Args:
        dtype: float32 is what is computed, whatever is asked for.
        name: what the history calls it; default: the class's name in snake_case.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.MeanSquaredError()
        >>> metric.update_state([[0.0], [2.0]], [[1.0], [5.0]])
        >>> metric.update_state([[0.0], [0.0]], [[1.0], [1.0]])
        >>> float(metric.result())
        3.0

    Source: https://keras.io/api/metrics/base_metric/
    """

    keras_module = "tfjs_pyo.keras.metrics"
    _internal: ClassVar[tuple[str, ...]] = ("compared", "compute", "measure", "same_shape", "state", "totals")
    order: ClassVar[Order] = (..., "dtype", "name")

    dtype: Any = field(None, DTYPE_OPTION.convert, saved=False)
    name: str | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = self.name or naming.keras_unique(type(self).__name__)
        self._sums: Variable | None = None
        self._due: tuple[tuple[int, ...], list[float]] | None = None
        """The shape and the values of sums that the variable is still to be set to."""
        self._is_reset = True
        self._added: list[Variable] = []

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        """Returns what a batch adds, as a vector.

        Args:
            y_true, y_pred: float32 with a batch axis.
            weight: float32 of shape [batch] or of that of the values; None for 1.
        """
        raise NotImplementedError(
            f"{self.display_name}: a metric must define totals(y_true, y_pred, weight)."
        )

    def compute(self, totals: Tensor) -> Tensor:
        """Returns the number that the sums make; a vector if the metric is one number per class or threshold."""
        raise NotImplementedError(f"{self.display_name}: a metric must define compute(totals).")

    def compared(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None = None) -> Tensor:
        """Returns `totals` for tensors of any dtype whose ranks may differ by an axis of size 1."""
        true, predicted = as_floats(y_true), as_floats(y_pred)
        if true.rank == predicted.rank + 1:
            true = fit_rank(true, predicted.rank)
        elif predicted.rank == true.rank + 1:
            predicted = fit_rank(predicted, true.rank)
        return self.totals(true, predicted, weight)

    def same_shape(self, y_true: Tensor, y_pred: Tensor) -> None:
        """Raises unless targets and predictions have one shape."""
        if y_true.shape != y_pred.shape:
            raise ShapeError(
                f"{self.display_name}: expected targets of the shape of the predictions, {y_pred.shape}, received shape "
                f"{y_true.shape}."
            )

    def update_state(
        self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None
    ) -> None:
        """Adds a batch to the sums.

        Args:
            y_true: true values, with a batch axis.
            y_pred: predicted values.
            sample_weight: weights of samples, or of values; default: 1 for each.

        Raises:
            ShapeError: values whose shapes do not belong together, or other classes than in earlier batches.

        Example:
            >>> from tfjs_pyo import keras
            >>> metric = keras.metrics.MeanAbsoluteError()
            >>> metric.update_state([[0.0], [0.0]], [[1.0], [5.0]], sample_weight=[3.0, 1.0])
            >>> float(metric.result())
            2.0

        Source: https://keras.io/api/metrics/base_metric/
        """
        self._add(self.compared(as_floats(y_true), as_floats(y_pred), self._weight(sample_weight)))

    @staticmethod
    def _weight(value: Any) -> Tensor | None:
        return None if value is None else as_floats(value)

    def _add(self, totals: Tensor) -> None:
        state = self._state
        if state is None or (self._is_reset and state.shape != totals.shape):
            state = self._sums = self._made_sums(totals.shape, totals.dtype)
        if state.shape != totals.shape:
            raise ShapeError(
                f"{self.display_name}: expected as many classes as in earlier batches; call reset_state() before other data."
            )
        state.assign(state + totals)
        self._is_reset = False

    def _made_sums(self, shape: Sequence[int], dtype: str = "float32") -> Variable:
        with context.outside_traces():
            first = ops.zeros(shape, dtype)
        return Variable.holding(first, False, f"{self.name}/totals")

    @property
    def _state(self) -> Variable | None:
        """The variable of the sums, if there is one yet."""
        if self._due is not None:
            (shape, values), self._due = self._due, None
            with context.outside_traces():
                if self._sums is None or self._sums.shape != shape:
                    self._sums = self._made_sums(shape)
                self._sums.assign(ops.tensor(values, shape, "float32"))
        return self._sums

    def _take(self, shape: tuple[int, ...], totals: Sequence[float]) -> None:
        """Lets these sums, such as those of an epoch, be the state."""
        self._due, self._is_reset = (shape, list(totals)), False

    def result(self) -> Tensor:
        """Returns the number for all batches since the last reset; 0 for none.

        It is a scalar, for some metrics a vector with one number per class or threshold.

        Example:
            >>> from tfjs_pyo import keras
            >>> metric = keras.metrics.BinaryAccuracy()
            >>> metric.update_state([[1], [0]], [[0.9], [0.8]])
            >>> metric.update_state([[1], [0]], [[0.7], [0.1]])
            >>> float(metric.result())
            0.75

        Source: https://keras.io/api/metrics/base_metric/
        """
        return ops.scalar(0.0) if self._state is None else self.compute(self._state.read())

    def reset_state(self) -> None:
        """Forgets all batches: makes all variables 0.

        Example:
            >>> from tfjs_pyo import keras
            >>> mean = keras.metrics.Mean()
            >>> mean.update_state([1, 3])
            >>> mean.reset_state()
            >>> mean.update_state([7])
            >>> float(mean.result())
            7.0

        Source: https://keras.io/api/metrics/base_metric/
        """
        self._due = None
        for variable in self.variables:
            variable.assign(ops.zeros(variable.shape, variable.dtype))
        self._is_reset = True

    # Subclasses that keep their own state

    def add_variable(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: Any = None,  # noqa: ARG002 (Keras's signature)
        name: str | None = None,
    ) -> Variable:
        """Makes a variable that `update_state` changes, and `reset_state` makes 0.

        Args:
            shape: of the variable.
            initializer: of its first value.
            dtype: of its values; default: 'float32'.
            aggregation: accepted as it is; it has no effect here.
            name: of the variable.

        Returns the variable.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Samples(keras.metrics.Metric):
            ...     def __init__(self):
            ...         super().__init__(name="samples")
            ...         self.count = self.add_variable(shape=(), initializer="zeros", name="count")
            ...     def update_state(self, y_true, y_pred, sample_weight=None):
            ...         self.count.assign_add(float(len(y_true)))
            ...     def result(self):
            ...         return self.count.value
            >>> metric = Samples()
            >>> float(metric([[1], [0], [1]], [[1], [1], [1]]))
            3.0

        Source: https://keras.io/api/metrics/base_metric/#addvariable-method
        """
        given = ("zeros" if initializer is None else initializer), dimensions("add_variable", shape)
        of = "float32" if dtype is None else dtype
        first = Variable(*given, of, trainable=False, name=name)
        label = f"{self.name}/{first.name}"
        made = Variable.holding(first.read(), False, label)
        self._added.append(made)
        return made

    @shows(shape=(), initializer=None, dtype=None, name=None)
    def add_weight(self, *args: Any, **kwargs: Any) -> Variable:
        """Makes a variable as `add_variable` does; as in Keras 2 the name may come first.

        Args:
            shape: of the variable.
            initializer: of its first value; default: 'zeros'.
            dtype: of its values; default: 'float32'.
            name: of the variable.

        Returns the variable.

        Example:
            >>> from tfjs_pyo import keras
            >>> metric = keras.metrics.Mean()
            >>> metric.add_weight(shape=(2,), initializer="ones").numpy()
            array([1., 1.], dtype=float32)

        Source: https://keras.io/api/metrics/base_metric/#addweight-method
        """
        named = bool(args) and isinstance(args[0], str)
        order = (
            ("name", "shape", "aggregation", "initializer", "dtype")
            if named
            else ("shape", "initializer", "dtype", "name")
        )
        given = {**dict(zip(order, args, strict=False)), **kwargs}
        return self.add_variable(**{name: value for name, value in given.items() if value is not None})

    # Without changes of the metric

    def stateless_update_state(
        self, metric_variables: Sequence[Any], *args: Any, **kwargs: Any
    ) -> list[Tensor]:
        """Returns what the variables of the metric would be after a batch; the metric stays as it is.

        Args:
            metric_variables: the values of its variables before.
            args, kwargs: those of `update_state`.

        Example:
            >>> from tfjs_pyo import keras
            >>> mean = keras.metrics.Mean()
            >>> mean.update_state([1])
            >>> after = mean.stateless_update_state(mean.variables, [3])
            >>> float(mean.stateless_result(after)), float(mean.result())
            (2.0, 1.0)

        Source: https://keras.io/api/metrics/base_metric/
        """
        is_reset = self._is_reset
        with self._with_values(metric_variables) as scope:
            self.update_state(*args, **kwargs)
        self._is_reset = is_reset
        return values_in(scope, self.variables)

    def stateless_result(self, metric_variables: Sequence[Any]) -> Any:
        """Returns the number that values of the variables make; the metric stays as it is.

        Args:
            metric_variables: values of its variables.

        Example:
            >>> from tfjs_pyo import keras
            >>> mean = keras.metrics.Mean()
            >>> mean.update_state([1, 3])
            >>> float(mean.stateless_result([variable.value * 1.0 for variable in mean.variables]))
            2.0

        Source: https://keras.io/api/metrics/base_metric/
        """
        with self._with_values(metric_variables):
            return self.result()

    def stateless_reset_state(self) -> list[Tensor]:
        """Returns the values of the variables before the first batch; the metric stays as it is.

        Example:
            >>> from tfjs_pyo import keras
            >>> mean = keras.metrics.Mean()
            >>> mean.update_state([1, 3])
            >>> float(mean.stateless_result(mean.stateless_reset_state())), float(mean.result())
            (0.0, 2.0)

        Source: https://keras.io/api/metrics/base_metric/
        """
        is_reset = self._is_reset
        with StatelessScope() as scope:
            self.reset_state()
        self._is_reset = is_reset
        return values_in(scope, self.variables)

    def _with_values(self, values: Sequence[Any]) -> StatelessScope:
        own, given = self.variables, list(values)
        if len(own) != len(given) and given:
            raise ArgumentError(
                f"{self.display_name}: expected values of its {len(own)} variables, received {len(given)}."
            )
        return StatelessScope(zip(own, given, strict=False))

    @property
    def variables(self) -> list[Variable]:
        """The variables of the metric, and those of metrics that are its attributes."""
        found = [*self._added, *([] if self._state is None else [self._state])]
        for value in list(vars(self).values()):  # another thread may set attributes
            for item in value if isinstance(value, (list, tuple)) else [value]:
                found += (
                    [item]
                    if isinstance(item, Variable)
                    else item.variables
                    if isinstance(item, Metric)
                    else []
                )
        return list({id(variable): variable for variable in found}.values())

    @property
    def _keeps_own_state(self) -> bool:
        """Whether a subclass says itself what a batch changes, so that its sums are not those of the log."""
        found = [
            next(b for b in type(self).__mro__ if name in vars(b)) for name in ("update_state", "result")
        ]
        return any(base.__module__.partition(".")[0] != __name__.partition(".")[0] for base in found)

    @property
    def state(self) -> Variable | None:
        """The sums of all batches since the last reset."""
        return self._state

    def merge_state(self, metrics: Any) -> None:
        """Adds what other metrics of this kind have counted, such as those of parts of the data.

        Args:
            metrics: list of metrics of the same class.

        Raises:
            ArgumentError: no list, or a metric of another class.
            ShapeError: a metric of other classes or thresholds.

        Example:
            >>> from tfjs_pyo import keras
            >>> first, second = keras.metrics.Mean(), keras.metrics.Mean()
            >>> first.update_state([1, 3])
            >>> second.update_state([8])
            >>> first.merge_state([second])
            >>> float(first.result())
            4.0

        Source: https://keras.io/api/metrics/base_metric/
        """
        if isinstance(metrics, (str, bytes, Tensor)) or not isinstance(metrics, Iterable):
            raise ArgumentError(
                f"{self.display_name}: expected a list of metrics, received {shown(metrics)}."
            )
        for metric in list(metrics):
            if type(metric) is not type(self):
                raise ArgumentError(
                    f"{self.display_name}: expected metrics of its kind, received {shown(metric)}."
                )
            if metric.state is not None:
                self._add(metric.state.read())

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        """Takes in a batch and returns the number for all batches so far."""
        self.update_state(*args, **kwargs)
        return self.result()


NAMED = field(None, keras=ByClass(lambda kind: naming.keras_snake(kind.__name__)))
"""The field `name` of metrics that are called after their class, however many there are."""


class MeanOf(Metric):
    """Base of metrics that are a mean: a subclass defines `measure`."""

    order: ClassVar[Order] = ("name", "dtype", ...)

    name: str | None = NAMED

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Returns a value per sample, or several."""
        raise NotImplementedError(f"{self.display_name}: a mean metric must define measure(y_true, y_pred).")

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        return mean_totals(self.measure(y_true, y_pred), weight)

    def compute(self, totals: Tensor) -> Tensor:
        return ops.div_no_nan(totals[0], totals[1])


def mean_totals(values: Tensor, weight: Tensor | None) -> Tensor:
    """Returns the sum of weighted values and that of weights."""
    weights = weights_of(values, weight)
    return ops.stack([ops.sum(values * weights), ops.sum(weights)])
