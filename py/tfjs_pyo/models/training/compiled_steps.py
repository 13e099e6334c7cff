"""Steps of training and of evaluation: what a batch goes through, recorded once and compiled."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from tfjs_pyo import metrics, naming, nests, ops, optimizers
from tfjs_pyo.backends.protocol import Control
from tfjs_pyo.config import shown
from tfjs_pyo.core import engine
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, Trace
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.doc_examples import methods as examples
from tfjs_pyo.errors import ArgumentError, ShapeError, TfError
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.holding import flatten_layers
from tfjs_pyo.layers.passing import activity, masks_of
from tfjs_pyo.losses import functions as losses
from tfjs_pyo.losses.keras_functions import as_tensor
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.metrics.means import MeanMetricWrapper
from tfjs_pyo.models.training.inputs import Rows, batches, listed
from tfjs_pyo.models.training.log import Entry, Log
from tfjs_pyo.models.training.objectives import Objective, advice_on_targets, objectives_for
from tfjs_pyo.models.training.trained import Trained
from tfjs_pyo.weak import WeakObjects

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer

MOST_STEPS = 64
"""Compiled steps that a model keeps: one for each shape of data and batch that it met last."""

Outputs = list[Tensor]

_UNDER_WAY: WeakObjects[Steps] = WeakObjects()
"""The models of which a fit is under way."""


@naming.spell_methods
class Steps(Layer):
    """The part of a model that knows what a batch goes through.

    A subclass may define `train_step(data)` or `test_step(data)`: what they record is compiled as the model's own steps are.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optimizer: optimizers.Optimizer | None = None
        self._trained: Trained | None = None
        """Which weights training changes; `compile` says."""
        self._owns_optimizer = False
        self._control: Control | None = None
        self._stops = False
        self.is_training = False
        self._known_objectives: tuple[list[str], list[Objective]] | None = None
        self._steps: dict[Any, Step] = {}
        self._own_names: dict[bool, list[str]] = {}
        self._compiled_with_names: dict[str, Any] = {}
        """What `compile` was given, as it was given."""
        self._training_log = Log()
        self._shapes_compared: dict[int, tuple[int, ...]] = {}  # of outputs, by their places
        self.history: Any = None
        """What the last `fit` returned."""

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        raise NotImplementedError

    def _input_specs(self) -> list[tuple[str, BatchShape]]:
        """Returns name and shape (with batch) of each input; none where these are not known before there is data."""
        raise NotImplementedError

    @classmethod
    def _known_as(cls) -> type:
        """Returns the class that users know."""
        return cls

    @shown
    def display_name(self) -> str:
        """What errors call this model."""
        kind, name = naming.camel(self._known_as().__name__), vars(self).get("name")
        return f"{kind} {name!r}" if name else kind

    @shown
    def loss(self) -> Any:
        """What `compile` was given as the loss: a name, a function, or several of them."""
        return self._compiled_with_names.get("loss")

    @shown
    def metrics(self) -> Any:
        """What `compile` was given as metrics."""
        return self._compiled_with_names.get("metrics")

    @shown
    def loss_functions(self) -> list[Any]:
        """The loss function of each output."""
        return [objective.loss for objective in self._objectives if objective.loss is not None]

    @property
    def _objectives(self) -> list[Objective]:
        """What `compile` asks of the outputs; empty if they have neither losses nor metrics."""
        outputs = self.output_names
        if self._known_objectives is None or self._known_objectives[0] != outputs:
            given = self._compiled_with_names
            self._known_objectives = outputs, self._objectives_for(given, outputs) if given else []
        return self._known_objectives[1]

    def _objectives_for(self, given: dict[str, Any], outputs: list[str]) -> list[Objective]:
        """Returns what is asked of outputs of these names, by what `compile` was given."""
        return objectives_for(f"{self.display_name}: compile", given, outputs)

    @property
    def stop_training(self) -> bool:
        """Whether the fit under way shall end, or the last one was told to; set to True, it ends after the step under way."""
        return self._stops

    @stop_training.setter
    def stop_training(self, value: bool) -> None:
        self._stops = bool(value)
        if value and self._control is not None:
            self._control.stop()

    def _begin_training(self, owner: str, control: Control) -> None:
        """Notes that a fit begins, which `control` ends.

        Raises:
            ArgumentError: another one is under way.
        """
        with engine.exclusive:
            self._check_idle(owner)
            self.is_training, self._stops, self._control = True, False, control
            _UNDER_WAY.add(self)

    def _end_training(self) -> None:
        """Notes that the fit has ended."""
        self.is_training, self._control = False, None
        _UNDER_WAY.discard(self)

    def _check_idle(self, what: str) -> None:
        """Raises ArgumentError if a fit is under way, of which `what` would change the model."""
        if self.is_training:
            raise ArgumentError(
                f"{self.display_name}: {what}: expected one fit at a time and no change meanwhile, but a fit is still running. "
                "Await its end before; `model.stopTraining = True` ends it early."
            )

    def _check_structure(self, what: str) -> None:
        """Raises ArgumentError if a fit of this model, or of one that it is a part of, is under way, which `what` changes."""
        self._check_idle(what)
        outer = next(
            (each for each in _UNDER_WAY if any(inner is self for inner in flatten_layers(each))), None
        )
        if outer is not None:
            raise ArgumentError(
                f"{self.display_name}: {what}: expected no change of a model that is being trained, but a fit of "
                f"{outer.display_name}, which it is a part of, is still running. Await its end before; "
                "`model.stopTraining = True` of that model ends it early."
            )

    def _forget_steps(self) -> None:
        """Drops compiled steps, because the model has changed."""
        self._steps = {}
        self._trained = None

    def trained_weights(self) -> list[Variable]:
        """Returns the weights that a step of training changes.

        Raises:
            ArgumentError: there are none, as all are frozen, and the model's API does not allow that.
        """
        model = cast("Trainer", self)
        if self._defines_step(training=True):
            return self.trainable_weights
        if self._trained is None:
            self._trained = Trained(model)
        return self._trained.weights(model)

    def _compiled(self, owner: str) -> optimizers.Optimizer:
        """Returns the optimizer.

        Raises:
            ArgumentError: the model was not compiled.
        """
        if self.optimizer is None:
            raise ArgumentError(
                f"{self.display_name}: {owner}: expected a compiled model; call model.compile(...) first."
            )
        return self.optimizer

    @property
    def metrics_names(self) -> list[str]:
        """Returns what the numbers of the history are called: the loss, then metrics."""
        with_loss = [objective.name for objective in self._objectives if objective.loss is not None]
        names = ["loss", *(f"{name}_loss" for name in with_loss if len(with_loss) > 1)]
        several = len(self.output_names) > 1
        for objective in self._objectives:
            labels = [metrics.label(m, type(self).dialect) for m in objective.metrics]
            names += [f"{objective.name}_{label}" if several else label for label in labels]
        return names

    def _log_names(self, training: bool) -> list[str]:
        """Returns what the numbers of the log are called, also those of a step that the model defines itself."""
        return self._own_names.get(training, self.metrics_names)

    def _as_logs(self, row: Sequence[float], training: bool) -> dict[str, float]:
        """Returns the numbers of the log by name, as callbacks and the history have them."""
        return self._in_order(dict(zip(self._log_names(training), row, strict=True)))

    def _in_order(self, logs: dict[str, float]) -> dict[str, float]:
        """Returns logs in the order in which callbacks and the history have them."""
        return logs

    # What a batch goes through

    def _defines_step(self, training: bool) -> bool:
        """Returns whether a subclass says what a batch goes through."""
        kind = type(self)
        return kind.train_step is not Steps.train_step if training else kind.test_step is not Steps.test_step

    def train_step(self, data: Any) -> Mapping[str, Any]:
        """Makes one step on a batch; a subclass may define it. It is recorded once and compiled.

        Args:
            data: x; (x, y); or (x, y, sample_weight): tensors, lists of them for several inputs or outputs.

        Returns:
            Numbers for the log, by name: scalar tensors.

        Example:
            >>> import tfjs_pyo as tf
            >>> class Fitted(tf.Sequential):
            ...     def train_step(self, data):
            ...         x, y = data
            ...         loss = lambda: tf.metrics.meanAbsoluteError(y, self(x, training=True)).mean()
            ...         return {"mae": self.optimizer.minimize(loss, True, self.trainable_weights)}

        Source: https://keras.io/guides/custom_train_step_in_tensorflow/
        """
        return self._default_step(data, training=True)

    def test_step(self, data: Any) -> Mapping[str, Any]:
        """Measures a batch; a subclass may define it, as `train_step`.

        Args:
            data: as for `train_step`.

        Returns:
            Numbers for the log, by name: scalar tensors.

        Source: https://keras.io/guides/custom_train_step_in_tensorflow/
        """
        return self._default_step(data, training=False)

    def _default_step(self, data: Any, training: bool) -> dict[str, Any]:
        x, y, weights = (*data, None, None)[:3] if isinstance(data, tuple) else (data, None, None)
        predicted, true = self._forward(listed(x), training), listed(y)
        each = listed(weights) or [None] * len(true)
        loss, entries = self._numbers(true, predicted, self._all_penalties(), Rows(true[0].shape[0]), each)
        if training:
            self._update(loss)
        shown = [entry[0].compute(entry[1]) if isinstance(entry, tuple) else entry for entry in entries]
        return dict(zip(self.metrics_names, shown, strict=True))

    def compute_loss(
        self,
        x: Any = None,  # noqa: ARG002 (Keras's signature)
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
    ) -> Tensor:
        """Returns the total of the losses that the model was compiled with, and of its penalties; for own steps.

        Args:
            x: inputs.
            y: targets, a tensor or a list of them.
            y_pred: what the model gave for x.
            sample_weight: a factor of the loss of each sample, or None.

        Source: https://keras.io/api/models/model_training_apis/
        """
        if y is None or y_pred is None:
            raise ArgumentError(f"{self.display_name}: compute_loss: expected y and y_pred, received None.")
        true, predicted = ([as_tensor(each) for each in listed(given)] for given in (y, y_pred))
        if not true or not all(each.shape for each in (*true, *predicted)):
            raise ShapeError(f"{self.display_name}: compute_loss: expected y and y_pred with a batch axis.")
        given = listed(sample_weight) or [None] * len(true)
        each = [None if weight is None else as_tensor(weight) for weight in given]
        return self._numbers(true, predicted, self._all_penalties(), Rows(true[0].shape[0]), each)[0]

    def _forward(self, inputs: Outputs, training: bool) -> Outputs:
        """Returns the outputs for the tensors of a batch."""
        given = inputs if len(inputs) > 1 else inputs[0]
        return list(nests.leaves(self._invoke(given, {"training": training})))

    def _packed(self, outputs: Outputs) -> Any:
        """Returns outputs in the form in which the model gives them."""
        return outputs if len(outputs) > 1 else outputs[0]

    def _numbers(
        self,
        y_true: Sequence[Tensor],
        y_pred: Sequence[Tensor],
        penalties: Sequence[Tensor],
        rows: Rows,
        weights: Sequence[Tensor | None],
    ) -> tuple[Tensor, list[Entry]]:
        """Returns the total loss, and all that the log shows in the order of `metrics_names`."""
        compared = self._compared(y_true, y_pred)
        total, parts = self._losses_of(compared, penalties, rows, weights)
        numbers: list[Entry] = [total, *(parts if len(parts) > 1 else [])]
        numbers += [
            self._measured(wanted, objective, true, predicted, rows, None)
            for objective, true, predicted in compared
            for wanted in objective.metrics
        ]
        numbers += [
            self._measured(wanted, objective, true, predicted, rows, weight)
            for (objective, true, predicted), weight in zip(compared, weights, strict=False)
            for wanted in objective.weighted_metrics
        ]
        return total, numbers

    def _compared(
        self, y_true: Sequence[Tensor], y_pred: Sequence[Tensor]
    ) -> list[tuple[Objective, Tensor, Tensor]]:
        """Returns what `compile` asks of outputs, with targets and predictions."""
        self._check_outputs(y_pred, y_true)
        self._shapes_compared = {each.place: y_pred[each.place].shape for each in self._objectives}
        return [
            (objective, self._target(objective, true, y_pred[objective.place]), y_pred[objective.place])
            for objective, true in zip(self._objectives, y_true, strict=False)
        ]

    def _losses_of(
        self,
        compared: Sequence[tuple[Objective, Tensor, Tensor]],
        penalties: Sequence[Tensor],
        rows: Rows,
        weights: Sequence[Tensor | None],
    ) -> tuple[Tensor, list[Tensor]]:
        """Returns the total loss, and that of each output that has one."""
        parts: list[Tensor] = []
        total: Tensor | None = None
        for (objective, true, predicted), weight in zip(compared, weights, strict=False):
            if objective.loss is None:
                continue
            try:
                part = objective.loss_of(true, predicted, rows, weight)
            except TfError as error:
                error.add_note(f"In the loss of output {objective.name!r} of {self.display_name}.")
                raise
            parts.append(part)
            share = part if objective.factor == 1 else part * objective.factor
            total = share if total is None else total + share
        for penalty in penalties:
            total = penalty if total is None else total + penalty
        if total is None:
            raise ArgumentError(f"{self.display_name}: expected a loss; give one to model.compile(...).")
        return total, parts

    def _measured(
        self,
        wanted: Any,
        objective: Objective,
        true: Tensor,
        predicted: Tensor,
        rows: Rows,
        weight: Tensor | None,
    ) -> Entry:
        """Returns what a batch adds to a metric: its mean, or with the metric its sums."""
        metric = self._metric_for(wanted, objective, true, predicted)
        if isinstance(metric, Metric):
            return metric, metric.compared(true, predicted, rows.weights_times(weight))
        if weight is None:
            return rows.mean_over(metric(true, predicted), masks_of(predicted))
        wrapped = MeanMetricWrapper(metric)
        return wrapped, wrapped.compared(true, predicted, rows.weights_times(weight))

    def _metric_for(
        self,
        wanted: Any,
        objective: Objective,
        true: Tensor,  # noqa: ARG002 (Keras's face looks at it)
        predicted: Tensor,
    ) -> Any:
        """Returns the function or object that a metric of `compile` stands for at these targets and predictions."""
        return metrics.get(wanted, f"{self.display_name}: metrics", objective.loss, predicted.shape)

    def _target(self, objective: Objective, true: Tensor, predicted: Tensor) -> Tensor:
        """Returns what an output is compared with; says which output it is if the shapes do not fit."""
        loss = losses.like(objective.loss) if objective.loss is not None else None
        one_class = loss is losses.categorical_crossentropy and true.shape[-1] == 1
        if true.shape == (predicted.shape[0], 1) and predicted.rank == 1 and not one_class:
            return ops.reshape(true, predicted.shape)
        sparse = loss is losses.sparse_categorical_crossentropy
        known = loss in losses.LOSSES.items.values()
        if (true.shape == predicted.shape and not one_class) or sparse or not known:
            return true
        wanted = (
            [*predicted.shape[1:-1], "classes"]
            if one_class and predicted.shape[-1] == 1
            else predicted.shape[1:]
        )
        hint = advice_on_targets(one_class, true.rank < predicted.rank)
        raise ShapeError(
            f"{self.display_name}: expected targets for output {objective.name!r} of shape "
            f"[batch, {', '.join(map(str, wanted))}], received shape "
            f"[batch, {', '.join(map(str, true.shape[1:]))}].{hint}"
        )

    def _check_outputs(self, predicted: Sequence[Tensor], true: Sequence[Tensor]) -> None:
        wanted = self._objectives
        if not wanted:
            return
        if len(wanted) != len(true) or any(objective.place >= len(predicted) for objective in wanted):
            raise ArgumentError(
                f"{self.display_name}: expected {len(predicted)} tensors for y, received {len(true)}."
            )

    def _update(self, loss: Tensor) -> None:
        weights = self.trained_weights()
        if not weights:
            return
        gradients = ops.gradients(self._compiled("fit").scale_loss(loss), weights)
        if all(gradient is None for gradient in gradients):
            raise GradientError(
                f"{self.display_name}: expected a loss that depends on a weight that is trained, but it depends on none of the "
                f"{len(weights)}. The loss function must compute it from the predictions (its second argument), with operations "
                "that can be differentiated."
            )
        self._apply(gradients, weights)

    def _apply(self, gradients: Sequence[Tensor | None], weights: Sequence[Variable]) -> None:
        """Makes a step of the optimizer; the weights keep their constraints."""
        self._compiled("fit").step(list(zip(gradients, weights, strict=True)))
        limits = self._all_limits()
        for weight in weights:
            if id(weight) in limits:
                weight.assign(limits[id(weight)](weight))

    # Recording

    def _record_batch(self, data: Outputs, inputs: int, rows: Rows, number: Tensor, training: bool) -> None:
        """Records what a batch goes through, and what it adds to the log; `number` is that of the step in its epoch."""
        self._training_log.add(training, number, self._entries_of(data, inputs, rows, training), rows.size)

    def _entries_of(self, data: Outputs, inputs: int, rows: Rows, training: bool) -> list[Entry]:
        """Does with a batch what a step does; returns what it adds to the log.

        Args:
            data: x, y, then weights of samples if there are any.
            inputs: how many of these are x.
            rows: the samples.
            training: whether weights are updated.
        """
        x, y = data[:inputs], data[inputs:]
        outputs = len(self._objectives) or len(y)
        true, weights = y[:outputs], y[outputs:]
        if self._defines_step(training):
            return self._recorded_by_subclass(x, true, weights, training)
        with activity() as penalties:
            predicted = self._forward(x, training)
        shares = [*penalties, *self._all_penalties()]
        loss, entries = self._numbers(true, predicted, shares, rows, weights or [None] * len(true))
        if training:
            self._update(loss)
        return entries

    def _recorded_by_subclass(
        self, x: Outputs, true: Outputs, weights: Outputs, training: bool
    ) -> list[Entry]:
        parts = [part if len(part) > 1 else part[0] for part in (x, true, weights) if part]
        data = tuple(parts) if len(parts) > 1 else parts[0]
        name = "train_step" if training else "test_step"
        try:
            found: Any = (self.train_step if training else self.test_step)(data)
        except TfError as error:
            error.add_note(f"In {name} of {self.display_name}.")
            raise
        if not (isinstance(found, Mapping) and found):
            raise ArgumentError(
                f"{self.display_name}: expected {name} to return a dict of scalars by name, such as {{'loss': loss}}, received "
                f"{type(found).__name__}."
            )
        entries: list[Entry] = []
        for key, value in found.items():
            number = value if isinstance(value, Tensor) else ops.scalar(value)
            if number.size != 1:
                raise ShapeError(
                    f"{self.display_name}: expected {name} to return scalars, received shape {number.shape} for {key!r}. Take "
                    "its mean with tf.mean."
                )
            entries.append(ops.cast(ops.reshape(number, ()), "float32"))
        self._own_names[training] = list(found)
        return entries

    def _traits(self, training: bool) -> Any:
        """Returns what compiled steps have built in beyond shapes: which weights are trained, and how."""
        now = list(vars(self).values())  # another thread may set attributes
        own = [value for value in now if isinstance(value, optimizers.Optimizer)]
        return ([w.id for w in self.trained_weights()], [o.traits() for o in own]) if training else None

    def _python_values(self) -> Hashable:
        """Returns what recordings depend on beside the model; Keras's face looks at what a program's code reads."""
        return ()

    def _known_step(self, key: tuple[Any, ...], training: bool, record: Callable[[Trace], None]) -> Step:
        """Returns the compiled step of this key, recorded when it is first needed; the least recently used go."""
        with engine.exclusive:
            full = (training, *key, repr(self._traits(training)), self._python_values())
            step = self._steps.pop(full, None)
            if step is None:
                if training and not self._defines_step(training):
                    self._compiled("fit")._build_for(self.trained_weights())
                step = self._recorded_step(record, training)
            self._steps[full] = step
            while len(self._steps) > MOST_STEPS:
                del self._steps[next(iter(self._steps))]
            return step

    def _recorded_step(self, record: Callable[[Trace], None], training: bool) -> Step:  # noqa: ARG002 (Keras's face looks at it)
        """Returns the step that replays what is recorded."""
        with Trace() as trace:
            record(trace)
        return trace.compile()

    def _step(
        self, batch: int, x: Outputs, y: Outputs, order: Tensor, training: bool, masked: bool = False
    ) -> Step:
        """Returns the compiled step on resident data for a batch size, made when it is first needed.

        Args:
            batch: samples per step.
            x, y: the whole data.
            order: numbers of samples; counter 'start' says where in it the batch begins.
            training: whether weights are updated.
            masked: whether counter 'left', how many samples of the epoch are left, may be less than `batch`.
        """

        def record(trace: Trace) -> None:
            start, number = trace.counter("start"), trace.counter("batch")
            trace.counter("rng")
            sources = [trace.input(t.shape, t.dtype) for t in (*x, *y)]
            places = trace.input(order.shape, order.dtype)
            numbering = ops.range(0, batch, 1, "int32")
            rows = Rows(batch)
            if masked:
                rows = Rows.masked(numbering, trace.counter("left"))
                numbering = ops.minimum(numbering, rows.last)
            chosen = ops.gather(places, numbering + start)
            data = [ops.gather(source, chosen) for source in sources]
            self._record_batch(data, len(x), rows, number, training)

        specs = tuple((t.shape, t.dtype) for t in (*x, *y, order))
        return self._known_step((masked, batch, specs), training, record)

    def _batch_step(self, x: Outputs, y: Outputs, training: bool) -> Step:
        """Returns the compiled step that takes a batch as it is, made when it is first needed.

        Args:
            x, y: the batch.
            training: whether weights are updated.
        """

        def record(trace: Trace) -> None:
            number = trace.counter("batch")
            trace.counter("rng")
            data = [trace.input(t.shape, t.dtype) for t in (*x, *y)]
            self._record_batch(data, len(x), Rows(x[0].shape[0]), number, training)

        return self._known_step((len(x), tuple((t.shape, t.dtype) for t in (*x, *y))), training, record)

    def _segments(
        self, count: int, batch: int, x: Outputs, y: Outputs, order: Tensor, training: bool
    ) -> list[tuple[Step, int]]:
        """Returns the steps of an epoch with how often each runs.

        If no number depends on several samples, the last, smaller batch is padded and masked, so that it needs nothing
        compiled; else it has a step of its own.
        """
        sizes = batches(count, batch)
        if len(sizes) > 1 and self._can_mask(training):
            times = sum(times for _, times in sizes)
            return [(self._step(batch, x, y, order, training, masked=True), times)]
        return [(self._step(size, x, y, order, training), times) for size, times in sizes]

    def _can_mask(self, training: bool) -> bool:
        """Returns whether layers, losses and metrics are known to treat each sample by itself."""
        compared = [m for each in self._objectives for m in (*each.metrics, *each.weighted_metrics)]
        compared += [each.loss for each in self._objectives if each.loss is not None]
        alone = all(map(metrics.treats_samples_alone, compared))
        return alone and self._is_per_sample() and not self._defines_step(training)


examples.complete(Steps, examples.STEPS, None, examples.ERRORS)
