"""Training: compiled steps over resident data. Python runs per epoch, not per batch, unless a batch callback listens."""

from __future__ import annotations

import random
import time
import warnings
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any

from tfjs_pyo import losses, metrics, naming, ops, optimizers
from tfjs_pyo.callbacks import CallbackList, History, Logs
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, Trace, run_loop
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.models.data import part, sample_count, tensors_of

_STRETCH_INDICES = 1 << 18
"""Indices of shuffled samples uploaded for one stretch of epochs."""
_STRETCH_EPOCHS = 200

Outputs = list[Tensor]


class Pending(Awaitable[History]):
    """What `fit` returns: training that starts when it is awaited."""

    def __init__(self, start: Callable[[], Any], what: str) -> None:
        self._start = start
        self._what = what
        self._awaited = False

    def __await__(self) -> Generator[Any, Any, History]:
        self._awaited = True
        result: Generator[Any, Any, History] = self._start().__await__()
        return result

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise ArgumentError(
            f"{self._what}: expected `await` before the call: `history = await model.{self._what}(...)`."
        )

    def __repr__(self) -> str:
        return f"<{self._what} has not started: write `await model.{self._what}(...)`>"

    def __del__(self) -> None:
        if not self._awaited:
            warnings.warn(
                f"model.{self._what}(...) was not awaited, so nothing was trained. Write `await model.{self._what}(...)`.",
                RuntimeWarning,
                stacklevel=2,
            )


