"""Training: compiled steps over resident data. Python runs per epoch, not per batch, unless a batch callback listens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import metrics, naming, ops, optimizers
from tfjs_pyo import sample_losses as losses
from tfjs_pyo.config import number, positive_int
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, Trace, run_loop
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError, TfError
from tfjs_pyo.layers.base import activity, masks_of
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.models.data import (
    Rows,
    batches,
    columns,
    identity_order,
    metrics_per_output,
    part,
    per_output,
    sample_count,
    tensors_of,
)
from tfjs_pyo.models.fit import Fit, Pending
from tfjs_pyo.models.log import Entry, Log
from tfjs_pyo.models.weights import sample_weights, weighted

Outputs = list[Tensor]


class Trainer:
    """The part of a model that compiles, fits, evaluates and predicts."""

    name: str
    call: Callable[..., Any]
    input_specs: Callable[[], list[tuple[str, Any]]]
    output_names: Callable[[], list[str]]
    is_per_sample: Callable[[], bool]
    ensure_built: Callable[[Any], None]
    _accepted: Callable[..., dict[str, Any]]
    penalties: Callable[[], list[Tensor]]
    limits: Callable[[], dict[int, Any]]
    trainable_weights: list[Variable]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.init_training()

    @property
    def label(self) -> str:
        """What errors call this model."""
        kind, name = naming.camel(type(self).__name__), vars(self).get("name")
        return f"{kind} {name!r}" if name else kind

    def init_training(self) -> None:
        """Sets what training needs; for models that make themselves in another order."""
        self.optimizer: optimizers.Optimizer | None = None
        self.stop_training = False
        self.is_training = False
        self._losses: list[losses.Loss] = []
        self._loss_weights: list[float] = []
        self._metrics: list[list[Any]] = []
        self._steps: dict[Any, Step] = {}
        self.training_log = Log()

    def forget_steps(self) -> None:
        """Drops compiled steps, because the model has changed."""
        self._steps = {}

    # compile

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Chooses how the model is trained.

        Args:
            optimizer: name, config or instance.
            loss: name or function; a list or dict of them for several outputs.
            metrics: names, functions, or objects of `keras.metrics`; a list, or a dict of lists by output.
            loss_weights: factors of the losses of several outputs in the total; a list, or a dict by output; 1 unless told.

        Losses and metrics of outputs with a mask count the steps that it counts in, as in Keras.

        Raises:
            OptionError: an unknown name; the message has the nearest ones.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.compile
        """
        if args and isinstance(args[-1], dict) and not kwargs:
            kwargs, args = args[-1], args[:-1]
        names = ("optimizer", "loss", "metrics", "loss_weights")
        given = {**dict(zip(names, args, strict=False)), **naming.keyword_arguments("compile", kwargs, names)}
        owner = f"{self.label}: compile"
        self.optimizer = optimizers.get(given.get("optimizer", "sgd"), owner)
        if given.get("loss") is None:
            raise OptionError(f"{owner}: expected 'loss', such as 'meanSquaredError', received none.")
        outputs = self.output_names()
        self._losses = [losses.get(v, owner) for v in per_output(owner, "loss", given["loss"], outputs)]
        self._metrics = metrics_per_output(owner, given.get("metrics"), outputs)
        factors = given.get("loss_weights")
        self._loss_weights = [
            number(0)(owner, "loss_weights", factor)
            for factor in per_output(owner, "lossWeights", factors if factors is not None else 1.0, outputs)
        ]
        for metric in (m for each in self._metrics for m in each):
            metrics.get(metric, owner)
        self.training_log = Log()
        self.forget_steps()

    def _compiled(self, owner: str) -> optimizers.Optimizer:
        if self.optimizer is None:
            raise ArgumentError(
                f"{self.label}: {owner}: expected a compiled model; call model.compile(...) first."
            )
        return self.optimizer

    @property
    def metrics_names(self) -> list[str]:
        """Returns what the numbers of the history are called: the loss, then metrics."""
        names = ["loss"]
        several = len(self._losses) > 1
        if several:
            names += [f"{output}_loss" for output in self.output_names()]
        for output, each in zip(self.output_names(), self._metrics, strict=True):
            names += [f"{output}_{label}" if several else label for label in map(metrics.label, each)]
        return names

    # steps

    def _numbers(
        self,
        y_true: Sequence[Tensor],
        y_pred: Sequence[Tensor],
        penalties: Sequence[Tensor],
        rows: Rows,
        weights: Sequence[Tensor | None],
    ) -> tuple[Tensor, list[Entry]]:
        """Returns the total loss, and all that the log shows in the order of `metrics_names`."""
        parts = []
        targets = [
            self._target(*each)
            for each in zip(self.output_names(), self._losses, y_true, y_pred, strict=True)
        ]
        for name, loss, true, predicted, weight in zip(
            self.output_names(), self._losses, targets, y_pred, weights, strict=True
        ):
            try:
                found = weighted(loss(true, predicted), weight)
                parts.append(rows.mean_over(found, masks_of(predicted)))
            except TfError as error:
                error.add_note(f"In the loss of output {name!r} of {self.label}.")
                raise
        total = ops.add_n([p if w == 1 else p * w for p, w in zip(parts, self._loss_weights, strict=True)])
        for penalty in penalties:
            total = total + penalty
        numbers: list[Entry] = [total, *(parts if len(parts) > 1 else [])]
        for each, loss, true, predicted in zip(self._metrics, self._losses, targets, y_pred, strict=True):
            for wanted in each:
                metric = metrics.get(wanted, f"{self.label}: metrics", loss, predicted.shape)
                if isinstance(metric, Metric):
                    numbers.append((metric, metric.compared(true, predicted, rows.weights)))
                else:
                    numbers.append(rows.mean_over(metric(true, predicted), masks_of(predicted)))
        return total, numbers

    def _target(self, name: str, loss: losses.Loss, true: Tensor, predicted: Tensor) -> Tensor:
        """Returns what an output is compared with; says which output it is if the shapes do not fit."""
        if true.shape == (predicted.shape[0], 1) and predicted.rank == 1:
            return ops.reshape(true, predicted.shape)
        sparse = loss is losses.sparse_categorical_crossentropy
        known = loss in losses.LOSSES.items.values()
        if true.shape == predicted.shape or sparse or not known:
            return true
        shown = ", ".join(str(dim) for dim in predicted.shape[1:])
        classes = loss is losses.categorical_crossentropy and true.shape[1:] == (1,)
        hint = " For class numbers use sparseCategoricalCrossentropy." if classes else ""
        raise ShapeError(
            f"{self.label}: expected targets for output {name!r} of shape [batch, {shown}], received "
            f"shape [batch, {', '.join(str(dim) for dim in true.shape[1:])}].{hint}"
        )

    def _forward(self, inputs: Outputs, training: bool) -> Outputs:
        result = self.call(inputs if len(inputs) > 1 else inputs[0], **self._accepted({"training": training}))
        return list(result) if isinstance(result, (list, tuple)) else [result]

    def _update(self, loss: Tensor) -> None:
        optimizer = self._compiled("fit")
        weights = self.trainable_weights
        gradients = ops.gradients(loss, weights)
        optimizer.apply_gradients(list(zip(gradients, weights, strict=True)))
        limits = self.limits()
        for weight in weights:
            if id(weight) in limits:
                weight.assign(limits[id(weight)](weight))

    def segments(
        self, count: int, batch: int, x: Outputs, y: Outputs, order: Tensor, training: bool
    ) -> list[tuple[Step, int]]:
        """Returns the steps of an epoch with how often each runs.

        If no number depends on several samples, the last, smaller batch is padded and masked, so that it needs nothing
        compiled; else it has a step of its own.
        """
        sizes = batches(count, batch)
        if len(sizes) > 1 and self._can_mask():
            times = sum(times for _, times in sizes)
            return [(self.step(batch, x, y, order, training, masked=True), times)]
        return [(self.step(size, x, y, order, training), times) for size, times in sizes]

    def _can_mask(self) -> bool:
        """Returns whether layers, losses and metrics are known to treat each sample by itself."""
        alone = all(metrics.treats_samples_alone(m) for each in self._metrics for m in each)
        return alone and self.is_per_sample() and all(map(metrics.treats_samples_alone, self._losses))

    def step(
        self, batch: int, x: Outputs, y: Outputs, order: Tensor, training: bool, masked: bool = False
    ) -> Step:
        """Returns the compiled step for a batch size, made when it is first needed.

        Args:
            batch: samples per step.
            x, y: the whole data.
            order: numbers of samples; counter 'start' says where in it the batch begins.
            training: whether weights are updated.
            masked: whether counter 'left', how many samples of the epoch are left, may be less than `batch`.
        """
        specs = tuple((t.shape, t.dtype) for t in (*x, *y, order))
        rules = self._compiled("fit").traits() if training else None
        key = (training, masked, batch, specs, tuple(w.id for w in self.trainable_weights), rules)
        if key in self._steps:
            return self._steps[key]
        if training:
            self._compiled("fit").build(self.trainable_weights)
        with Trace() as trace:
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
            with activity() as penalties:
                predicted = self._forward(data[: len(x)], training)
            # Behind the targets there may be a weight for each sample and output.
            true, weights = data[len(x) :][: len(self._losses)], data[len(x) :][len(self._losses) :]
            self._check_outputs(predicted, true)
            loss, entries = self._numbers(
                true, predicted, [*penalties, *self.penalties()], rows, weights or [None] * len(true)
            )
            if training:
                self._update(loss)
            self.training_log.add(training, number, entries, rows.size)
        self._steps[key] = trace.compile()
        return self._steps[key]

    def _check_outputs(self, predicted: Outputs, true: Outputs) -> None:
        if len(predicted) != len(true):
            raise ArgumentError(
                f"{self.label}: expected {len(predicted)} tensors for y, received {len(true)}."
            )

    def prepare(self, owner: str, x: Any, y: Any) -> tuple[Outputs, Outputs, int]:
        """Returns x and y as tensors; builds the model for them."""
        inputs = self._inputs(owner, x)
        self.ensure_built(inputs[0].shape if len(inputs) == 1 else [t.shape for t in inputs])
        targets = columns(tensors_of(f"{self.label}: {owner}", "y", y, self.output_names()))
        return inputs, targets, sample_count(f"{self.label}: {owner}", [*inputs, *targets])

    def _inputs(self, owner: str, x: Any) -> Outputs:
        """Returns x as tensors that fit the model's inputs."""
        specs = self.input_specs()
        names = [name for name, _ in specs] or ["x"]
        given = tensors_of(f"{self.label}: {owner}", "x", x, names)
        inputs = columns(given, [len(shape) for _, shape in specs])
        for (name, shape), tensor in zip(specs, inputs, strict=False):
            self.check_input(name, shape, tensor.shape)
        return inputs

    def check_input(self, name: str, expected: Any, found: tuple[int, ...]) -> None:
        """Raises unless data fits an input; models define it."""

    # fit

    def fit(self, x: Any, y: Any, *args: Any, **kwargs: Any) -> Pending:
        """Trains on data that fits in memory.

        Args:
            x, y: tensors, arrays or nested lists; for several inputs or outputs a list or a dict by name.
            batch_size: samples per step, 32 unless told.
            epochs: passes over the data.
            verbose: 1 or 2 prints a line per epoch; 0, the default, prints nothing (as TF.js in the browser).
            callbacks: a Callback, a dict of functions, or a list of them.
            validation_split: share of the last samples that is kept for validation.
            validation_data: (x, y) or (x, y, sample_weight) to evaluate after each epoch.
            shuffle: whether samples come in a new order in each epoch.
            class_weight: factors of the losses of samples by the number of their class, as {0: 1.0, 1: 5.0}; for several
                outputs a list or a dict of such by output.
            sample_weight: a factor of the loss of each sample, [samples]; for several outputs a list or a dict by output.
            initial_epoch: number of the first epoch.
            yield_every: accepted for TF.js's sake; the page stays live whatever it says.

        Returns:
            A coroutine that gives a History: `history = await model.fit(...)`.

        Raises:
            ArgumentError: not compiled, an unknown option, or another fit is running.
            ShapeError: the data do not fit the model; the message has both shapes.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
            >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
            >>> async def train():
            ...     return await model.fit(tf.tensor2d([[1], [2]]), tf.tensor2d([[1], [3]]), {"epochs": 2})
            >>> len(asyncio.run(train()).history["loss"])
            2

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.fit
        """
        names = (
            "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle",
            "class_weight", "sample_weight", "initial_epoch", "yield_every",
        )  # fmt: skip
        options = _options("fit", names, args, kwargs)
        self._compiled("fit")
        return Pending(Fit(self, x, y, options).run, "fit")

    # evaluate, predict

    def evaluate(self, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the loss on data as a scalar tensor, or loss and metrics as a list of them.

        Args:
            x, y: as for `fit`.
            batch_size: samples per step.
            sample_weight: as for `fit`.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.evaluate
        """
        options = _options("evaluate", ("batch_size", "verbose", "sample_weight"), args, kwargs)
        self._compiled("evaluate")
        owner = f"{self.label}: evaluate"
        inputs, targets, count = self.prepare("evaluate", x, y)
        targets += sample_weights(owner, options.get("sample_weight"), self.output_names(), count)
        batch = min(positive_int(owner, "batch_size", options.get("batch_size") or 32), count)
        order, number = identity_order(count), 0
        for step, times in self.segments(count, batch, inputs, targets, order, training=False):
            for _ in range(times):
                begin = number * batch
                counters = {"start": begin, "left": count - begin, "batch": number, "rng": 0}
                step.run([*inputs, *targets, order], counters)
                number += 1
        scalars = self.training_log.summary(self.training_log.variable(False).read(), count)
        return scalars if len(scalars) > 1 else scalars[0]

    async def measure(self, x: Outputs, y: Outputs, count: int, batch_size: int) -> list[float]:
        """Returns loss and metrics on resident data, computed in one call of the backend.

        Args:
            x, y: what `prepare` gave.
            count: of samples.
            batch_size: samples per step.
        """
        order, batch = identity_order(count), min(batch_size, count)
        segments = self.segments(count, batch, x, y, order, training=False)
        counters = {
            "start": (0.0, 0.0, float(batch)),
            "left": (float(count), 0.0, -float(batch)),
            "batch": (0.0, 0.0, 1.0),
            "rng": (0.0, 0.0, 0.0),
        }
        rows = await run_loop(segments, [*x, *y, order], 1, counters, self.training_log.variable(False))
        return await self.training_log.numbers(rows[0], count)

    def predict(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the outputs for data, computed batch by batch.

        Args:
            x: tensor, array or nested list; for several inputs a list or a dict by name.
            batch_size: samples per step, 32 unless told.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.predict
        """
        options = _options("predict", ("batch_size", "verbose"), args, kwargs)
        owner = f"{self.label}: predict"
        inputs = self._inputs("predict", x)
        count = sample_count(owner, inputs)
        batch = min(positive_int(owner, "batch_size", options.get("batch_size") or 32), count)
        self.ensure_built(inputs[0].shape if len(inputs) == 1 else [t.shape for t in inputs])
        pieces: list[Outputs] = []
        for begin in range(0, count, batch):
            size = min(batch, count - begin)
            whole = self.is_per_sample() and count > batch
            first, length = (count - batch, batch) if whole and size < batch else (begin, size)
            rows = [t if size == count else part(t, first, length) for t in inputs]
            results = self._predict_step(rows).run(rows)
            pieces.append([part(t, begin - first, size) if length > size else t for t in results])
        joined = [ops.concat([piece[i] for piece in pieces]) for i in range(len(pieces[0]))]
        return joined if len(joined) > 1 else joined[0]

    def predict_on_batch(self, x: Any) -> Any:
        """Returns the outputs for one batch. Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.predictOnBatch"""
        inputs = self._inputs("predictOnBatch", x)
        results = self._predict_step(inputs).run(inputs)
        return results if len(results) > 1 else results[0]

    def _predict_step(self, inputs: Outputs) -> Step:
        key = ("predict", tuple((t.shape, t.dtype) for t in inputs))
        if key not in self._steps:
            self.ensure_built(inputs[0].shape if len(inputs) == 1 else [t.shape for t in inputs])
            with Trace() as trace:
                outputs = self._forward([trace.input(t.shape, t.dtype) for t in inputs], training=False)
            self._steps[key] = trace.compile(outputs)
        return self._steps[key]

    async def train_on_batch(self, x: Any, y: Any) -> Any:
        """Makes one step on one batch; returns the loss, or loss and metrics, as numbers.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.trainOnBatch
        """
        self._compiled("trainOnBatch")
        inputs, targets, count = self.prepare("trainOnBatch", x, y)
        order = identity_order(count)
        step = self.step(count, inputs, targets, order, training=True)
        step.run([*inputs, *targets, order], {"start": 0, "batch": 0, "rng": rng.reserve(1)})
        values = await self.training_log.numbers(await self.training_log.variable(True).data(), count)
        return values if len(values) > 1 else values[0]


def _options(
    owner: str, names: Sequence[str], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Returns the options of a call by their names, given by place, by keyword or as a config dict."""
    if args and isinstance(args[-1], dict):
        kwargs, args = {**args[-1], **kwargs}, args[:-1]
    if len(args) > len(names):
        raise ArgumentError(
            f"{owner}: expected at most {len(names)} options by place ({', '.join(names)}), received {len(args)}."
        )
    return {**dict(zip(names, args, strict=False)), **naming.keyword_arguments(owner, kwargs, names)}
