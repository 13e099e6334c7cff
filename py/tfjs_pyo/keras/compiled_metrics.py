"""The metrics of `compile` as one metric of the model."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

from tfjs_pyo import nests, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.metrics.means import Mean


def as_tensor(value: Any) -> Any:
    """Returns what somebody gave by hand as a tensor; None is None."""
    return value if value is None or isinstance(value, Tensor) else ops.tensor(value)


class CompiledMetrics(Metric):
    """The metrics that `compile` was given, as one."""

    def __init__(self, model: Any) -> None:
        super().__init__(name="compile_metrics")
        self._of = weakref.ref(model)  # the model has it, too: without the collector a circle would keep both
        self._made: dict[str, tuple[Any, Metric]] = {}

    @property
    def _model(self) -> Any:
        """The model.

        Raises:
            ArgumentError: nobody has it any more.
        """
        found = self._of()
        if found is None:
            raise ArgumentError(f"{self.display_name}: expected the model of these metrics, but it is gone.")
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_of": self._of()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update({**state, "_of": weakref.ref(state["_of"])})

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        model = self._model
        predicted, true = [as_tensor(leaf) for leaf in nests.leaves(y_pred)], model._flat_targets(y_true)
        expected = 1 + max((objective.place for objective in model._objectives), default=-1)
        if len(predicted) < expected:
            raise ArgumentError(
                f"{self.display_name}: expected y_pred of {expected} outputs, received {len(predicted)}."
            )
        weights = model._flat_weights(sample_weight, len(true))
        for (name, wanted, number, weighs), (_, pair) in zip(
            model._wanted_metrics(), self._pairs(true, predicted), strict=True
        ):
            if name not in self._made or self._made[name][0] is not wanted:
                self._made[name] = wanted, model._metric_object(wanted, name, number, *pair)
            self._made[name][1].update_state(*pair, *([weights[number]] if weighs else []))

    def _pairs(self, true: list[Tensor], predicted: list[Tensor]) -> list[tuple[str, tuple[Tensor, Tensor]]]:
        places = [objective.place for objective in self._model._objectives]
        return [
            (name, (true[number], predicted[places[number]]))
            for name, _, number, _ in self._model._wanted_metrics()
        ]

    def take(self, name: str, wanted: Any, mean: float, samples: float) -> None:
        """Lets what an epoch or an evaluation has come to be the state of one of them.

        Args:
            name: of the metric.
            wanted: what `compile` was given; a metric has these sums already.
            mean: the number of the log.
            samples: how many it is of.
        """
        if isinstance(wanted, Metric):
            self._made[name] = wanted, wanted
            return
        made = Mean(name=name)
        made._take((2,), [mean * samples, samples])
        self._made[name] = None, made

    def result(self) -> Any:
        found: dict[str, Any] = {}
        for name, (_, metric) in self._made.items():
            value: Any = metric.result()
            found.update(value if isinstance(value, Mapping) else {name: value})
        return found

    @property
    def variables(self) -> list[Variable]:  # type: ignore[override]
        """The variables of all of them."""
        return [variable for _, metric in self._made.values() for variable in metric.variables]

    def reset_state(self) -> None:
        for _, metric in self._made.values():
            metric.reset_state()


__all__ = ["CompiledMetrics", "as_tensor"]