class Trainer:
    """The part of a model that compiles, fits, evaluates and predicts."""

    label: str
    name: str
    call: Callable[..., Any]
    input_specs: Callable[[], list[tuple[str, Any]]]
    output_names: Callable[[], list[str]]
    ensure_built: Callable[[Any], None]
    penalties: Callable[[], list[Tensor]]
    limits: Callable[[], dict[int, Any]]
    trainable_weights: list[Variable]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.init_training()

    def init_training(self) -> None:
        """Sets what training needs; for models that make themselves in another order."""
        self.optimizer: optimizers.Optimizer | None = None
        self.stop_training = False
        self._losses: list[losses.Loss] = []
        self._metrics: list[list[tuple[str, metrics.Metric]]] = []
        self._steps: dict[Any, Step] = {}
        self._log: Variable | None = None

    def forget_steps(self) -> None:
        """Drops compiled steps, because the model has changed."""
        self._steps = {}

    # compile

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Chooses how the model is trained.

        Args:
            optimizer: name, config or instance.
            loss: name or function; a list or dict of them for several outputs.
            metrics: names or functions; a list, or a dict of lists by output.

        Raises:
            OptionError: an unknown name; the message has the nearest ones.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.compile
        """
        if args and isinstance(args[-1], dict) and not kwargs:
            kwargs, args = args[-1], args[:-1]
        names = ("optimizer", "loss", "metrics")
        given = {**dict(zip(names, args, strict=False)), **naming.keyword_arguments("compile", kwargs, names)}
        owner = f"{self.label}: compile"
        self.optimizer = optimizers.get(given.get("optimizer", "sgd"), owner)
        if given.get("loss") is None:
            raise OptionError(f"{owner}: expected 'loss', such as 'meanSquaredError', received none.")
        outputs = self.output_names()
        self._losses = [losses.get(v, owner) for v in _per_output(owner, "loss", given["loss"], outputs)]
        wanted = given.get("metrics")
        per_output: list[Any] = [wanted] * len(outputs)
        if isinstance(wanted, dict):
            per_output = [wanted.get(name) for name in outputs]
        self._metrics = [
            [(metrics.label(m), metrics.get(m, loss, owner)) for m in _listed(each)]
            for each, loss in zip(per_output, self._losses, strict=True)
        ]
        self._log = None
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
            names += [f"{output}_{label}" if several else label for label, _ in each]
        return names

    # steps

    def _numbers(self, y_true: Sequence[Tensor], y_pred: Sequence[Tensor]) -> list[Tensor]:
        """Returns the total loss and what else the log shows, as scalars, in the order of `metrics_names`."""
        parts = []
        for loss, true, predicted in zip(self._losses, y_true, y_pred, strict=True):
            parts.append(ops.mean(loss(true, predicted)))
        total = ops.add_n(parts)
        for penalty in self.penalties():
            total = total + penalty
        numbers = [total, *(parts if len(parts) > 1 else [])]
        for each, true, predicted in zip(self._metrics, y_true, y_pred, strict=True):
            numbers += [ops.mean(metric(true, predicted)) for _, metric in each]
        return numbers

    def _forward(self, inputs: Outputs, training: bool) -> Outputs:
        result = self.call(inputs if len(inputs) > 1 else inputs[0], training=training)
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

    def log_variable(self) -> Variable:
        if self._log is None:
            self._log = Variable(ops.zeros([len(self.metrics_names)]), trainable=False, name="log")
        return self._log

    def step(self, batch: int, x: Outputs, y: Outputs, order: Tensor, training: bool) -> Step:
        """Returns the compiled step for a batch size, made when it is first needed."""
        specs = tuple((t.shape, t.dtype) for t in (*x, *y, order))
        key = (training, batch, specs, tuple(w.id for w in self.trainable_weights))
        if key in self._steps:
            return self._steps[key]
        log = self.log_variable()
        if training:
            self._compiled("fit").build(self.trainable_weights)
        with Trace() as trace:
            start, number = trace.counter("start"), trace.counter("batch")
            trace.counter("rng")
            sources = [trace.input(t.shape, t.dtype) for t in (*x, *y)]
            places = trace.input(order.shape, order.dtype)
            rows = ops.gather(places, ops.range(0, batch, 1, "int32") + start)
            data = [ops.gather(source, rows) for source in sources]
            predicted = self._forward(data[: len(x)], training)
            self._check_outputs(predicted, data[len(x) :])
            numbers = self._numbers(data[len(x) :], predicted)
            if training:
                self._update(numbers[0])
            sums = ops.stack(numbers) * float(batch)
            log.assign(ops.where(ops.equal(number, 0), sums, log + sums))
        self._steps[key] = trace.compile()
        return self._steps[key]

    def _check_outputs(self, predicted: Outputs, true: Outputs) -> None:
        if len(predicted) != len(true):
            raise ArgumentError(
                f"{self.label}: expected {len(predicted)} tensors for y, received {len(true)}."
            )

    def prepare(self, owner: str, x: Any, y: Any) -> tuple[Outputs, Outputs, int]:
        """Returns x and y as tensors; builds the model for them."""
        specs = self.input_specs()
        names = [name for name, _ in specs] or ["x"]
        inputs = tensors_of(f"{self.label}: {owner}", "x", x, names)
        self.ensure_built(inputs[0].shape if len(inputs) == 1 else [t.shape for t in inputs])
        targets = tensors_of(f"{self.label}: {owner}", "y", y, self.output_names())
        for (name, shape), tensor in zip(specs, inputs, strict=False):
            self.check_input(name, shape, tensor.shape)
        return inputs, targets, sample_count(f"{self.label}: {owner}", [*inputs, *targets])

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
            validation_data: (x, y) to evaluate after each epoch.
            shuffle: whether samples come in a new order in each epoch.
            initial_epoch: number of the first epoch.

        Returns:
            An awaitable of History.

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
        if args and isinstance(args[-1], dict):
            kwargs, args = {**args[-1], **kwargs}, args[:-1]
        names = (
            "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle",
            "initial_epoch",
        )  # fmt: skip
        if len(args) > len(names):
            raise ArgumentError(f"fit: expected at most {len(names)} options, received {len(args)}.")
        options = {**dict(zip(names, args, strict=False)), **naming.keyword_arguments("fit", kwargs, names)}
        self._compiled("fit")
        run = _Fit(self, x, y, options)
        return Pending(run.run, "fit")

    # evaluate, predict

    def evaluate(self, x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the loss on data as a scalar tensor, or loss and metrics as a list of them.

        Args:
            x, y: as for `fit`.
            batch_size: samples per step.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.evaluate
        """
        if args and isinstance(args[-1], dict):
            kwargs, args = {**args[-1], **kwargs}, args[:-1]
        names = ("batch_size", "verbose", "steps")
        options = {
            **dict(zip(names, args, strict=False)),
            **naming.keyword_arguments("evaluate", kwargs, names),
        }
        self._compiled("evaluate")
        inputs, targets, count = self.prepare("evaluate", x, y)
        batch = min(_positive("evaluate", "batch_size", options.get("batch_size") or 32), count)
        log, order = self.log_variable(), _identity(count)
        for number, (size, times) in enumerate(_batches(count, batch)):
            step = self.step(size, inputs, targets, order, training=False)
            first = 0 if number == 0 else count // batch
            for i in range(first, first + times):
                step.run([*inputs, *targets, order], {"start": i * batch, "batch": i, "rng": 0})
        values = [value / count for value in log.data_sync()]
        scalars = [ops.scalar(value) for value in values]
        return scalars if len(scalars) > 1 else scalars[0]

    def predict(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the outputs for data, computed batch by batch.

        Args:
            x: tensor, array or nested list; for several inputs a list or a dict by name.
            batch_size: samples per step, 32 unless told.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.predict
        """
        if args and isinstance(args[-1], dict):
            kwargs, args = {**args[-1], **kwargs}, args[:-1]
        names = ("batch_size", "verbose")
        options = {
            **dict(zip(names, args, strict=False)),
            **naming.keyword_arguments("predict", kwargs, names),
        }
        specs = self.input_specs()
        inputs = tensors_of(f"{self.label}: predict", "x", x, [name for name, _ in specs] or ["x"])
        count = sample_count(f"{self.label}: predict", inputs)
        batch = min(_positive("predict", "batch_size", options.get("batch_size") or 32), count)
        self.ensure_built(inputs[0].shape if len(inputs) == 1 else [t.shape for t in inputs])
        pieces: list[Outputs] = []
        for begin in range(0, count, batch):
            size = min(batch, count - begin)
            rows = [t if size == count else part(t, begin, size) for t in inputs]
            pieces.append(self._predict_step(rows).run(rows))
        joined = [ops.concat([piece[i] for piece in pieces]) for i in range(len(pieces[0]))]
        return joined if len(joined) > 1 else joined[0]

    def predict_on_batch(self, x: Any) -> Any:
        """Returns the outputs for one batch. Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.predictOnBatch"""
        specs = self.input_specs()
        inputs = tensors_of(f"{self.label}: predictOnBatch", "x", x, [name for name, _ in specs] or ["x"])
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
        order = _identity(count)
        step = self.step(count, inputs, targets, order, training=True)
        step.run([*inputs, *targets, order], {"start": 0, "batch": 0, "rng": rng.reserve(1)})
        values = [value / count for value in await self.log_variable().data()]
        return values if len(values) > 1 else values[0]

    def summary_rows(self) -> list[tuple[Any, Any]]:
        """Returns layers and their output shapes, for the summary; models in other forms define their own."""
        rows: dict[Any, Any] = {}
        for symbol in getattr(self, "_input_list", []):
            rows[symbol.layer] = symbol.shape
        for call in getattr(self, "_calls", []):
            shapes = [symbol.shape for symbol in call.outputs]
            rows.setdefault(call.layer, shapes[0] if len(shapes) == 1 else shapes)
        return list(rows.items())


class _Fit:
    """One run of `fit`."""

    def __init__(self, model: Trainer, x: Any, y: Any, options: dict[str, Any]) -> None:
        self.model = model
        self.owner = f"{model.label}: fit"
        self.epochs = _positive(self.owner, "epochs", options.get("epochs", 1))
        self.initial_epoch = options.get("initial_epoch", 0)
        self.verbose = options.get("verbose", 0)
        self.shuffle = bool(options.get("shuffle", True))
        self.validation: tuple[Any, Any] | None = options.get("validation_data")
        self.batch_size = _positive(self.owner, "batch_size", options.get("batch_size") or 32)
        self.x, self.y, self.count = model.prepare("fit", x, y)
        if options.get("validation_split"):
            self._split(options["validation_split"])
        self.batch = min(self.batch_size, self.count)
        params = {
            "epochs": self.epochs,
            "samples": self.count,
            "batch_size": self.batch,
            "verbose": self.verbose,
        }
        self.callbacks = CallbackList(options.get("callbacks"), model, params)
        self.history = History()
        self.shuffler = random.Random(rng.mix(rng.seed_word(), rng.reserve(1)))  # noqa: S311 (an order, no secret)

    def _split(self, share: Any) -> None:
        if not isinstance(share, (int, float)) or not 0 < share < 1:
            raise OptionError(f"{self.owner}: expected validationSplit between 0 and 1, received {share!r}.")
        kept = int(self.count * (1 - share))
        if not 0 < kept < self.count:
            raise OptionError(
                f"{self.owner}: validationSplit {share} of {self.count} samples leaves an empty part."
            )
        self.validation = (
            [part(t, kept, self.count - kept) for t in self.x],
            [part(t, kept, self.count - kept) for t in self.y],
        )
        self.x, self.y = [part(t, 0, kept) for t in self.x], [part(t, 0, kept) for t in self.y]
        self.count = kept

    @property
    def stretch(self) -> int:
        """How many epochs run without Python."""
        if (
            self.verbose
            or self.validation
            or self.callbacks.listens("on_epoch_begin", "on_epoch_end", "on_yield")
        ):
            return 1
        return max(1, min(_STRETCH_EPOCHS, _STRETCH_INDICES // self.count, self.epochs - self.initial_epoch))

    def order(self, epochs: int) -> Tensor:
        """Returns the order of samples of a stretch of epochs, padded to the length for which steps are compiled."""
        rows: list[int] = []
        for _ in range(epochs):
            row = list(range(self.count))
            if self.shuffle:
                self.shuffler.shuffle(row)
            rows += row
        rows += [0] * (self.stretch * self.count - len(rows))
        return ops.tensor1d(rows, "int32")

    async def run(self) -> History:
        model, calls = self.model, self.callbacks
        model.stop_training = False
        await calls.call("on_train_begin", {})
        epoch = self.initial_epoch
        while epoch < self.epochs and not model.stop_training:
            epochs = min(self.stretch, self.epochs - epoch)
            began = time.perf_counter()
            await calls.call("on_epoch_begin", epoch, {})
            order = self.order(epochs)
            if calls.listens("on_batch_begin", "on_batch_end"):
                rows = [await self._by_batch(order)]
            else:
                rows = await self._replay(order, epochs)
            for row in rows:
                logs = self._logs(row)
                if self.validation is not None:
                    self._validate(logs)
                self.history.note(epoch, logs)
                if self.verbose:
                    print(_line(epoch, self.epochs, time.perf_counter() - began, logs))
                if calls.listens("on_epoch_end"):
                    await calls.call("on_epoch_end", epoch, logs)
                epoch += 1
            await calls.call("on_yield", epoch, 0, {})
        await calls.call("on_train_end", {})
        return self.history

    async def _replay(self, order: Tensor, epochs: int) -> list[list[float]]:
        model = self.model
        batches = _batches(self.count, self.batch)
        segments = [(model.step(size, self.x, self.y, order, True), times) for size, times in batches]
        steps = sum(times for _, times in batches)
        counters = {
            "start": (0.0, float(self.count), float(self.batch)),
            "batch": (0.0, 0.0, 1.0),
            "rng": (float(rng.reserve(epochs * steps)), float(steps), 1.0),
        }
        return await run_loop(segments, [*self.x, *self.y, order], epochs, counters, model.log_variable())

    async def _by_batch(self, order: Tensor) -> list[float]:
        """Runs one epoch step by step, with Python in between, because a callback listens to batches."""
        model, names = self.model, self.model.metrics_names
        totals = [0.0] * len(names)
        number = 0
        for size, times in _batches(self.count, self.batch):
            step = model.step(size, self.x, self.y, order, True)
            for _ in range(times):
                await self.callbacks.call("on_batch_begin", number, {"batch": number, "size": size})
                counters = {"start": number * self.batch, "batch": 0, "rng": rng.reserve(1)}
                step.run([*self.x, *self.y, order], counters)
                sums = await model.log_variable().data()
                totals = [total + value for total, value in zip(totals, sums, strict=True)]
                logs = {name: value / size for name, value in zip(names, sums, strict=True)}
                await self.callbacks.call("on_batch_end", number, {"batch": number, "size": size, **logs})
                number += 1
                if model.stop_training:
                    return totals
        return totals

    def _logs(self, row: Sequence[float]) -> Logs:
        return {name: value / self.count for name, value in zip(self.model.metrics_names, row, strict=True)}

    def _validate(self, logs: Logs) -> None:
        x, y = _pair(self.owner, self.validation)
        values = self.model.evaluate(x, y, batch_size=self.batch_size)
        scalars = values if isinstance(values, list) else [values]
        for name, value in zip(self.model.metrics_names, scalars, strict=True):
            logs[f"val_{name}"] = float(value)


def _pair(owner: str, value: Any) -> tuple[Any, Any]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ArgumentError(
            f"{owner}: expected validationData to be a pair (x, y), received {type(value).__name__}."
        )
    return value[0], value[1]


def _line(epoch: int, epochs: int, seconds: float, logs: Logs) -> str:
    numbers = " - ".join(f"{name}: {value:.4f}" for name, value in logs.items())
    return f"Epoch {epoch + 1}/{epochs} - {seconds:.2f}s - {numbers}"


def _identity(count: int) -> Tensor:
    return ops.range(0, count, 1, "int32")


def _batches(count: int, batch: int) -> list[tuple[int, int]]:
    """Returns batch sizes of an epoch with how often each comes: full ones, then the rest."""
    full, rest = divmod(count, batch)
    return [(batch, full)] + ([(rest, 1)] if rest else [])


def _positive(owner: str, name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a positive integer, received {value!r}."
        )
    return value


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def _per_output(owner: str, what: str, value: Any, outputs: Sequence[str]) -> list[Any]:
    """Returns one value per output."""
    if isinstance(value, dict) and not any(naming.fold(key) == "classname" for key in value):
        missing = [name for name in outputs if name not in value]
        if missing:
            raise OptionError(
                f"{owner}: expected a {what} for each of {', '.join(outputs)}, none for {', '.join(missing)}."
            )
        return [value[name] for name in outputs]
    if isinstance(value, (list, tuple)):
        if len(value) != len(outputs):
            raise ShapeError(f"{owner}: expected {len(outputs)} values of {what}, received {len(value)}.")
        return list(value)
    return [value] * len(outputs)
