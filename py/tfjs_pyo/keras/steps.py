"""What a batch goes through in models of Keras's face, and how subclasses say it otherwise."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import FunctionType
from typing import Any, cast

from tfjs_pyo import nests, ops
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, Trace
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, ShapeError, TfError, TraceError
from tfjs_pyo.keras.compiled_metrics import CompiledMetrics, as_tensor
from tfjs_pyo.keras.layer import Layer, metrics_of
from tfjs_pyo.keras.packing import pack_x_y_sample_weight, unpack_x_y_sample_weight
from tfjs_pyo.keras.purity import Reads, Snapshot
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.holding import flatten_layers
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.metrics.means import Mean, MeanMetricWrapper
from tfjs_pyo.models.training.inputs import Rows, columns, sample_count, tensors_of
from tfjs_pyo.models.training.log import Entry, Latest
from tfjs_pyo.models.training.trainer import Trainer
from tfjs_pyo.ops.tape import GradientTape
from tfjs_pyo.options import shown
from tfjs_pyo.variables import StatelessScope, values_in

Outputs = list[Tensor]


class EagerStep:
    """A step that runs as it is written each time: its code does more than can be recorded.

    Args:
        record: the code; it takes feeds and counters as a recording does.
        begin: is called before the first step of an epoch.
    """

    def __init__(self, record: Callable[[Any], None], begin: Callable[[], None]) -> None:
        self._record, self._begin = record, begin
        self._feeds: Any = iter(())
        self._counters: Mapping[str, int] = {}

    def run(
        self,
        feeds: Sequence[Tensor] = (),
        counters: Mapping[str, int] | None = None,
        instead: Mapping[Variable, Variable] | None = None,
    ) -> list[Tensor]:
        """Runs the code on these tensors; some variables have the values of others meanwhile, which get what it leaves."""
        swapped = instead or {}
        with engine.exclusive:
            for variable, other in swapped.items():
                variable.assign(other.read())
            self._feeds, self._counters = iter(feeds), counters or {}
            if not self._counters.get("step"):
                self._begin()
            self._record(self)
            for variable, other in swapped.items():
                other.assign(variable.read())
        return []

    def input(self, shape: Any, dtype: str = "float32") -> Tensor:  # noqa: ARG002 (as a recording has it)
        """Returns the next feed."""
        fed: Tensor = next(self._feeds)
        return fed

    def counter(self, name: str) -> Tensor:
        """Returns a counter as a scalar."""
        return ops.scalar(self._counters.get(name, 0), "int32")


class Steps(Trainer, Layer):
    """The part of Keras's models that subclasses may define anew: `train_step`, `compute_loss`, `compute_metrics` and the like.

    What they do is recorded once and compiled, as the model's own steps are, unless it does more than compute with tensors:
    then it runs as it is written, batch by batch.
    """

    run_eagerly: bool = False
    _reads: Reads | None = None
    _form_of_x: Any = nests.Slot(0)
    _form_of_y: Any = None
    _form_given: Any = nests.Slot(0)
    """The structures of inputs, targets and outputs, with slots in place of tensors, as they were met last."""
    _predicts_eagerly: bool = False
    _takes_strings: bool = False
    """Whether steps are given strings, which nothing looked up before: they run as they are written then."""

    def _defines_step(self, training: bool) -> bool:
        kind = type(self)
        names = (
            *(("train_step", "make_train_function") if training else ("test_step", "make_test_function")),
            "compute_loss",
            "compute_metrics",
        )
        own = any(getattr(kind, name) is not getattr(Steps, name) for name in names)
        return (
            own
            or self._runs_eagerly
            or any(_keeps_state(wanted) for _, wanted, _, _ in self._wanted_metrics())
        )

    @property
    def _runs_eagerly(self) -> bool:
        return self.run_eagerly or self._takes_strings or self._reads_values

    # What subclasses define

    def train_step(self, data: Any) -> Mapping[str, Any]:
        """Makes one step on a batch; a subclass may define it.

        Args:
            data: x; (x, y); or (x, y, sample_weight), in the structures in which they were given to `fit`.

        Returns:
            Numbers for the log, by name; where metrics keep them, the last step of an epoch tells those of the epoch.

        Source: https://keras.io/guides/custom_train_step_in_tensorflow/
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        with GradientTape() as tape:
            y_pred = self._called(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True)
            scaled = self._compiled("fit").scale_loss(loss)
        self._note_loss(loss, x)
        weights = self.trainable_weights
        if weights:
            self._apply(tape.gradient(scaled, weights), weights)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> Mapping[str, Any]:
        """Measures a batch; a subclass may define it.

        Args:
            data: as for `train_step`.

        Returns:
            Numbers for the log, by name, as `train_step` returns them.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self._called(x, training=False)
        self._note_loss(self._loss_of(x, y, y_pred, sample_weight, training=False), x)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data: Any) -> Any:
        """Returns the outputs for a batch; a subclass may define it.

        Args:
            data: as for `train_step`.
        """
        return self._called(unpack_x_y_sample_weight(data)[0], training=False)

    def compute_loss(
        self,
        x: Any = None,  # noqa: ARG002 (Keras's signature)
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,  # noqa: ARG002
    ) -> Tensor:
        """Returns the losses that the model was compiled with and those of `add_loss`, as one number; a subclass may define it.

        Args:
            x: inputs.
            y: targets.
            y_pred: what the model gave for x.
            sample_weight: a factor of the loss of each sample, or None.
            training: whether it is for training.

        Source: https://keras.io/api/models/model_training_apis/
        """
        if y is None and self.losses and not any(objective.loss for objective in self._objectives):
            return ops.add_n(self.losses)  # all of it comes from `add_loss`
        if y is None or y_pred is None:
            raise ArgumentError(f"{self.display_name}: compute_loss: expected y and y_pred, received None.")
        true, predicted = self._flat_targets(y), [as_tensor(leaf) for leaf in nests.leaves(y_pred)]
        if not predicted or not predicted[0].shape:
            raise ShapeError(
                f"{self.display_name}: compute_loss: expected y_pred with a batch axis, received {shown(y_pred)}."
            )
        rows = Rows(predicted[0].shape[0] if predicted else 1)
        weights = self._flat_weights(sample_weight, len(true))
        total, parts = self._losses_of(self._compared(true, predicted), self.losses, rows, weights)
        names = [objective.name for objective in self._objectives if objective.loss is not None]
        for name, part in zip(names if len(parts) > 1 else [], parts, strict=False):
            self._tracker(f"{name}_loss").update_state(part, rows.size)
        return total

    def compiled_loss(
        self,
        y: Any,
        y_pred: Any,
        sample_weight: Any = None,
        regularization_losses: Any = None,  # noqa: ARG002 (they are in it)
    ) -> Tensor:
        """Returns `compute_loss` of targets and predictions; an older name, which many a `train_step` has.

        Args:
            y, y_pred, sample_weight: as for `compute_loss`.
            regularization_losses: those of the model, which are in the result in any case.
        """
        return Steps.compute_loss(self, None, y, y_pred, sample_weight)

    @property
    def compiled_metrics(self) -> CompiledMetrics:
        """The metrics of `compile` as one, with `update_state(y, y_pred)`; an older name, which many a `train_step` has."""
        return self._compiled_metrics() or CompiledMetrics(self)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:  # noqa: ARG002
        """Returns what all metrics have come to, by name, after those of `compile` took in a batch.

        Args:
            x, y, y_pred, sample_weight: as for `compute_loss`.
        """
        compiled = self._compiled_metrics()
        if compiled is not None:
            compiled.update_state(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self) -> dict[str, Any]:
        """Returns what the model's metrics have come to, by name; those that give dicts by the names in these."""
        found: dict[str, Any] = {}
        for metric in self.metrics:
            value: Any = metric.result()
            found.update(value if isinstance(value, Mapping) else {str(metric.name): value})
        return found

    @property
    def metrics(self) -> list[Metric]:
        """The metrics of the model: that of the loss, those that are attributes of it and its layers, and those of `compile`."""
        compiled = self._compiled_metrics()
        trackers = list(vars(self).get("_trackers", {}).values()) if self.optimizer is not None else []
        if self.optimizer is not None and not trackers:
            trackers = [self._tracker("loss")]
        return [*trackers, *metrics_of(self), *([] if compiled is None else [compiled])]

    def stateless_compute_loss(
        self,
        trainable_variables: Sequence[Any],
        non_trainable_variables: Sequence[Any],
        metrics_variables: Sequence[Any],
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> tuple[Tensor, tuple[Any, ...]]:
        """Returns `compute_loss` as if variables had other values, and what they have had then; they stay as they are.

        Args:
            trainable_variables, non_trainable_variables, metrics_variables: values, in the order of the model's own.
            x, y, y_pred, sample_weight, training: those of `compute_loss`.

        Returns:
            The loss, and the values of the three kinds of variables.
        """
        pairs = self._paired(trainable_variables, non_trainable_variables)
        pairs += zip(self.metrics_variables, metrics_variables, strict=False)
        with StatelessScope(pairs) as scope:
            loss = self._loss_of(x, y, y_pred, sample_weight, training)
        others = (values_in(scope, each) for each in (self.non_trainable_variables, self.metrics_variables))
        return loss, (trainable_variables, *others)

    def reset_metrics(self) -> None:
        """Begins all metrics anew. Source: https://keras.io/api/models/model_training_apis/"""
        for metric in self.metrics:
            metric.reset_state()
        inherited = getattr(super(), "reset_metrics", None)
        if inherited is not None:
            inherited()

    # Metrics

    def _as_logs(self, row: Sequence[float], training: bool) -> dict[str, float]:
        logs = super()._as_logs(row, training)
        if not self._defines_step(training):  # else the step lets metrics take batches in
            numbers = dict(zip(self.metrics_names, row, strict=True))
            samples, compiled = self._training_log.samples[training], self._compiled_metrics()
            for name, wanted, _, _ in self._wanted_metrics():
                if compiled is not None:
                    compiled.take(name, wanted, numbers.pop(name), samples)
            for name, mean in numbers.items():
                self._tracker(name)._take((2,), [mean * samples, samples])
        return logs

    def _tracker(self, name: str) -> Metric:
        """Returns the mean that keeps a loss."""
        trackers: dict[str, Metric] = vars(self).setdefault("_trackers", {})
        if "loss" not in trackers:
            trackers["loss"] = Mean(name="loss")
        if name not in trackers:
            trackers[name] = Mean(name=name)
        return trackers[name]

    def _note_loss(self, loss: Tensor, x: Any) -> None:
        self._tracker("loss").update_state(loss, next(nests.leaves(x)).shape[0])

    def _compiled_metrics(self) -> CompiledMetrics | None:
        """Returns the metrics of `compile` as one; None without any."""
        if not self._wanted_metrics():
            return None
        known: CompiledMetrics | None = vars(self).get("_metrics_of_compile")
        if known is None:
            known = self._metrics_of_compile = CompiledMetrics(self)
        return known

    def _wanted_metrics(self) -> list[tuple[str, Any, int, bool]]:
        """Returns of each metric of `compile` its name, what was asked for, the number of its objective, if it is weighted."""
        given: dict[str, Any] = self._compiled_with_names
        if not given.get("metrics") and not given.get("weighted_metrics"):
            return []
        objectives = self._objectives
        asked = [(m, n, False) for n, each in enumerate(objectives) for m in each.metrics]
        asked += [(m, n, True) for n, each in enumerate(objectives) for m in each.weighted_metrics]
        names = self.metrics_names[-len(asked) :] if asked else []
        return [(name, *each) for name, each in zip(names, asked, strict=True)]

    def _metric_object(self, wanted: Any, name: str, number: int, true: Tensor, predicted: Tensor) -> Metric:
        """Returns the metric that keeps what `compile` asked for."""
        found = self._metric_for(wanted, self._objectives[number], true, predicted)
        return found if isinstance(found, Metric) else MeanMetricWrapper(found, name=name)

    def _flat_targets(self, y: Any) -> list[Any]:
        """Returns targets in the order of what `compile` asks for."""
        if isinstance(y, Mapping) and self._objectives:
            return columns([as_tensor(y[objective.name]) for objective in self._objectives])
        return [] if y is None else columns([as_tensor(leaf) for leaf in nests.leaves(y)])

    def _flat_weights(self, given: Any, count: int) -> list[Any]:
        """Returns the weights of samples for each target."""
        if isinstance(given, Mapping):
            return [as_tensor(given.get(objective.name)) for objective in self._objectives]
        if isinstance(given, (list, tuple)):
            return [as_tensor(value) for value in given]
        return [as_tensor(given)] * count

    # Batches

    def _called(self, x: Any, training: bool) -> Any:
        return self(x, training=training)

    def _loss_of(self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool) -> Tensor:
        """Returns `compute_loss` of a batch; methods of subclasses may lack its last arguments."""
        parameters = inspect.signature(self.compute_loss).parameters
        given = {"x": x, "y": y, "y_pred": y_pred, "sample_weight": sample_weight, "training": training}
        if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            given = {name: value for name, value in given.items() if name in parameters}
        loss: Any = self.compute_loss(**given)
        return loss if isinstance(loss, Tensor) else ops.scalar(loss)

    def _is_custom(self) -> bool:
        return self._defines_step(training=True) or self._defines_step(training=False)

    def _inputs(self, owner: str, x: Any) -> Outputs:
        inputs = self._tensors_of(owner, x)
        self._takes_strings = any(tensor.dtype == "string" for tensor in inputs)
        return inputs

    def _tensors_of(self, owner: str, x: Any) -> Outputs:
        if self._input_specs():
            structured = isinstance(x, Mapping) or (_is_structure(x) and any(map(nests.is_nest, x)))
            flat = self._flat_inputs(x) if structured and self._is_graph else x
            return super()._inputs(owner, flat[0] if flat is not x and len(flat) == 1 else flat)
        self._form_of_x, values = _taken(x)
        return [tensors_of(f"{self.display_name}: {owner}", "x", value, ["x"])[0] for value in values]

    def _prepare(self, owner: str, x: Any, y: Any, batch: int | None = None) -> tuple[Outputs, Outputs, int]:
        if not self._is_custom():
            prepared = super()._prepare(owner, x, y, batch)
            if not self._is_custom():
                return prepared
        who, inputs = f"{self.display_name}: {owner}", self._inputs(owner, x)
        if type(self).train_step is Steps.train_step:  # else the step says what the model is called with
            self._build_for(inputs, batch)
        self._form_of_y, values = _taken(y) if y is not None else (None, [])
        targets = [tensors_of(who, "y", value, ["y"])[0] for value in values]
        return inputs, targets, sample_count(who, [*inputs, *targets])

    def _build_for(self, inputs: Outputs, batch: int | None = None) -> None:
        if not self.built:
            first = self._structured([t[: min(batch or t.shape[0], t.shape[0])] for t in inputs])
            with trials.built_for(self, first):
                self._ensure_built(trials.shapes_of(first))

    def _structured(self, values: Sequence[Any]) -> Any:
        """Returns what belongs to the inputs in their structure."""
        if self._input_specs():
            return list(values) if len(values) > 1 else values[0]
        return nests.fill(self._form_of_x, values)

    def _sample_weights(self, owner: str, given: Any, count: int) -> Outputs:
        if given is None or self._objectives or not self._is_custom():
            return super()._sample_weights(owner, given, count)
        return [ops.cast(tensors_of(owner, "sample_weight", given, ["sample_weight"])[0], "float32")]

    def _forward(self, inputs: Outputs, training: bool) -> Outputs:
        return self._noted(self._invoke(self._structured(inputs), {"training": training}))

    def _outputs_for(self, inputs: Outputs) -> Outputs:
        if context.trace() is not None:
            self._reads = None  # layers may be made
        kind = type(self)
        if all(
            getattr(kind, name) is getattr(Steps, name) for name in ("predict_step", "make_predict_function")
        ):
            return super()._outputs_for(inputs)
        data = self._structured(inputs)
        outputs = self._step_function("predict")((data,) if isinstance(data, list) else data)
        return self._noted(nests.mapped(as_tensor, outputs))

    def _noted(self, outputs: Any) -> Outputs:
        """Returns outputs one after the other; notes their structure."""
        self._form_given, flat = nests.take(outputs)
        return flat

    def _packed(self, outputs: Outputs) -> Any:
        return nests.fill(self._form_given, outputs)

    def _predicted(self, inputs: Outputs) -> Outputs:
        if not self._runs_eagerly and not self._predicts_eagerly:
            try:
                return super()._predicted(inputs)
            except TraceError:
                self._predicts_eagerly = True
        return self._outputs_for(inputs)

    # Recording

    def _entries_of(self, data: Outputs, inputs: int, rows: Rows, training: bool) -> list[Entry]:
        x, rest = data[:inputs], data[inputs:]
        if not self._is_custom():
            return super()._entries_of(data, inputs, rows, training)
        count = len([leaf for leaf in nests.leaves(self._form_of_y) if leaf is not None])
        y = nests.fill(self._form_of_y, rest[:count])
        weights = rest[count:]
        if not self._defines_step(training):
            return super()._entries_of([*x, *self._flat_targets(y), *weights], inputs, rows, training)
        self._reset_at_first_step()
        packed = None if not weights else weights[0] if len(weights) == 1 else weights
        return self._logged(pack_x_y_sample_weight(self._structured(x), y, packed), training)

    def _logged(self, data: Any, training: bool) -> list[Entry]:
        """Runs the step of the model on a batch; returns what it tells the log."""
        name = "train_step" if training else "test_step"
        try:
            found: Any = self._step_function("train" if training else "test")(data)
        except TfError as error:
            error.add_note(f"In {name} of {self.display_name}.")
            raise
        if not isinstance(found, Mapping):
            raise ArgumentError(
                f"{self.display_name}: expected {name} to return a dict of numbers by name, such as {{'loss': loss}}, received "
                f"{type(found).__name__}."
            )
        numbers: dict[str, Any] = {}
        for key, value in found.items():
            numbers.update(value if isinstance(value, Mapping) else {key: value})
        self._own_names[training] = [str(key) for key in numbers]
        return [self._number(f"{name}: {key!r}", value) for key, value in numbers.items()]

    # What Keras's training makes of the steps

    def make_train_function(self, force: bool = False) -> Any:  # noqa: ARG002 (Keras's signature)
        """Returns a function that takes an iterator of batches and trains on its next one; a subclass may define it.

        Source: https://keras.io/guides/custom_train_step_in_tensorflow/
        """
        self.train_function = lambda iterator: self.train_step(next(iterator))
        return self.train_function

    def make_test_function(self, force: bool = False) -> Any:  # noqa: ARG002
        """Returns a function that takes an iterator of batches and measures its next one; a subclass may define it."""
        self.test_function = lambda iterator: self.test_step(next(iterator))
        return self.test_function

    def make_predict_function(self, force: bool = False) -> Any:  # noqa: ARG002
        """Returns a function that takes an iterator of batches and gives the outputs for its next one."""
        self.predict_function = lambda iterator: self.predict_step(next(iterator))
        return self.predict_function

    def _step_function(self, kind: str) -> Callable[[Any], Any]:
        """Returns what is done with a batch: the step, or what a subclass makes of it; for 'train', 'test' or 'predict'."""
        name = f"make_{kind}_function"
        if getattr(type(self), name) is getattr(Steps, name):
            step: Callable[[Any], Any] = getattr(self, f"{kind}_step")
            return step
        made = getattr(self, name)() or getattr(self, f"{kind}_function")
        return lambda data: made(iter([data]))

    def _number(self, what: str, value: Any) -> Latest:
        number = value if isinstance(value, Tensor) else ops.tensor(value)
        if number.size != 1:
            raise ShapeError(
                f"{self.display_name}: expected {what} to be a single number, received shape {number.shape}. Take its mean."
            )
        return Latest(ops.cast(ops.reshape(number, ()), "float32"))

    def _reset_at_first_step(self) -> None:
        """Records that the first step of an epoch begins all metrics anew."""
        trace = context.trace()
        if trace is None:
            return
        is_first = ops.equal(trace.counter("step"), 0)
        for metric in self.metrics:
            before = [(variable, variable.read()) for variable in metric.variables]
            metric.reset_state()
            for variable, value in before:
                variable.assign(ops.where(is_first, variable.read(), value))

    def _python_values(self) -> Hashable:
        """Returns what the program's own code in a step reads of Python: a recording stands for these values."""
        if self._reads is None:
            self._reads = self._reads_of_now()
        return self._reads.values()

    def _reads_of_now(self) -> Reads:
        compiled = [
            value for value in nests.leaves(self._compiled_with_names) if isinstance(value, FunctionType)
        ]
        return Reads(list(dict.fromkeys(flatten_layers(self))), compiled)

    def _forget_steps(self) -> None:
        super()._forget_steps()
        self._reads = None

    def _recorded_step(self, record: Callable[[Trace], None], training: bool) -> Step:
        self._reads = None  # layers may be made
        if not self._defines_step(training):
            return super()._recorded_step(record, training)
        recorded = None if self._runs_eagerly else self._recorded_purely(record)
        return recorded or cast("Step", EagerStep(record, self._begin_metrics))

    def _recorded_purely(self, record: Callable[[Trace], None]) -> Step | None:
        """Returns the step of a recording; None, with nothing changed, if the code does more than compute with tensors.

        What is made the first time, layers, weights and states of metrics, is there the second time.
        """
        layers, reads = list(dict.fromkeys(flatten_layers(self))), self._reads_of_now()
        first = Snapshot(layers, reads)
        for _ in range(3):
            known, before = self._variables_of_metrics(), Snapshot(layers, reads)
            try:
                with Trace() as trace:
                    record(trace)
            except TraceError:
                break
            finally:
                self._clear_losses()
            if not before.has_changed() and self._variables_of_metrics() == known:
                return trace.compile()
        first.restore()
        return None

    def _variables_of_metrics(self) -> set[int]:
        return {variable.id for metric in self.metrics for variable in metric.variables}

    def _begin_metrics(self) -> None:
        for metric in self.metrics:
            metric.reset_state()


def _keeps_state(wanted: Any) -> bool:
    return isinstance(wanted, Metric) and wanted._keeps_own_state


def _is_structure(x: Any) -> bool:
    """Returns whether something is several arrays, not one: a dict, or a list in which something has a shape."""
    return isinstance(x, Mapping) or (
        isinstance(x, (list, tuple)) and any(hasattr(leaf, "shape") for leaf in nests.leaves(x))
    )


def _taken(x: Any) -> nests.Taken:
    """Returns the structure of data and the arrays in it; a list of numbers is one array."""
    values: list[Any] = []
    return nests.Taken(_with_slots(x, values), values)


def _with_slots(x: Any, values: list[Any]) -> Any:
    if isinstance(x, Mapping):
        made = {key: _with_slots(x[key], values) for key in nests.ordered_keys(x)}
        return {key: made[key] for key in x}
    if _is_structure(x):
        return nests.like(x, [_with_slots(item, values) for item in x])
    values.append(x)
    return nests.Slot(len(values) - 1)


__all__ = ["Steps"]
